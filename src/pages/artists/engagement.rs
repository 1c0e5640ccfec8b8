//! What platforms count of an artist beside listening: playlists, skips, likes, comments, posts, views.

use crate::components::date::short_date;
use crate::components::definitions::Definitions;
use crate::components::format::{counted, grouped, percent};
use crate::components::table::{ScrollingTable, numbers, words};
use crate::model::engagement::{EngagementRate, EngagementRow, PlatformEngagement};
use leptos::prelude::*;

/// The metrics of the window; nothing where nobody tells any of them.
#[component]
pub fn EngagementPanel(
    /// The metrics, also those that are not known.
    rows: Vec<EngagementRow>,
    /// The engagement rates of the platforms that tell enough for them.
    rates: Vec<EngagementRate>,
) -> impl IntoView {
    if rows.is_empty() && rates.is_empty() {
        return ().into_any();
    }
    let columns =
        vec![words("Metric"), words("By platform"), numbers("All platforms"), words("How it is counted")];
    view! {
        <section class="panel" aria-labelledby="engagement">
            <h2 id="engagement">"Playlists and social" <span class="panel-period">"28 days"</span></h2>
            <ScrollingTable label="Table of playlists and social figures" columns=columns>
                {rows.into_iter().map(row).collect_view()}
            </ScrollingTable>
            <Rates rates=rates />
        </section>
    }
    .into_any()
}

/// The engagement rates with their arithmetic; nothing where none is known.
#[component]
fn Rates(rates: Vec<EngagementRate>) -> impl IntoView {
    let line = |found: EngagementRate| {
        let (platform, rate) = (found.platform.label(), percent(found.rate));
        let (reactions, followers) = (grouped(found.reactions), grouped(found.followers));
        let (days, as_of) = (counted(found.days.into(), "known day"), short_date(found.as_of));
        view! {
            <li>
                <strong>{format!("{platform}: {rate}")}</strong>
                {format!(" – {reactions} likes and comments on {days} of the 60 up to {as_of}, for {followers} followers")}
            </li>
        }
    };
    (!rates.is_empty()).then(|| {
        view! {
            <h3>"Engagement rate, two months"</h3>
            <ul class="lines">{rates.into_iter().map(line).collect_view()}</ul>
            <Definitions ids=vec!["engagementRate".to_owned()] />
        }
    })
}

fn row(row: EngagementRow) -> impl IntoView {
    let total = match (row.sum, row.platforms.is_empty()) {
        (Some(sum), _) => format!("{} {}", grouped(sum), row.unit),
        (None, true) => "Not known".to_owned(),
        (None, false) => "Not added up".to_owned(),
    };
    let is_level = row.metric.is_level();
    let platforms = if row.platforms.is_empty() {
        "No platform tells it".into_any()
    } else {
        let said = row.platforms.into_iter().map(|platform| {
            view! { <li>{in_words(&platform, &row.unit, is_level)}</li> }
        });
        view! { <ul class="lines">{said.collect_view()}</ul> }.into_any()
    };
    view! {
        <tr>
            <th scope="row">{row.label}</th>
            <td>{platforms}</td>
            <td class="number">{total}</td>
            <td>{row.formula}</td>
        </tr>
    }
}

/// What a platform says, and of how many days.
fn in_words(found: &PlatformEngagement, unit: &str, is_level: bool) -> String {
    let (platform, value) = (found.platform.label(), grouped(found.value));
    if is_level {
        format!("{platform}: {value} {unit} on {}", short_date(found.as_of))
    } else {
        format!("{platform}: {value} {unit} on {}", counted(found.days.into(), "day"))
    }
}
