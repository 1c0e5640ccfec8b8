//! A search under way: starting it, looking again until it is done, cancelling it.

use super::address::Address;
use crate::api::error::AppError;
use crate::api::log_search::search_logs;
use crate::api::logs::{read_log_histogram, read_log_query, stop_log_query};
use crate::model::log_search::{LogSearch, LogSearchState};
use crate::model::logs::{HistogramLook, LogQueryLook, LogQueryStatus, LogStatistics, StartedLogQuery};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The most rows of a search on the page.
pub(super) const ROWS: u32 = 1000;

/// How long the first request of the browser waits for the result, in milliseconds.
const WAIT: u32 = 400;

/// The pause before the first look. Each further one is longer.
const FIRST_PAUSE: Duration = Duration::from_millis(300);

/// The longest pause between two looks.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// A search and what it has found so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// What was asked.
    pub asked: Address,
    /// What was found.
    pub state: LogSearchState,
}

/// What the server already did when it rendered the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct First(Result<LogSearchState, AppError>);

/// Searches together with the page. Waits for the result as long as the address says.
pub(super) async fn first(address: &Address) -> First {
    // Three seconds are enough for nearly every search and short enough for everybody.
    let wait = if address.wait { crate::model::log_search::MAX_WAIT_MILLIS } else { 3000 };
    First(search_logs(search(address, wait)).await)
}

fn search(address: &Address, wait_millis: u32) -> LogSearch {
    LogSearch {
        log_group_name: address.group.clone(),
        query: address.query.clone(),
        range: address.range.clone(),
        limit: ROWS,
        wait_millis,
    }
}

/// Searches, one at a time. Copies share it.
#[derive(Clone, Copy)]
pub struct Runner {
    shown: RwSignal<Option<Shown>>,
    failure: RwSignal<Option<AppError>>,
    /// How much is read; none while nothing is under way.
    progress: RwSignal<Option<LogStatistics>>,
    /// Which search is the current one: answers to others are too late.
    current: StoredValue<u32>,
    /// The queries that run for the current search.
    running: StoredValue<Option<StartedLogQuery>>,
}

impl Runner {
    /// With what the server already did for this address.
    pub(super) fn new(asked: &Address, first: Option<First>) -> Self {
        let (shown, failure) = match first {
            Some(First(Ok(state))) => (Some(Shown { asked: asked.clone(), state }), None),
            Some(First(Err(error))) => (None, Some(error)),
            None => (None, None),
        };
        let started = shown.as_ref().filter(|shown| shown.state.is_running());
        let progress = started.map(|shown| shown.state.rows.statistics);
        let running = started.map(|shown| shown.state.started.clone());
        let runner = Self {
            shown: RwSignal::new(shown),
            failure: RwSignal::new(failure),
            progress: RwSignal::new(progress),
            current: StoredValue::new(0),
            running: StoredValue::new(running),
        };
        // On the server a search goes on, so that the browser can take it up.
        #[cfg(feature = "hydrate")]
        on_cleanup(move || {
            if let Some(started) = runner.running.try_update_value(Option::take).flatten() {
                stop(started);
            }
        });
        runner
    }

    /// Goes on with what the server began. Whether there was anything, good or bad.
    pub(super) fn resume(self) -> bool {
        let under_way = self.shown.with_untracked(|shown| {
            let shown = shown.as_ref().filter(|shown| shown.state.is_running())?;
            Some(shown.clone())
        });
        if let Some(shown) = under_way {
            self.look_later(self.current.get_value(), shown, FIRST_PAUSE);
        }
        self.shown.with_untracked(Option::is_some) || self.failure.with_untracked(Option::is_some)
    }

    /// Searches, in place of a search that is under way. What is shown stays until there is something new.
    pub(super) fn start(self, asked: Address) {
        let number = self.abandon();
        self.progress.set(Some(LogStatistics::default()));
        leptos::task::spawn_local(async move {
            let answer = search_logs(search(&asked, WAIT)).await;
            self.take(number, asked, answer, FIRST_PAUSE);
        });
    }

    /// Shows nothing: the address asks for nothing.
    pub(super) fn clear(self) {
        self.abandon();
        self.progress.set(None);
        self.failure.set(None);
        self.shown.set(None);
    }

    /// Cancels the search. The next look says so, with the rows that were found until then.
    pub(super) fn cancel(self) {
        match self.running.get_value() {
            Some(started) => stop(started),
            None => {
                self.abandon();
                self.progress.set(None);
            }
        }
    }

    pub(super) fn progress(self) -> Option<LogStatistics> {
        self.progress.get()
    }

    pub(super) fn is_running(self) -> bool {
        self.progress.with(Option::is_some)
    }

    pub(super) fn failure(self) -> Option<AppError> {
        self.failure.get()
    }

    pub(super) fn shown(self) -> Option<Shown> {
        self.shown.get()
    }

    /// Leaves the current search behind and gives the number of the next.
    fn abandon(self) -> u32 {
        if let Some(started) = self.running.try_update_value(Option::take).flatten() {
            stop(started);
        }
        self.current
            .try_update_value(|number| {
                *number = number.wrapping_add(1);
                *number
            })
            .unwrap_or_default()
    }

    fn take(self, number: u32, asked: Address, answer: Result<LogSearchState, AppError>, pause: Duration) {
        // None when the page was left meanwhile.
        if self.current.try_get_value() != Some(number) {
            if let Ok(state) = answer
                && state.is_running()
            {
                stop(state.started);
            }
            return;
        }
        match answer {
            Err(error) => {
                self.running.set_value(None);
                self.progress.set(None);
                self.shown.set(None);
                self.failure.set(Some(error));
            }
            Ok(state) => {
                let running = state.is_running();
                self.running.set_value(running.then(|| state.started.clone()));
                self.failure.set(None);
                self.progress.set(running.then_some(state.rows.statistics));
                let shown = Shown { asked, state };
                if running {
                    self.look_later(number, shown.clone(), pause);
                }
                if !running || !shown.state.rows.table.rows.is_empty() {
                    self.shown.set(Some(shown));
                }
            }
        }
    }

    fn look_later(self, number: u32, shown: Shown, pause: Duration) {
        let look = move || {
            leptos::task::spawn_local(async move {
                let answer = look_again(shown.state).await;
                self.take(number, shown.asked, answer, (pause * 3 / 2).min(LONGEST_PAUSE));
            });
        };
        set_timeout(look, pause);
    }
}

/// What was found since the last look.
async fn look_again(state: LogSearchState) -> Result<LogSearchState, AppError> {
    let LogSearchState { started, mut rows, mut counts } = state;
    if rows.status == LogQueryStatus::Running {
        rows = read_log_query(LogQueryLook { query_id: started.query_id.clone(), limit: ROWS }).await?;
    }
    let counting = counts.as_ref().is_some_and(|counts| counts.status == LogQueryStatus::Running);
    if let (true, Some(histogram_query_id)) = (counting, started.histogram_query_id.clone()) {
        let look = HistogramLook {
            histogram_query_id,
            start_time: started.start_time.clone(),
            end_time: started.end_time.clone(),
            bin_seconds: started.bin_seconds,
        };
        counts = Some(read_log_histogram(look).await?);
    }
    Ok(LogSearchState { started, rows, counts })
}

fn stop(started: StartedLogQuery) {
    leptos::task::spawn_local(async move {
        for id in [Some(started.query_id), started.histogram_query_id].into_iter().flatten() {
            // What cannot be stopped ends by itself, and the next look says how it stands.
            let _ = stop_log_query(id).await;
        }
    });
}
