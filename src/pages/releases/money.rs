//! What a release earned: its recordings in the artist's statement, and where the account stands.

use crate::components::date::short_date;
use crate::components::format::grouped;
use crate::components::freshness::FreshnessLine;
use crate::components::table::{ScrollingTable, numbers, words};
use crate::components::verdict::Notes;
use crate::model::analytics::Freshness;
use crate::model::royalties::{AccountStatement, ReleaseMoney, RoyaltiesAnswer, TrackMoney};
use crate::pages::artists::statement::path_of;
use jiff::civil::Date;
use leptos::prelude::*;

/// The money of a release.
#[component]
pub fn Money(
    /// The statement of the artist, or why there is none.
    money: ReleaseMoney,
    /// The recordings of the release.
    isrcs: Vec<String>,
) -> impl IntoView {
    let content = match money.answer {
        Some(answer) => view! { <Earned answer=answer isrcs=isrcs /> }.into_any(),
        None => view! {
            <p class="panel-empty">"There is no statement to show. " {money.reason.unwrap_or_default()}</p>
        }
        .into_any(),
    };
    view! {
        <section class="panel" aria-labelledby="money">
            <h2 id="money">"Money"</h2>
            {content}
        </section>
    }
}

#[component]
fn Earned(answer: RoyaltiesAnswer, isrcs: Vec<String>) -> impl IntoView {
    let RoyaltiesAnswer { statement, as_of, source, sample, notes, .. } = answer;
    let freshness = Freshness { as_of: as_of.and_then(|day| day.parse().ok()), source, sample };
    let content = statement.map(|statement| view! { <Statement statement=statement isrcs=isrcs /> });
    view! {
        {content}
        <Notes notes=notes />
        <FreshnessLine freshness=freshness />
    }
}

#[component]
fn Statement(statement: AccountStatement, isrcs: Vec<String>) -> impl IntoView {
    let day = |text: &str| text.parse::<Date>().map_or_else(|_| text.to_owned(), short_date);
    let period = format!("{} to {}", day(&statement.from), day(&statement.to));
    let own: Vec<TrackMoney> =
        statement.tracks.into_iter().filter(|track| isrcs.contains(&track.isrc)).collect();
    let row = |track: TrackMoney| {
        let quantity = grouped(track.quantity.unsigned_abs());
        let sign = if track.quantity < 0 { "\u{2212}" } else { "" };
        view! {
            <tr>
                <th scope="row">{track.title.unwrap_or(track.isrc)}</th>
                <td class="number">{format!("{sign}{quantity}")}</td>
                <td class="number">{track.received.text}</td>
                <td class="number">{track.royalties.text}</td>
            </tr>
        }
    };
    let rows = if own.is_empty() {
        view! { <p class="panel-empty">"No line of the ledger names a recording of this release."</p> }
            .into_any()
    } else {
        view! {
            <ScrollingTable
                label="What each recording brought"
                columns=vec![words("Recording"), numbers("Streams"), numbers("Received"), numbers("Royalties")]
            >
                {own.into_iter().map(row).collect_view()}
            </ScrollingTable>
        }
        .into_any()
    };
    view! {
        <p class="muted">{format!("Booked and received from {period}.")}</p>
        {rows}
        <p>
            {format!(
                "The account of {}: royalties of all recordings {}, still to be recouped {}, payable now {}.",
                statement.artist_name,
                statement.royalties.text,
                statement.unrecouped.text,
                statement.payable.text
            )} " " <a href=path_of(&statement.artist_id)>"The whole statement"</a>
        </p>
    }
}
