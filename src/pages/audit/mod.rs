//! The page of the audit log: who did what, the newest first, and the proof that a record is what was written.
//!
//! What is asked for stands in the address, so everything is a link or a form and works without JavaScript.

pub mod address;
pub mod drawer;
pub mod filters;
pub mod list;
mod tail;
mod who;

use crate::api::audit::{verify_record, view_audit};
use crate::api::error::AppError;
use crate::components::page_heading::PageHeading;
use crate::components::state::{ErrorState, Skeleton, answer_with_status};
use crate::model::audit::{AuditPage, RecordProof};
use address::Address;
use drawer::Drawer;
use filters::{Export, Filters};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use list::Records;

/// What a verification came to; none where none is asked for.
type Proof = Option<Result<RecordProof, AppError>>;

/// The page `/admin/audit`.
#[component]
pub fn AuditLogPage() -> impl IntoView {
    let search = use_location().search;
    let address = Memo::new(move |_| search.with(|search| Address::read(search)));
    let asked = Memo::new(move |_| address.with(|address| (address.question.clone(), address.live)));
    let page = Resource::new(move || asked.get(), |(question, _)| view_audit(question));
    let proof = Resource::new(move || address.with(Address::proven), prove);
    let again = Callback::new(move |()| page.refetch());
    let navigate = use_navigate();
    let go = Callback::new(move |address: String| {
        navigate(&address, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    });
    view! {
        <PageHeading title="Audit log" />
        <Transition fallback=|| view! { <Skeleton what="the audit log" lines=14 /> }>
            {move || Suspend::new(async move {
                let asked = address.get_untracked();
                match page.await {
                    Ok(page) => view! { <Shown page=page asked=asked proof=proof go=go /> }.into_any(),
                    Err(error) => {
                        answer_with_status(&error);
                        view! {
                            <Filters asked=asked />
                            <ErrorState error=error retry=again />
                        }
                            .into_any()
                    }
                }
            })}
        </Transition>
    }
}

/// Asks for the proof of the record that the address names.
async fn prove(record: Option<String>) -> Proof {
    match record {
        Some(record) => Some(verify_record(record).await),
        None => None,
    }
}

#[component]
fn Shown(page: AuditPage, asked: Address, proof: Resource<Proof>, go: Callback<String>) -> impl IntoView {
    let (open, names) = (page.open.clone(), page.names.clone());
    let wanted = !asked.question.record.is_empty();
    let drawer =
        wanted.then(|| view! { <Drawer record=open names=names asked=asked.clone() proof=proof go=go /> });
    view! {
        <Filters asked=asked.clone() />
        <Export asked=asked.clone() />
        <Records page=page asked=asked />
        {drawer}
    }
}
