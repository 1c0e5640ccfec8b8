//! The rules for a batch of events, as the documentation of `PutLogEvents` has them.

use super::error::LogsError;

/// The most events in a batch.
const MOST_EVENTS: usize = 10_000;
/// The longest message and the largest batch, in bytes.
pub(crate) const MOST_BYTES: usize = 1_048_576;
/// What each event counts besides its message, in bytes.
const OVERHEAD: usize = 26;
const HOUR: i64 = 60 * 60 * 1000;
/// One day in milliseconds.
pub(crate) const DAY: i64 = 24 * HOUR;
const OLDEST: i64 = 14 * DAY;
const NEWEST: i64 = 2 * HOUR;

/// An event on its way into a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewEvent {
    /// When it happened, in milliseconds since 1970.
    pub(crate) timestamp: i64,
    /// Its text.
    pub(crate) message: String,
}

/// Events that were left out, by their place in the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Rejected {
    /// All before this one are older than two weeks.
    pub(crate) too_old_end: Option<usize>,
    /// All before this one are older than the group keeps events.
    pub(crate) expired_end: Option<usize>,
    /// This one and all after it lie more than two hours in the future.
    pub(crate) too_new_start: Option<usize>,
}

/// Checks a batch as a whole and drops what came too early or too late. `cutoff` is the time before
/// which the group keeps nothing.
pub(crate) fn check(
    events: Vec<NewEvent>,
    now: i64,
    cutoff: Option<i64>,
) -> Result<(Vec<NewEvent>, Rejected), LogsError> {
    check_sizes(&events)?;
    if !events.is_sorted_by_key(|event| event.timestamp) {
        return Err(LogsError::invalid(
            "log events in a single PutLogEvents request must be in chronological order",
        ));
    }
    let before = |time: i64| events.partition_point(|event| event.timestamp < time);
    let too_old = before(now - OLDEST);
    let expired = cutoff.map_or(0, before);
    let too_new = before(now + NEWEST + 1);
    let first = too_old.max(expired);
    let rejected = Rejected {
        too_old_end: (too_old > 0).then_some(too_old),
        expired_end: (expired > too_old).then_some(expired),
        too_new_start: (too_new < events.len()).then_some(too_new),
    };
    let accepted: Vec<_> = events.into_iter().take(too_new).skip(first).collect();
    if let (Some(first), Some(last)) = (accepted.first(), accepted.last())
        && last.timestamp - first.timestamp > DAY
    {
        return Err(LogsError::invalid(
            "the batch of log events in a single PutLogEvents request cannot span more than 24 hours",
        ));
    }
    Ok((accepted, rejected))
}

fn check_sizes(events: &[NewEvent]) -> Result<(), LogsError> {
    if events.is_empty() || events.len() > MOST_EVENTS {
        let message = format!("logEvents must have 1 to {MOST_EVENTS} events, unlike {}", events.len());
        return Err(LogsError::invalid(message));
    }
    for event in events {
        if event.timestamp < 0 {
            return Err(LogsError::invalid("the timestamp of a log event must not be negative"));
        }
        if event.message.is_empty() {
            return Err(LogsError::invalid("the message of a log event must not be empty"));
        }
        let bytes = event.message.len();
        if bytes > MOST_BYTES {
            return Err(LogsError::invalid(format!(
                "log event too large: {bytes} bytes exceeds limit of {MOST_BYTES}"
            )));
        }
    }
    let bytes: usize = events.iter().map(|event| event.message.len() + OVERHEAD).sum();
    if bytes > MOST_BYTES {
        return Err(LogsError::invalid(format!(
            "upload too large: {bytes} bytes exceeds limit of {MOST_BYTES}"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: i64 = 1_700_000_000_000;

    fn batch(times: &[i64]) -> Vec<NewEvent> {
        times.iter().map(|time| NewEvent { timestamp: *time, message: "x".to_owned() }).collect()
    }

    fn reason(events: Vec<NewEvent>) -> String {
        check(events, NOW, None).unwrap_err().to_string()
    }

    #[test]
    fn events_out_of_their_time_are_left_out_and_named() {
        let times = [NOW - 15 * DAY, NOW - 14 * DAY, NOW - 13 * DAY - HOUR, NOW + 3 * HOUR];
        let (accepted, rejected) = check(batch(&times), NOW, None).unwrap();
        assert_eq!(accepted, batch(&times[1..3]));
        assert_eq!(rejected, Rejected { too_old_end: Some(1), expired_end: None, too_new_start: Some(3) });
        let (accepted, rejected) = check(batch(&times[..3]), NOW, Some(NOW - DAY)).unwrap();
        assert_eq!(accepted, []);
        assert_eq!(rejected, Rejected { too_old_end: Some(1), expired_end: Some(3), too_new_start: None });
        let (accepted, rejected) = check(batch(&[NOW + NEWEST, NOW + NEWEST + 1]), NOW, None).unwrap();
        assert_eq!((accepted.len(), rejected.too_new_start), (1, Some(1)));
    }

    #[test]
    fn batches_have_an_order_a_length_and_a_size() {
        assert!(reason(batch(&[NOW, NOW - 1])).contains("chronological"));
        assert!(reason(batch(&[NOW - DAY - 1, NOW])).contains("24 hours"));
        assert!(check(batch(&[NOW - DAY, NOW]), NOW, None).is_ok());
        assert!(reason(batch(&[])).contains("1 to 10000"));
        assert!(reason(batch(&[NOW; MOST_EVENTS + 1])).contains("10001"));
        assert!(reason(batch(&[-1])).contains("negative"));
        let event = |length| NewEvent { timestamp: NOW, message: "x".repeat(length) };
        assert!(check(vec![event(MOST_BYTES - OVERHEAD)], NOW, None).is_ok());
        assert!(reason(vec![event(MOST_BYTES - OVERHEAD + 1)]).contains("upload too large: 1048577"));
        assert!(reason(vec![event(MOST_BYTES + 1)]).contains("log event too large"));
        assert!(reason(vec![event(0)]).contains("empty"));
    }

    proptest! {
        #[test]
        fn each_event_is_accepted_or_in_a_rejected_range(
            mut times in prop::collection::vec(NOW - 16 * DAY..NOW + 4 * HOUR, 1..30),
            kept_days in prop::option::of(1_i64..30),
        ) {
            times.sort_unstable();
            let cutoff = kept_days.map(|days| NOW - days * DAY);
            if let Ok((accepted, rejected)) = check(batch(&times), NOW, cutoff) {
                let start = rejected.too_old_end.max(rejected.expired_end).unwrap_or(0);
                let end = rejected.too_new_start.unwrap_or(times.len());
                prop_assert_eq!(accepted, batch(times.get(start..end.max(start)).unwrap()));
            }
        }
    }
}
