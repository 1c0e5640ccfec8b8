//! Spans of what Patchline does for clients of MCP, sent to a collector of OpenTelemetry where one is named.
//!
//! Ended spans go into a bounded queue, and a thread of its own sends them. While the collector is away they
//! wait; what has no room is lost. Without a collector no span is ever made.

use super::LAST_WAIT;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use reqwest::Url;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

/// The target of all spans. No log takes it, so that without a collector nobody wants them.
pub(crate) const TARGET: &str = "mcp";

/// Where a collector takes spans, below its address.
const PATH: &str = "v1/traces";

/// What sends the spans of this process; nothing where no collector is named.
#[derive(Debug, Default)]
pub struct Spans(Option<SdkTracerProvider>);

impl Spans {
    /// Begins to send to a collector. How (headers, time limits, sampling) is read by the library from the
    /// other `OTEL_` variables.
    pub(super) fn start(collector: Option<&Url>) -> Self {
        let Some(collector) = collector else { return Self::default() };
        let address = format!("{}/{PATH}", collector.as_str().trim_end_matches('/'));
        let exporter = SpanExporter::builder().with_http().with_endpoint(address).build();
        match exporter {
            Ok(exporter) => {
                let provider = SdkTracerProvider::builder().with_batch_exporter(exporter);
                Self(Some(provider.with_resource(about_this_process()).build()))
            }
            Err(error) => {
                // Logging begins with what this returns.
                use std::io::Write;
                let _ = writeln!(std::io::stderr().lock(), "patchline: no spans are sent: {error}");
                Self::default()
            }
        }
    }

    /// The layer that makes spans, if anybody wants them.
    pub(super) fn layer<S>(&self) -> Option<impl Layer<S> + use<S>>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let tracer = self.0.as_ref()?.tracer("patchline");
        let layer = tracing_opentelemetry::layer()
            .with_tracer(tracer)
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false);
        Some(layer.with_filter(Targets::new().with_target(TARGET, LevelFilter::INFO)))
    }

    /// Sends what waits, for some seconds at most. Nothing is to be done after this.
    pub async fn close(self) {
        let Some(provider) = self.0 else { return };
        let closing = tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(LAST_WAIT));
        let problem = match closing.await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        tracing::warn!(problem, "the last spans could not be sent to the collector");
    }
}

fn about_this_process() -> Resource {
    let resource = Resource::builder().with_attributes([
        KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
        KeyValue::new("service.instance.id", ulid::Ulid::new().to_string().to_lowercase()),
    ]);
    // The library reads the name from this variable, and has none of its own.
    match std::env::var_os("OTEL_SERVICE_NAME") {
        Some(name) if !name.is_empty() => resource.build(),
        _ => resource.with_service_name("patchline").build(),
    }
}
