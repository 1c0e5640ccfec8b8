//! The drawer with a record: all that is known of a call, and whether it is what was written.

use super::Proof;
use super::address::Address;
use super::list::{Outcome, took};
use super::who::who;
use crate::api::error::AppError;
use crate::components::browser;
use crate::components::copy_button::CopyButton;
use crate::components::date::Moment;
use crate::components::format::counted;
use crate::components::icon::{Glyph, Icon};
use crate::components::state::ErrorState;
use crate::model::audit::{AuditPage, AuditRecord, Checked, Payload, RecordProof};
use crate::model::money::MicroDollars;
use crate::model::tool::AwsResource;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The id of the drawer, for the focus.
const DRAWER: &str = "audit-record";

/// The drawer.
#[component]
pub fn Drawer(
    /// The record; none where there is none of that name.
    record: Option<AuditRecord>,
    /// What people are called, by their ids.
    names: BTreeMap<String, String>,
    /// What the address asks for.
    asked: Address,
    /// What a verification came to.
    proof: Resource<Proof>,
    /// Goes to another address.
    go: Callback<String>,
) -> impl IntoView {
    Effect::new(move |_| browser::focus_soon(DRAWER));
    let close = asked.closed().write();
    let away = close.clone();
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            go.run(away.clone());
        }
    };
    let content = match record {
        Some(record) => view! { <Known record=record names=names asked=asked proof=proof /> }.into_any(),
        None => view! { <p>"There is no such record, or it has been removed because its time was up."</p> }
            .into_any(),
    };
    view! {
        <aside class="source-drawer audit-drawer" id=DRAWER tabindex="-1" aria-label="Record" on:keydown=on_key>
            <p class="drawer-head">
                <span>"Record"</span>
                <a class="button" href=close data-noscroll="">
                    "Close"
                </a>
            </p>
            {content}
        </aside>
    }
}

#[component]
fn Known(
    record: AuditRecord,
    names: BTreeMap<String, String>,
    asked: Address,
    proof: Resource<Proof>,
) -> impl IntoView {
    let verify = asked.verified().write();
    let payload = record.payload();
    // Its kind stays where the error itself is erased.
    let error = record.error.clone().or_else(|| record.failure().map(str::to_owned));
    let caller = who(&record.principal, AuditPage::caller(&names, &record));
    let owner = record.on_behalf_of.as_ref().map(|owner| who(owner, names.get(owner).cloned()));
    view! {
        <h2>
            <code>{record.operation.clone()}</code>
        </h2>
        <Outcome record=record.clone() />
        <p class="audit-verify">
            <a class="button" href=verify data-noscroll="">
                <Icon glyph=Glyph::Check />
                "Verify this record"
            </a>
        </p>
        <Transition>
            {move || Suspend::new(async move {
                match proof.await {
                    None => ().into_any(),
                    Some(Ok(proof)) => view! { <Verdict proof=proof /> }.into_any(),
                    Some(Err(error)) => view! { <Unproven error=error /> }.into_any(),
                }
            })}
        </Transition>
        <dl class="audit-facts">
            {fact("When", view! { <Moment rfc3339=record.time.clone() /> })}
            {fact("Who", caller)}
            {owner.map(|owner| fact("On behalf of", owner))}
            {record.bearer.as_ref().map(|bearer| fact("Token of", text(&bearer.in_words())))}
            {fact("As", record.role.title())}
            {record
                .passed_on
                .clone()
                .map(|call| fact("Passed on by another instance, for the call there", text(&call)))}
            {fact("Known by", authenticated(&record.authenticated))}
            {record.session.clone().map(|session| fact("Session", text(&session)))}
            {fact("Through", channel(&record.channel))}
            {record.address.clone().map(|address| fact("From", text(&address)))}
            {fact("Decided by", list(&record.policies))}
            {(!record.would_deny.is_empty()).then(|| fact("Would be denied by", list(&record.would_deny)))}
            {record.reason.clone().map(|reason| fact("Reason", reason))}
            {error.map(|error| fact("Error", error))}
            {record.definition.clone().map(|digest| fact("Definition of the tool", definition(digest)))}
            {fact("Took", took(record.duration_micros))}
            {record.size.map(|bytes| fact("To be stored", counted(bytes, "byte")))}
            {record.bytes_sent.map(|bytes| fact("Sent to AWS", counted(bytes, "byte")))}
            {record.bytes_received.map(|bytes| fact("Received from AWS", counted(bytes, "byte")))}
            {record
                .cost_micro_dollars
                .map(|cost| fact("Cost of models, estimated", MicroDollars(cost).to_string()))}
            {record.task.clone().map(|task| fact("Part of the task", text(&task)))}
            {record.step.clone().map(|step| fact("Step of the task", text(&step)))}
            {fact("Request", view! { <Identifier text=record.request_id.clone() what="request id" /> })}
            {(!record.aws_request_ids.is_empty()).then(|| fact("Requests to AWS", list(&record.aws_request_ids)))}
            {fact("Place in its log", record.seq.to_string())}
            {fact("Log", text(record.instance()))}
        </dl>
        <Details record=record payload=payload />
    }
}

/// What can be erased, or that it was.
#[component]
fn Details(record: AuditRecord, payload: Payload) -> impl IntoView {
    if payload == Payload::Erased {
        return view! { <p class="notice">"Address, arguments, what was touched and whose token it was have been erased."</p> }
            .into_any();
    }
    let resource = |resource: AwsResource| {
        view! {
            <li>
                <code>{resource.name}</code>
                " "
                <span class="audit-quiet">{resource.action}</span>
            </li>
        }
    };
    view! {
        <h3>"Touched"</h3>
        <ul>{record.resources.into_iter().map(resource).collect_view()}</ul>
        <h3>"Arguments"</h3>
        <pre class="audit-arguments" tabindex="0">
            {record.arguments}
        </pre>
        <p class="audit-quiet">
            "SHA-256 " <Identifier text=record.arguments_sha256 what="digest of the arguments" />
        </p>
    }
    .into_any()
}

/// What the check came to: done on the server, and once more where the browser can.
#[component]
fn Verdict(proof: RecordProof) -> impl IntoView {
    let here = RwSignal::new(None::<Checked>);
    let on_server = proof.check();
    let (size, seq, key, root) = (proof.size, proof.record.seq, proof.key.clone(), proof.root.clone());
    let (time, note) = (proof.time.clone(), proof.checkpoint.clone());
    // Effects run in the browser only: there the hashes are computed anew.
    Effect::new(move |_| here.set(Some(proof.check())));
    let tone = move || match here.get().unwrap_or(on_server) {
        Checked::Right | Checked::Erased => "notice tone-good",
        Checked::PayloadChanged | Checked::Wrong => "notice tone-bad",
    };
    let glyph = move || match here.get().unwrap_or(on_server) {
        Checked::Right | Checked::Erased => view! { <Icon glyph=Glyph::Check /> },
        Checked::PayloadChanged | Checked::Wrong => view! { <Icon glyph=Glyph::Warning /> },
    };
    let words = move || in_words(here.get().unwrap_or(on_server));
    let place =
        move || if here.get().is_some() { "Checked in this browser." } else { "Checked on the server." };
    view! {
        <div class=tone role="status">
            {glyph}
            <div>
                <p>
                    <strong>{words}</strong>
                    " "
                    <span class="audit-checked">{place}</span>
                </p>
                <p>
                    {format!("Place {seq} of {size} records that the checkpoint of ")}
                    <Moment rfc3339=time /> " covers. The server has checked its signature."
                </p>
                <details>
                    <summary>"The checkpoint"</summary>
                    <p class="audit-quiet">"Root " <Identifier text=root what="root" /></p>
                    <p class="audit-quiet">"Signed by " <Identifier text=key what="public key" /></p>
                    <pre class="audit-arguments" tabindex="0">
                        {note}
                    </pre>
                </details>
            </div>
        </div>
    }
}

fn in_words(checked: Checked) -> &'static str {
    match checked {
        Checked::Right => "This record is what was written.",
        Checked::Erased => "This record is what was written; its details have been erased since.",
        Checked::PayloadChanged => "The address, the arguments, what was touched or the error were changed.",
        Checked::Wrong => "This record is not what was written at its place.",
    }
}

#[component]
fn Unproven(error: AppError) -> impl IntoView {
    view! { <ErrorState error=error /> }
}

fn fact(name: &'static str, value: impl IntoView + 'static) -> impl IntoView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    }
}

fn text(text: &str) -> impl IntoView + use<> {
    let text = text.to_owned();
    view! { <code>{text}</code> }
}

fn definition(digest: String) -> impl IntoView {
    view! { <Identifier text=digest what="digest of the definition" /> }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "–".to_owned() } else { names.join(", ") }
}

fn authenticated(id: &str) -> &'static str {
    match id {
        "session" => "A session after sign-in",
        "key" => "A key",
        "token" => "An access token of an authorization server",
        "instance" => "The key of instances, for somebody else",
        "schedule" => "An automation",
        "command" => "A command at the machine",
        _ => "Nothing: nobody was known",
    }
}

fn channel(id: &str) -> &'static str {
    match id {
        "page" => "A page",
        "rest" => "REST, or a file of a page",
        "mcp" => "MCP",
        "schedule" => "An automation",
        _ => "A command",
    }
}

/// A long id with a button that copies it.
#[component]
fn Identifier(#[prop(into)] text: String, what: &'static str) -> impl IntoView {
    view! {
        <code class="audit-identifier">{text.clone()}</code>
        <CopyButton text=text what=what />
    }
}
