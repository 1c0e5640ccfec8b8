//! Bedrock: the Agent (control plane of knowledge bases), the Agent Runtime and the Runtime.
//!
//! All three sign for `bedrock` and are told apart by their paths. Knowledge bases are declared when
//! the embedded AWS is opened; operations that would make or change one are not there.

mod agent;
mod agent_runtime;
mod embedding;
mod event_stream;
mod faults;
mod knowledge_base;
mod models;
mod paging;
mod request;
mod runtime;
mod search;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;
use http::{Method, StatusCode};
use percent_encoding::percent_decode_str;

use super::EmbeddedAwsError;
use super::data_directory::DataDirectory;
use super::fault::Fault;
use super::options::Options;
use super::protocol::Protocol;
use super::s3::BucketContents;
use super::service::{Service, unknown_operation};

use self::agent::Agent;
use self::agent_runtime::Sessions;
use self::faults::not_found;
use self::knowledge_base::KnowledgeBase;
use self::models::{Model, RemoteModel};

/// The longest request body taken; the Runtime's limit for a prompt is 20 MB.
const BODY_LIMIT: usize = 20 * 1024 * 1024;

/// The knowledge bases and the model. Cloning gives another handle to the same.
#[derive(Clone)]
pub(crate) struct Bedrock {
    parts: Arc<BedrockParts>,
}

struct BedrockParts {
    knowledge_bases: BTreeMap<String, KnowledgeBase>,
    model: Model,
    agent: Agent,
    sessions: Sessions,
}

impl Bedrock {
    /// Starts reading the buckets of the knowledge bases.
    pub(crate) async fn open(
        options: &Options,
        contents: BucketContents,
        directory: &DataDirectory,
    ) -> Result<Self, EmbeddedAwsError> {
        let model = match &options.language_model_url {
            Some(url) => {
                let name = options.language_model_name.as_deref();
                Model::Remote(RemoteModel::new(url, name, options.language_model_patience)?)
            }
            None => Model::Extractive,
        };
        if embedding::model().is_none() && !options.knowledge_bases.is_empty() {
            tracing::warn!(
                "knowledge bases rank by words only: the embedding model is not built in; run scripts/embeddings and build again"
            );
        }
        let mut knowledge_bases = BTreeMap::new();
        for declaration in &options.knowledge_bases {
            let directory = directory.join("bedrock").join(&declaration.id);
            let base = KnowledgeBase::open(declaration.clone(), contents.clone(), directory, options).await;
            knowledge_bases.insert(declaration.id.clone(), base);
        }
        let agent = Agent::new(options.region.clone());
        let parts = BedrockParts { knowledge_bases, model, agent, sessions: Sessions::default() };
        Ok(Self { parts: Arc::new(parts) })
    }

    /// Waits until every knowledge base is in step with its bucket, as it is now, or cannot be.
    pub(crate) async fn settled(&self) {
        for base in self.parts.knowledge_bases.values() {
            base.settled().await;
        }
    }

    /// Ends the work in the background, and waits for it.
    pub(crate) async fn close(&self) {
        for base in self.parts.knowledge_bases.values() {
            base.close().await;
        }
    }

    fn knowledge_base(&self, id: &str) -> Result<&KnowledgeBase, Fault> {
        let base = self.parts.knowledge_bases.get(id);
        base.ok_or_else(|| not_found(format!("there is no knowledge base with the id {id}")))
    }
}

#[async_trait]
impl Service for Bedrock {
    fn protocol(&self, _request: &Parts) -> Protocol {
        Protocol::RestJson
    }

    fn body_limit(&self) -> usize {
        BODY_LIMIT
    }

    async fn call(&self, request: http::Request<Bytes>) -> Result<Response, Fault> {
        let path: Vec<String> = request
            .uri()
            .path()
            .trim_matches('/')
            .split('/')
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect();
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let (method, body) = (request.method(), request.body());
        let json = match path.as_slice() {
            ["knowledgebases", id, "retrieve"] if method == Method::POST => {
                agent_runtime::retrieve(self.knowledge_base(id)?, &request::parse(body)?).await?
            }
            ["knowledgebases", rest @ ..] => return self.call_agent(method, rest, body),
            ["retrieveAndGenerate"] if method == Method::POST => {
                let BedrockParts { model, sessions, .. } = &*self.parts;
                let asked = agent_runtime::Asked::parse(&request::parse(body)?)?;
                let base = self.knowledge_base(&asked.knowledge_base_id)?;
                agent_runtime::retrieve_and_generate(base, model, sessions, asked).await?
            }
            ["retrieveAndGenerateStream"] if method == Method::POST => {
                let BedrockParts { model, sessions, .. } = &*self.parts;
                let asked = agent_runtime::Asked::parse(&request::parse(body)?)?;
                let base = self.knowledge_base(&asked.knowledge_base_id)?;
                return agent_runtime::retrieve_and_generate_stream(base, model, sessions, asked).await;
            }
            ["model", id, operation] if method == Method::POST => {
                return runtime::call(&self.parts.model, id, operation, &request::parse(body)?).await;
            }
            _ => return Err(unknown_operation(Protocol::RestJson, "Bedrock")),
        };
        Ok(Protocol::RestJson.success(json.to_string()))
    }
}

impl Bedrock {
    /// Answers for the Agent, whose paths are all below `/knowledgebases`.
    fn call_agent(&self, method: &Method, path: &[&str], body: &[u8]) -> Result<Response, Fault> {
        let agent = &self.parts.agent;
        let body = request::parse(body)?;
        let mut status = StatusCode::OK;
        let json = match (method.as_str(), path) {
            ("POST", []) => agent.list_knowledge_bases(self.parts.knowledge_bases.values(), &body)?,
            ("GET", [id]) => agent.knowledge_base(self.knowledge_base(id)?),
            ("POST", [id, "datasources"]) => agent.list_data_sources(self.knowledge_base(id)?, &body)?,
            ("GET", [id, "datasources", source]) => agent.data_source(self.knowledge_base(id)?, source)?,
            ("PUT", [id, "datasources", source, "ingestionjobs"]) => {
                status = StatusCode::ACCEPTED;
                agent::start_ingestion_job(self.knowledge_base(id)?, source, &body)?
            }
            ("POST", [id, "datasources", source, "ingestionjobs"]) => {
                agent::list_ingestion_jobs(self.knowledge_base(id)?, source, &body)?
            }
            ("GET", [id, "datasources", source, "ingestionjobs", job]) => {
                agent::ingestion_job(self.knowledge_base(id)?, source, job)?
            }
            _ => return Err(unknown_operation(Protocol::RestJson, "Bedrock")),
        };
        let mut response = Protocol::RestJson.success(json.to_string());
        *response.status_mut() = status;
        Ok(response)
    }
}
