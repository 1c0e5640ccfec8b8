//! A collector of OpenTelemetry that takes spans and shows them to a test.

use super::Served;
use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// A running collector.
pub(crate) struct Collector {
    served: Served,
    spans: Arc<Mutex<Vec<Taken>>>,
}

/// A span that was sent.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    pub(crate) name: String,
    /// 2: of a server, 3: of a client.
    pub(crate) kind: i32,
    pub(crate) trace: String,
    pub(crate) id: String,
    pub(crate) parent: String,
    pub(crate) state: String,
    /// The traces that it points to.
    pub(crate) links: Vec<String>,
    pub(crate) is_error: bool,
    /// What is said of the error.
    pub(crate) message: String,
    pub(crate) attributes: BTreeMap<String, String>,
    /// What is said of the program that sent it.
    pub(crate) resource: BTreeMap<String, String>,
}

impl Collector {
    pub(crate) async fn start() -> Self {
        let spans = Arc::<Mutex<Vec<Taken>>>::default();
        let kept = Arc::clone(&spans);
        let take = move |body: Bytes| {
            let request = ExportTraceServiceRequest::decode(body).expect("spans in protobuf");
            kept.lock().expect("no test panics while it holds this").extend(taken(request));
            std::future::ready(())
        };
        let served = Served::of(Router::new().route("/v1/traces", post(take))).await;
        Self { served, spans }
    }

    pub(crate) fn url(&self) -> String {
        self.served.url()
    }

    /// All spans so far.
    pub(crate) fn all(&self) -> Vec<Taken> {
        self.spans.lock().expect("no test panics while it holds this").clone()
    }

    /// The spans of a trace so far.
    pub(crate) fn of_trace(&self, trace: &str) -> Vec<Taken> {
        let spans = self.spans.lock().expect("no test panics while it holds this");
        spans.iter().filter(|span| span.trace == trace).cloned().collect()
    }

    /// The spans so far that point to a trace.
    pub(crate) fn linked_to(&self, trace: &str) -> Vec<Taken> {
        let spans = self.spans.lock().expect("no test panics while it holds this");
        spans.iter().filter(|span| span.links.iter().any(|link| link == trace)).cloned().collect()
    }
}

fn taken(request: ExportTraceServiceRequest) -> Vec<Taken> {
    let mut all = Vec::new();
    for process in request.resource_spans {
        let resource = texts(&process.resource.unwrap_or_default().attributes);
        let spans = process.scope_spans.into_iter().flat_map(|scope| scope.spans);
        all.extend(spans.map(|span| of_span(&span, &resource)));
    }
    all
}

fn of_span(span: &Span, resource: &BTreeMap<String, String>) -> Taken {
    Taken {
        name: span.name.clone(),
        kind: span.kind,
        trace: hex::encode(&span.trace_id),
        id: hex::encode(&span.span_id),
        parent: hex::encode(&span.parent_span_id),
        state: span.trace_state.clone(),
        links: span.links.iter().map(|link| hex::encode(&link.trace_id)).collect(),
        is_error: span.status.as_ref().is_some_and(|status| status.code == 2),
        message: span.status.as_ref().map_or_else(String::new, |status| status.message.clone()),
        attributes: texts(&span.attributes),
        resource: resource.clone(),
    }
}

fn texts(attributes: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |attribute: &KeyValue| match attribute.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        Value::BoolValue(yes) => Some(yes.to_string()),
        _ => None,
    };
    attributes.iter().filter_map(|attribute| Some((attribute.key.clone(), text(attribute)?))).collect()
}
