//! The tools page: pick a tool, fill in the form that its schema describes, run it, read the result.
//!
//! Everything is in the address (`/tools?tool=…&arguments=…&run=1`), and everything works without
//! JavaScript: tools are links, and the form is sent by `POST` to the page's own address. Then the
//! web layer provides the fields as a [`SubmittedForm`] and renders the page as the answer.

pub mod address;
pub mod browser;
pub mod confirm;
pub mod form;
pub mod picker;
pub mod result;
pub mod run;
pub mod share;
pub mod share_panel;
pub mod workbench;

pub use run::SubmittedForm;

use crate::components::page_heading::PageHeading;
use crate::components::state::{EmptyState, ErrorState, Skeleton};
use address::Address;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use picker::Picker;
use run::{Opening, Start};
use workbench::Workbench;

/// The page `/tools`.
#[component]
pub fn ToolsPage() -> impl IntoView {
    let query = use_location().search;
    let address = Memo::new(move |_| query.with(|query| Address::from_query(query)));
    let submitted = use_context::<SubmittedForm>();
    let opening =
        Resource::new_blocking(|| (), move |()| run::open(address.get_untracked(), submitted.clone()));
    view! {
        <PageHeading title="Tools" />
        <Suspense fallback=|| view! { <Skeleton what="tools" /> }>
            {move || {
                Suspend::new(async move {
                    match opening.await {
                        Ok(opening) => view! { <Console opening=opening address=address /> }.into_any(),
                        Err(error) => view! { <ErrorState error=error /> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

/// The list of tools beside the one at work.
#[component]
fn Console(opening: Opening, address: Memo<Address>) -> impl IntoView {
    let tools = StoredValue::new(opening.tools);
    let start = StoredValue::new(opening.start);
    let chosen = Memo::new(move |_| address.with(|address| address.tool.clone()));
    let search = address.with_untracked(|address| address.search.clone());
    view! {
        <div class="tools-page">
            <Picker tools=tools chosen=chosen search=search />
            <div class="tools-bench">
                {move || {
                    let asked = address.get();
                    let Some(name) = asked.tool.clone() else { return no_tool() };
                    let tool = tools.with_value(|tools| tools.iter().find(|tool| tool.name == name).cloned());
                    match tool {
                        // What the server did belongs to the first rendering only; a later visit begins anew.
                        Some(tool) => {
                            let start = start.try_update_value(Option::take).flatten();
                            let start = start.filter(|start: &Start| start.tool == tool.name);
                            view! { <Workbench tool=tool asked=asked start=start /> }.into_any()
                        }
                        None => unknown_tool(name),
                    }
                }}
            </div>
        </div>
    }
}

fn no_tool() -> AnyView {
    view! {
        <EmptyState title="Pick a tool">
            <p>"Each tool has a form. What you run here goes the same way as a call of an AI client."</p>
        </EmptyState>
    }
    .into_any()
}

fn unknown_tool(name: String) -> AnyView {
    view! {
        <EmptyState title="There is no such tool">
            <p>
                "No tool that you may use is called " <code>{name}</code>
                ". Pick one from the list, or ask an admin for access."
            </p>
        </EmptyState>
    }
    .into_any()
}
