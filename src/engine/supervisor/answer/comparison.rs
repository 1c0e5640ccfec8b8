//! An artist beside others like them: why they are alike, and where one is ahead or behind.

use super::draft::{Draft, listed, numbers, said, task, texts, words};
use super::format::Form;
use super::node::Node;
use crate::model::task::{Line, Piece};

/// An artist beside others like them.
pub(super) fn comparison(result: &Node<'_>, draft: &mut Draft) {
    let artists = result.list("artists");
    draft.headline(comparison_line(result, &artists));
    let columns = vec![
        texts("Artist"),
        texts("Genre"),
        texts("Country"),
        numbers("Streams"),
        numbers("Change"),
        numbers("Saves per listener"),
        numbers("Followers"),
        numbers("Momentum"),
        texts("Band"),
        texts("Strongest territory"),
    ];
    draft.table("The artists side by side", columns, &artists, |row| {
        vec![
            row.cell("name", Form::Text),
            row.cell("genre", Form::Text),
            row.cell("country", Form::Text),
            row.cell("streams", Form::Whole),
            row.cell("change", Form::Change),
            row.cell("saveRate", Form::Percent),
            row.cell("followers", Form::Whole),
            row.cell("momentum", Form::Measured),
            row.cell("band", Form::Spelled),
            row.cell("topTerritory", Form::Text),
        ]
    });
    for similar in result.list("similar") {
        draft.finding(why_similar(&similar));
    }
    for (name, before) in [("strengths", "Stronger than the others: "), ("gaps", "Behind the others: ")] {
        for point in result.list(name) {
            draft.finding(point_line(&point, before));
        }
    }
    let first = artists.first();
    if let Some((gap, first)) = result.list("gaps").first().zip(first) {
        let reason = gap.passage("text").map(|text| Line(vec![text]));
        draft.advise(
            said("Begin with the first gap: it is where artists like this one do better."),
            reason.unwrap_or_default(),
            task(first, "artistId", "How is ", " doing?"),
        );
    }
}

fn comparison_line(result: &Node<'_>, artists: &[Node<'_>]) -> Option<Line> {
    let first = artists.first()?;
    let others: Vec<Piece> = artists.iter().skip(1).filter_map(|artist| artist.quote("name")).collect();
    let mut pieces = vec![first.quote("name")?];
    if others.is_empty() {
        pieces.push(words(": no other artist could be compared."));
        return Some(Line(pieces));
    }
    pieces.push(words(" beside "));
    pieces.extend(listed(others));
    let strength = result.list("strengths").first().and_then(|point| point.passage("text"));
    let gap = result.list("gaps").first().and_then(|point| point.passage("text"));
    for (before, text) in [(". Ahead: ", strength), (". Behind: ", gap)] {
        pieces.extend(text.into_iter().flat_map(|text| [words(before), text]));
    }
    pieces.push(words("."));
    Some(Line(pieces))
}

fn why_similar(similar: &Node<'_>) -> Option<Vec<Piece>> {
    let reasons: Vec<Piece> =
        similar.list("reasons").iter().filter_map(|reason| reason.quoted(Form::Text)).collect();
    let mut pieces =
        vec![similar.quote("name")?, words(" is like them by "), similar.show("similarity", Form::Percent)?];
    for reason in reasons {
        pieces.extend([words(". "), reason]);
    }
    pieces.push(words("."));
    Some(pieces)
}

fn point_line(point: &Node<'_>, before: &str) -> Option<Vec<Piece>> {
    let mut pieces = vec![words(before), point.passage("text")?];
    let form = match point.text("metric") {
        Some("change") => Form::Change,
        Some(metric) if metric.to_lowercase().contains("rate") => Form::Percent,
        _ => Form::Measured,
    };
    if let Some((own, peers)) = point.show("value", form).zip(point.show("peers", form)) {
        pieces.extend([words(" ("), own, words(" against "), peers, words(")")]);
    }
    Some(pieces)
}
