//! Ingestion jobs: a pass over the bucket, and a report of what has changed since the last.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::keeper::Handle;
use super::snapshot::{Examined, Identity};
use crate::embedded_aws::bedrock::faults::conflict;
use crate::embedded_aws::data_directory::create_private_directory;
use crate::embedded_aws::fault::Fault;
use crate::embedded_aws::options::KnowledgeBaseDeclaration;

/// How many jobs are remembered.
const REMEMBERED: usize = 100;
/// How many documents that failed are named in a job.
const NAMED_FAILURES: usize = 100;

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(in crate::embedded_aws::bedrock) enum JobStatus {
    /// Begun.
    Starting,
    /// Over.
    Complete,
    /// The bucket could not be read.
    Failed,
}

/// What a job found.
#[expect(clippy::struct_field_names, reason = "the names are those of the wire")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::embedded_aws::bedrock) struct JobStatistics {
    number_of_documents_scanned: usize,
    number_of_metadata_documents_scanned: usize,
    number_of_new_documents_indexed: usize,
    number_of_modified_documents_indexed: usize,
    number_of_metadata_documents_modified: usize,
    number_of_documents_deleted: usize,
    number_of_documents_failed: usize,
}

/// A job, in the form in which Bedrock shows and we keep it.
#[expect(clippy::struct_field_names, reason = "the names are those of the wire")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::embedded_aws::bedrock) struct IngestionJob {
    knowledge_base_id: String,
    data_source_id: String,
    /// Its id.
    pub(in crate::embedded_aws::bedrock) ingestion_job_id: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    description: Option<String>,
    /// How it stands.
    pub(in crate::embedded_aws::bedrock) status: JobStatus,
    statistics: JobStatistics,
    /// Which documents failed, and why; of a failed job, why it failed.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    failure_reasons: Vec<String>,
    /// When it began.
    pub(in crate::embedded_aws::bedrock) started_at: Timestamp,
    updated_at: Timestamp,
}

/// The order of a list of jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::embedded_aws::bedrock) enum JobOrder {
    /// The oldest first.
    Ascending,
    /// The newest first.
    Descending,
}

/// The jobs of a knowledge base. Cloning gives another handle to the same.
#[derive(Clone)]
pub(super) struct Ingestion {
    path: Arc<PathBuf>,
    history: Arc<Mutex<History>>,
}

/// What is kept on disk.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct History {
    /// The oldest first.
    jobs: Vec<IngestionJob>,
    /// The documents as the last complete job found them indexed.
    indexed: BTreeMap<String, Identity>,
    /// The jobs by the tokens of the requests that started them.
    #[serde(default)]
    tokens: BTreeMap<String, String>,
}

impl Ingestion {
    /// Reads the jobs of former runs. They are a report, so a file that is damaged is begun anew.
    pub(super) async fn open(path: PathBuf) -> Self {
        let file = path.clone();
        let read = tokio::task::spawn_blocking(move || std::fs::read(file)).await;
        let history = match read {
            Ok(Ok(bytes)) => serde_json::from_slice(&bytes).unwrap_or_else(|error| {
                tracing::warn!(path = %path.display(), %error, "the list of ingestion jobs is begun anew");
                History::default()
            }),
            _ => History::default(),
        };
        // A job that was under way when the process ended is over.
        let mut history: History = history;
        history.jobs.retain(|job| job.status != JobStatus::Starting);
        Self { path: Arc::new(path), history: Arc::new(Mutex::new(history)) }
    }

    pub(super) fn job(&self, id: &str) -> Option<IngestionJob> {
        self.history().jobs.iter().find(|job| job.ingestion_job_id == id).cloned()
    }

    pub(super) fn jobs(&self, order: JobOrder) -> Vec<IngestionJob> {
        let mut jobs = self.history().jobs.clone();
        if order == JobOrder::Descending {
            jobs.reverse();
        }
        jobs
    }

    /// Starts a job; one at a time.
    pub(super) fn start(
        &self,
        declaration: &KnowledgeBaseDeclaration,
        handle: Handle,
        description: Option<String>,
        token: Option<&str>,
    ) -> Result<IngestionJob, Fault> {
        let now = Timestamp::now();
        let job = IngestionJob {
            knowledge_base_id: declaration.id.clone(),
            data_source_id: declaration.data_source_id.clone(),
            ingestion_job_id: ulid::Ulid::new().to_string(),
            description,
            status: JobStatus::Starting,
            statistics: JobStatistics::default(),
            failure_reasons: Vec::new(),
            started_at: now,
            updated_at: now,
        };
        {
            let mut history = self.history();
            let same = token.and_then(|token| history.tokens.get(token));
            if let Some(started) =
                same.and_then(|id| history.jobs.iter().find(|job| job.ingestion_job_id == *id))
            {
                return Ok(started.clone());
            }
            if let Some(running) = history.jobs.iter().find(|job| job.status == JobStatus::Starting) {
                let message = format!(
                    "the ingestion job {} of this data source is still running",
                    running.ingestion_job_id
                );
                return Err(conflict(message));
            }
            history.jobs.push(job.clone());
            if let Some(token) = token {
                history.tokens.insert(token.to_owned(), job.ingestion_job_id.clone());
            }
            let surplus = history.jobs.len().saturating_sub(REMEMBERED);
            for forgotten in history.jobs.drain(..surplus).collect::<Vec<_>>() {
                history.tokens.retain(|_, id| *id != forgotten.ingestion_job_id);
            }
        }
        let (ingestion, id, bucket) =
            (self.clone(), job.ingestion_job_id.clone(), declaration.bucket.clone());
        tokio::spawn(async move {
            let passed = handle.pass().await;
            let state = handle.snapshot();
            let saved = tokio::task::spawn_blocking(move || {
                ingestion.finish(&id, &bucket, passed.map(|()| &state.examined))
            });
            match saved.await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(%error, "the list of ingestion jobs could not be written"),
                Err(error) => tracing::error!(%error, "an ingestion job ended badly"),
            }
        });
        Ok(job)
    }

    /// Written before anybody can read that the job is over: who has read that finds it after a restart, too.
    /// While it runs no other is started, so nobody else changes the list.
    fn finish(
        &self,
        id: &str,
        bucket: &str,
        passed: Result<&BTreeMap<String, Examined>, String>,
    ) -> std::io::Result<()> {
        let mut history = self.history().clone();
        let (status, statistics, failure_reasons) = match passed {
            Ok(examined) => {
                let statistics = compare(&history.indexed, examined);
                let indexed = examined.iter().filter(|(_, document)| document.failure.is_none());
                history.indexed =
                    indexed.map(|(key, document)| (key.clone(), document.identity.clone())).collect();
                (JobStatus::Complete, statistics, reasons(bucket, examined))
            }
            Err(problem) => (JobStatus::Failed, JobStatistics::default(), vec![problem]),
        };
        if let Some(job) = history.jobs.iter_mut().find(|job| job.ingestion_job_id == id) {
            job.status = status;
            job.statistics = statistics;
            job.failure_reasons = failure_reasons;
            job.updated_at = Timestamp::now();
        }
        let written = self.save(&history);
        *self.history() = history;
        written
    }

    /// Writes beside the final name first, so that a crash leaves no half-written file behind.
    fn save(&self, history: &History) -> std::io::Result<()> {
        let json = serde_json::to_vec(history)?;
        create_private_directory(self.path.parent().unwrap_or(Path::new(".")))?;
        let unfinished = self.path.with_extension("json.new");
        std::fs::write(&unfinished, json)?;
        std::fs::rename(&unfinished, &*self.path)
    }

    /// Nothing that is done under the lock can leave it half done.
    fn history(&self) -> MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn compare(before: &BTreeMap<String, Identity>, now: &BTreeMap<String, Examined>) -> JobStatistics {
    let mut statistics = JobStatistics {
        number_of_documents_scanned: now.len(),
        number_of_documents_deleted: before.keys().filter(|key| !now.contains_key(*key)).count(),
        ..JobStatistics::default()
    };
    for (key, document) in now {
        if document.identity.metadata.is_some() {
            statistics.number_of_metadata_documents_scanned += 1;
        }
        if document.failure.is_some() {
            statistics.number_of_documents_failed += 1;
            continue;
        }
        match before.get(key) {
            None => statistics.number_of_new_documents_indexed += 1,
            Some(former) if former.content != document.identity.content => {
                statistics.number_of_modified_documents_indexed += 1;
            }
            Some(former) if former.metadata != document.identity.metadata => {
                statistics.number_of_metadata_documents_modified += 1;
            }
            Some(_) => {}
        }
    }
    statistics
}

fn reasons(bucket: &str, examined: &BTreeMap<String, Examined>) -> Vec<String> {
    let failed = examined.iter().filter_map(|(key, document)| Some((key, document.failure.as_ref()?)));
    failed.take(NAMED_FAILURES).map(|(key, failure)| format!("s3://{bucket}/{key}: {failure}")).collect()
}
