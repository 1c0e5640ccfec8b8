//! Brings the embedded knowledge base up to date at the start, in the background.

use super::base;
use super::load::load;
use crate::engine::catalog::{Catalog, CatalogError};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The work in the background. What it has not done when it is stopped, the next start does.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stocking {
    work: TaskTracker,
    stop: CancellationToken,
}

impl Stocking {
    /// Begins. Everything else works without it, so a failure is only told.
    pub(crate) fn begin(&self, catalog: Arc<Catalog>) {
        let stop = self.stop.clone();
        self.work.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                stocked = stock(&catalog) => if let Err(error) = stocked {
                    tracing::error!(%error, "the knowledge base could not be brought up to date");
                }
            }
        });
    }

    /// Waits for the end.
    pub(crate) async fn settled(&self) {
        self.work.close();
        self.work.wait().await;
    }

    /// Stops it where it is.
    pub(crate) async fn stop(&self) {
        self.stop.cancel();
        self.settled().await;
    }
}

/// Brings the embedded knowledge base up to date with what is shipped.
///
/// # Errors
/// What AWS says.
pub(crate) async fn stock(catalog: &Catalog) -> Result<(), CatalogError> {
    let Some(base) = catalog.knowledge.bases.first() else { return Ok(()) };
    let begun = std::time::Instant::now();
    let source = base::data_source(catalog, base).await?;
    let files = load(catalog, &source.bucket).await?;
    if files > 0 {
        let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(files, milliseconds, "the knowledge base is up to date");
        ingest(catalog).await?;
    }
    Ok(())
}

/// Lets Bedrock read the first knowledge base again.
///
/// # Errors
/// What AWS says.
pub(crate) async fn ingest(catalog: &Catalog) -> Result<(), CatalogError> {
    let Some(base) = catalog.knowledge.bases.first() else { return Ok(()) };
    let source = base::data_source(catalog, base).await?;
    if let Some(problem) = base::start_ingestion(&catalog.aws, base, &source).await.problem() {
        tracing::info!(problem, "the knowledge base is not read at once");
    }
    Ok(())
}
