//! What Patchline writes of itself: log lines for people at the terminal, and logs and metrics in
//! `CloudWatch`.
//!
//! Nobody who reports something ever waits: lines go through bounded queues, counts are added up in
//! memory, and tasks of their own send both. While `CloudWatch` is away they wait, and what has no room
//! is lost and counted; the durable record of each call is the one in the audit table.

mod batch;
mod call;
mod destination;
mod exposition;
mod layer;
mod line;
mod pending;
mod publisher;
pub(crate) mod secrets;
mod shipper;
mod spans;
mod sums;
mod tally;
mod terminal;
mod totals;
mod trace_context;

pub(crate) use call::{Call, CallEvent, Outcome};
pub use exposition::{Exposition, Kind};
pub(crate) use pending::PendingLine;
pub use spans::Spans;
pub(crate) use spans::TARGET as SPANS;
pub(crate) use trace_context::TraceContext;

use super::aws::AwsClients;
use super::config::Config;
use destination::Destination;
use publisher::Publisher;
use reqwest::Url;
use shipper::Shipper;
use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;
use tally::Tally;
use totals::Totals;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

/// How long the end of the program waits for the last lines and metrics.
const LAST_WAIT: Duration = Duration::from_secs(5);

/// Starts logging: readable on a terminal, JSON otherwise, and into the application log as soon as an
/// engine runs. `RUST_LOG` overrides what is logged to the terminal. What is returned sends spans, where a
/// collector is named, and is to be closed last.
#[must_use]
pub fn start(debug: bool, collector: Option<&Url>) -> Spans {
    let spans = Spans::start(collector);
    let usual = if debug {
        "info,patchline=debug,s3s=off,tantivy=error"
    } else {
        "warn,patchline=info,s3s=off,tantivy=error"
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let lines = tracing_subscriber::fmt::layer().with_writer(terminal::lines);
    let lines = if std::io::stderr().is_terminal() {
        lines.with_target(false).boxed()
    } else {
        lines.json().flatten_event(true).boxed()
    };
    let mut layers = vec![lines.with_filter(filter).boxed(), layer::layer(debug).boxed()];
    layers.extend(spans.layer().map(Layer::boxed));
    // A second start in one process (tests) keeps the first.
    let _ = tracing_subscriber::registry().with(layers).try_init();
    spans
}

/// Where the engine reports what it did. Cloning is cheap.
#[derive(Clone, Default)]
pub struct Telemetry {
    totals: Arc<Totals>,
    parts: Option<Arc<Parts>>,
}

struct Parts {
    application: Option<Shipper>,
    audit: Option<Shipper>,
    tally: Arc<Tally>,
    publisher: Publisher,
}

impl Telemetry {
    /// Nothing is written to `CloudWatch`.
    pub fn off() -> Self {
        Self::default()
    }

    /// Starts writing to `CloudWatch`, if the server `cloudwatch` exists. `instance` names this process;
    /// with `create` the log groups are made when they are missing.
    pub fn start(aws: &AwsClients, config: &Config, instance: &str, create: bool) -> Self {
        if !config.servers.cloudwatch {
            return Self::off();
        }
        let tally = Arc::new(Tally::default());
        let shipper = |group: &str| {
            let destination = Destination {
                aws: aws.clone(),
                group: group.to_owned(),
                instance: instance.to_owned(),
                create_group: create,
                stream: None,
            };
            Shipper::start(destination, Arc::clone(&tally))
        };
        let application = config.monitoring.groups.application().map(shipper);
        if let Some(application) = &application {
            layer::attach(application.downgrade());
        }
        let audit = config.audit.then(|| shipper(&config.monitoring.audit_group));
        let publisher =
            Publisher::start(aws.clone(), config.monitoring.namespace.clone(), Arc::clone(&tally));
        Self { totals: Arc::default(), parts: Some(Arc::new(Parts { application, audit, tally, publisher })) }
    }

    /// Notes a finished call: a line in the application log, and one more in the counts. Never waits.
    pub(crate) fn call(&self, call: &Call<'_>) {
        if call.event == CallEvent::ToolCall {
            self.totals.count(call);
        }
        let Some(parts) = &self.parts else { return };
        if call.event == CallEvent::ToolCall {
            parts.tally.count(call);
        }
        if let Some(application) = &parts.application
            && let Some(line) = call.application_line()
        {
            application.send(line);
        }
    }

    /// Its line in the audit log group, which is sent with the place of the record that it is handed over with.
    pub(crate) fn audit_line(&self, call: &Call<'_>) -> Option<PendingLine> {
        let audit = self.parts.as_ref()?.audit.as_ref()?;
        Some(PendingLine::new(call.audit_line()?, audit.downgrade()))
    }

    /// Writes down what was counted since the start.
    pub(crate) fn write_totals(&self, text: &mut Exposition) {
        self.totals.write(text);
    }

    /// Notes which share of its places a server has in use.
    pub(crate) fn busy(&self, server: &'static str, share: f64) {
        if let Some(parts) = &self.parts {
            parts.tally.note_peak(jiff::Timestamp::now().as_second().div_euclid(60), server, share);
        }
    }

    /// Writes what waits. While `CloudWatch` is away, it goes on waiting.
    pub async fn flush(&self) {
        let Some(parts) = &self.parts else { return };
        let application = async {
            if let Some(application) = &parts.application {
                application.flush().await;
            }
        };
        let audit = async {
            if let Some(audit) = &parts.audit {
                audit.flush().await;
            }
        };
        tokio::join!(application, audit);
        // Lines that were lost are a metric, so the metrics come last.
        parts.publisher.flush().await;
    }

    /// Writes what waits, for some seconds at most, and stops.
    pub async fn close(&self) {
        let Some(parts) = &self.parts else { return };
        let application = async {
            if let Some(application) = &parts.application {
                application.close().await;
            }
        };
        let audit = async {
            if let Some(audit) = &parts.audit {
                audit.close().await;
            }
        };
        let all = async {
            tokio::join!(application, audit);
            parts.publisher.close().await;
        };
        if tokio::time::timeout(LAST_WAIT, all).await.is_err() {
            tracing::warn!("the last lines and metrics could not be written to CloudWatch in time");
        }
    }
}
