//! A knowledge base: the documents of a bucket, searchable, in step with the bucket.
//!
//! A document, its `<key>.metadata.json` and `synonyms.toml` are read again as soon as they change;
//! an ingestion job is needed for nothing, but reports what has changed since the last.

mod catalogue;
mod ingestion;
mod keeper;
mod snapshot;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::embedding::KeptVectors;
use super::faults::{internal_error, throttled};
use crate::embedded_aws::fault::Fault;
use crate::embedded_aws::options::{KnowledgeBaseDeclaration, Options};
use crate::embedded_aws::s3::BucketContents;

use self::ingestion::Ingestion;
use self::keeper::Keeper;

pub(super) use self::ingestion::{IngestionJob, JobOrder};
pub(super) use self::snapshot::{Hit, Snapshot};

/// A knowledge base that is kept in step with its bucket for as long as this lives.
pub(super) struct KnowledgeBase {
    declaration: KnowledgeBaseDeclaration,
    keeper: Keeper,
    ingestion: Ingestion,
    changes: watch::Receiver<u64>,
    patience: Duration,
}

impl KnowledgeBase {
    /// Starts reading the bucket. Jobs and vectors of former runs are read from `directory`.
    pub(super) async fn open(
        declaration: KnowledgeBaseDeclaration,
        contents: BucketContents,
        directory: PathBuf,
        options: &Options,
    ) -> Self {
        let changes = contents.changes();
        let vectors = KeptVectors::open(directory.join("vectors"), options.known_vectors);
        let keeper = Keeper::start(declaration.bucket.clone(), contents, vectors);
        let ingestion = Ingestion::open(directory.join("ingestion.json")).await;
        Self { declaration, keeper, ingestion, changes, patience: options.search_patience }
    }

    /// Its names.
    pub(super) fn declaration(&self) -> &KnowledgeBaseDeclaration {
        &self.declaration
    }

    /// What can be searched, with all changes of the bucket that were acknowledged before, unless
    /// reading them takes longer than a search may wait.
    pub(super) async fn snapshot(&self) -> Result<Arc<Snapshot>, Fault> {
        let wanted = *self.changes.borrow();
        match tokio::time::timeout(self.patience, self.keeper.reached(wanted)).await {
            Ok(Ok(())) => Ok(self.keeper.snapshot()),
            Ok(Err(problem)) => Err(internal_error(problem)),
            Err(_) if self.keeper.has_finished_once() => Ok(self.keeper.snapshot()),
            Err(_) => Err(throttled("the documents of the knowledge base are still being read; try again")),
        }
    }

    /// Waits until all changes of the bucket that were acknowledged before are searchable, or a pass over it has
    /// failed.
    pub(super) async fn settled(&self) {
        let wanted = *self.changes.borrow();
        if let Err(problem) = self.keeper.reached(wanted).await {
            tracing::debug!(problem, "a knowledge base is not in step with its bucket");
        }
    }

    /// Starts a job.
    /// The same token starts no second one.
    pub(super) fn start_job(
        &self,
        description: Option<String>,
        token: Option<&str>,
    ) -> Result<IngestionJob, Fault> {
        self.ingestion.start(&self.declaration, self.keeper.handle(), description, token)
    }

    /// A job by its id.
    pub(super) fn job(&self, id: &str) -> Option<IngestionJob> {
        self.ingestion.job(id)
    }

    /// All jobs that are remembered.
    pub(super) fn jobs(&self, order: JobOrder) -> Vec<IngestionJob> {
        self.ingestion.jobs(order)
    }

    /// Ends the work in the background, and waits for it.
    pub(super) async fn close(&self) {
        self.keeper.stop().await;
    }
}
