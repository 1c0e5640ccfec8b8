//! Releases: how one does against the artist's own past, and the best day for one.

use super::draft::{Draft, numbers, said, task, texts, words};
use super::format::Form;
use super::node::Node;
use crate::model::task::{AnswerPart, Line, Piece};

/// How a release does against the artist's own past.
pub(super) fn insights(result: &Node<'_>, draft: &mut Draft) {
    draft.headline(insights_line(result));
    let columns = vec![
        texts("Release"),
        texts("Date"),
        numbers("First day"),
        numbers("First week"),
        numbers("First four weeks"),
    ];
    let mut rows = vec![result.clone()];
    rows.extend(result.list("past"));
    let title = if is_of_tracks(result) {
        "Streams of the tracks of each release"
    } else {
        "Streams above what was expected without the release"
    };
    draft.table(title, columns, &rows, |row| {
        vec![
            row.cell("title", Form::Text),
            row.cell("releaseDate", Form::Day),
            row.cell("day1", Form::Whole),
            row.cell("week1", Form::Whole),
            row.cell("day28", Form::Whole),
        ]
    });
    draft.finding(fading(result));
    draft.finding(
        result
            .show("frontLoad", Form::Percent)
            .map(|share| vec![words("The first week made "), share, words(" of the first four weeks.")]),
    );
    uplifts(result, draft);
    insights_advice(result, draft);
}

/// Whether it is measured by the figures of the release's own tracks, and not by the artist's.
fn is_of_tracks(result: &Node<'_>) -> bool {
    result.is("basis", "tracks")
}

fn insights_line(result: &Node<'_>) -> Option<Line> {
    let mut pieces = vec![result.quote("title")?];
    if let Some(artist) = result.quote("artistName") {
        pieces.extend([words(" by "), artist]);
    }
    let told = [
        ("day28", " in its first four weeks"),
        ("week1", " in its first week"),
        ("day1", " on its first day"),
    ];
    let measured = told.into_iter().find_map(|(name, when)| Some((result.show(name, Form::Whole)?, when)));
    if let Some((streams, when)) = measured {
        let whose = if is_of_tracks(result) {
            " streams of its own tracks"
        } else {
            " streams above what was expected without it"
        };
        pieces.extend([words(" brought "), streams, words(whose), words(when)]);
    } else {
        pieces.push(words(": what it brought is not known"));
        pieces.extend(
            result.show("releaseDate", Form::Day).into_iter().flat_map(|day| [words("; its day is "), day]),
        );
    }
    if let Some(percentile) = percentile(result) {
        pieces.extend([words("; its percentile among the artist's own releases is "), percentile]);
    }
    pieces.push(words("."));
    Some(Line(pieces))
}

/// The percentile: tools give it as a part of one, or of a hundred.
fn percentile(result: &Node<'_>) -> Option<Piece> {
    let value = result.number("percentile")?;
    let form = if (0.0..=1.0).contains(&value) { Form::Percent } else { Form::Measured };
    result.show("percentile", form)
}

fn fading(result: &Node<'_>) -> Option<Vec<Piece>> {
    let mut pieces =
        vec![words("What it adds changes by "), result.show("decayPerWeek", Form::Change)?, words(" a week")];
    if let Some(weeks) = result.show("halfLifeWeeks", Form::Measured) {
        pieces.extend([words(" and halves in "), weeks, words(" weeks")]);
    }
    pieces.push(words("."));
    Some(pieces)
}

/// The best day of the curve.
fn uplifts(result: &Node<'_>, draft: &mut Draft) {
    let curve = result.list("curve");
    let known = curve.iter().filter(|day| day.number("uplift").is_some());
    let best = known.max_by(|one, other| {
        one.number("uplift").unwrap_or_default().total_cmp(&other.number("uplift").unwrap_or_default())
    });
    draft.finding(best.and_then(|best| {
        Some(vec![
            words("Its strongest day was day "),
            best.show("day", Form::Whole)?,
            words(" from its release."),
        ])
    }));
}

fn insights_advice(result: &Node<'_>, draft: &mut Draft) {
    let is_early = result.get("week1").is_none();
    if is_early {
        draft.advise(
            said("Do not judge it by this: its first week is not in the figures."),
            said("Services deliver figures days late, a first day alone says little, and older figures have to be imported."),
            None,
        );
        return;
    }
    let Some(percentile) = result.number("percentile") else { return };
    let is_weak = if percentile <= 1.0 { percentile < 0.5 } else { percentile < 50.0 };
    let (action, reason) = if is_weak {
        (
            "Give it a second push: a further playlist pitch, a video, a show.",
            "Its first week is below the middle of the artist's own releases before.",
        )
    } else {
        (
            "Keep what worked for this release, and plan the next one alike.",
            "Its first week is at least as good as the middle of the artist's own releases before.",
        )
    };
    draft.advise(said(action), said(reason), task(result, "releaseId", "Plan the promotion of ", ""));
}

/// The best day for a release, what stands in its way, and the calendar back from it.
pub(super) fn date(result: &Node<'_>, draft: &mut Draft) {
    let candidates = result.list("candidates");
    draft.headline(date_line(&candidates).map(Line));
    let columns = vec![texts("Day"), texts("Weekday"), numbers("Score")];
    draft.table("Days to choose from, best first", columns, &candidates, |row| {
        vec![row.cell("date", Form::Day), row.cell("weekday", Form::Text), row.cell("score", Form::Measured)]
    });
    if let Some(best) = candidates.first() {
        let columns = vec![texts("What counts"), numbers("Points"), numbers("At most"), texts("Why")];
        draft.table("How the first day got its score", columns, &best.list("parts"), |row| {
            vec![
                row.cell("label", Form::Text),
                row.cell("points", Form::Measured),
                row.cell("most", Form::Measured),
                row.cell("reason", Form::Note),
            ]
        });
    }
    gates(result, draft);
    for impossible in result.list("impossible") {
        draft.finding((|| {
            let (from, to) = (impossible.show("from", Form::Day)?, impossible.show("to", Form::Day)?);
            Some(vec![
                words("Not possible from "),
                from,
                words(" to "),
                to,
                words(": "),
                impossible.passage("reason")?,
            ])
        })());
    }
    for change in result.list("wouldChange") {
        draft.finding(change.quoted(Form::Note).map(|text| vec![words("Would change this: "), text]));
    }
    calendar(result, "calendar", "Calendar back from the first day", draft);
    date_advice(result, &candidates, draft);
}

fn date_line(candidates: &[Node<'_>]) -> Option<Vec<Piece>> {
    let Some(best) = candidates.first() else {
        return Some(vec![words("No day can be recommended: see what stands in the way.")]);
    };
    let mut pieces = vec![words("Release it on ")];
    if let Some(weekday) = best.quote("weekday") {
        pieces.extend([weekday, words(", ")]);
    }
    pieces.extend([
        best.show("date", Form::Day)?,
        words(": it scores "),
        best.show("score", Form::Measured)?,
    ]);
    let next: Vec<Piece> =
        candidates.iter().skip(1).take(2).filter_map(|day| day.show("date", Form::Day)).collect();
    if !next.is_empty() {
        pieces.push(words("; next best "));
        pieces.extend(super::draft::listed(next));
    }
    pieces.push(words("."));
    Some(pieces)
}

fn gates(result: &Node<'_>, draft: &mut Draft) {
    let columns =
        vec![texts("Must hold"), texts("Holds"), texts("Measured"), texts("Needed"), texts("What to do")];
    draft.table("What must hold first", columns, &result.list("gates"), |gate| {
        vec![
            gate.cell("label", Form::Text),
            gate.cell("passed", Form::Flag),
            plain(gate, "measured"),
            plain(gate, "limit"),
            gate.cell("remedy", Form::Note),
        ]
    });
}

/// A field whose kind the tool decides.
pub(super) fn plain(node: &Node<'_>, name: &str) -> AnswerPart {
    node.get(name).map_or_else(|| AnswerPart::Unknown("not known".to_owned()), |node| node.plain_cell())
}

/// Tasks with their days.
pub(super) fn calendar(node: &Node<'_>, name: &str, title: &str, draft: &mut Draft) {
    let columns = vec![texts("Day"), texts("Task"), texts("Why")];
    draft.table(title, columns, &node.list(name), |row| {
        vec![row.cell("date", Form::Day), row.cell("task", Form::Text), row.cell("reason", Form::Note)]
    });
}

fn date_advice(result: &Node<'_>, candidates: &[Node<'_>], draft: &mut Draft) {
    for gate in result.list("gates") {
        if gate.value.get("passed").and_then(serde_json::Value::as_bool) == Some(false) {
            let remedy = gate.get("remedy").and_then(|remedy| remedy.quoted(Form::Note));
            let action = remedy.or_else(|| gate.quote("label"));
            let reason = gate.quote("label").map(|label| Line(vec![label, words(" does not hold yet.")]));
            if let Some((action, reason)) = action.zip(reason) {
                draft.advise(Line(vec![action]), reason, None);
            }
        }
        if gate.value.get("passed").is_some_and(serde_json::Value::is_null) {
            draft
                .missing(gate.quote("label").map(|label| vec![label, words(": this could not be checked.")]));
        }
    }
    if !candidates.is_empty() {
        draft.advise(
            said("Decide for one of these days and begin with the first task of the calendar."),
            said("Each day later narrows what stores and playlists still take."),
            task(result, "releaseId", "Plan the promotion of ", ""),
        );
    }
}
