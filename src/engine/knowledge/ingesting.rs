//! Lets Bedrock read what was changed: now, or once the ingestion that is under way has ended, also where
//! this program is stopped in between.

use super::base::{self, DataSource, Started};
use crate::engine::catalog::{Catalog, CatalogError};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// How often, and how long apart, an ingestion is asked for while another one is running and somebody waits.
const TURNS: u32 = 8;
const UNTIL_NEXT_TURN: Duration = Duration::from_millis(250);

/// How long apart it is asked for afterwards, when nobody waits: twice as long each time, up to a limit.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// How often it is asked for then: for hours. Ingestions of large knowledge bases take that long.
const LATER_TURNS: u32 = 1000;

/// Whether something of a knowledge base waits to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mark {
    waits: bool,
    /// Names the last change that waits, so that the end of another one does not make it forgotten. None in
    /// what earlier versions wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    change: Option<String>,
}

impl Mark {
    /// A change that waits.
    fn of_new_change() -> Self {
        Self { waits: true, change: Some(ulid::Ulid::new().to_string().to_lowercase()) }
    }
}

/// Lets Bedrock read a change. One ingestion runs at a time, so the end of another one is waited for: a
/// while here, and then in the background.
pub(super) async fn ingest(catalog: &Arc<Catalog>, base: &str, source: &DataSource) -> Started {
    let own = Mark::of_new_change();
    // Asked before an ingestion is started, which then reads what waited so far.
    let mut waiting = left_behind(catalog, base).await;
    for _ in 0..TURNS {
        let started = base::start_ingestion(&catalog.aws, base, source).await;
        if started == Started::Now {
            if let Some(mark) = &waiting {
                clear(catalog, base, mark).await;
            }
            return started;
        }
        if waiting.as_ref() != Some(&own) {
            keep(catalog, base, &own).await;
            waiting = Some(own.clone());
        }
        if started != Started::AnotherIsRunning {
            return started;
        }
        tokio::time::sleep(UNTIL_NEXT_TURN).await;
    }
    let running = base::newest_ingestion(&catalog.aws, base, source).await;
    tokio::spawn(later(Arc::clone(catalog), base.to_owned(), source.clone(), running, own));
    Started::AnotherIsRunning
}

/// Goes on waiting for every knowledge base of which something waited when a program was stopped.
pub(crate) async fn resume(catalog: Arc<Catalog>) {
    for base in &catalog.knowledge.bases {
        match waiting(&catalog, base).await {
            Ok(None) => {}
            Ok(Some((source, mark))) => {
                let running = base::newest_ingestion(&catalog.aws, base, &source).await;
                tokio::spawn(later(Arc::clone(&catalog), base.clone(), source, running, mark));
            }
            Err(error) => {
                tracing::warn!(base, %error, "it is not known whether documents wait to be read");
            }
        }
    }
}

/// Where the documents of a knowledge base lie of which something waits, and what waits.
async fn waiting(catalog: &Catalog, base: &str) -> Result<Option<(DataSource, Mark)>, CatalogError> {
    match catalog.setting::<Mark>(&setting(base)).await? {
        Some(mark) if mark.waits => Ok(Some((base::data_source(catalog, base).await?, mark))),
        _ => Ok(None),
    }
}

/// What waits already: for an ingestion that could not be started, or for the end of another one.
async fn left_behind(catalog: &Catalog, base: &str) -> Option<Mark> {
    match catalog.setting::<Mark>(&setting(base)).await {
        Ok(mark) => mark.filter(|mark| mark.waits),
        Err(error) => {
            tracing::warn!(base, %error, "it is not known whether documents wait to be read");
            None
        }
    }
}

/// Starts an ingestion once the one that is running has ended, unless somebody else does: whichever begins
/// after that one reads all that was changed.
async fn later(catalog: Arc<Catalog>, base: String, source: DataSource, running: Option<String>, mark: Mark) {
    let mut pause = FIRST_PAUSE;
    for _ in 0..LATER_TURNS {
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
        match base::start_ingestion(&catalog.aws, &base, &source).await {
            Started::Now => return clear(&catalog, &base, &mark).await,
            Started::AnotherIsRunning => {
                let newest = base::newest_ingestion(&catalog.aws, &base, &source).await;
                if running.is_some() && newest.is_some() && newest != running {
                    return clear(&catalog, &base, &mark).await;
                }
            }
            Started::No(problem) => {
                tracing::warn!(base, problem, "documents wait for the next ingestion, or the next start");
                return;
            }
        }
    }
    tracing::warn!(
        base,
        "another ingestion does not end; documents wait for the next one, or the next start"
    );
}

/// Keeps that something waits. Without it only a restart forgets, so a failure is only told.
async fn keep(catalog: &Catalog, base: &str, mark: &Mark) {
    if let Err(error) = catalog.set_setting(&setting(base), mark).await {
        tracing::warn!(base, %error, "that documents wait to be read was not kept");
    }
}

/// Keeps that nothing waits any more, unless another change has come since and waits for its own turn.
async fn clear(catalog: &Catalog, base: &str, mark: &Mark) {
    let (name, still) = (setting(base), mark.change.as_deref());
    let read = Mark { waits: false, change: mark.change.clone() };
    if let Err(error) = catalog.set_setting_while(&name, &read, "change", still).await {
        tracing::warn!(base, %error, "that no documents wait to be read any more was not kept");
    }
}

fn setting(base: &str) -> String {
    format!("ingestAgain#{base}")
}
