//! What was counted since the start of the process, for those who collect it themselves.

use super::call::{Call, Outcome};
use super::exposition::{Exposition, Kind};
use super::tally::UNKNOWN;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The upper ends of the classes of durations, in seconds.
const CLASSES: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Calls of tools since the start.
#[derive(Debug, Default)]
pub(super) struct Totals(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    calls: BTreeMap<(&'static str, String, Outcome), u64>,
    durations: BTreeMap<&'static str, Durations>,
}

#[derive(Debug, Default)]
struct Durations {
    classes: [u64; CLASSES.len()],
    count: u64,
    sum: f64,
}

impl Durations {
    fn count(&mut self, took: Duration) {
        let seconds = took.as_secs_f64();
        self.count += 1;
        self.sum += seconds;
        if let Some(class) = CLASSES.iter().position(|end| seconds <= *end) {
            self.classes[class] += 1;
        }
    }
}

impl Totals {
    /// Counts a call. A tool that does not exist has one name, so that no caller decides how many there are.
    pub(super) fn count(&self, call: &Call<'_>) {
        let server = call.server.unwrap_or(UNKNOWN);
        let tool = if call.server.is_some() { call.tool } else { UNKNOWN };
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.calls.entry((server, tool.to_owned(), call.outcome)).or_default() += 1;
        counts.durations.entry(server).or_default().count(call.duration);
    }

    /// Writes them down.
    pub(super) fn write(&self, text: &mut Exposition) {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        text.family(
            "mcp_requests_total",
            Kind::Counter,
            "Calls of tools since the start, by how they ended.",
        );
        for ((server, tool, outcome), calls) in &counts.calls {
            let decision = if *outcome == Outcome::Denied { "deny" } else { "allow" };
            let labels =
                [("server", *server), ("tool", tool), ("decision", decision), ("status", outcome.id())];
            text.sample("mcp_requests_total", &labels, *calls);
        }
        text.family(
            "mcp_request_duration_seconds",
            Kind::Histogram,
            "How long calls of tools took at the door.",
        );
        for (server, durations) in &counts.durations {
            let mut so_far = 0;
            for (end, calls) in CLASSES.iter().zip(durations.classes) {
                so_far += calls;
                let labels = [("server", *server), ("le", &end.to_string())];
                text.sample("mcp_request_duration_seconds_bucket", &labels, so_far);
            }
            let labels = [("server", *server), ("le", "+Inf")];
            text.sample("mcp_request_duration_seconds_bucket", &labels, durations.count);
            text.sample("mcp_request_duration_seconds_sum", &[("server", *server)], durations.sum);
            text.sample("mcp_request_duration_seconds_count", &[("server", *server)], durations.count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_hold_what_is_not_longer_than_their_end() {
        let mut durations = Durations::default();
        for milliseconds in [1, 2, 20_000] {
            durations.count(Duration::from_millis(milliseconds));
        }
        assert_eq!((durations.classes[0], durations.classes[1], durations.count), (1, 1, 3));
        assert!((durations.sum - 20.003).abs() < 1e-9);
    }
}
