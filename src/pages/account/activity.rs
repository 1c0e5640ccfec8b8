//! What one did, the newest first.

use crate::components::badge::{Badge, Tone};
use crate::components::date::Moment;
use crate::components::icon::Glyph;
use crate::components::state::EmptyState;
use crate::components::table::{ScrollingTable, words};
use crate::model::own_account::{Deed, DeedEnd};
use leptos::prelude::*;

/// The list.
#[component]
pub fn Activity(
    /// What was done.
    deeds: Vec<Deed>,
) -> impl IntoView {
    if deeds.is_empty() {
        return view! {
            <EmptyState title="Nothing on record yet">
                <p>"What you do from now on stands here."</p>
                {of_programs()}
            </EmptyState>
        }
        .into_any();
    }
    let columns = ["When", "What", "How", "From the address", "How it ended"].map(words).to_vec();
    view! {
        <section class="panel is-flush" aria-labelledby="account-activity">
            <h2 id="account-activity">"What you did last"</h2>
            <ScrollingTable label="Table of what you did" columns=columns>
                {deeds.into_iter().map(row).collect_view()}
            </ScrollingTable>
            <p>
                <a href="/export/activity?format=csv" download="activity.csv" rel="external">
                    "Download as CSV"
                </a>
                " · "
                <a href="/export/activity?format=json" download="activity.json" rel="external">
                    "Download as JSON"
                </a>
            </p>
            {of_programs()}
            <p class="muted">"If you did not do something of this, change your password and tell an admin."</p>
        </section>
    }
    .into_any()
}

/// What is not in the list.
fn of_programs() -> impl IntoView {
    view! {
        <p class="muted">
            "What programs did with your keys or with access tokens in your name is not listed here. "
            <a href="/keys">"The page of your keys"</a>
            " says when each was used last, and an admin finds all that they did in the audit log."
        </p>
    }
}

fn row(deed: Deed) -> impl IntoView {
    let Deed { request_id, time, words, way, address, end, reason } = deed;
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
            <th scope="row" title=request_id>
                {words}
                {note}
            </th>
            <td>{way}</td>
            <td>{address.unwrap_or_else(|| "Unknown".to_owned())}</td>
            <td>
                <Badge tone=tone glyph=glyph word=word />
            </td>
        </tr>
    }
}
