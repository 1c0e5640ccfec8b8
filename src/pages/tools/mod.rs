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
pub mod runner;
#[cfg(feature = "hydrate")]
mod sending;
pub mod share;
pub mod share_panel;
pub mod stream;
pub mod workbench;

pub use run::{Reached, SubmittedForm};

use crate::api::error::{AppError, ErrorKind};
use crate::components::page_heading::PageHeading;
use crate::components::state::{EmptyState, ErrorState, Skeleton, answer_with_status};
use address::Address;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use picker::Picker;
use run::{Opening, Start};
use workbench::Workbench;

/// The id of the way back to the list, which is shown where the screen has no room for both.
const BACK: &str = "all-tools";
/// The id of the page's content.
const MAIN: &str = "main";

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
    // What the server did belongs to the first rendering only; a later visit begins anew. Not taken out
    // while rendering: the server calls the closure below more than once.
    Effect::new(move |_| start.set_value(None));
    let chosen = Memo::new(move |_| address.with(|address| address.tool.clone()));
    let search = address.with_untracked(|address| address.search.clone());
    follow_on_a_small_screen(chosen);
    view! {
        <div class="tools-page" class:has-choice=move || chosen.with(Option::is_some)>
            <Picker tools=tools chosen=chosen search=search />
            <div class="tools-bench">
                <a id=BACK class="tools-back" href=address::PATH on:click=|_| browser::focus(MAIN)>
                    "All tools"
                </a>
                {move || {
                    let asked = address.get();
                    let Some(name) = asked.tool.clone() else { return no_tool() };
                    let tool = tools.with_value(|tools| tools.iter().find(|tool| tool.name == name).cloned());
                    let start = start.get_value().filter(|start: &Start| start.tool == name);
                    match (tool, start.as_ref().and_then(refusal)) {
                        (Some(tool), _) => view! { <Workbench tool=tool asked=asked start=start /> }.into_any(),
                        (None, Some(error)) => view! { <ErrorState error=error /> }.into_any(),
                        (None, None) => unknown_tool(name),
                    }
                }}
            </div>
        </div>
    }
}

/// Where the list gives way to the tool that was picked, the focus goes along.
fn follow_on_a_small_screen(chosen: Memo<Option<String>>) {
    Effect::new(move |before: Option<Option<String>>| {
        let now = chosen.get();
        if before.is_some_and(|before| before != now) && browser::is_shown(BACK) {
            browser::focus_soon(workbench::TITLE);
        }
        now
    });
}

fn no_tool() -> AnyView {
    view! {
        <EmptyState title="Pick a tool">
            <p>"Each tool has a form: fill it in, run it, and read below it what came of it."</p>
        </EmptyState>
    }
    .into_any()
}

/// Why a form was not taken.
fn refusal(start: &Start) -> Option<AppError> {
    start.finished.as_ref()?.answer.as_ref().err().cloned()
}

fn unknown_tool(name: String) -> AnyView {
    answer_with_status(&AppError::new(ErrorKind::NotFound, "There is no such tool.", ""));
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

#[cfg(test)]
mod tests {
    use super::form::entries::Entries;
    use super::*;
    use crate::model::tool::{ToolAnnotations, ToolDescription, ToolRun};
    use leptos::tachys::view::RenderHtml;
    use run::Finished;
    use serde_json::{Map, json};

    fn reading_tool() -> ToolDescription {
        ToolDescription {
            name: "list_audio_files".to_owned(),
            server: "s3".to_owned(),
            title: "List audio files".to_owned(),
            description: "Lists.".to_owned(),
            input_schema: json!({ "type": "object", "properties": { "cursor": { "type": "string" } } }),
            output_schema: json!({ "type": "object" }),
            annotations: ToolAnnotations {
                read_only_hint: true,
                destructive_hint: false,
                idempotent_hint: true,
                open_world_hint: false,
            },
        }
    }

    fn opened(address: &str, start: Option<Start>) -> String {
        Owner::new().with(|| {
            let address = Address::from_query(address);
            let address = Memo::new(move |_| address.clone());
            let opening = Opening { tools: vec![reading_tool()], start };
            let mut view = view! { <Console opening=opening address=address /> }.into_any();
            // As the server does before it renders: every closure is called once to find what has to be waited for.
            view.dry_resolve();
            view.to_html()
        })
    }

    #[test]
    fn the_result_of_a_run_on_the_server_is_in_the_page() {
        let run = ToolRun {
            tool: "list_audio_files".to_owned(),
            request_id: "req-7".to_owned(),
            result: json!({ "files": [{ "key": "a.wav", "sizeBytes": 12_000 }], "nextCursor": "abc" }),
            resources: Vec::new(),
            duration_micros: 34_000,
        };
        let start = Start {
            tool: "list_audio_files".to_owned(),
            entries: Entries::default(),
            finished: Some(Finished { arguments: Map::new(), answer: Ok(run) }),
        };
        let html = opened("tool=list_audio_files&run=1", Some(start));
        assert!(html.contains("Done in 34\u{a0}ms."), "{html}");
        assert!(html.contains("a.wav") && html.contains("12.0 kB") && html.contains("req-7"), "{html}");
        assert!(html.contains("%7B%22cursor%22%3A%22abc%22%7D") && html.contains("Next page"), "{html}");
    }

    #[test]
    fn the_tool_at_work_is_marked_in_the_list() {
        assert!(opened("tool=list_audio_files", None).contains("aria-current=\"page\""));
        assert!(!opened("", None).contains("aria-current=\"page\""));
    }

    #[test]
    fn a_tool_that_is_not_there_is_said_not_to_be_there() {
        assert!(opened("tool=list_video_files", None).contains("There is no such tool"));
    }
}
