//! Listens to recordings that wait: with a lease that is renewed while the work goes on, a few at the same time.

use super::{Shared, likeness};
use crate::engine::catalog::recordings::{KeptRecording, RecordingLine};
use crate::engine::catalog::{CatalogError, ObjectKey};
use crate::engine::tools::music::{Examined, examine};
use crate::engine::tools::{Progress, Step, ToolError};
use crate::model::audio::DeliveryVerdict;
use crate::model::recording::RecordingState;
use jiff::{SignedDuration, Timestamp};
use std::pin::pin;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use tokio::time::MissedTickBehavior;

/// How long a process counts as alive after it was last heard of.
const ALIVE: SignedDuration = SignedDuration::from_secs(15);

/// How often a process says that it is alive, and how far it is.
const BEAT: Duration = Duration::from_secs(2);

/// How often it is looked for recordings that nobody holds.
const LOOK: Duration = Duration::from_secs(3);

/// Recordings that a process listens to at the same time: each takes a processor, and memory for its file.
const MOST_ACTIVE: usize = 2;

/// After how many tries a recording that cannot be read is given up. A file that brings down whoever reads it is
/// one of those.
const MOST_TRIES: u32 = 4;

/// How long it is waited before another try.
const UNTIL_NEXT_TRY: SignedDuration = SignedDuration::from_secs(20);

fn until(pause: SignedDuration) -> i64 {
    Timestamp::now().checked_add(pause).map_or(i64::MAX, Timestamp::as_millisecond)
}

/// A recording counts as being listened to until this is dropped.
struct Active {
    shared: Arc<Shared>,
    id: String,
}

impl Active {
    fn begin(shared: &Arc<Shared>, id: &str) -> Self {
        shared.active().insert(id.to_owned());
        Self { shared: Arc::clone(shared), id: id.to_owned() }
    }
}

impl Drop for Active {
    fn drop(&mut self) {
        self.shared.active().remove(&self.id);
        self.shared.room.notify_one();
    }
}

/// Listens to what waits, until the process ends.
pub(super) async fn keep_working(shared: Arc<Shared>) {
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = look.tick() => {}
            () = shared.catalog.stored.notified() => {}
            () = shared.room.notified() => {}
            () = shared.stopping.cancelled() => return,
        }
        if let Err(error) = take_free(&shared).await {
            tracing::warn!(%error, "recordings that wait could not be looked for");
        }
    }
}

fn room(shared: &Shared) -> usize {
    let places = thread::available_parallelism().map_or(1, usize::from).min(MOST_ACTIVE);
    places.saturating_sub(shared.active().len())
}

async fn take_free(shared: &Arc<Shared>) -> Result<(), CatalogError> {
    if room(shared) == 0 {
        return Ok(());
    }
    let open = shared.catalog.open_recordings().await?;
    let now = Timestamp::now();
    for kept in open.iter().filter(|kept| kept.is_free(now)) {
        if shared.stopping.is_cancelled() || room(shared) == 0 {
            return Ok(());
        }
        if shared.active().contains(&kept.id) {
            continue;
        }
        let claimed = kept.claimed(&shared.holder, until(ALIVE));
        let Some(claimed) = shared.catalog.change_recording(claimed, Some(kept)).await? else { continue };
        let active = Active::begin(shared, &claimed.id);
        let work = Box::pin(process(Arc::clone(shared), claimed));
        shared.running.spawn(async move {
            if let Err(error) = work.await {
                tracing::warn!(%error, "what came of a recording could not be written down; it is tried again");
            }
            drop(active);
        });
    }
    Ok(())
}

/// Listens to a recording that this process holds.
async fn process(shared: Arc<Shared>, mut kept: KeptRecording) -> Result<(), CatalogError> {
    let catalog = &shared.catalog;
    let Ok(key) = kept.key.parse::<ObjectKey>() else {
        let why = "its name is none that a recording may have".to_owned();
        return write(&shared, kept.ended(RecordingState::Unreadable, Some(why)), &kept).await;
    };
    if kept.epoch > MOST_TRIES {
        let why = kept.why.clone();
        let why = why.unwrap_or_else(|| "whoever tried to read it was stopped by it".to_owned());
        return write(&shared, kept.ended(RecordingState::Unreadable, Some(why)), &kept).await;
    }
    let (progress, watcher) = Progress::watched();
    let bucket = kept.bucket.clone();
    let mut work = pin!(examine(catalog, &bucket, &key, progress));
    let mut beat = tokio::time::interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let outcome = loop {
        tokio::select! {
            outcome = &mut work => break outcome,
            _ = beat.tick() => {
                let progress = percent(&watcher.borrow());
                let alive = KeptRecording { alive_until: until(ALIVE), progress, ..kept.clone() };
                match catalog.change_recording(alive, Some(&kept)).await {
                    Ok(Some(held)) => kept = held,
                    // It was replaced, or somebody else has it: theirs is what counts.
                    Ok(None) => return Ok(()),
                    Err(error) => tracing::warn!(%error, "a lease of a recording could not be renewed"),
                }
            }
            () = shared.stopping.cancelled() => return write(&shared, kept.given_back(), &kept).await,
        }
    };
    match outcome {
        Ok(examined) => {
            let Examined { info, report, print, .. } = &examined;
            catalog.keep_report(&kept.bucket, &kept.key, &info.etag, report, print).await?;
            // After its own print is kept: of two that are processed at the same time the later one sees the other.
            let mut described = described(&kept, &examined);
            described.line.sounds_like = likeness::sounds_like(catalog, &described, print).await?;
            write(&shared, described, &kept).await
        }
        Err(ToolError::Catalog(CatalogError::NotFound { .. })) => {
            let why = "the file was deleted before it was checked".to_owned();
            write(&shared, kept.ended(RecordingState::Deleted, Some(why)), &kept).await
        }
        // It was replaced while it was fetched.
        Err(ToolError::Catalog(CatalogError::Conflict { .. })) => {
            write(&shared, kept.given_back(), &kept).await
        }
        Err(error) if kept.epoch >= MOST_TRIES => {
            write(&shared, kept.ended(RecordingState::Unreadable, Some(error.to_string())), &kept).await
        }
        Err(error) => {
            let why = Some(format!("{error} It is tried again."));
            let later = KeptRecording { why, alive_until: until(UNTIL_NEXT_TRY), ..kept.given_back() };
            write(&shared, later, &kept).await
        }
    }
}

/// Writes what came of it. Where somebody else has the recording by now, theirs counts.
async fn write(shared: &Shared, changed: KeptRecording, from: &KeptRecording) -> Result<(), CatalogError> {
    shared.catalog.change_recording(changed, Some(from)).await.map(drop)
}

fn percent(step: &Step) -> u32 {
    let total = step.total.unwrap_or_default();
    let percent = step.done.saturating_mul(100).checked_div(total).unwrap_or_default();
    u32::try_from(percent.min(100)).unwrap_or_default()
}

/// The record with what was found out.
fn described(kept: &KeptRecording, examined: &Examined) -> KeptRecording {
    let Examined { info, report, unreadable, .. } = examined;
    let verdict = report.profiles.first().map_or(DeliveryVerdict::Fail, |profile| profile.verdict);
    let state = match unreadable {
        Some(_) => RecordingState::Unreadable,
        None => RecordingState::of_verdict(verdict),
    };
    let found = &report.report;
    KeptRecording {
        etag: info.etag.clone(),
        bytes: info.bytes,
        stored_at: info.last_modified.clone().or_else(|| kept.stored_at.clone()),
        verdict: Some(verdict),
        line: RecordingLine {
            sha256: Some(found.sha256.clone()),
            format: found.format.clone(),
            seconds: found.seconds,
            integrated: found.loudness.integrated,
            true_peak: found.loudness.true_peak,
            title: found.tags.title.clone(),
            artist: found.tags.artist.clone(),
            sounds_like: Vec::new(),
        },
        ..kept.ended(state, unreadable.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_it_is_is_told_in_percent() {
        let step = |done, total| Step { done, total, message: String::new() };
        assert_eq!(percent(&step(30, Some(100))), 30);
        assert_eq!(percent(&step(300, Some(100))), 100);
        assert_eq!((percent(&step(3, None)), percent(&step(3, Some(0)))), (0, 0));
    }
}
