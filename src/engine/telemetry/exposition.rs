//! The text format in which Prometheus collects metrics.

use std::fmt::{Display, Write};

/// What a family of metrics is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
    /// Classes of values.
    Histogram,
}

/// A text that grows family by family.
#[derive(Debug, Default)]
pub struct Exposition(String);

impl Exposition {
    /// The media type of the text.
    pub const MEDIA_TYPE: &'static str = "text/plain; version=0.0.4; charset=utf-8";

    /// Begins a family.
    pub fn family(&mut self, name: &str, kind: Kind, help: &str) {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    /// Adds a value with its labels.
    pub fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        self.0.push_str(name);
        let mut before = '{';
        for (label, text) in labels {
            let _ = write!(self.0, "{before}{label}=\"{}\"", escaped(text));
            before = ',';
        }
        if !labels.is_empty() {
            self.0.push('}');
        }
        let _ = writeln!(self.0, " {value}");
    }

    /// The whole text.
    pub fn into_text(self) -> String {
        self.0
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_families_with_their_samples_and_escapes_labels() {
        let mut text = Exposition::default();
        text.family("up", Kind::Gauge, "Whether it works.");
        text.sample("up", &[("server", "a\"b\\c\n"), ("replica", "1")], 1);
        text.sample("up", &[], 0.5);
        assert_eq!(
            text.into_text(),
            "# HELP up Whether it works.\n# TYPE up gauge\n\
             up{server=\"a\\\"b\\\\c\\n\",replica=\"1\"} 1\nup 0.5\n"
        );
    }
}
