//! What the address of the page says: range, server, whether the time before is laid over it.

use crate::model::performance::{PerformanceRange, PerformanceRequest};
use crate::model::written_time::{clock, utc};
use crate::pages::query_string;
use jiff::Timestamp;

/// The page's own path.
pub(super) const PATH: &str = "/performance";

/// The ranges that end now: id, value, name.
pub(super) const RANGES: [(&str, PerformanceRange, &str); 5] = [
    ("1h", PerformanceRange::Hour, "1 hour"),
    ("6h", PerformanceRange::QuarterDay, "6 hours"),
    ("24h", PerformanceRange::Day, "24 hours"),
    ("7d", PerformanceRange::Week, "7 days"),
    ("30d", PerformanceRange::Month, "30 days"),
];

/// Reads the query as it stands in the address. What is unknown counts as not said.
pub(super) fn read(query: &str) -> PerformanceRequest {
    let mut request = PerformanceRequest::default();
    let (mut from, mut to) = (String::new(), String::new());
    for (name, value) in query_string::fields(query) {
        match name {
            "range" => {
                let known = RANGES.into_iter().find(|(id, ..)| *id == value);
                request.range = known.map(|(_, range, _)| range).unwrap_or_default();
            }
            "from" => from = value,
            "to" => to = value,
            "server" => request.server = Some(value).filter(|server| !server.is_empty()),
            "compare" => request.compare = value == "1",
            _ => {}
        }
    }
    if !from.trim().is_empty() || !to.trim().is_empty() {
        request.range = PerformanceRange::Between(in_utc(&from), in_utc(&to));
    }
    request
}

/// Writes the address. What is as it is anyway is left out.
pub(super) fn write(request: &PerformanceRequest) -> String {
    let known = RANGES.iter().find(|(_, range, _)| *range == request.range).map(|(id, ..)| *id);
    let (from, to) = own_ends(&request.range);
    let range = if request.range == PerformanceRange::default() { None } else { known };
    let fields = [
        ("range", range.unwrap_or_default()),
        ("from", from),
        ("to", to),
        ("server", request.server.as_deref().unwrap_or_default()),
        ("compare", if request.compare { "1" } else { "" }),
    ];
    query_string::address(PATH, &fields)
}

/// The address of a part of the time, from one second to another: the whole minutes that it touches.
pub(super) fn part(request: &PerformanceRequest, from: i64, to: i64) -> String {
    let minute = |second: i64| {
        let moment = utc(Timestamp::from_second(second.div_euclid(60) * 60).unwrap_or_default());
        format!("{}T{}Z", moment.date(), clock(moment.time()))
    };
    let range = PerformanceRange::Between(minute(from), minute(to + 59));
    write(&PerformanceRequest { range, ..request.clone() })
}

/// Both ends of a range of one's own; empty for one that ends now.
pub(super) fn own_ends(range: &PerformanceRange) -> (&str, &str) {
    match range {
        PerformanceRange::Between(from, to) => (from, to),
        _ => ("", ""),
    }
}

/// A field for dates gives a time without a zone; on this page that is UTC.
fn in_utc(text: &str) -> String {
    let text = text.trim();
    let has_zone = text.ends_with('Z') || text.get(11..).is_some_and(|time| time.contains(['+', '-']));
    if text.is_empty() || has_zone { text.to_owned() } else { format!("{text}Z") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_same_after_writing_and_reading() {
        let own = PerformanceRange::Between("2026-11-24T09:30Z".to_owned(), "2026-11-24T10:00Z".to_owned());
        for range in [PerformanceRange::Hour, PerformanceRange::Day, own] {
            let request = PerformanceRequest { range, server: Some("s3".to_owned()), compare: true };
            let written = write(&request);
            assert_eq!(read(written.split_once('?').map_or("", |(_, query)| query)), request);
        }
        assert_eq!(write(&read("")), PATH);
    }

    #[test]
    fn a_zoom_is_a_range_of_ones_own_in_whole_minutes() {
        let address = part(&read("range=7d&server=s3"), 1_764_000_001, 1_764_000_130);
        let request = read(address.split_once('?').map_or("", |(_, query)| query));
        assert_eq!(own_ends(&request.range), ("2025-11-24T16:00Z", "2025-11-24T16:03Z"));
        assert_eq!(request.server.as_deref(), Some("s3"));
    }

    #[test]
    fn times_of_fields_are_in_utc() {
        let request = read("from=2026-11-24T09%3A30&to=2026-11-24T10:00%2B01:00");
        assert_eq!(own_ends(&request.range), ("2026-11-24T09:30Z", "2026-11-24T10:00+01:00"));
    }
}
