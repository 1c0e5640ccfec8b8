//! The form that says how a file is meant: its layout, its columns, what is true of the whole file, and whom names mean.

use super::address_of;
use crate::components::format::counted;
use crate::model::import::{ImportOption, ImportView, LEAVE_OUT, UnknownArtist};
use leptos::prelude::*;

/// The form.
#[component]
pub fn MappingForm(
    /// The import.
    view: ImportView,
) -> impl IntoView {
    let ImportView { row, version, columns, form, fields, layouts, artists, platforms, unknown, .. } = view;
    let layouts =
        std::iter::once(ImportOption::new("", "Columns of its own")).chain(layouts).collect::<Vec<_>>();
    let nothing = |words: &str| ImportOption::new("", words);
    let with = |first: ImportOption, rest: &[ImportOption]| {
        std::iter::once(first).chain(rest.iter().cloned()).collect::<Vec<_>>()
    };
    let orders = [
        nothing("As the file shows"),
        ImportOption::new("dayFirst", "The day: 01/02/2026 is 1 February"),
        ImportOption::new("monthFirst", "The month: 01/02/2026 is 2 January"),
    ];
    let marks = [
        nothing("As the file shows"),
        ImportOption::new("point", "A point: 1,234.56"),
        ImportOption::new("comma", "A comma: 1.234,56"),
    ];
    let column = |(at, column): (usize, crate::model::import::ImportColumn)| {
        let id = format!("column-{at}");
        let name = if column.name.is_empty() { format!("Column {}", at + 1) } else { column.name };
        choice(&id, "column", &name, &fields, &column.field)
    };
    let columns = columns.into_iter().enumerate().map(column).collect_view();
    let known = artists.clone();
    let names = unknown.into_iter().enumerate().map(|(at, one)| whom(at, one, &known)).collect_view();
    view! {
        <section class="panel" aria-labelledby="imports-mapping">
            <h2 id="imports-mapping">"How the file is meant"</h2>
            <form class="imports-mapping" method="post" action=address_of(&row.id) aria-label="How the file is meant">
                <input type="hidden" name="step" value="map" />
                <input type="hidden" name="version" value=version.to_string() />
                {choice("layout", "layout", "Layout", &layouts, &form.layout)}
                <fieldset class="field-group">
                    <legend>"What each column says"</legend>
                    <div class="imports-columns">{columns}</div>
                </fieldset>
                <fieldset class="field-group">
                    <legend>"What is true of the whole file"</legend>
                    <div class="imports-columns">
                        {choice(
                            "artist",
                            "artist",
                            "Artist",
                            &with(nothing("As its columns say"), &artists),
                            &form.artist,
                        )}
                        {choice(
                            "platform",
                            "platform",
                            "Platform",
                            &with(nothing("As its column says"), &platforms),
                            &form.platform,
                        )} {typed("day", "The one day that it is of, or its last one where days have no year", &form.day, "2026-11-01")}
                        {typed("currency", "Currency", &form.currency, "USD")}
                        {choice("order", "order", "What comes first in days", &orders, &form.order)}
                        {choice("mark", "mark", "What stands before the fraction", &marks, &form.mark)}
                    </div>
                </fieldset>
                {names}
                <button type="submit" class="button is-primary">
                    "Check again"
                </button>
            </form>
        </section>
    }
}

/// A name that nobody knows, with whom it may mean.
fn whom(at: usize, one: UnknownArtist, artists: &[ImportOption]) -> impl IntoView + use<> {
    let mut options = vec![
        ImportOption::new("", "Not decided yet"),
        ImportOption::new(LEAVE_OUT, "Nobody: leave its lines out"),
    ];
    options.extend(
        one.likely
            .iter()
            .map(|likely| ImportOption::new(&likely.value, format!("{} (likely)", likely.label))),
    );
    let is_likely = |artist: &&ImportOption| !one.likely.iter().any(|likely| likely.value == artist.value);
    options.extend(artists.iter().filter(is_likely).cloned());
    let lines = if one.lines > 0 { format!(" ({})", counted(one.lines, "line")) } else { String::new() };
    let label = format!("Who “{}” is{lines}", one.name);
    view! {
        <input type="hidden" name="name" value=one.name />
        {choice(&format!("name-{at}"), "whom", &label, &options, &one.chosen)}
    }
}

fn choice(
    id: &str,
    name: &'static str,
    label: &str,
    options: &[ImportOption],
    chosen: &str,
) -> impl IntoView + use<> {
    let (id, label, chosen) = (id.to_owned(), label.to_owned(), chosen.to_owned());
    let option = |one: &ImportOption| {
        let selected = one.value == chosen;
        view! {
            <option value=one.value.clone() selected=selected>
                {one.label.clone()}
            </option>
        }
    };
    let options = options.iter().map(option).collect_view();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id name=name>
                {options}
            </select>
        </div>
    }
}

fn typed(
    name: &'static str,
    label: &'static str,
    value: &str,
    example: &'static str,
) -> impl IntoView + use<> {
    let value = value.to_owned();
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input id=name type="text" name=name value=value placeholder=example autocomplete="off" />
        </div>
    }
}
