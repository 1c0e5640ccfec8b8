//! Writes the sample label into the stores: once, in the background, beginning again where it was cut off.

mod ledger;

use super::aws::DatabaseNames;
use super::catalog::Catalog;
use super::catalog::analytics::{ChangingFigures, ROWS_AT_ONCE, row_item};
use super::catalog::contracts::KeptTerms;
use super::catalog::schema::{CONTRACT_TERMS_TABLE, SPLITS_TABLE};
use super::catalog::splits::KeptSplits;
use super::catalog::{CatalogError, NewObject};
use super::config::{BucketRole, KNOWLEDGE_BUCKET, TableRole};
use super::sample::{DEFAULT_SEED, LABEL_NAME, SampleLabel, SampleObject};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger::LedgerDatabase;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Requests to the stores that run side by side.
const SIDE_BY_SIDE: usize = 4;

/// How far the sample label is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeedingState {
    /// There is to be none.
    Off,
    /// It is being written; figures are incomplete.
    Preparing,
    /// It is there.
    Ready,
    /// It could not be written.
    Failed(String),
}

impl SeedingState {
    /// The word for machines.
    pub fn id(&self) -> &'static str {
        match self {
            SeedingState::Off => "off",
            SeedingState::Preparing => "preparing",
            SeedingState::Ready => "ready",
            SeedingState::Failed(_) => "failed",
        }
    }
}

/// What is remembered of it in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mark {
    /// The seed of the generator.
    seed: u64,
    /// The day as of which it was generated: the same label is written when writing begins again.
    day: Date,
    /// Whether all of it is written.
    complete: bool,
}

const MARK: &str = "sampleLabel";

/// The work in the background.
#[derive(Debug)]
pub struct Seeding {
    state: watch::Sender<SeedingState>,
    task: std::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Seeding {
    pub(super) fn new(wanted: bool) -> Self {
        let state = if wanted { SeedingState::Preparing } else { SeedingState::Off };
        Self { state: watch::Sender::new(state), task: std::sync::Mutex::new(None) }
    }

    pub(super) fn state(&self) -> SeedingState {
        self.state.borrow().clone()
    }

    /// Waits until there is nothing more to be written.
    pub(super) async fn settled(&self) -> SeedingState {
        let mut state = self.state.subscribe();
        match state.wait_for(|state| *state != SeedingState::Preparing).await {
            Ok(state) => state.clone(),
            // The sender lives as long as `self`.
            Err(_) => self.state(),
        }
    }

    pub(super) fn begin(self: &Arc<Self>, catalog: Arc<Catalog>, database: Option<DatabaseNames>) {
        let seeding = Arc::clone(self);
        let task = tokio::spawn(async move {
            let begun = std::time::Instant::now();
            let state = match seed(&catalog, database).await {
                Ok(written) => {
                    if written {
                        tracing::info!(
                            seconds = begun.elapsed().as_secs_f32(),
                            "the sample label is written"
                        );
                    }
                    SeedingState::Ready
                }
                Err(error) => {
                    tracing::error!(%error, "the sample label could not be written");
                    SeedingState::Failed(error.to_string())
                }
            };
            seeding.state.send_replace(state);
        });
        if let Ok(mut slot) = self.task.lock() {
            *slot = Some(task);
        }
    }

    /// Stops writing. The next start begins again.
    pub(super) async fn stop(&self) {
        let task = self.task.lock().ok().and_then(|mut slot| slot.take());
        if let Some(task) = task {
            task.abort();
            // The answer only says that it was stopped.
            let _ = task.await;
        }
    }
}

/// Writes the sample label unless it is there; with it its ledger, if there is a `database` of our own
/// to write it to. True when something was written now.
///
/// # Errors
/// What the stores say.
pub async fn seed(catalog: &Catalog, database: Option<DatabaseNames>) -> Result<bool, CatalogError> {
    let ledger = database.map(|names| LedgerDatabase::new(catalog.aws.rds_data.clone(), names));
    let needs_ledger = match &ledger {
        Some(ledger) => !ledger.is_written().await?,
        None => false,
    };
    let known: Option<Mark> = catalog.setting(MARK).await?;
    let is_known = known.as_ref().is_some_and(|mark| mark.complete);
    let goes_on = known.is_some();
    if is_known && !needs_ledger {
        return Ok(false);
    }
    let mark = known.unwrap_or_else(|| Mark {
        seed: DEFAULT_SEED,
        day: Timestamp::now().to_zoned(TimeZone::UTC).date(),
        complete: false,
    });
    let (seed, day) = (mark.seed, mark.day);
    if !is_known {
        catalog.set_setting(MARK, &mark).await?;
    }
    let label = in_background(move || Arc::new(SampleLabel::generate(seed, day))).await?;
    if !is_known {
        write_records(catalog, &label).await?;
        write_entered(catalog, &label, day).await?;
        catalog.forget_caches();
    }
    if let Some(database) = ledger.filter(|_| needs_ledger) {
        let begun = std::time::Instant::now();
        let source = Arc::clone(&label);
        let ledger = in_background(move || source.ledger()).await?;
        database.write(&ledger, seed, day).await?;
        let (seconds, lines) = (begun.elapsed().as_secs_f32(), ledger.lines.len());
        tracing::info!(seconds, lines, "the sample label's royalty ledger is written");
    }
    if !is_known {
        let mut changing = ChangingFigures::default();
        catalog
            .begin_change(&mut changing, label.artists().iter().map(|artist| artist.artist_id.as_str()))
            .await?;
        let figures = async {
            if goes_on { add_figures(catalog, &label).await } else { write_figures(catalog, &label).await }
        };
        tokio::try_join!(figures, write_files(catalog, &label))?;
        catalog.end_change(changing).await;
        catalog.forget_caches();
        super::knowledge::ingest(catalog).await?;
        catalog.set_setting(MARK, &Mark { complete: true, ..mark }).await?;
    }
    Ok(true)
}

/// Calculates on a thread that may be busy for a while.
async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, CatalogError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| stopped(&error.to_string()))
}

/// When writing begins again, people may have changed what is there already: that stays.
async fn write_records(catalog: &Catalog, label: &SampleLabel) -> Result<(), CatalogError> {
    catalog.add_missing(catalog.table(TableRole::Artists), "artist", "artistId", label.artists()).await?;
    catalog.add_missing(catalog.table(TableRole::Releases), "release", "releaseId", label.releases()).await
}

/// What somebody would have entered by hand: what contracts say, and who shares in what releases earn.
async fn write_entered(catalog: &Catalog, label: &SampleLabel, day: Date) -> Result<(), CatalogError> {
    let (by, at) = (LABEL_NAME.to_owned(), format!("{day}T00:00:00Z"));
    let bucket = catalog.buckets.default_of(BucketRole::Contracts);
    let terms = label.contract_terms().into_iter().map(|(file_name, terms)| KeptTerms {
        contract: KeptTerms::name(bucket, &file_name),
        version: 1,
        terms,
        updated_by: by.clone(),
        updated_at: at.clone(),
    });
    let terms: Vec<KeptTerms> = terms.collect();
    catalog.add_missing(CONTRACT_TERMS_TABLE, "terms of contract", "contract", &terms).await?;
    let splits = label.splits().into_iter().map(|(release, splits)| KeptSplits {
        release: release.to_string(),
        version: 1,
        splits,
        updated_by: by.clone(),
        updated_at: at.clone(),
    });
    let splits: Vec<KeptSplits> = splits.collect();
    catalog.add_missing(SPLITS_TABLE, "splits of release", "release", &splits).await
}

/// The figures where there are none yet.
async fn write_figures(catalog: &Catalog, label: &SampleLabel) -> Result<(), CatalogError> {
    let table = catalog.table(TableRole::Analytics);
    stream::iter(label.analytics())
        .chunks(ROWS_AT_ONCE)
        .map(|rows| async move {
            let items = rows.iter().map(row_item).collect::<Result<_, _>>()?;
            catalog.write_items(table, items).await
        })
        .buffer_unordered(SIDE_BY_SIDE)
        .try_collect()
        .await
}

/// The figures that an interrupted start did not come to: those that people recorded since then stay.
async fn add_figures(catalog: &Catalog, label: &SampleLabel) -> Result<(), CatalogError> {
    let table = catalog.table(TableRole::Analytics);
    stream::iter(label.analytics())
        .chunks(ROWS_AT_ONCE)
        .map(|rows| async move {
            let items = rows.iter().map(row_item).collect::<Result<_, _>>()?;
            catalog.add_missing_items(table, "artistId", items).await
        })
        .buffer_unordered(SIDE_BY_SIDE)
        .try_collect()
        .await
}

async fn write_files(catalog: &Catalog, label: &Arc<SampleLabel>) -> Result<(), CatalogError> {
    // Drawing covers and synthesising tracks takes processor time; the async threads stay free.
    let (sender, mut objects) = tokio::sync::mpsc::channel(2);
    let maker = Arc::clone(label);
    let made = tokio::task::spawn_blocking(move || {
        for object in maker.objects() {
            if sender.blocking_send(object).is_err() {
                return;
            }
        }
    });
    while let Some(object) = objects.recv().await {
        write_file(catalog, object).await?;
    }
    made.await.map_err(|error| stopped(&error.to_string()))
}

async fn write_file(catalog: &Catalog, object: SampleObject) -> Result<(), CatalogError> {
    use super::sample::BucketRole as Sample;
    let bucket = match object.bucket_role {
        Sample::Audio => catalog.buckets.default_of(BucketRole::Audio),
        Sample::Artwork => catalog.buckets.default_of(BucketRole::Artwork),
        Sample::Contracts => catalog.buckets.default_of(BucketRole::Contracts),
        Sample::Knowledge => KNOWLEDGE_BUCKET,
    };
    let key = object.key.parse().map_err(|error| CatalogError::Unreadable {
        what: "file of the sample label",
        id: object.key.clone(),
        detail: format!("{error}"),
    })?;
    let new = NewObject {
        bucket: bucket.to_owned(),
        key,
        content_type: object.content_type.to_owned(),
        metadata: object.metadata,
        overwrite: false,
        change: MARK.to_owned(),
    };
    match catalog.store_object(&new, object.bytes.into()).await {
        Ok(_) | Err(CatalogError::Conflict { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

fn stopped(detail: &str) -> CatalogError {
    CatalogError::Unreadable { what: "sample label", id: MARK.to_owned(), detail: detail.to_owned() }
}
