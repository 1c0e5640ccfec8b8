//! The choice of time, server and comparison: links, and a form for a time of one's own.

use super::address::{self, PATH, RANGES, own_ends};
use crate::model::fleet::server_title;
use crate::model::performance::{PerformanceRange, PerformanceRequest};
use leptos::prelude::*;

/// The servers that can be chosen.
const SERVERS: [&str; 5] = ["bedrock", "s3", "dynamodb", "cloudwatch", "rds"];

/// What the page can be asked.
#[component]
pub fn Choice(
    /// What it is asked now.
    request: Memo<PerformanceRequest>,
) -> impl IntoView {
    view! {
        <nav class="choices" aria-label="Time">
            {RANGES
                .into_iter()
                .map(|(_, range, name)| {
                    let own = range.clone();
                    let here = move || request.with(|request| request.range == own).then_some("true");
                    let to = move || {
                        request.with(|request| address::write(&PerformanceRequest { range: range.clone(), ..request.clone() }))
                    };
                    view! {
                        <a href=to aria-current=here data-noscroll="">
                            {name}
                        </a>
                    }
                })
                .collect_view()}
        </nav>
        <nav class="choices" aria-label="Server">
            {std::iter::once(None)
                .chain(SERVERS.into_iter().map(Some))
                .map(|server| {
                    let here = move || {
                        request.with(|request| request.server.as_deref() == server).then_some("true")
                    };
                    let to = move || {
                        let server = server.map(str::to_owned);
                        request.with(|request| address::write(&PerformanceRequest { server: server.clone(), ..request.clone() }))
                    };
                    view! {
                        <a href=to aria-current=here data-noscroll="">
                            {server.map_or_else(|| "All servers".to_owned(), server_title)}
                        </a>
                    }
                })
                .collect_view()}
        </nav>
        <div class="choice-row">
            {move || {
                let request = request.get();
                let to = address::write(&PerformanceRequest { compare: !request.compare, ..request.clone() });
                let words = if request.compare { "Without the time before" } else { "Compare with the time before" };
                view! {
                    <a class="button" href=to data-noscroll="">
                        {words}
                    </a>
                }
            }}
            <OwnRange request=request />
        </div>
    }
}

/// A time of one's own. Sent by `GET`, so that it is in the address.
#[component]
fn OwnRange(request: Memo<PerformanceRequest>) -> impl IntoView {
    let is_own = request.with_untracked(|request| matches!(request.range, PerformanceRange::Between(..)));
    let end = move |first: bool| {
        request.with(|request| {
            let (from, to) = own_ends(&request.range);
            if first { from } else { to }.trim_end_matches('Z').to_owned()
        })
    };
    view! {
        <details class="own-range" open=is_own>
            <summary class="button">"From – to"</summary>
            <form method="get" action=PATH>
                <label>
                    "From, UTC" <input type="datetime-local" name="from" value=end(true) prop:value=move || end(true) />
                </label>
                <label>
                    "To, UTC" <input type="datetime-local" name="to" value=end(false) prop:value=move || end(false) />
                </label>
                <input
                    type="hidden"
                    name="server"
                    value=move || request.with(|request| request.server.clone().unwrap_or_default())
                />
                <input
                    type="hidden"
                    name="compare"
                    value=move || request.with(|request| if request.compare { "1" } else { "" })
                />
                <button type="submit" class="button is-primary">
                    "Show"
                </button>
            </form>
        </details>
    }
}
