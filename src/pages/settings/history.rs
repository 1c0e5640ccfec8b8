//! Who changed limits and budgets, when, to what and why; and the way to a new version that begins as an older one.

use super::begin_from;
use crate::components::date::Moment;
use crate::components::table::{ScrollingTable, words};
use crate::model::settings::LimitsVersion;
use leptos::prelude::*;

/// The list.
#[component]
pub fn History(
    /// What holds.
    current: LimitsVersion,
    /// What held before.
    history: Vec<LimitsVersion>,
) -> impl IntoView {
    let holds = current.version;
    let versions = std::iter::once(current).chain(history).filter(|version| version.version > 0);
    let mut versions = versions.collect::<Vec<_>>();
    if versions.is_empty() {
        return view! { <p>"Nobody has changed anything here yet: the environment alone holds."</p> }
            .into_any();
    }
    // Before the first change the environment alone held.
    if versions.last().is_some_and(|oldest| oldest.version == 1) {
        versions.push(LimitsVersion::default());
    }
    let columns = ["Version", "By", "When", "What was set", "Why", "Again"].map(words).to_vec();
    view! {
        <section class="panel is-flush" aria-labelledby="settings-history">
            <h2 id="settings-history">"Changes"</h2>
            <ScrollingTable label="Changes of limits and budgets" columns=columns>
                {versions.into_iter().map(|version| row(version, holds)).collect_view()}
            </ScrollingTable>
        </section>
    }
    .into_any()
}

fn row(version: LimitsVersion, holds: u32) -> impl IntoView {
    let set: Vec<_> = version.set.iter().map(|(name, text)| format!("{name}={text}")).collect();
    let set = if set.is_empty() { "Nothing: the environment holds".to_owned() } else { set.join("; ") };
    let number = version.version;
    let when = match version.since {
        since if since.is_empty() => "–".into_any(),
        since => view! { <Moment rfc3339=since /> }.into_any(),
    };
    let again = if number == holds {
        "Holds now".into_any()
    } else {
        // It begins with what can be read, so that saying that finds it.
        let label = format!("Begin with this: version {number}");
        // The page is opened anew, so that its form is filled in on the server, too.
        view! {
            <a class="button" href=begin_from(number) rel="external" aria-label=label>
                "Begin with this"
            </a>
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row">{number.to_string()}</th>
            <td>{version.by}</td>
            <td class="row-date">
                {when}
            </td>
            <td>{set}</td>
            <td>{version.note}</td>
            <td>{again}</td>
        </tr>
    }
}
