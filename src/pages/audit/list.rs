//! The records of a page, and the way to older ones.

use super::address::Address;
use super::tail::follow;
use super::who::who;
use crate::components::date::Moment;
use crate::components::format::grouped;
use crate::components::icon::{Glyph, Icon};
use crate::components::state::EmptyState;
use crate::components::table::{ScrollingTable, numbers, words};
use crate::model::audit::{AuditPage, AuditRecord, Decision, Phase};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// What is said of a change whose process did not report any more.
pub(super) const UNKNOWN: &str = "Not known how it ended";

/// The table with its pages.
#[component]
pub fn Records(
    /// What was found.
    page: AuditPage,
    /// What was asked for.
    asked: Address,
) -> impl IntoView {
    let AuditPage { records, next, looked_through, from, to, names, .. } = page;
    let found = u64::try_from(records.len()).unwrap_or(u64::MAX);
    // Where they are followed, the table waits for them.
    let is_empty = records.is_empty() && !asked.follows();
    let fresh = follow(&asked, &records);
    let (of_fresh, named) = (asked.clone(), names.clone());
    let fresh = move || {
        let fresh = fresh.get();
        fresh.iter().map(|record| row(record, &of_fresh, &named)).collect_view()
    };
    let rows = records.iter().map(|record| row(record, &asked, &names)).collect_view();
    let table = if is_empty {
        view! {
            <EmptyState title="No records fit">
                <p>"Choose a longer time, or fewer conditions."</p>
            </EmptyState>
        }
        .into_any()
    } else {
        view! {
            <section class="panel is-flush" aria-label="Records">
                <ScrollingTable
                    label="Records of the audit log"
                    columns=vec![
                        words("When"),
                        words("Who"),
                        words("Operation"),
                        words("Outcome"),
                        words("Touched"),
                        numbers("Took"),
                    ]
                >
                    {fresh}
                    {rows}
                </ScrollingTable>
            </section>
        }
        .into_any()
    };
    let newest = (!asked.question.before.is_empty()).then(|| {
        view! {
            <a class="button" href=asked.before("").write()>
                <Icon glyph=Glyph::Left />
                "Newest"
            </a>
        }
    });
    let older = next.map(|id| {
        view! {
            <a class="button" href=asked.before(&id).write() rel="next">
                "Older"
                <Icon glyph=Glyph::Right />
            </a>
        }
    });
    view! {
        <Following asked=asked.clone() />
        <p role="status" class="audit-found">
            {format!("{} of {} records looked through, from ", grouped(found), grouped(looked_through.into()))}
            <Moment rfc3339=from />
            " to "
            <Moment rfc3339=to />
            "."
        </p>
        {table}
        <nav class="audit-pages" aria-label="Pages of the audit log">
            {newest}
            {older}
        </nav>
    }
}

/// The way to a list to which new records come, and back. Without JavaScript none come.
#[component]
fn Following(asked: Address) -> impl IntoView {
    let follows = asked.follows();
    let href = asked.before("").following(!follows).write();
    let words = if follows { "Stop following" } else { "Follow live" };
    view! {
        <p class="needs-script">
            <a class="button" href=href data-noscroll="">
                <Icon glyph=Glyph::Pulse />
                {words}
            </a>
        </p>
    }
}

fn row(record: &AuditRecord, asked: &Address, names: &BTreeMap<String, String>) -> impl IntoView + use<> {
    let caller = AuditPage::caller(names, record);
    let name = record.name();
    let current = (asked.question.record == name).then_some("true");
    let touched = match record.resources.as_slice() {
        [] => "–".to_owned(),
        [one] => one.name.clone(),
        [one, more @ ..] => format!("{} and {} more", one.name, more.len()),
    };
    let href = asked.opened(&name).write();
    let why = record.why_denied();
    view! {
        <tr aria-current=current>
            <td>
                <Moment rfc3339=record.time.clone() />
            </td>
            <td>
                {who(&record.principal, caller)}
                " "
                <span class="audit-quiet">{record.role.title()}</span>
            </td>
            <th scope="row">
                <a href=href data-noscroll="">
                    <code>{record.operation.clone()}</code>
                </a>
            </th>
            <td>
                <Outcome record=record.clone() />
                {why.map(|why| view! { <span class="audit-why">{why}</span> })}
            </td>
            <td class="audit-touched">{touched}</td>
            <td class="number">{took(record.duration_micros)}</td>
        </tr>
    }
}

/// How a call ended, as icon and word.
#[component]
pub fn Outcome(
    /// Its record.
    record: AuditRecord,
) -> impl IntoView {
    let (glyph, words) = match (record.phase, record.outcome(), record.decision) {
        (Phase::Intent, _, _) => (Glyph::Pencil, "About to be done"),
        (_, "unknown", _) => (Glyph::Question, UNKNOWN),
        (_, "failed", _) => (Glyph::Warning, "Failed"),
        (_, _, Decision::Allowed) => (Glyph::Check, "Done"),
        (_, _, decision @ Decision::WouldDeny) => (Glyph::Warning, decision.title()),
        (_, _, decision @ Decision::Denied) => (Glyph::Lock, decision.title()),
        (_, _, decision @ Decision::Invalid) => (Glyph::Question, decision.title()),
    };
    view! {
        <span class="audit-outcome">
            <Icon glyph=glyph />
            {words}
        </span>
    }
}

/// `12.3 ms`.
pub(super) fn took(micros: u64) -> String {
    format!("{}.{} ms", grouped(micros / 1000), micros % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::took;

    #[test]
    fn durations_are_in_milliseconds_with_one_digit() {
        assert_eq!(took(12_345), "12.3 ms");
        assert_eq!(took(99), "0.0 ms");
    }
}
