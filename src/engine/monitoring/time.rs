//! Times as people give them, and as Logs Insights writes them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A span of time, its end after its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeRange {
    /// Its beginning.
    pub(crate) from: Timestamp,
    /// Its end, not part of it.
    pub(crate) to: Timestamp,
}

/// What is wrong with a time range, and with which of its ends.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub(crate) struct TimeRangeError {
    /// `startTime` or `endTime`.
    pub(crate) field: &'static str,
    /// What is wrong.
    pub(crate) message: String,
}

impl TimeRange {
    /// Reads both ends. Without an end it is `now`, without a beginning an hour before the end.
    pub(crate) fn read(
        start: Option<&str>,
        end: Option<&str>,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<Self, TimeRangeError> {
        const HOUR: i64 = 3600;
        let to = end.map_or(Ok(now), |text| point("endTime", text, zone))?;
        let from = match start {
            Some(text) => point("startTime", text, zone)?,
            None => Timestamp::from_second(to.as_second() - HOUR).unwrap_or(Timestamp::UNIX_EPOCH),
        };
        if from < Timestamp::UNIX_EPOCH {
            return Err(wrong("startTime", "a time since 1970 is needed".to_owned()));
        }
        if to <= from {
            return Err(wrong("endTime", format!("the end ({to}) must come after the start ({from})")));
        }
        Ok(Self { from, to })
    }

    /// How long it is, in whole seconds, rounded up.
    pub(crate) fn seconds(self) -> i64 {
        let milliseconds = self.to.as_millisecond() - self.from.as_millisecond();
        milliseconds.div_euclid(1000) + i64::from(milliseconds.rem_euclid(1000) > 0)
    }
}

/// A time in RFC 3339, or a date with or without time in the configured zone.
fn point(field: &'static str, text: &str, zone: &TimeZone) -> Result<Timestamp, TimeRangeError> {
    let text = text.trim();
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    let local = text.parse::<DateTime>().ok().and_then(|time| time.to_zoned(zone.clone()).ok());
    local.map(|time| time.timestamp()).ok_or_else(|| {
        wrong(
            field,
            "a time such as 2026-11-24T09:30:00Z, 2026-11-24T09:30 or 2026-11-24 is needed".to_owned(),
        )
    })
}

fn wrong(field: &'static str, message: String) -> TimeRangeError {
    TimeRangeError { field, message }
}

/// A time as Logs Insights writes it, `2026-11-24 09:30:00.000` in UTC, or as epoch milliseconds.
pub(crate) fn from_insights(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() >= 19 && text.as_bytes().get(4) == Some(&b'-') {
        return text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|time| time.timestamp());
    }
    let milliseconds = text.parse::<i64>().ok().or_else(|| whole(text.parse::<f64>().ok()?))?;
    Timestamp::from_millisecond(milliseconds).ok()
}

#[expect(clippy::cast_possible_truncation, reason = "the bounds are checked")]
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn read(start: Option<&str>, end: Option<&str>) -> Result<TimeRange, TimeRangeError> {
        let oslo = TimeZone::get("Europe/Oslo").expect("a zone");
        TimeRange::read(start, end, &oslo, at("2026-11-24T12:00:00Z"))
    }

    #[test]
    fn the_last_hour_is_meant_when_nothing_is_said() {
        let range = read(None, None).expect("a range");
        assert_eq!((range.from, range.to), (at("2026-11-24T11:00:00Z"), at("2026-11-24T12:00:00Z")));
        assert_eq!(range.seconds(), 3600);
    }

    #[test]
    fn a_time_without_a_zone_is_one_of_the_configured_zone() {
        let range = read(Some("2026-11-24"), Some("2026-11-24T09:30:00+00:00")).expect("a range");
        assert_eq!(range.from, at("2026-11-23T23:00:00Z"));
        assert_eq!(range.to, at("2026-11-24T09:30:00Z"));
    }

    #[test]
    fn an_end_before_the_start_and_nonsense_name_the_argument() {
        let backwards = read(Some("2026-11-24T10:00:00Z"), Some("2026-11-24T09:00:00Z"));
        assert_eq!(backwards.map_err(|error| error.field), Err("endTime"));
        assert_eq!(read(Some("yesterday"), None).map_err(|error| error.field), Err("startTime"));
        assert_eq!(read(Some("1969-01-01"), None).map_err(|error| error.field), Err("startTime"));
    }

    #[test]
    fn the_times_of_insights_are_read_in_both_forms() {
        let expected = Some(at("2026-11-24T09:30:00.25Z"));
        assert_eq!(from_insights("2026-11-24 09:30:00.250"), expected);
        assert_eq!(from_insights("1795512600250"), expected);
        assert_eq!(from_insights("soon"), None);
    }
}
