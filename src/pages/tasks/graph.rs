//! The plan as a drawing: each step in the layer after those that it needs. The list beside it says the same.

use super::state::class;
use crate::components::markup::Markup;
use crate::model::task::{PlannedStep, StepState};

/// The size of a step, and the distance between steps, in the drawing's units.
const WIDTH: u64 = 196;
const HEIGHT: u64 = 44;
const GAP_ACROSS: u64 = 44;
const GAP_DOWN: u64 = 14;
const MARGIN: u64 = 2;

/// The most characters of a title that fit.
const TITLE: usize = 24;

/// The drawing: its size, and what is in it.
pub(super) struct Drawing {
    pub(super) width: u64,
    pub(super) height: u64,
    pub(super) layers: usize,
    pub(super) content: String,
}

/// Draws the steps.
pub(super) fn draw(steps: &[PlannedStep], states: &[StepState]) -> Drawing {
    let layers = layers(steps);
    let places = places(&layers);
    let count = layers.iter().max().map_or(0, |last| last + 1);
    let rows = places.iter().map(|(_, row)| row + 1).max().unwrap_or_default();
    let mut markup = Markup::default();
    for (to, step) in steps.iter().enumerate() {
        for from in before(steps, step) {
            edge(&mut markup, corner(places[from]), corner(places[to]));
        }
    }
    for (index, step) in steps.iter().enumerate() {
        let state = states.get(index).copied().unwrap_or(StepState::Waiting);
        node(&mut markup, corner(places[index]), step, state);
    }
    let across = units(count);
    let down = units(rows);
    Drawing {
        width: across * WIDTH + across.saturating_sub(1) * GAP_ACROSS + 2 * MARGIN,
        height: down * HEIGHT + down.saturating_sub(1) * GAP_DOWN + 2 * MARGIN,
        layers: count,
        content: markup.into_string(),
    }
}

/// The layer of each step: one after the last of those that it needs. A step comes after those in the plan.
fn layers(steps: &[PlannedStep]) -> Vec<usize> {
    let mut layers = Vec::with_capacity(steps.len());
    for (index, step) in steps.iter().enumerate() {
        let needed = before(steps, step).filter(|other| *other < index);
        let layer = needed.map(|other: usize| layers[other] + 1).max().unwrap_or_default();
        layers.push(layer);
    }
    layers
}

/// The places in the plan of the steps that a step needs.
fn before<'a>(steps: &'a [PlannedStep], step: &'a PlannedStep) -> impl Iterator<Item = usize> + 'a {
    step.after.iter().filter_map(|id| steps.iter().position(|other| other.id == *id))
}

/// Layer and row of each step.
fn places(layers: &[usize]) -> Vec<(usize, usize)> {
    let row = |index: usize| layers[..index].iter().filter(|layer| **layer == layers[index]).count();
    (0..layers.len()).map(|index| (layers[index], row(index))).collect()
}

/// The upper left corner of a place.
fn corner((layer, row): (usize, usize)) -> (u64, u64) {
    (MARGIN + units(layer) * (WIDTH + GAP_ACROSS), MARGIN + units(row) * (HEIGHT + GAP_DOWN))
}

fn units(count: usize) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

fn edge(markup: &mut Markup, from: (u64, u64), to: (u64, u64)) {
    let (x, y) = (from.0 + WIDTH, from.1 + HEIGHT / 2);
    let (end, target) = (to.0, to.1 + HEIGHT / 2);
    let middle = x + GAP_ACROSS / 2;
    markup.html(r#"<path class="task-edge" d="M"#).number(x).html(" ").number(y);
    markup.html("C").number(middle).html(" ").number(y);
    markup.html(" ").number(middle).html(" ").number(target);
    markup.html(" ").number(end).html(" ").number(target).html(r#""></path>"#);
}

fn node(markup: &mut Markup, (x, y): (u64, u64), step: &PlannedStep, state: StepState) {
    markup.html(r#"<g class="task-node "#).html(class(state)).html(r#""><rect x=""#).number(x);
    markup.html(r#"" y=""#).number(y).html(r#"" width=""#).number(WIDTH);
    markup.html(r#"" height=""#).number(HEIGHT).html(r#"" rx="6"></rect><text x=""#).number(x + 10);
    markup.html(r#"" y=""#).number(y + 18).html(r#"">"#).text(&cut(&step.title));
    markup.html(r#"</text><text class="task-node-note" x=""#).number(x + 10);
    markup.html(r#"" y=""#).number(y + 35).html(r#"">"#);
    markup.text(&format!("{} · {}", step.id, state.label())).html("</text></g>");
}

fn cut(title: &str) -> String {
    match title.char_indices().nth(TITLE) {
        Some((end, _)) => format!("{}…", title[..end].trim_end()),
        None => title.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::task::{Risk, StepId};
    use std::collections::BTreeMap;

    fn step(place: usize, after: &[usize]) -> PlannedStep {
        PlannedStep {
            id: StepId::at(place),
            title: format!("<b>Step</b> {place} with a title that is long"),
            tool: "tool".to_owned(),
            arguments: BTreeMap::new(),
            after: after.iter().map(|place| StepId::at(*place)).collect(),
            risk: Risk::Low,
            optional: false,
            expected_millis: 0,
            expected_micro_dollars: 0,
        }
    }

    #[test]
    fn a_step_stands_in_the_layer_after_all_that_it_needs() {
        let steps = [step(1, &[]), step(2, &[]), step(3, &[1]), step(4, &[2, 3]), step(5, &[])];
        assert_eq!(layers(&steps), [0, 0, 1, 2, 0]);
        assert_eq!(places(&layers(&steps)), [(0, 0), (0, 1), (1, 0), (2, 0), (0, 2)]);
    }

    #[test]
    fn a_plan_that_names_what_is_not_there_is_still_drawn() {
        let steps = [step(1, &[9]), step(2, &[3]), step(3, &[])];
        assert_eq!(layers(&steps), [0, 0, 0]);
        assert_eq!(draw(&[], &[]).layers, 0);
    }

    #[test]
    fn titles_are_cut_and_never_become_elements() {
        let drawing = draw(&[step(1, &[]), step(2, &[1])], &[StepState::Done]);
        assert!(drawing.content.contains("&lt;b&gt;Step") && !drawing.content.contains("<b>"));
        assert!(drawing.content.contains("is-done") && drawing.content.contains("is-waiting"));
        assert_eq!((drawing.layers, drawing.width, drawing.height), (2, 440, 48));
    }
}
