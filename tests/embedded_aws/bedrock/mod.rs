//! Knowledge bases and models through the real clients, without a socket.

mod documents;
mod filters;
mod generate;
mod ingestion;
mod language_model;
mod meaning;
mod models;
mod retrieve;
mod tools;

use aws_sdk_bedrockagentruntime::types::{
    KnowledgeBaseQuery, KnowledgeBaseRetrievalConfiguration, KnowledgeBaseRetrievalResult,
    KnowledgeBaseVectorSearchConfiguration, RetrievalFilter, RetrievalResultContent,
};
use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_types::Document;
use patchline::embedded_aws::{EmbeddedAws, Options};
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;

use super::{Outcome, s3_client};

const BASE: &str = "kb-music-industry";
const BUCKET: &str = "patchline-knowledge";
const MODEL: &str = "local.extractive-v1";

/// How long a search waits for what was put, on a slow machine.
const PATIENCE: Duration = Duration::from_mins(1);

type Failure = Box<dyn std::error::Error>;

/// An embedded AWS with the bucket of its knowledge base, and clients of it.
struct Knowledge {
    directory: TempDir,
    aws: EmbeddedAws,
    s3: aws_sdk_s3::Client,
    agent: aws_sdk_bedrockagent::Client,
    agent_runtime: aws_sdk_bedrockagentruntime::Client,
    models: aws_sdk_bedrockruntime::Client,
}

impl Knowledge {
    async fn new() -> Result<Self, Failure> {
        Self::with(|_| {}).await
    }

    /// One with changed options.
    async fn with(change: impl FnOnce(&mut Options)) -> Result<Self, Failure> {
        let opened = Self::open(TempDir::new()?, change).await?;
        opened.s3.create_bucket().bucket(BUCKET).send().await?;
        Ok(opened)
    }

    async fn open(directory: TempDir, change: impl FnOnce(&mut Options)) -> Result<Self, Failure> {
        let mut options = Options::new(directory.path(), "us-east-1");
        options.search_patience = PATIENCE;
        change(&mut options);
        let aws = EmbeddedAws::open(options).await?;
        let config = aws_config::SdkConfig::builder()
            .behavior_version(aws_config::BehaviorVersion::latest())
            .region(aws_config::Region::new("us-east-1"))
            .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(
                aws.credentials(),
            ))
            .http_client(aws.http_client())
            .retry_config(aws_config::retry::RetryConfig::disabled())
            .endpoint_url("http://embedded-aws.localhost")
            .build();
        let s3 = s3_client(&aws);
        let agent = aws_sdk_bedrockagent::Client::new(&config);
        let agent_runtime = aws_sdk_bedrockagentruntime::Client::new(&config);
        let models = aws_sdk_bedrockruntime::Client::new(&config);
        Ok(Self { directory, aws, s3, agent, agent_runtime, models })
    }

    /// Closes it, and opens the same directory again.
    async fn reopen(self) -> Result<Self, Failure> {
        Self::open(self.close().await, |_| {}).await
    }

    /// Closes it, and leaves its directory.
    async fn close(self) -> TempDir {
        let Self { directory, aws, s3, agent, agent_runtime, models } = self;
        aws.close().await;
        drop((s3, agent, agent_runtime, models));
        directory
    }

    /// Closes it, puts the contents of all files aside, and opens it again: nothing can be read. Says where
    /// they belong and where they are.
    async fn without_contents(self) -> Result<(Self, PathBuf, PathBuf), Failure> {
        let directory = self.close().await;
        let (place, aside) = (directory.path().join("s3/blobs"), directory.path().join("aside"));
        std::fs::rename(&place, &aside)?;
        Ok((Self::open(directory, |_| {}).await?, place, aside))
    }

    async fn put(&self, key: &str, content: impl Into<Vec<u8>>) -> Outcome {
        let body = ByteStream::from(content.into());
        self.s3.put_object().bucket(BUCKET).key(key).body(body).send().await?;
        Ok(())
    }

    /// A document with the attributes of its metadata file.
    async fn put_with(&self, key: &str, content: &str, attributes: &serde_json::Value) -> Outcome {
        let metadata = serde_json::json!({ "metadataAttributes": attributes });
        self.put(&format!("{key}.metadata.json"), metadata.to_string()).await?;
        self.put(key, content).await
    }

    fn ask(
        &self,
        question: &str,
    ) -> aws_sdk_bedrockagentruntime::operation::retrieve::builders::RetrieveFluentBuilder {
        let query = KnowledgeBaseQuery::builder().text(question).build();
        self.agent_runtime.retrieve().knowledge_base_id(BASE).retrieval_query(query)
    }

    /// The passages that fit.
    async fn results(&self, question: &str) -> Result<Vec<KnowledgeBaseRetrievalResult>, Failure> {
        Ok(self.ask(question).send().await?.retrieval_results().to_vec())
    }

    /// The keys of the documents that fit.
    async fn keys(&self, question: &str) -> Result<Vec<String>, Failure> {
        Ok(self.results(question).await?.iter().map(key_of).collect())
    }

    /// The keys of the documents that fit the question and a filter.
    async fn filtered(&self, question: &str, filter: RetrievalFilter) -> Result<Vec<String>, Failure> {
        let search = KnowledgeBaseVectorSearchConfiguration::builder().filter(filter).number_of_results(20);
        let answer = self.ask(question).retrieval_configuration(vector_search(search.build())).send().await?;
        let mut keys: Vec<String> = answer.retrieval_results().iter().map(key_of).collect();
        keys.sort();
        Ok(keys)
    }
}

fn vector_search(search: KnowledgeBaseVectorSearchConfiguration) -> KnowledgeBaseRetrievalConfiguration {
    KnowledgeBaseRetrievalConfiguration::builder().vector_search_configuration(search).build()
}

fn key_of(result: &KnowledgeBaseRetrievalResult) -> String {
    let location = result.location().and_then(|location| location.s3_location());
    let uri = location.and_then(|location| location.uri()).unwrap_or_default();
    uri.strip_prefix(&format!("s3://{BUCKET}/")).unwrap_or(uri).to_owned()
}

fn text_of(result: &KnowledgeBaseRetrievalResult) -> &str {
    result.content().map(RetrievalResultContent::text).unwrap_or_default()
}

fn attribute<'a>(result: &'a KnowledgeBaseRetrievalResult, name: &str) -> Option<&'a Document> {
    result.metadata().and_then(|metadata| metadata.get(name))
}
