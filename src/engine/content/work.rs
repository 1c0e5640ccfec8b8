//! Listens to recordings that wait: with a lease that is renewed while the work goes on, a few at the same time.

use super::{Shared, likeness};
use crate::engine::aws::FailureKind;
use crate::engine::catalog::recordings::{KeptRecording, RecordingLine};
use crate::engine::catalog::{Catalog, CatalogError, ObjectKey};
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
/// one of those; a try that failed for another reason does not count.
const MOST_TRIES: u32 = 4;

/// How long it is waited before another try, at least.
const UNTIL_NEXT_TRY: SignedDuration = SignedDuration::from_secs(20);

/// The longest that is waited before another try, while something else than the file stands in the way.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(10);

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
    let outcome = match outcome {
        Ok(examined) => finished(catalog, &kept, &examined).await.map_err(ToolError::from),
        Err(error) => Err(error),
    };
    let changed = outcome.unwrap_or_else(|error| after(&kept, &error));
    write(&shared, changed, &kept).await
}

/// Keeps what was found out. The record that tells of it.
async fn finished(
    catalog: &Catalog,
    kept: &KeptRecording,
    examined: &Examined,
) -> Result<KeptRecording, CatalogError> {
    let Examined { info, report, print, .. } = examined;
    catalog.keep_report(&kept.bucket, &kept.key, &info.etag, report, print).await?;
    // After its own print is kept: of two that are processed at the same time the later one sees the other.
    let mut described = described(kept, examined);
    described.line.sounds_like = likeness::sounds_like(catalog, &described, print).await?;
    Ok(described)
}

/// The record after a try that failed. Only what lies in the file counts against it.
fn after(kept: &KeptRecording, error: &ToolError) -> KeptRecording {
    match error {
        ToolError::Catalog(CatalogError::NotFound { .. }) => {
            let why = "the file was deleted before it was checked".to_owned();
            kept.ended(RecordingState::Deleted, Some(why))
        }
        // It was replaced while it was fetched.
        ToolError::Catalog(CatalogError::Conflict { .. }) => kept.given_back(),
        error if passes(error) => {
            let why = Some(format!("{error} It is tried again."));
            KeptRecording { why, alive_until: until(pause(kept, Timestamp::now())), ..kept.given_back() }
        }
        error if kept.epoch >= MOST_TRIES => kept.ended(RecordingState::Unreadable, Some(error.to_string())),
        error => {
            let why = Some(format!("{error} It is tried again."));
            let alive_until = until(UNTIL_NEXT_TRY);
            KeptRecording { why, alive_until, epoch: kept.epoch, ..kept.given_back() }
        }
    }
}

/// Whether a failure says nothing of the file: a store that is away or has too much to do, or no room on this machine.
fn passes(error: &ToolError) -> bool {
    match error {
        ToolError::NotAvailable(_) | ToolError::Catalog(CatalogError::BrokenOff { .. }) => true,
        ToolError::Catalog(CatalogError::Aws(failure)) => {
            !matches!(failure.kind, FailureKind::Invalid | FailureKind::TooLarge)
        }
        _ => false,
    }
}

/// How long it is waited after a failure that passes: as long as the recording has waited already, within limits.
fn pause(kept: &KeptRecording, now: Timestamp) -> SignedDuration {
    let since = kept.processed_at.parse::<Timestamp>().unwrap_or(now);
    now.duration_since(since).clamp(UNTIL_NEXT_TRY, LONGEST_PAUSE)
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
    use serde_json::json;

    fn kept(epoch: u32) -> KeptRecording {
        serde_json::from_value(json!({
            "id": "patchline-audio/a.wav", "bucket": "patchline-audio", "key": "a.wav", "version": 2,
            "etag": "\"1\"", "bytes": 9, "sample": false, "state": "processing", "line": {}, "day": "open",
            "processedAt": "2026-11-27T00:00:00Z", "epoch": epoch, "holder": "this", "aliveUntil": 0, "progress": 0
        }))
        .expect("a recording")
    }

    #[test]
    fn only_what_lies_in_the_file_counts_against_it() {
        let away = ToolError::NotAvailable("No room is left on this machine.".to_owned());
        let waits = after(&kept(MOST_TRIES), &away);
        assert_eq!((waits.state, waits.epoch), (RecordingState::Waiting, MOST_TRIES - 1));
        let broken = ToolError::field("file", "it brings down its decoder");
        let again = after(&kept(1), &broken);
        assert_eq!((again.state, again.epoch), (RecordingState::Waiting, 1));
        assert_eq!(after(&kept(MOST_TRIES), &broken).state, RecordingState::Unreadable);
    }

    #[test]
    fn the_longer_something_stands_in_the_way_the_longer_it_is_waited() {
        let at = |time: &str| pause(&kept(1), time.parse().expect("a time"));
        assert_eq!(at("2026-11-27T00:00:01Z"), UNTIL_NEXT_TRY);
        assert_eq!(at("2026-11-27T00:02:00Z"), SignedDuration::from_mins(2));
        assert_eq!(at("2026-11-27T09:00:00Z"), LONGEST_PAUSE);
    }

    #[test]
    fn how_far_it_is_is_told_in_percent() {
        let step = |done, total| Step { done, total, message: String::new() };
        assert_eq!(percent(&step(30, Some(100))), 30);
        assert_eq!(percent(&step(300, Some(100))), 100);
        assert_eq!((percent(&step(3, None)), percent(&step(3, Some(0)))), (0, 0));
    }
}
