//! Puts what somebody has stated of tempo and key beside what was measured, wherever a report is shown.
//!
//! A report is kept as it was measured. What was stated is looked up when it is read, so that it is never older than the
//! statement.

use crate::engine::catalog::{Catalog, CatalogError};
use crate::model::recording::RecordingReport;
use crate::model::tempo_and_key::TempoAndKey;

/// The rule that tells tempo and key.
const ESTIMATES: &str = "S15";

/// What is stated of a content of a recording, by its SHA-256 in hex; none where nothing is.
pub(super) async fn stated_of(
    catalog: &Catalog,
    bucket: &str,
    key: &str,
    content: &str,
) -> Result<Option<TempoAndKey>, CatalogError> {
    let kept = catalog.recording(bucket, key).await?;
    let said = kept.and_then(|kept| kept.stated_of(content).cloned());
    Ok(said.filter(|said| !said.is_empty()))
}

/// Puts what is stated before what was measured.
pub(in crate::engine::tools) fn put_stated(report: &mut RecordingReport, said: &TempoAndKey) {
    if said.is_empty() {
        return;
    }
    report.report.stated_tempo.clone_from(&said.tempo);
    report.report.stated_key.clone_from(&said.key);
    let of_profiles = report.profiles.iter_mut().flat_map(|profile| profile.findings.iter_mut());
    for finding in report.report.findings.iter_mut().chain(of_profiles) {
        if finding.code == ESTIMATES {
            finding.measured = format!("Stated: {}; measured: {}", said.words(), finding.measured);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tempo_and_key::StatedKey;
    use serde_json::{Value, json};

    fn report() -> RecordingReport {
        let finding = |code: &str| {
            json!({
                "code": code, "title": "A rule", "severity": "information", "measured": "64 beats a minute, E minor",
                "at": [], "remedy": "None"
            })
        };
        let findings: Vec<Value> = ["S06", "S15"].map(finding).to_vec();
        serde_json::from_value(json!({
            "report": {
                "fileName": "a.wav", "sha256": "aa", "loudness": {}, "gains": [],
                "tempo": { "bpm": 64.0, "confidence": 0.4 }, "key": { "name": "E minor", "confidence": 0.3 },
                "tags": { "kinds": [], "pictures": 0 }, "findings": findings, "verdicts": [], "source": "a file",
                "sample": false, "notes": []
            },
            "profiles": [{
                "id": "spotify", "name": "Spotify", "source": "a page", "verdict": "pass", "findings": findings
            }],
            "curve": { "step": 0.1, "momentary": [], "shortTerm": [] },
            "waveform": { "sampleRate": 44_100, "samplesPerPixel": 512, "from": 0.0, "data": [] }
        }))
        .expect("a report")
    }

    #[test]
    fn what_is_stated_stands_before_what_was_measured_which_stays() {
        let key = StatedKey {
            name: "A minor".to_owned(),
            by: "Ana".to_owned(),
            at: "2026-11-27T09:00:00Z".to_owned(),
        };
        let mut shown = report();
        put_stated(&mut shown, &TempoAndKey { tempo: None, key: Some(key.clone()) });
        assert_eq!((&shown.report.stated_key, &shown.report.stated_tempo), (&Some(key), &None));
        assert_eq!(shown.report.key, report().report.key);
        let told = "Stated: A minor; measured: 64 beats a minute, E minor";
        for findings in [&shown.report.findings, &shown.profiles[0].findings] {
            assert_eq!(findings[1].measured, told);
            assert_eq!(findings[0].measured, "64 beats a minute, E minor", "other rules are left alone");
        }
    }

    #[test]
    fn a_report_of_which_nothing_is_stated_is_as_it_was_measured() {
        let mut shown = report();
        put_stated(&mut shown, &TempoAndKey::default());
        assert_eq!(shown, report());
        let written = serde_json::to_value(&shown.report).expect("JSON");
        assert!(written.get("statedTempo").is_none(), "older programs see what they saw: {written}");
    }
}
