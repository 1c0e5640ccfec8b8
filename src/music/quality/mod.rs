//! The quality check before delivery: rules as data, profiles of stores as data, and what a recording shows of
//! them.

pub mod artwork;
mod audio;
mod profile;
pub mod release;
mod rules;
mod signal;
pub mod style;

pub use profile::{LOUDNESS_TARGETS, PROFILES, Profile, profile};
pub use rules::{RULES, Rule, rule};

use super::audio::{Analysis, Tags};

#[cfg(test)]
mod tests;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// To know.
    Information,
    /// Somebody should look at it before delivery.
    Warning,
    /// The store refuses it.
    Error,
}

/// What a profile says of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing stands against delivery.
    Pass,
    /// Somebody should look at it first.
    Warn,
    /// It would be refused.
    Fail,
}

/// A stretch of time, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
}

/// A rule that a recording meets or breaks, with what was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How much it weighs in this profile.
    pub severity: Severity,
    /// What was measured, with its unit.
    pub measured: String,
    /// Where in the recording, at most a hundred places.
    pub at: Vec<Place>,
    /// Which part of the file, where it is not a time: `container`, `name`, `channels` …
    pub field: Option<&'static str>,
    /// The number of the track that it is about, where a release is checked as a whole.
    pub track: Option<u32>,
}

impl Finding {
    fn new(code: &'static str, severity: Severity, measured: impl Into<String>) -> Self {
        Self {
            rule: rule(code),
            severity,
            measured: measured.into(),
            at: Vec::new(),
            field: None,
            track: None,
        }
    }

    fn at(self, at: Vec<Place>) -> Self {
        Self { at, ..self }
    }

    fn of(self, field: &'static str) -> Self {
        Self { field: Some(field), ..self }
    }

    fn on(self, track: u32) -> Self {
        Self { track: Some(track), ..self }
    }
}

/// What is checked.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The recording.
    pub analysis: &'a Analysis,
    /// Its tags.
    pub tags: &'a Tags,
    /// The name of the file.
    pub file_name: &'a str,
    /// The media type that it was announced with, where it is known.
    pub media_type: Option<&'a str>,
}

/// Every rule of audio and signal that has something to say about a recording, the weightiest first.
pub fn check(subject: &Subject<'_>, profile: &Profile) -> Vec<Finding> {
    let mut findings = audio::check(subject, profile);
    findings.extend(signal::check(subject.analysis, profile));
    findings.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.rule.code.cmp(b.rule.code)));
    findings
}

/// What an unreadable file is told: nothing else can be said about it.
pub fn unreadable(error: &super::audio::AudioError) -> Finding {
    Finding::new("A01", Severity::Error, error.to_string()).of("container")
}

/// What findings come to.
pub fn verdict(findings: &[Finding]) -> Verdict {
    match findings.iter().map(|finding| finding.severity).max() {
        Some(Severity::Error) => Verdict::Fail,
        Some(Severity::Warning) => Verdict::Warn,
        _ => Verdict::Pass,
    }
}
