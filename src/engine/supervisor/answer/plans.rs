//! Plans for a release: promotion with its pitch, and songs that come out before an album.

use super::draft::{Draft, numbers, said, task, texts, words};
use super::format::Form;
use super::node::Node;
use super::releases::calendar;
use crate::model::task::{AnswerPart, Line, Piece};

/// How to promote a release, with the pitch.
pub(super) fn promotion(result: &Node<'_>, draft: &mut Draft) {
    draft.headline(plan_line(result, "Promotion of ").map(Line));
    phases(result, draft);
    targets(result, draft);
    pitch(result, draft);
    waterfall_table(result, draft);
    rules(result, draft);
    draft.advise(
        said("Send the pitch by hand after reading it: its facts are those that Patchline knows."),
        said("Stores take one pitch for a song, and only before its release."),
        None,
    );
}

/// Which songs to release before an album, and when.
pub(super) fn waterfall(result: &Node<'_>, draft: &mut Draft) {
    let products = result.get("waterfall").map(|plan| plan.list("products")).unwrap_or_default();
    draft.headline(waterfall_line(result, &products).map(Line));
    waterfall_table(result, draft);
    for note in result.get("waterfall").map(|plan| notes(&plan)).unwrap_or_default() {
        draft.findings.push(note);
    }
    phases(result, draft);
    targets(result, draft);
    rules(result, draft);
    if let Some(first) = products.first() {
        let day = first
            .show("pitchBy", Form::Day)
            .map(|day| Line(vec![words("Its pitch is due by "), day, words(".")]));
        draft.advise(
            said("Fix the first single and deliver it: all later days hang on it."),
            day.unwrap_or_default(),
            task(result, "releaseId", "What is the best release date for ", "?"),
        );
    }
}

fn plan_line(result: &Node<'_>, before: &str) -> Option<Vec<Piece>> {
    let mut pieces = vec![words(before), result.quote("title")?];
    if let Some(artist) = result.quote("artistName") {
        pieces.extend([words(" by "), artist]);
    }
    if let Some(day) = result.show("releaseDate", Form::Day) {
        pieces.extend([words(", out on "), day]);
    }
    if let Some(count) = result.show("phases", Form::Count) {
        let is_one = result.list("phases").len() == 1;
        pieces.extend([words(": "), count, words(if is_one { " phase" } else { " phases" })]);
    }
    let first = result.list("phases").into_iter().flat_map(|phase| phase.list("tasks")).next();
    if let Some((day, task)) = first.and_then(|first| first.show("date", Form::Day).zip(first.quote("task")))
    {
        pieces.extend([words("; first, on "), day, words(": "), task]);
    }
    pieces.push(words("."));
    Some(pieces)
}

fn waterfall_line(result: &Node<'_>, products: &[Node<'_>]) -> Option<Vec<Piece>> {
    let Some((first, last)) = products.first().zip(products.last()) else {
        return Some(vec![
            words("No songs can be released before "),
            result.quote("title")?,
            words(": see what stands in the way."),
        ]);
    };
    if products.len() == 1 {
        return Some(vec![
            words("No single fits before "),
            first.quote("title")?,
            words(" on "),
            first.show("date", Form::Day)?,
            words("."),
        ]);
    }
    Some(vec![
        words("Before "),
        result.quote("title")?,
        words(": "),
        result.get("waterfall")?.show("products", Form::Count)?,
        words(" products from "),
        first.show("date", Form::Day)?,
        words(" to "),
        last.show("date", Form::Day)?,
        words("; it begins with "),
        new_song(first).and_then(|song| song.quoted(Form::Text)).or_else(|| first.quote("title"))?,
        words("."),
    ])
}

fn phases(result: &Node<'_>, draft: &mut Draft) {
    for phase in result.list("phases") {
        draft.finding((|| {
            let (from, to) = (phase.show("from", Form::Day)?, phase.show("to", Form::Day)?);
            let is_one_day = phase.value.get("from") == phase.value.get("to");
            let mut pieces = vec![phase.quote("name")?, words(": "), from];
            if !is_one_day {
                pieces.extend([words(" to "), to]);
            }
            pieces.push(words("."));
            Some(pieces)
        })());
    }
    let tasks: Vec<Node<'_>> = result.list("phases").iter().flat_map(|phase| phase.list("tasks")).collect();
    let columns = vec![texts("Day"), texts("Task"), texts("Why")];
    draft.table("Tasks by day", columns, &tasks, |row| {
        vec![row.cell("date", Form::Day), row.cell("task", Form::Text), row.cell("reason", Form::Note)]
    });
    calendar(result, "calendar", "Calendar", draft);
}

fn targets(result: &Node<'_>, draft: &mut Draft) {
    let columns =
        vec![texts("Goal"), numbers("Middle of own releases"), numbers("Upper quarter"), numbers("Releases")];
    draft.table("Goals from the artist's own releases", columns, &result.list("targets"), |row| {
        vec![
            row.cell("label", Form::Text),
            row.cell("median", Form::Whole),
            row.cell("upper", Form::Whole),
            row.cell("releases", Form::Measured),
        ]
    });
    if result.get("targets").is_some()
        && result.list("targets").iter().all(|target| target.get("median").is_none())
    {
        draft
            .unseen
            .push(said("There are no goals in numbers: the artist has too few past releases with figures."));
    }
}

fn pitch(result: &Node<'_>, draft: &mut Draft) {
    let Some(pitch) = result.get("pitch") else { return };
    draft.finding(pitch.passage("text").map(|text| {
        let mut pieces = vec![words("Pitch: "), text];
        if let Some(length) = pitch.show("characters", Form::Whole) {
            pieces.extend([words(" ("), length, words(" characters)")]);
        }
        pieces
    }));
    for fact in pitch.list("facts") {
        draft.finding(fact.quoted(Form::Note).map(|fact| vec![words("The pitch rests on: "), fact]));
    }
}

fn waterfall_table(result: &Node<'_>, draft: &mut Draft) {
    let products = result.get("waterfall").map(|plan| plan.list("products")).unwrap_or_default();
    let columns = vec![
        numbers("Order"),
        texts("Out on"),
        texts("Title"),
        texts("New song"),
        numbers("Songs"),
        texts("Pitch by"),
    ];
    draft.table("Products in their order", columns, &products, |row| {
        vec![
            row.cell("order", Form::Whole),
            row.cell("date", Form::Day),
            row.cell("title", Form::Text),
            new_song(row)
                .and_then(|song| song.figure(Form::Text))
                .map_or_else(|| AnswerPart::Unknown("several".to_owned()), AnswerPart::Found),
            row.cell("tracks", Form::Count),
            row.cell("pitchBy", Form::Day),
        ]
    });
    let tracks: Vec<Node<'_>> = products.last().map(|last| last.list("tracks")).unwrap_or_default();
    draft.table("Recordings that keep their ISRC", vec![texts("Song"), texts("ISRC")], &tracks, |row| {
        vec![row.cell("title", Form::Text), isrc(row)]
    });
}

/// The title of the song that is new on a product; where it is not among the tracks, what it is called by.
fn new_song<'a>(product: &Node<'a>) -> Option<Node<'a>> {
    let id = product.text("newTrack")?;
    let track = product.list("tracks").into_iter().find(|track| track.is("trackId", id));
    track.and_then(|track| track.get("title")).or_else(|| product.get("newTrack"))
}

fn isrc(row: &Node<'_>) -> AnswerPart {
    row.cell_or("isrc", Form::Text, "no ISRC yet")
}

/// Notes of a plan: one text, or several.
fn notes(plan: &Node<'_>) -> Vec<Line> {
    let one = plan.get("notes").and_then(|notes| notes.line());
    one.into_iter().chain(plan.list("notes").iter().filter_map(Node::line)).collect()
}

fn rules(result: &Node<'_>, draft: &mut Draft) {
    let titles: Vec<Piece> =
        result.list("rules").iter().take(8).filter_map(|rule| rule.quote("title")).collect();
    if !titles.is_empty() {
        let mut pieces = vec![words("Rules that it keeps to: ")];
        pieces.extend(super::draft::listed(titles));
        pieces.push(words("."));
        draft.finding(Some(pieces));
    }
}
