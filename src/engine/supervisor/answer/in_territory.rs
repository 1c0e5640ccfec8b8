//! How an artist does in the territory that was asked for: streams only, as figures tell nothing else by territory.

use super::artists::{figures_table, interval, main_metric, parts_table, period, period_against, verdict};
use super::draft::{Draft, words};
use super::format::Form;
use super::node::Node;
use crate::engine::supervisor::understand::territory_name;
use crate::model::task::{Line, Piece};

/// The line that answers for the territory, and what is known of it; nothing where none was asked for.
pub(super) fn tell(result: &Node<'_>, draft: &mut Draft) {
    let Some(place) = result.get("inTerritory") else { return };
    draft.headline(headline(result, &place));
    let name = place.text("territory").and_then(territory_name).unwrap_or("the territory");
    figures_table(&format!("Streams of both periods in {name}"), &place.list("metrics"), draft);
    draft.finding(share(&place));
    let change = main_metric(&place).as_ref().and_then(interval);
    draft.finding(change.and_then(|change| {
        let mut pieces = vec![words("In "), place.territory("territory")?, words(": ")];
        pieces.extend(change);
        Some(pieces)
    }));
    parts_table(&format!("Where the change in {name} comes from"), &place.list("drivers"), draft);
}

fn headline(result: &Node<'_>, place: &Node<'_>) -> Option<Line> {
    let metric = main_metric(place)?;
    let mut pieces = vec![
        result.quote("artistName")?,
        words(" in "),
        place.territory("territory")?,
        words(": "),
        metric.show("current", Form::Measured)?,
        words(" streams"),
    ];
    pieces.extend(period(result, "from", "to").unwrap_or_default());
    match metric.show("change", Form::Change) {
        Some(change) => {
            pieces.extend([words(", "), change]);
            pieces.extend(period_against(result).unwrap_or_default());
            pieces.push(words(verdict(&metric)));
        }
        None => pieces.push(words("; what is known of the days before allows no comparison.")),
    }
    if let Some(whole) = main_metric(result).and_then(|whole| whole.show("change", Form::Change)) {
        pieces.extend([words(" All territories together: "), whole, words(".")]);
    }
    Some(Line(pieces))
}

/// Which part of the streams it has, and had.
fn share(place: &Node<'_>) -> Option<Vec<Piece>> {
    let mut pieces = vec![
        place.territory("territory")?,
        words(" has "),
        place.show("share", Form::Percent)?,
        words(" of the streams on the services that name it"),
    ];
    if let Some(before) = place.show("shareBefore", Form::Percent) {
        pieces.extend([words(", and had "), before, words(" before")]);
    }
    pieces.push(words("."));
    Some(pieces)
}
