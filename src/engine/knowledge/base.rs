//! A knowledge base as Bedrock keeps it: its names, the bucket of its documents, and its ingestion.

use super::retrieve::resource;
use crate::engine::aws::{AwsClients, AwsFailure, FailureKind};
use crate::engine::catalog::{Catalog, CatalogError};
use aws_sdk_bedrockagent::primitives::DateTime;
use aws_sdk_bedrockagent::types::{
    IngestionJob, IngestionJobSortBy, IngestionJobSortByAttribute, IngestionJobStatus, SortOrder,
};
use jiff::Timestamp;

/// A knowledge base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it holds.
    pub description: Option<String>,
    /// Bedrock's word for its state, for instance `ACTIVE`.
    pub status: String,
    /// The model that compares meanings; none where only words are compared, or Bedrock does not say.
    pub embedding_model: Option<String>,
}

/// Where the documents of a knowledge base lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataSource {
    /// Its id in the knowledge base.
    pub id: String,
    /// The bucket.
    pub bucket: String,
}

/// A reading of all documents by Bedrock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ingestion {
    /// Its state.
    pub state: IngestionState,
    /// When it began.
    pub began: Option<Timestamp>,
    /// Documents that it looked at.
    pub scanned: u64,
    /// Documents that could not be read.
    pub failed: u64,
    /// Why, with the address of each document.
    pub reasons: Vec<String>,
}

impl Ingestion {
    /// Whether it is over.
    pub fn has_ended(&self) -> bool {
        self.state != IngestionState::Running
    }

    /// Why a document failed, where this ingestion says so.
    pub fn reason_for(&self, uri: &str) -> Option<&str> {
        self.reasons.iter().map(String::as_str).find(|reason| names(reason, uri))
    }

    /// How many documents failed that no reason names.
    pub fn unnamed_failures(&self) -> u64 {
        let named: usize = self.reasons.iter().map(|reason| reason.matches("s3://").count()).sum();
        self.failed.saturating_sub(named as u64)
    }
}

/// Whether a reason names a document, and not one whose address only begins with the same letters.
fn names(reason: &str, uri: &str) -> bool {
    let mut places = reason.match_indices(uri).map(|(place, _)| &reason[place + uri.len()..]);
    places.any(|rest| rest.chars().next().is_none_or(|next| next.is_whitespace() || ":,;]".contains(next)))
}

/// How far an ingestion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IngestionState {
    /// It is under way.
    Running,
    /// It is done.
    Complete,
    /// It failed, or was stopped.
    Failed,
}

/// What came of asking for an ingestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Started {
    /// It has begun.
    Now,
    /// Another one is under way; what was changed is read when it has ended.
    AnotherIsRunning,
    /// It could not begin; the reason, with the permission where one is missing.
    No(String),
}

impl Started {
    /// Why what was changed is not read now, and what to do about it; none when it is.
    pub fn problem(&self) -> Option<String> {
        match self {
            Self::Now => None,
            Self::AnotherIsRunning => Some(
                "Bedrock is reading the knowledge base just now; it reads this change right after."
                    .to_owned(),
            ),
            Self::No(reason) => Some(reason.clone()),
        }
    }
}

/// The names of a knowledge base.
///
/// # Errors
/// What AWS says.
pub async fn base(catalog: &Catalog, id: &str) -> Result<Base, CatalogError> {
    let answer = catalog
        .aws
        .bedrock_agent
        .get_knowledge_base()
        .knowledge_base_id(id)
        .send()
        .await
        .map_err(|error| AwsFailure::from_sdk(resource("GetKnowledgeBase", id), &error))?;
    let found = answer.knowledge_base.ok_or_else(|| empty(id, "GetKnowledgeBase"))?;
    let vectors = found.knowledge_base_configuration.and_then(|all| all.vector_knowledge_base_configuration);
    let name = |arn: String| arn.rsplit('/').next().unwrap_or_default().to_owned();
    Ok(Base {
        embedding_model: vectors.map(|vectors| name(vectors.embedding_model_arn)),
        id: found.knowledge_base_id,
        name: found.name,
        description: found.description,
        status: found.status.as_str().to_owned(),
    })
}

/// Where the documents of a knowledge base lie: the first of its data sources that is a bucket.
///
/// # Errors
/// What AWS says; `NotFound` when none is a bucket.
pub async fn data_source(catalog: &Catalog, base: &str) -> Result<DataSource, CatalogError> {
    let agent = &catalog.aws.bedrock_agent;
    let listed = agent
        .list_data_sources()
        .knowledge_base_id(base)
        .send()
        .await
        .map_err(|error| AwsFailure::from_sdk(resource("ListDataSources", base), &error))?;
    for summary in listed.data_source_summaries {
        let id = summary.data_source_id;
        let answer = agent
            .get_data_source()
            .knowledge_base_id(base)
            .data_source_id(&id)
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(resource("GetDataSource", base), &error))?;
        let settings = answer.data_source.and_then(|source| source.data_source_configuration);
        let arn = settings.and_then(|settings| settings.s3_configuration).map(|s3| s3.bucket_arn);
        if let Some(bucket) = arn.as_deref().and_then(|arn| arn.strip_prefix("arn:aws:s3:::")) {
            return Ok(DataSource { id, bucket: bucket.to_owned() });
        }
    }
    Err(CatalogError::NotFound { what: "bucket of the knowledge base", id: base.to_owned() })
}

/// Lets Bedrock read all documents again. What was changed before stays changed when it cannot begin, so
/// that is told and no error.
pub async fn start_ingestion(aws: &AwsClients, base: &str, source: &DataSource) -> Started {
    let asked = aws
        .bedrock_agent
        .start_ingestion_job()
        .knowledge_base_id(base)
        .data_source_id(&source.id)
        .send()
        .await;
    let Err(error) = asked else { return Started::Now };
    let failure = AwsFailure::from_sdk(resource("StartIngestionJob", base), &error);
    match failure.kind {
        FailureKind::Condition => Started::AnotherIsRunning,
        FailureKind::Denied => Started::No(format!(
            "Bedrock was not told to read the change: the permission {} on the knowledge base {base} is missing ({}).",
            failure.resource.action, failure.code
        )),
        _ => Started::No(format!("Bedrock was not told to read the change: {failure}.")),
    }
}

/// The id of the newest ingestion; none where there is none, or AWS does not say.
pub(super) async fn newest_ingestion(aws: &AwsClients, base: &str, source: &DataSource) -> Option<String> {
    let newest_first = IngestionJobSortBy::builder()
        .attribute(IngestionJobSortByAttribute::StartedAt)
        .order(SortOrder::Descending)
        .build()
        .ok()?;
    let request = aws.bedrock_agent.list_ingestion_jobs().knowledge_base_id(base).data_source_id(&source.id);
    let listed = request.sort_by(newest_first).max_results(1).send().await.ok()?;
    listed.ingestion_job_summaries.into_iter().next().map(|newest| newest.ingestion_job_id)
}

/// The newest ingestions, the newest first, at most so many; reasons of failures only of the newest that
/// has ended.
///
/// # Errors
/// What AWS says.
pub async fn ingestions(
    catalog: &Catalog,
    base: &str,
    source: &DataSource,
    most: i32,
) -> Result<Vec<Ingestion>, CatalogError> {
    let agent = &catalog.aws.bedrock_agent;
    let unsuitable = |error: aws_smithy_types::error::operation::BuildError| CatalogError::Unreadable {
        what: "order of ingestions",
        id: base.to_owned(),
        detail: error.to_string(),
    };
    let newest_first = IngestionJobSortBy::builder()
        .attribute(IngestionJobSortByAttribute::StartedAt)
        .order(SortOrder::Descending)
        .build()
        .map_err(unsuitable)?;
    let listed = agent
        .list_ingestion_jobs()
        .knowledge_base_id(base)
        .data_source_id(&source.id)
        .sort_by(newest_first)
        .max_results(most)
        .send()
        .await
        .map_err(|error| AwsFailure::from_sdk(resource("ListIngestionJobs", base), &error))?;
    let mut ingestions = Vec::new();
    let mut newest_has_ended = false;
    for summary in listed.ingestion_job_summaries {
        let statistics = summary
            .statistics
            .unwrap_or_else(|| aws_sdk_bedrockagent::types::IngestionJobStatistics::builder().build());
        let mut ingestion = Ingestion {
            state: state(&summary.status),
            began: timestamp(summary.started_at),
            scanned: count(statistics.number_of_documents_scanned),
            failed: count(statistics.number_of_documents_failed),
            reasons: Vec::new(),
        };
        if ingestion.has_ended() && !newest_has_ended {
            newest_has_ended = true;
            if ingestion.failed > 0 || ingestion.state == IngestionState::Failed {
                ingestion.reasons = reasons(catalog, base, source, &summary.ingestion_job_id).await?;
            }
        }
        ingestions.push(ingestion);
    }
    Ok(ingestions)
}

async fn reasons(
    catalog: &Catalog,
    base: &str,
    source: &DataSource,
    job: &str,
) -> Result<Vec<String>, CatalogError> {
    let answer = catalog
        .aws
        .bedrock_agent
        .get_ingestion_job()
        .knowledge_base_id(base)
        .data_source_id(&source.id)
        .ingestion_job_id(job)
        .send()
        .await
        .map_err(|error| AwsFailure::from_sdk(resource("GetIngestionJob", base), &error))?;
    let job: Option<IngestionJob> = answer.ingestion_job;
    Ok(job.and_then(|job| job.failure_reasons).unwrap_or_default())
}

fn state(status: &IngestionJobStatus) -> IngestionState {
    match status {
        IngestionJobStatus::Complete => IngestionState::Complete,
        IngestionJobStatus::Failed | IngestionJobStatus::Stopped => IngestionState::Failed,
        _ => IngestionState::Running,
    }
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

fn timestamp(time: DateTime) -> Option<Timestamp> {
    Timestamp::new(time.secs(), i32::try_from(time.subsec_nanos()).ok()?).ok()
}

fn empty(base: &str, action: &str) -> CatalogError {
    CatalogError::Unreadable {
        what: "knowledge base",
        id: base.to_owned(),
        detail: format!("the answer to {action} is empty"),
    }
}
