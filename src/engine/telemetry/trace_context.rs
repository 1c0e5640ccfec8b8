//! The trace to which a piece of work belongs, as it travels between programs: the trace context of the W3C.

use opentelemetry::Context;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::TraceContextExt;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use std::collections::HashMap;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Name of the part that says which trace and which span.
const PARENT: &str = "traceparent";

/// Name of the part that belongs to the programs on the way.
const STATE: &str = "tracestate";

/// The most of that part that is carried on; the W3C asks for no more.
const LONGEST_STATE: usize = 512;

/// The trace to which a piece of work belongs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct TraceContext(HashMap<String, String>);

impl TraceContext {
    /// Reads it by the names of its parts; none where the caller sent none.
    pub(crate) fn read<'a>(part: impl Fn(&str) -> Option<&'a str>) -> Option<Self> {
        let mut parts = HashMap::from([(PARENT.to_owned(), part(PARENT)?.to_owned())]);
        if let Some(state) = part(STATE).filter(|state| state.len() <= LONGEST_STATE) {
            parts.insert(STATE.to_owned(), state.to_owned());
        }
        Some(Self(parts))
    }

    /// Makes a span, which has not begun to do anything, the caller's child. One that cannot be read begins
    /// a trace of its own.
    pub(crate) fn adopt(&self, span: &Span) {
        // Fails only where nobody wants spans.
        let _ = span.set_parent(TraceContextPropagator::new().extract(&self.0));
    }

    /// Points from a span to the caller's without making it a part of the caller's trace: for callers who are
    /// not believed, neither about that nor about whether it is sampled.
    pub(crate) fn link(self, span: &Span) {
        let told = TraceContextPropagator::new()
            .extract_with_context(&Context::new(), &self.without_state().0)
            .span()
            .span_context()
            .clone();
        span.add_link(told);
    }

    /// The same without the part that belongs to the programs on the way, which is nobody else's business.
    pub(crate) fn without_state(mut self) -> Self {
        self.0.remove(STATE);
        self
    }

    /// The context for whoever works for a span; without parts where nobody wants spans.
    pub(crate) fn of(span: &Span) -> Self {
        let mut parts = HashMap::new();
        if !span.is_disabled() {
            TraceContextPropagator::new().inject_context(&span.context(), &mut parts);
        }
        parts.retain(|_, value| !value.is_empty());
        Self(parts)
    }

    /// Its parts with their names.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}
