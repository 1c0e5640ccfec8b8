//! Turns events of `tracing` into lines of the application log.
//!
//! Where the lines go is known only once the engine runs, and the subscriber belongs to the process: so
//! the engine attaches its log here. Events of what carries the lines (the SDK, the embedded AWS, this
//! module) never become lines themselves, or each would cause the next.

use super::line::Fields;
use super::shipper::WeakShipper;
use jiff::Timestamp;
use serde_json::Value;
use std::fmt;
use std::sync::{PoisonError, RwLock};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::Context;

static ATTACHED: RwLock<Option<WeakShipper>> = RwLock::new(None);

/// What carries the lines.
const CARRIERS: [&str; 12] = [
    "aws_config",
    "aws_runtime",
    "aws_sdk_cloudwatch",
    "aws_sdk_cloudwatchlogs",
    "aws_sigv4",
    "aws_smithy",
    "h2",
    "hyper",
    "hyper_util",
    "rustls",
    "patchline::embedded_aws",
    "patchline::engine::telemetry",
];

/// Lets lines go to this log from now on.
pub(super) fn attach(log: WeakShipper) {
    *ATTACHED.write().unwrap_or_else(PoisonError::into_inner) = Some(log);
}

/// The layer, with the choice of events that become lines.
pub(super) fn layer<S>(debug: bool) -> impl Layer<S>
where
    S: Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
{
    ApplicationLog.with_filter(targets(debug))
}

fn targets(debug: bool) -> Targets {
    let own = if debug { LevelFilter::DEBUG } else { LevelFilter::INFO };
    let chosen = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("patchline", own)
        .with_target("s3s", LevelFilter::OFF)
        .with_target("dynoxide", LevelFilter::OFF);
    CARRIERS.iter().fold(chosen, |chosen, carrier| chosen.with_target(*carrier, LevelFilter::OFF))
}

struct ApplicationLog;

impl<S: Subscriber> Layer<S> for ApplicationLog {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let attached = ATTACHED.read().unwrap_or_else(PoisonError::into_inner);
        let Some(log) = attached.as_ref() else { return };
        let now = Timestamp::now();
        let about = event.metadata();
        let mut fields = Fields::new(now, about.level().as_str(), about.target());
        event.record(&mut Recorder(&mut fields));
        log.send(fields.into_line(now));
    }
}

struct Recorder<'a>(&'a mut Fields);

impl Visit for Recorder<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.0.add(field.name(), value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.add(field.name(), value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.add(field.name(), value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.add(field.name(), value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.add(field.name(), value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.add(field.name(), Value::String(format!("{value:?}")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn what_carries_the_lines_never_writes_one() {
        let targets = targets(true);
        for carrier in [
            "aws_sdk_cloudwatchlogs::operation::put_log_events",
            "aws_smithy_runtime::client::orchestrator",
            "hyper_util::client::legacy",
            "patchline::embedded_aws::router",
            "patchline::engine::telemetry::shipper",
        ] {
            assert!(!targets.would_enable(carrier, &Level::ERROR), "{carrier}");
        }
        assert!(targets.would_enable("patchline::engine::gateway", &Level::DEBUG));
        assert!(targets.would_enable("leptos", &Level::WARN));
        assert!(!targets.would_enable("leptos", &Level::INFO));
    }
}
