//! What is known of an entry: its figure, when and where it holds, where it was read, how sure it is.

use super::words::{figure, in_force, place_name, topic_name};
use crate::components::date::Day;
use crate::model::knowledge::{Amount, Entry};
use leptos::prelude::*;

/// A figure, large, with what it counts.
#[component]
pub fn Figure(
    /// The figure.
    amount: Amount,
) -> impl IntoView {
    view! {
        <p class="figure">
            <span class="figure-value">{figure(&amount)}</span>
            <span class="figure-unit">{amount.unit}</span>
        </p>
    }
}

/// The facts of an entry.
#[component]
pub fn Facts(
    /// The entry.
    entry: Entry,
) -> impl IntoView {
    let period = in_force(&entry);
    let exact = [entry.from, entry.to].into_iter().flatten().map(|day| day.to_string()).collect::<Vec<_>>();
    view! {
        <dl class="entry-facts">
            {period
                .map(|period| {
                    view! {
                        <div>
                            <dt>"In force"</dt>
                            <dd title=exact.join(" – ")>{period}</dd>
                        </div>
                    }
                })}
            <div>
                <dt>"Where"</dt>
                <dd>{place_name(&entry.jurisdiction)}</dd>
            </div>
            <div>
                <dt>"Topic"</dt>
                <dd>{topic_name(&entry.topic)}</dd>
            </div>
            <div class="is-wide">
                <dt>"Source"</dt>
                <dd>
                    <SourceLink title=entry.source_title url=entry.source_url />
                </dd>
            </div>
            <div>
                <dt>"Kind of source"</dt>
                <dd>{entry.tier.to_string()}</dd>
            </div>
            <div>
                <dt>"How sure"</dt>
                <dd>{entry.confidence.to_string()}</dd>
            </div>
            {entry
                .checked_on
                .map(|day| {
                    view! {
                        <div>
                            <dt>"Checked"</dt>
                            <dd>
                                <Day date=day />
                            </dd>
                        </div>
                    }
                })}
        </dl>
    }
}

/// Where a fact was read, as a link where it has an address on the web.
#[component]
fn SourceLink(title: String, url: Option<String>) -> impl IntoView {
    // Nothing but the web, encrypted, is linked: an entry of an account could name any scheme.
    match url.filter(|url| url.starts_with("https://")) {
        Some(url) => view! {
            <a href=url rel="external noopener noreferrer" target="_blank">
                {title}
                <span class="visually-hidden">" (opens in a new tab)"</span>
            </a>
        }
        .into_any(),
        None => title.into_any(),
    }
}
