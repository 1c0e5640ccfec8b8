//! What rules would have done to real calls, as a table, with what could not be judged.

use super::address::of_report;
use crate::api::error::AppError;
use crate::components::date::Moment;
use crate::components::state::ErrorState;
use crate::components::table::{ScrollingTable, numbers, words};
use crate::model::policy_review::{CallGroup, DAYS, Fate, PolicyReview};
use leptos::prelude::*;

/// The calls of which something is to be told.
#[component]
pub fn Review(
    /// What was found.
    review: PolicyReview,
    /// What the table is called.
    label: &'static str,
    /// What is said where there is nothing to tell.
    nothing: &'static str,
) -> impl IntoView {
    let PolicyReview { since, judged, are_all, groups, groups_left_out, not_judged } = review;
    let which = if are_all { "made" } else { "the latest of those made" };
    let looked_at = format!("{} looked at, {which} since ", counted(judged));
    let table = if groups.is_empty() {
        view! { <p>{nothing}</p> }.into_any()
    } else {
        let columns = vec![
            words("What becomes of them"),
            words("Who"),
            words("Tool"),
            words("On what"),
            words("Rules"),
            numbers("Calls"),
            words("Last"),
        ];
        view! {
            <ScrollingTable label=label columns=columns>
                {groups.into_iter().map(row).collect_view()}
            </ScrollingTable>
        }
        .into_any()
    };
    let more = (groups_left_out > 0)
        .then(|| view! { <p>{format!("{groups_left_out} further groups of calls are not shown.")}</p> });
    let not_judged = (!not_judged.is_empty()).then(|| {
        let words = not_judged.into_iter().map(|words| view! { <li>{words}</li> }).collect_view();
        view! {
            <p>"Not judged:"</p>
            <ul>{words}</ul>
        }
    });
    view! {
        {table}
        {more}
        <p class="muted">{looked_at} <Moment rfc3339=since /> "."</p>
        {not_judged}
    }
}

fn row(group: CallGroup) -> impl IntoView {
    let CallGroup { fate, person, operation, place, rules, calls, last } = group;
    view! {
        <tr>
            <th scope="row">{fate.in_words()}</th>
            <td>{person}</td>
            <td>
                <code>{operation}</code>
            </td>
            <td>{if place.is_empty() { "–".to_owned() } else { place }}</td>
            <td>{rules.join(", ")}</td>
            <td class="number">{calls.to_string()}</td>
            <td class="row-date">
                <Moment rfc3339=last />
            </td>
        </tr>
    }
}

/// `1 call`, `2 calls`.
fn counted(calls: u32) -> String {
    format!("{calls} {}", if calls == 1 { "call" } else { "calls" })
}

/// What a difference comes to, in a sentence.
pub fn summary(review: &PolicyReview) -> String {
    let calls = |count: u32, what: &str| (count > 0).then(|| format!("{} {what}", counted(count)));
    let parts = [
        calls(review.count(Fate::Denied), "would newly be denied"),
        calls(review.count(Fate::Allowed), "would newly be allowed"),
        calls(review.count(Fate::Noted), "would be done and noted"),
        calls(review.count(Fate::NoLongerNoted), "would no longer be noted"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let whole = if review.are_all {
        format!("the last {DAYS} days")
    } else {
        format!("the {} looked at", counted(review.judged))
    };
    if parts.is_empty() {
        format!("No call of {whole} would fare otherwise.")
    } else {
        format!("Of {whole}, {}.", parts.join(", "))
    }
}

/// The report of what would have been denied; a link to it where it was not asked for.
#[component]
pub fn Report(
    /// What was found; none where it was not asked for.
    report: Option<Result<PolicyReview, AppError>>,
) -> impl IntoView {
    let body = match report {
        None => view! {
            <p>
                <a class="button" href=of_report() rel="external">
                    "Show the report"
                </a>
            </p>
        }
        .into_any(),
        Some(Ok(review)) => view! {
            <Review review=review label="Calls that a rule would have denied" nothing="No rule would have denied a call that was done." />
        }
        .into_any(),
        Some(Err(error)) => view! { <ErrorState error=error /> }.into_any(),
    };
    view! {
        <section class="panel" id="policy-report" aria-labelledby="policy-report-title">
            <h2 id="policy-report-title">{format!("What would have been denied in the last {DAYS} days")}</h2>
            <p>
                "Calls that were done because their rule was tried, or because the mode was logging or permissive then."
            </p>
            {body}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn review(groups: &[(Fate, u32)]) -> PolicyReview {
        let group = |(fate, calls): &(Fate, u32)| CallGroup {
            fate: *fate,
            person: "Ben".to_owned(),
            operation: "get_contract".to_owned(),
            place: String::new(),
            rules: Vec::new(),
            calls: *calls,
            last: "2026-11-24T09:00:00Z".to_owned(),
        };
        PolicyReview {
            since: "2026-11-17T09:00:00Z".to_owned(),
            judged: 9,
            are_all: true,
            groups: groups.iter().map(group).collect(),
            groups_left_out: 0,
            not_judged: Vec::new(),
        }
    }

    #[test]
    fn a_difference_is_told_in_a_sentence() {
        assert_eq!(summary(&review(&[])), "No call of the last 7 days would fare otherwise.");
        let told = summary(&review(&[(Fate::Denied, 3), (Fate::Allowed, 1), (Fate::Denied, 2)]));
        assert_eq!(told, "Of the last 7 days, 5 calls would newly be denied, 1 call would newly be allowed.");
    }

    #[test]
    fn where_not_all_calls_were_looked_at_nothing_is_said_of_the_others() {
        let some = |groups: &[(Fate, u32)]| summary(&PolicyReview { are_all: false, ..review(groups) });
        assert_eq!(some(&[]), "No call of the 9 calls looked at would fare otherwise.");
        assert_eq!(some(&[(Fate::Denied, 3)]), "Of the 9 calls looked at, 3 calls would newly be denied.");
    }
}
