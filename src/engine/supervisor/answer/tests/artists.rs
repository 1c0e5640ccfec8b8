//! Answers about artists.

use super::support::{Task, plain, says};
use crate::model::task::{SourceKind, StepState, Workflow};
use serde_json::{Value, json};

/// What `analyze_artist_performance` finds of an artist who fell, and whose growth before looks bought.
pub(super) fn performance() -> Value {
    json!({
        "artistId": "art_7k2m9q4x", "artistName": "Mira Sol",
        "from": "2026-10-29", "to": "2026-11-25", "beforeFrom": "2026-10-01", "beforeTo": "2026-10-28",
        "metrics": [
            {"id": "streams", "label": "Streams", "unit": "streams", "current": 123_456, "before": 140_000,
             "change": -0.118_171, "low": -0.152, "high": -0.081, "verdict": "proven"},
            {"id": "saveRate", "label": "Saves per stream", "unit": "ratio", "current": 0.031, "before": null,
             "change": null, "low": null, "high": null, "verdict": "notEnoughData"}
        ],
        "trend": {"percentPerDay": -0.42, "low": -0.6, "high": -0.2, "pValue": 0.001, "days": 56,
                  "verdict": "proven", "method": "Mann-Kendall with Hamed-Rao"},
        "anomalies": [{"date": "2026-11-07", "effect": 0.84, "z": 9.1, "explainedBy": null},
                      {"date": "2026-11-11", "effect": -0.3, "z": -6.5, "explainedBy": "holiday"}],
        "level": {"date": "2026-11-08", "change": -0.2},
        "drivers": [{"dimension": "territory", "name": "DE", "change": -9_000, "shareOfChange": 0.54}],
        "market": {"shared": -0.02, "own": -0.1, "peers": 23},
        "events": [{"date": "2026-11-03", "kind": "press", "title": "Review in a paper"}],
        "authenticity": {"risk": "medium", "evidence": [
            {"signal": "peerSpike", "label": "Rise that peers do not share", "measured": 9.1, "limit": 6,
             "text": "One day rose far beyond its peers."}]},
        "forecast": {"days": [], "low": 90_000, "middle": 118_000, "high": 140_000, "mase": 0.8, "naiveMase": 1.02,
                     "method": "damped Holt-Winters"},
        "momentum": {"value": -0.4, "band": "declining", "peers": 23, "reason": "It falls."},
        "asOf": "2026-11-25", "source": "Daily figures of art_7k2m9q4x", "sample": true,
        "notes": ["Amazon Music has not reported since 2026-11-20."]
    })
}

#[test]
fn a_performance_says_what_changed_whether_it_is_proven_and_what_to_do() {
    let task = Task::of(Some(Workflow::ArtistPerformance), &[("analyze_artist_performance", performance())]);
    let answer = task.answer();
    assert_eq!(
        plain(&answer.headline),
        "Mira Sol: 123 456 streams from 29 Oct 2026 to 25 Nov 2026, -11.8 % against 1 Oct 2026 to 28 Oct 2026; \
         the change is proven. Some signs of artificial streaming need a closer look."
    );
    says(
        &answer,
        &[
            "Streams | 123 456 | 140 000 | -11.8 % | -15.2 % | -8.1 % | proven",
            "Saves per stream | 3.1 % | (not known)",
            "Streams: -11.8 %, most likely between -15.2 % and -8.1 %; proven.",
            "Trend: -0.42 % a day, most likely between -0.60 % and -0.20 %, over 56 days; proven",
            "7 Nov 2026 stands out: +84.0 % against what was to be expected; nothing that is logged explains it.",
            "11 Nov 2026 stands out: -30.0 % against what was to be expected; it was a holiday.",
            "Territory | Germany | -9 000 | 54.0 %",
            "90 000 | 118 000 | 140 000",
            "Why did the streams of art_7k2m9q4x change?",
            "Are the streams of art_7k2m9q4x real?",
            "? Amazon Music has not reported since 20 Nov 2026.",
            "? Sample data",
        ],
    );
    let source = answer.sources.first().expect("there is a source");
    assert_eq!((source.kind, source.title.as_str()), (SourceKind::Metric, "Daily figures of art_7k2m9q4x"));
    assert_eq!(source.as_of.as_deref(), Some("2026-11-25"));
    assert_eq!(source.address.as_deref(), Some("/artists/art_7k2m9q4x"));
    assert_eq!(answer.sources.len(), 1);
}

#[test]
fn a_territory_that_was_asked_for_answers_first_and_what_is_of_all_of_them_is_told_beside_it() {
    let mut found = performance();
    found["inTerritory"] = json!({
        "territory": "DE",
        "metrics": [{"id": "streams", "label": "Streams", "unit": "streams", "current": 30_100, "before": 39_000,
                     "change": -0.228, "low": -0.3, "high": -0.15, "verdict": "proven"}],
        "share": 0.244, "shareBefore": 0.279,
        "drivers": [{"dimension": "platform", "name": "Spotify", "change": -8_000, "shareOfChange": 0.9}]
    });
    found["notes"] = json!(["Only streams are known of Germany alone."]);
    for workflow in [Workflow::ArtistPerformance, Workflow::ExplainChange] {
        let answer = Task::of(Some(workflow), &[("analyze_artist_performance", found.clone())]).answer();
        assert_eq!(
            plain(&answer.headline),
            "Mira Sol in Germany: 30 100 streams from 29 Oct 2026 to 25 Nov 2026, -22.8 % against 1 Oct 2026 to 28 Oct \
             2026; the change is proven. All territories together: -11.8 %."
        );
        says(
            &answer,
            &[
                "Streams | 30 100 | 39 000 | -22.8 % | -30.0 % | -15.0 % | proven",
                "Germany has 24.4 % of the streams on the services that name it, and had 27.9 % before.",
                "In Germany: Streams: -22.8 %, most likely between -30.0 % and -15.0 %; proven.",
                "Service | Spotify | -8 000 | 90.0 %",
                "Streams | 123 456 | 140 000 | -11.8 %",
                "? Only streams are known of Germany alone.",
            ],
        );
    }
    found["inTerritory"]["metrics"] = json!([]);
    let task = Task::of(Some(Workflow::ArtistPerformance), &[("analyze_artist_performance", found)]);
    assert!(
        plain(&task.answer().headline).starts_with("Mira Sol: 123 456 streams"),
        "nothing is known of it"
    );
}

#[test]
fn a_suspicion_is_told_as_signs_with_next_steps_and_never_as_a_verdict() {
    let task = Task::of(Some(Workflow::StreamAuthenticity), &[("analyze_artist_performance", performance())]);
    let answer = task.answer();
    assert!(plain(&answer.headline).starts_with("Mira Sol: some signs of artificial streaming"));
    says(&answer, &["Rise that peers do not share | 9.1 | 6", "without accusing anybody"]);
}

#[test]
fn a_change_is_split_into_what_peers_share_and_what_is_the_artists_own() {
    let task = Task::of(Some(Workflow::ExplainChange), &[("analyze_artist_performance", performance())]);
    let answer = task.answer();
    assert_eq!(
        plain(&answer.headline),
        "Mira Sol: streams -11.8 % against 1 Oct 2026 to 28 Oct 2026; -2.0 % is shared by the label's other artists, \
         -10.0 % is their own; most of it comes from Germany; the change is proven."
    );
}

#[test]
fn old_figures_and_no_figures_are_said_to_be_so() {
    let mut found = performance();
    found["asOf"] = json!("2026-11-01");
    let task = Task::of(Some(Workflow::ArtistPerformance), &[("analyze_artist_performance", found.clone())]);
    says(&task.answer(), &["? The newest figures are of 1 Nov 2026; what happened since is not in them."]);
    found["asOf"] = json!(null);
    let task = Task::of(Some(Workflow::ArtistPerformance), &[("analyze_artist_performance", found)]);
    says(&task.answer(), &["has no data to go by."]);
}

#[test]
fn a_step_that_failed_leaves_the_rest_and_is_named_with_its_reason() {
    let mut task = Task::of(
        Some(Workflow::CompareArtists),
        &[(
            "compare_artists",
            json!({
                "artists": [
                    {"artistId": "art_1", "name": "Mira Sol", "genre": "pop", "country": "NO", "streams": 9000,
                     "change": 0.1, "saveRate": 0.02, "followers": 1200, "momentum": 1.2, "band": "moderate",
                     "topTerritory": "NO"},
                    {"artistId": "art_2", "name": "Åse", "genre": "pop", "country": "SE", "streams": 12_000,
                     "change": null, "saveRate": 0.03, "followers": 900, "momentum": null, "band": "notEnoughData",
                     "topTerritory": null}],
                "similar": [{"artistId": "art_2", "name": "Åse", "similarity": 0.91, "reasons": ["The genre is the same."]}],
                "strengths": [{"text": "More followers", "metric": "followers", "value": 1200, "peers": 900}],
                "gaps": [{"text": "Fewer saves", "metric": "saveRate", "value": 0.02, "peers": 0.03}],
                "asOf": "2026-11-25", "source": "Figures of two artists", "sample": false, "notes": []
            }),
        )],
    );
    task.add("music_knowledge_search", StepState::Failed, None, Some("Bedrock did not answer within 30 s."));
    let answer = task.answer();
    says(
        &answer,
        &[
            "Mira Sol beside Åse. Ahead: More followers. Behind: Fewer saves.",
            "Åse | pop | SE | 12 000 | (not known) | 3.0 % | 900 | (not known) | not enough data",
            "Åse is like them by 91.0 %. The genre is the same.",
            "Behind the others: Fewer saves (2.0 % against 3.0 %)",
            "? Step with music_knowledge_search could not be done: Bedrock did not answer within 30 s.",
        ],
    );
}

#[test]
fn breakouts_name_the_fastest_and_who_was_not_looked_at() {
    let found = json!({
        "rows": [{"genre": "pop", "territory": null, "streams": 500_000, "percentPerDay": 0.4, "low": 0.1,
                  "high": 0.7, "verdict": "proven", "contributors": [{"artistId": "art_1", "name": "Mira Sol", "share": 0.4}]}],
        "breakouts": [{"artistId": "art_1", "name": "Mira Sol", "genre": "pop", "value": 3.21, "band": "high",
                       "peers": 23, "driver": "A review (2026-11-07)."}],
        "excluded": [{"artistId": "art_9", "name": "Nova", "reason": "only 40 days of figures"}],
        "days": 90, "asOf": "2026-11-25", "source": "Roster", "sample": false, "notes": []
    });
    let task = Task::of(Some(Workflow::Breakouts), &[("identify_genre_trends", found.clone())]);
    says(
        &task.answer(),
        &[
            "Mira Sol: momentum 3.21 (high) against 23 peers. A review (7 Nov 2026).",
            "? Nova was not looked at: only 40 days of figures",
            "pop | All territories | 500 000 | +0.40 % | +0.10 % | +0.70 % | proven",
        ],
    );
    let task = Task::of(Some(Workflow::GenreTrends), &[("identify_genre_trends", found.clone())]);
    says(
        &task.answer(),
        &["pop: +0.40 % a day, most likely between +0.10 % and +0.70 %; proven.", "Mira Sol (40.0 %)"],
    );
    let task = Task::of(Some(Workflow::WeeklyReport), &[("identify_genre_trends", found)]);
    says(&task.answer(), &["Growing fastest against peers: Mira Sol."]);
}
