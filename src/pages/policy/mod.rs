//! The page of the policy: what violations come to, the rules in words, who may use what, and a test bench.

pub mod address;
pub mod bench;

use crate::api::error::AppError;
use crate::api::policy::{try_policy, view_policy};
use crate::components::page_heading::PageHeading;
use crate::components::state::{EmptyState, ErrorState, Skeleton, answer_with_status};
use crate::components::table::{ScrollingTable, numbers, words};
use crate::model::policy::{
    CedarPolicy, PermissionView, PolicyAnswer, PolicyQuestion, PolicyVersion, PolicyView, ROLES, RuleView,
};
use bench::{Bench, Verdict};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The page `/admin/policy`.
#[component]
pub fn PolicyPage() -> impl IntoView {
    let search = use_location().search;
    let question = Memo::new(move |_| search.with(|search| address::read(search)));
    let policy = Resource::new(|| (), |()| view_policy());
    let answer = Resource::new(move || question.get(), ask);
    let again = Callback::new(move |()| policy.refetch());
    view! {
        <PageHeading title="Policy" />
        <Transition fallback=|| view! { <Skeleton what="the policy" lines=12 /> }>
            {move || Suspend::new(async move {
                match policy.await {
                    Ok(view) => view! { <Shown view=view question=question.get_untracked() answer=answer /> }.into_any(),
                    Err(error) => {
                        answer_with_status(&error);
                        view! { <ErrorState error=error retry=again /> }.into_any()
                    }
                }
            })}
        </Transition>
    }
}

/// What the address asks; none where it asks nothing.
async fn ask(question: Option<PolicyQuestion>) -> Option<Result<PolicyAnswer, AppError>> {
    match question {
        Some(question) => Some(try_policy(question).await),
        None => None,
    }
}

#[component]
fn Shown(
    view: PolicyView,
    question: Option<PolicyQuestion>,
    answer: Resource<Option<Result<PolicyAnswer, AppError>>>,
) -> impl IntoView {
    let PolicyView { mode, current, rules, permissions, cedar, history } = view;
    view! {
        <p class="notice">{mode.in_words()}</p>
        <Bench question=question permissions=permissions.clone() />
        <Transition>
            {move || Suspend::new(async move {
                match answer.await {
                    None => ().into_any(),
                    Some(Ok(answer)) => view! { <Verdict answer=answer /> }.into_any(),
                    Some(Err(error)) => view! { <ErrorState error=error /> }.into_any(),
                }
            })}
        </Transition>
        <Rules rules=rules />
        <Permissions permissions=permissions />
        <History current=current history=history />
        <Cedar policies=cedar />
    }
}

/// The rules in words.
#[component]
fn Rules(rules: Vec<RuleView>) -> impl IntoView {
    if rules.is_empty() {
        return view! {
            <EmptyState title="No rules">
                <p>"What a role may do holds, and nothing beyond that."</p>
            </EmptyState>
        }
        .into_any();
    }
    let row = |rule: RuleView| {
        let state = if rule.shadow { "Tried" } else { "In force" };
        let source = if rule.from_environment { "Environment" } else { "Admins" };
        view! {
            <tr>
                <th scope="row">
                    <code>{rule.id}</code>
                </th>
                <td>{rule.words}</td>
                <td>{state}</td>
                <td>{source}</td>
                <td class="number">{rule.violations.to_string()}</td>
            </tr>
        }
    };
    view! {
        <section class="panel is-flush">
            <h2 id="policy-rules">"Rules"</h2>
            <ScrollingTable
                label="Rules"
                columns=vec![words("Rule"), words("What it says"), words("State"), words("Set by"), numbers("Violations")]
            >
                {rules.into_iter().map(row).collect_view()}
            </ScrollingTable>
        </section>
    }
    .into_any()
}

/// Who may use what.
#[component]
fn Permissions(permissions: Vec<PermissionView>) -> impl IntoView {
    let columns = std::iter::once("Operation").chain(ROLES).map(words).collect::<Vec<_>>();
    let row = |row: PermissionView| {
        let cell = |access: String| {
            let word = match access.as_str() {
                "yes" => "Yes",
                "own" => "Own artists",
                _ => "–",
            };
            view! { <td>{word}</td> }
        };
        view! {
            <tr>
                <th scope="row">
                    <code>{row.operation}</code>
                </th>
                {row.access.into_iter().map(cell).collect_view()}
            </tr>
        }
    };
    view! {
        <section class="panel is-flush">
            <h2 id="policy-permissions">"Who may use what"</h2>
            <ScrollingTable label="Who may use what" columns=columns short=true>
                {permissions.into_iter().map(row).collect_view()}
            </ScrollingTable>
        </section>
    }
}

/// Who changed the rules, when and why.
#[component]
fn History(current: PolicyVersion, history: Vec<PolicyVersion>) -> impl IntoView {
    let versions = std::iter::once(current).chain(history).filter(|version| version.version > 0);
    let versions = versions.collect::<Vec<_>>();
    if versions.is_empty() {
        return view! { <p>"Nobody has changed the rules yet: the environment alone holds."</p> }.into_any();
    }
    let row = |version: PolicyVersion| {
        view! {
            <tr>
                <th scope="row">{version.version.to_string()}</th>
                <td>{version.by}</td>
                <td>
                    <time datetime=version.since.clone()>{version.since.clone()}</time>
                </td>
                <td>{version.rules.len().to_string()}</td>
                <td>{version.note}</td>
            </tr>
        }
    };
    view! {
        <section class="panel is-flush" aria-labelledby="policy-history">
            <h2 id="policy-history">"Changes"</h2>
            <ScrollingTable
                label="Changes of the rules"
                columns=vec![words("Version"), words("By"), words("When"), words("Rules"), words("Why")]
            >
                {versions.into_iter().map(row).collect_view()}
            </ScrollingTable>
        </section>
    }
    .into_any()
}

/// The policies as Cedar reads them.
#[component]
fn Cedar(policies: Vec<CedarPolicy>) -> impl IntoView {
    let policy = |policy: CedarPolicy| {
        view! {
            <h3>
                <code>{policy.name}</code>
            </h3>
            <pre class="policy-cedar" tabindex="0">{policy.text}</pre>
        }
    };
    view! {
        <details class="panel">
            <summary>"The policies in Cedar"</summary>
            {policies.into_iter().map(policy).collect_view()}
        </details>
    }
}
