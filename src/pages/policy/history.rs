//! Who changed the policy, when, why, and what; and putting an older version in place again.

use super::fields::preview_button;
use crate::components::date::Moment;
use crate::components::table::{ScrollingTable, numbers, words};
use crate::model::policy::PolicyVersion;
use crate::model::policy_form::{PolicyChange, PolicyForm};
use leptos::prelude::*;

/// The versions, the newest first.
#[component]
pub fn History(
    /// The one that holds.
    current: PolicyVersion,
    /// Those that held before.
    history: Vec<PolicyVersion>,
    /// Whether the viewer may put one in place again.
    may_change: bool,
) -> impl IntoView {
    let holds = current.version;
    let mut versions: Vec<PolicyVersion> = std::iter::once(current).chain(history).collect();
    versions.retain(|version| version.version > 0);
    if versions.is_empty() {
        return view! { <p>"Nobody has changed the rules yet: the environment alone holds."</p> }.into_any();
    }
    // Before the first change the environment alone held.
    if versions.last().is_some_and(|oldest| oldest.version == 1) {
        versions.push(PolicyVersion::default());
    }
    let rows: Vec<_> = versions
        .iter()
        .enumerate()
        .map(|(index, version)| row(version, versions.get(index + 1), holds, may_change))
        .collect();
    let columns = vec![
        words("Version"),
        words("By"),
        words("When"),
        words("What"),
        words("Why"),
        numbers("Rules"),
        words("Again"),
    ];
    view! {
        <section class="panel is-flush" aria-labelledby="policy-history">
            <h2 id="policy-history">"Changes"</h2>
            <ScrollingTable label="Changes of the policy" columns=columns>
                {rows.into_iter().collect_view()}
            </ScrollingTable>
        </section>
    }
    .into_any()
}

fn row(
    version: &PolicyVersion,
    older: Option<&PolicyVersion>,
    holds: u32,
    may_change: bool,
) -> impl IntoView + use<> {
    let number = version.version;
    let what = match older {
        Some(older) => version.changes_since(older).join("; "),
        None if number == 0 => "The environment alone".to_owned(),
        None => "–".to_owned(),
    };
    let when = match version.since.as_str() {
        "" => "–".into_any(),
        since => view! { <Moment rfc3339=since.to_owned() /> }.into_any(),
    };
    let again = if number == holds {
        "Holds now".into_any()
    } else if may_change {
        let form = PolicyForm { expected: holds, note: String::new(), change: PolicyChange::Back(number) };
        let label = format!("Put in place again: version {number}");
        preview_button(&form, "Put in place again", label).into_any()
    } else {
        ().into_any()
    };
    view! {
        <tr>
            <th scope="row">{number.to_string()}</th>
            <td>{version.by.clone()}</td>
            <td class="row-date">{when}</td>
            <td>{what}</td>
            <td>{version.note.clone()}</td>
            <td class="number">{version.rules.len().to_string()}</td>
            <td>{again}</td>
        </tr>
    }
}
