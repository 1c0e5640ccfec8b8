//! The form of the order of a release's tracks: a place for each, which is typed where a track is to move.

use crate::model::details_form::DetailsForm;
use crate::model::field::FieldError;
use crate::model::release::{Release, Track};
use crate::model::track_order::place_field;
use leptos::prelude::*;

/// The field that says that a form is this one.
pub const CHANGE: &str = "change";
/// What stands in it.
pub const ORDER: &str = "order";

/// The form; nothing where there is nothing to order.
#[component]
pub fn TrackOrder(
    /// The release.
    release: Release,
    /// What was typed, where this form came to nothing.
    typed: Option<DetailsForm>,
    /// What is wrong with that.
    wrong: Vec<FieldError>,
    /// Whether somebody else has changed the release meanwhile: then it is sent again with what is stored now.
    is_overtaken: bool,
    /// Where it is sent.
    action: String,
) -> impl IntoView {
    if release.tracks.is_empty() {
        return ().into_any();
    }
    let typed = typed.filter(|typed| typed.value(CHANGE) == ORDER);
    let version = typed.as_ref().filter(|_| !is_overtaken).map_or(release.version, |typed| typed.version);
    let most = release.tracks.len();
    let rows = (1_usize..).zip(release.tracks).map(|(place, track)| {
        let field = place_field(&track.track_id);
        let wanted = typed.as_ref().map(|typed| typed.value(&field).to_owned());
        let problem = wrong.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.message.clone());
        view! { <Place track=track field=field place=place most=most wanted=wanted problem=problem /> }
    });
    let rows = rows.collect_view();
    view! {
        <section class="panel" aria-labelledby="field-tracks">
            <h2 id="field-tracks" tabindex="-1">
                "Order of the tracks"
            </h2>
            <p class="details-version">
                "Type another place for each track that is to move; the others make room. Keeping the order numbers the tracks from 1 without gaps."
            </p>
            <form class="details-form" method="post" action=action>
                <input type="hidden" name=CHANGE value=ORDER />
                <input type="hidden" name="version" value=version.to_string() />
                <ol class="track-order">{rows}</ol>
                <button type="submit" class="button is-primary">
                    "Keep this order"
                </button>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn Place(
    track: Track,
    field: String,
    place: usize,
    most: usize,
    wanted: Option<String>,
    problem: Option<String>,
) -> impl IntoView {
    let error = format!("field-{field}-error");
    let described = problem.is_some().then(|| error.clone());
    let is_wrong = problem.is_some().then_some("true");
    let id = format!("field-{field}");
    let has_other_number = usize::try_from(track.number) != Ok(place);
    let notes = [
        has_other_number.then(|| format!("numbered {} now", track.number)),
        wanted
            .as_ref()
            .filter(|wanted| wanted.trim() != place.to_string())
            .map(|_| format!("stands at {place} now")),
    ];
    let notes = notes.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let value = wanted.unwrap_or_else(|| place.to_string());
    view! {
        <li class="field">
            <label for=id.clone()>{format!("Place of “{}”", track.title)}</label>
            <input
                type="number"
                id=id
                name=field
                value=value
                min="1"
                max=most.to_string()
                step="1"
                inputmode="numeric"
                autocomplete="off"
                aria-describedby=described
                aria-invalid=is_wrong
            />
            {(!notes.is_empty()).then(|| view! { <p class="field-help">{notes}</p> })}
            {problem
                .map(|problem| {
                    view! {
                        <p class="field-error" id=error>
                            {problem}
                        </p>
                    }
                })}
        </li>
    }
}
