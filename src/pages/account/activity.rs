//! What was done in one's name: by oneself, by one's keys, by agents. The newest first.

use super::PATH;
use crate::components::badge::{Badge, Tone};
use crate::components::date::Moment;
use crate::components::icon::Glyph;
use crate::components::state::EmptyState;
use crate::components::table::{ScrollingTable, words};
use crate::model::own_account::{Deed, DeedBy, DeedEnd, Deeds};
use crate::pages::query_string;
use leptos::prelude::*;

/// The id of the heading, to which the choices lead.
const HEADING: &str = "account-activity";

/// Of how many places a row tells the names.
const NAMED: usize = 2;

/// Whose deeds an address asks for; those of all unless it names one.
pub(super) fn by_of(search: &str) -> Option<DeedBy> {
    let (_, by) = query_string::fields(search).find(|(name, _)| *name == "by")?;
    DeedBy::from_id(&by)
}

/// The list.
#[component]
pub fn Activity(
    /// What was done.
    done: Deeds,
    /// By whom; none for all.
    by: Option<DeedBy>,
) -> impl IntoView {
    let Deeds { deeds, keys_left_out } = done;
    let list = if deeds.is_empty() { nothing(by).into_any() } else { table(deeds, by).into_any() };
    let left_out = (keys_left_out > 0).then(|| {
        let words =
            format!("{keys_left_out} of your keys that were used longest ago are not looked at here.");
        view! { <p class="muted">{words}</p> }
    });
    view! {
        <section class="panel is-flush" aria-labelledby=HEADING>
            <h2 id=HEADING>"What was done in your name"</h2>
            {choices(by)}
            {list}
            {left_out}
            <p class="muted">
                "What programs do with access tokens is counted above and not listed here: an admin finds all of it in the audit log. "
                <a href="/keys">"The page of your keys"</a>
                " says when each key was used last."
            </p>
            <p class="muted">
                "If you did not do something of this, change your password, revoke the key and tell an admin."
            </p>
        </section>
    }
}

/// By whom, as links, so that each choice has an address.
fn choices(by: Option<DeedBy>) -> impl IntoView {
    let choice = |choice: Option<DeedBy>| {
        let title = choice.map_or("All", DeedBy::title);
        let path = query_string::address(PATH, &[("by", choice.map_or("", DeedBy::id))]);
        let href = format!("{path}#{HEADING}");
        let current = (choice == by).then_some("page");
        view! {
            <a href=href aria-current=current>
                {title}
            </a>
        }
    };
    let all = std::iter::once(None).chain(DeedBy::ALL.map(Some));
    view! {
        <nav class="view-tabs account-choices" aria-label="By whom it was done">
            {all.map(choice).collect_view()}
        </nav>
    }
}

fn nothing(by: Option<DeedBy>) -> impl IntoView {
    let words = match by {
        None | Some(DeedBy::Me) => "What you do from now on stands here.",
        Some(DeedBy::Keys) => "What programs do with your keys from now on stands here.",
        Some(DeedBy::Agent) => "What agents and automations do for you from now on stands here.",
    };
    view! {
        <EmptyState title="Nothing on record yet">
            <p>{words}</p>
        </EmptyState>
    }
}

fn table(deeds: Vec<Deed>, by: Option<DeedBy>) -> impl IntoView {
    let columns =
        ["When", "Who", "What", "On", "How", "From the address", "How it ended"].map(words).to_vec();
    let file = |format: &str| {
        let by = by.map_or("", DeedBy::id);
        query_string::address("/export/activity", &[("format", format), ("by", by)])
    };
    view! {
        <ScrollingTable label="Table of what you did" columns=columns>
            {deeds.into_iter().map(row).collect_view()}
        </ScrollingTable>
        <p>
            <a href=file("csv") download="activity.csv" rel="external">
                "Download as CSV"
            </a>
            " · "
            <a href=file("json") download="activity.json" rel="external">
                "Download as JSON"
            </a>
        </p>
    }
}

/// Who did something, in words.
fn who(by: DeedBy, key: Option<&str>) -> String {
    match (by, key) {
        (DeedBy::Me, _) => "You".to_owned(),
        (DeedBy::Keys, Some(key)) => format!("Your key “{key}”"),
        (DeedBy::Keys, None) => "A key of yours".to_owned(),
        (DeedBy::Agent, Some(key)) => format!("An agent for you, by your key “{key}”"),
        (DeedBy::Agent, None) => "An agent for you".to_owned(),
    }
}

/// What something was done on, in words.
fn places(on: &[String]) -> String {
    let named = on.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match (on.len(), on.len().saturating_sub(NAMED)) {
        (0, _) => "–".to_owned(),
        (_, 0) => named,
        (_, more) => format!("{named} and {more} more"),
    }
}

fn row(deed: Deed) -> impl IntoView {
    let Deed { request_id, time, words, way, address, end, reason, by, key, on } = deed;
    let (tone, glyph, word) = match end {
        DeedEnd::Done => (Tone::Quiet, Glyph::Check, "Done"),
        DeedEnd::Failed => (Tone::Warning, Glyph::Warning, "Failed"),
        DeedEnd::Refused => (Tone::Bad, Glyph::Lock, "Refused"),
    };
    let note = reason.map(|reason| view! { <span class="row-note">{reason}</span> });
    view! {
        <tr>
            <td class="row-date">
                <Moment rfc3339=time />
            </td>
            <td>{who(by, key.as_deref())}</td>
            <th scope="row" title=request_id>
                {words}
                {note}
            </th>
            <td>{places(&on)}</td>
            <td>{way}</td>
            <td>{address.unwrap_or_else(|| "Unknown".to_owned())}</td>
            <td>
                <Badge tone=tone glyph=glyph word=word />
            </td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_tells_whose_deeds_are_wanted() {
        for by in DeedBy::ALL {
            assert_eq!(by_of(&format!("?done=password&by={}", by.id())), Some(by));
        }
        assert_eq!(by_of("?by=somebody"), None);
        assert_eq!(by_of(""), None);
    }

    #[test]
    fn places_are_named_as_far_as_there_is_room() {
        let on = ["artists", "releases", "streams"].map(str::to_owned);
        assert_eq!(places(&on), "artists, releases and 1 more");
        assert_eq!(places(&on[..1]), "artists");
        assert_eq!(places(&[]), "–");
    }
}
