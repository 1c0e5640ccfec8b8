//! Genres, territories and artists that are breaking out.

use super::draft::{Draft, listed, numbers, said, task, texts, words};
use super::format::Form;
use super::node::Node;
use crate::model::task::{AnswerPart, Line, Piece};

/// Who is breaking out, and who could not be looked at.
pub(super) fn breakouts(result: &Node<'_>, draft: &mut Draft) {
    let found = result.list("breakouts");
    let line = found.first().map_or_else(|| nobody(result), breakout_line);
    draft.headline(line.map(Line));
    breakout_table(result, draft);
    excluded(result, draft);
    for artist in found.iter().skip(1).take(3) {
        draft.finding(breakout_line(artist));
    }
    if let Some(first) = found.first() {
        draft.advise(
            said("Check that the growth is real before it is promoted."),
            said("A sudden rise is also what bought streams look like."),
            task(first, "artistId", "Are the streams of ", " real?"),
        );
        draft.advise(
            said("Then set the next release while the growth lasts."),
            breakout_line(first).map(Line).unwrap_or_default(),
            task(first, "artistId", "What is the best release date for ", "?"),
        );
    }
    genre_table(result, draft);
}

/// How genres do, by territory.
pub(super) fn genres(result: &Node<'_>, draft: &mut Draft) {
    let rows = result.list("rows");
    let proven = rows.iter().filter(|row| row.is("verdict", "proven"));
    let rate = |row: &&Node<'_>| row.number("percentPerDay").unwrap_or(f64::NEG_INFINITY);
    let fastest = proven.clone().max_by(|one, other| rate(one).total_cmp(&rate(other)));
    draft.headline(match fastest {
        Some(row) => genre_line(row).map(Line),
        None if rows.is_empty() => None,
        None => Some(said("No genre moves by more than chance would explain.")),
    });
    genre_table(result, draft);
    for row in proven.take(5) {
        draft.finding(genre_line(row));
    }
    for row in rows.iter().take(5) {
        draft.finding(contributors(row));
    }
    breakout_table(result, draft);
    excluded(result, draft);
    if let Some(row) = fastest.filter(|row| rate(row) > 0.0) {
        let first = row.list("contributors").into_iter().next();
        draft.advise(
            said("Put the next promotion where growth is proven, and not where it only looks so."),
            genre_line(row).map(Line).unwrap_or_default(),
            first.and_then(|artist| task(&artist, "artistId", "How is ", " doing?")),
        );
    }
}

/// What there is to say where nobody's momentum is known.
pub(super) const CANNOT_TELL: &str =
    "Whether anybody is breaking out cannot be told: too few artists have enough days of figures.";

/// Whether anybody's momentum is known.
pub(super) fn can_tell(result: &Node<'_>) -> bool {
    result.number("momentumKnown").is_none_or(|known| known > 0.0)
}

fn nobody(result: &Node<'_>) -> Option<Vec<Piece>> {
    result.value.get("breakouts")?.as_array()?;
    if !can_tell(result) {
        return Some(vec![words(CANNOT_TELL)]);
    }
    let mut pieces = vec![words("Nobody is breaking out: no artist")];
    if let Some(known) = result.show("momentumKnown", Form::Whole) {
        pieces.extend([words(" of the "), known, words(" whose momentum is known")]);
    }
    pieces.push(words(" grows clearly faster than peers."));
    Some(pieces)
}

fn breakout_line(artist: &Node<'_>) -> Option<Vec<Piece>> {
    let mut pieces = called(artist)?;
    pieces.extend([words(": momentum "), artist.show("value", Form::Measured)?]);
    pieces.extend([words(" ("), artist.get("band")?.quoted(Form::Spelled)?, words(")")]);
    if let Some(peers) = artist.show("peers", Form::Whole) {
        pieces.extend([words(" against "), peers, words(" peers")]);
    }
    if let Some(driver) = artist.get("driver").and_then(|driver| driver.quoted(Form::Note)) {
        pieces.extend([words(". "), driver]);
    }
    pieces.push(words("."));
    Some(pieces)
}

/// The artists that grow fastest, as a table.
pub(super) fn breakout_table(result: &Node<'_>, draft: &mut Draft) {
    let columns = vec![
        texts("Artist"),
        texts("Genre"),
        numbers("Momentum"),
        texts("Band"),
        numbers("Peers"),
        texts("What is behind it"),
    ];
    draft.table("Breaking out", columns, &result.list("breakouts"), |row| {
        vec![
            row.cell("name", Form::Text),
            row.cell("genre", Form::Text),
            row.cell("value", Form::Measured),
            row.cell("band", Form::Spelled),
            row.cell("peers", Form::Whole),
            row.cell("driver", Form::Note),
        ]
    });
}

fn excluded(result: &Node<'_>, draft: &mut Draft) {
    let left_out = result.list("excluded");
    for artist in left_out.iter().take(5) {
        draft.missing((|| {
            let mut pieces = called(artist)?;
            pieces.extend([words(" was not looked at: "), artist.get("reason")?.quoted(Form::Note)?]);
            Some(pieces)
        })());
    }
    if left_out.len() > 5 {
        draft.missing(
            result
                .show("excluded", Form::Count)
                .map(|count| vec![count, words(" artists were not looked at in all.")]),
        );
    }
}

fn genre_line(row: &Node<'_>) -> Option<Vec<Piece>> {
    let mut pieces = vec![row.get("genre")?.quoted(Form::Text)?];
    if let Some(territory) = row.territory("territory") {
        pieces.extend([words(" in "), territory]);
    }
    pieces.extend([words(": "), row.show("percentPerDay", Form::PercentChange)?, words(" a day")]);
    if let Some((low, high)) = row.show("low", Form::PercentChange).zip(row.show("high", Form::PercentChange))
    {
        pieces.extend([words(", most likely between "), low, words(" and "), high]);
    }
    pieces.push(words(match row.text("verdict") {
        Some("proven") => "; proven.",
        Some("notProven") => "; not proven.",
        _ => "; not enough data.",
    }));
    Some(pieces)
}

/// The genres as a table.
pub(super) fn genre_table(result: &Node<'_>, draft: &mut Draft) {
    let columns = vec![
        texts("Genre"),
        texts("Territory"),
        numbers("Streams"),
        numbers("Change a day"),
        numbers("At least"),
        numbers("At most"),
        texts("Proven"),
    ];
    draft.table("Genres and territories", columns, &result.list("rows"), |row| {
        vec![
            row.cell("genre", Form::Text),
            territory_cell(row),
            row.cell("streams", Form::Whole),
            row.cell("percentPerDay", Form::PercentChange),
            row.cell("low", Form::PercentChange),
            row.cell("high", Form::PercentChange),
            row.cell("verdict", Form::Spelled),
        ]
    });
}

/// A row without a territory is about all of them.
fn territory_cell(row: &Node<'_>) -> AnswerPart {
    let Some(territory) = row.get("territory") else {
        return AnswerPart::Label("All territories".to_owned());
    };
    let figure = territory.figure(Form::Territory).or_else(|| territory.figure(Form::Text));
    figure.map_or_else(|| AnswerPart::Unknown("not known".to_owned()), AnswerPart::Found)
}

/// The name of an artist; where others here have it too, with what tells them apart: the genre, or the id where
/// that is the same.
fn called(artist: &Node<'_>) -> Option<Vec<Piece>> {
    let mut pieces = vec![artist.quote("name")?];
    let namesakes = ["breakouts", "excluded"].iter().filter_map(|list| artist.root.get(list)?.as_array());
    let namesakes = namesakes.flatten().filter(|other| {
        other.get("name") == artist.value.get("name") && other.get("artistId") != artist.value.get("artistId")
    });
    let mut namesakes = namesakes.peekable();
    if namesakes.peek().is_some() {
        let genre = artist.value.get("genre").filter(|genre| !genre.is_null());
        let is_told = genre.is_some() && namesakes.all(|other| other.get("genre") != genre);
        let apart = artist.quote(if is_told { "genre" } else { "artistId" });
        pieces.extend(apart.into_iter().flat_map(|apart| [words(" ("), apart, words(")")]));
    }
    Some(pieces)
}

fn contributors(row: &Node<'_>) -> Option<Vec<Piece>> {
    let artists = row.list("contributors");
    let told = artists.iter().take(3).filter_map(|artist| {
        Some(vec![artist.quote("name")?, words(" ("), artist.show("share", Form::Percent)?, words(")")])
    });
    let told: Vec<Vec<Piece>> = told.collect();
    if told.is_empty() {
        return None;
    }
    let mut pieces = vec![row.quote("genre")?];
    if let Some(territory) = row.territory("territory") {
        pieces.extend([words(" in "), territory]);
    }
    pieces.push(words(" is made up most by "));
    for (place, artist) in told.into_iter().enumerate() {
        if place > 0 {
            pieces.push(words(", "));
        }
        pieces.extend(artist);
    }
    pieces.push(words("."));
    Some(pieces)
}

/// The artists of a row, for a report.
pub(super) fn leaders(result: &Node<'_>) -> Option<Vec<Piece>> {
    let names: Vec<Piece> =
        result.list("breakouts").iter().take(3).filter_map(|artist| artist.quote("name")).collect();
    if names.is_empty() {
        return None;
    }
    let mut pieces = vec![words("Growing fastest against peers: ")];
    pieces.extend(listed(names));
    pieces.push(words("."));
    Some(pieces)
}
