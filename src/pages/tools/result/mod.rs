//! What came of a run: the answer for people, the same as JSON, and what it took.

pub mod cell;
pub mod media;
pub mod raw;
pub mod shape;
pub mod table;

use super::address::Address;
use super::run::Finished;
use crate::components::copy_button::CopyButton;
use crate::components::format::counted;
use crate::components::state::ErrorState;
use crate::model::tool::{AwsResource, ToolDescription, ToolRun};
use cell::Facts;
use leptos::prelude::*;
use media::MediaView;
use raw::RawResult;
use serde_json::{Map, Value};
use shape::{Part, next_cursor};
use table::ResultTable;

/// The argument with which a tool goes on with a list.
const CURSOR: &str = "cursor";

/// The outcome of a run, good or bad.
#[component]
pub fn RunResult(
    /// The run.
    finished: Finished,
    /// The tool that ran.
    tool: ToolDescription,
    /// Runs the tool with other arguments: the next page, or the same again.
    run_again: Callback<Map<String, Value>>,
) -> AnyView {
    let Finished { arguments, answer } = finished;
    match answer {
        Ok(run) => view! { <Answer run=run tool=tool arguments=arguments run_again=run_again /> }.into_any(),
        Err(error) => {
            // Only what changes nothing is done again without a look at the form.
            let retry = tool
                .annotations
                .read_only_hint
                .then(|| Callback::new(move |()| run_again.run(arguments.clone())));
            match retry {
                Some(retry) => view! { <ErrorState error=error retry=retry /> }.into_any(),
                None => view! { <ErrorState error=error /> }.into_any(),
            }
        }
    }
}

#[component]
fn Answer(
    run: ToolRun,
    tool: ToolDescription,
    arguments: Map<String, Value>,
    run_again: Callback<Map<String, Value>>,
) -> impl IntoView {
    let next = next_page(&tool, &arguments, &run.result);
    let parts = shape::parts(&run.result, &tool.output_schema);
    view! {
        <div class="result">
            <p class="result-summary" role="status">
                {format!("Done in {}.", readable_duration(run.duration_micros))}
            </p>
            <fieldset class="result-views">
                <legend class="visually-hidden">"Show the result as"</legend>
                <label>
                    <input type="radio" name="result-view" value="readable" class="show-readable" checked />
                    "Readable"
                </label>
                <label>
                    <input type="radio" name="result-view" value="json" class="show-json" />
                    "JSON"
                </label>
            </fieldset>
            <div class="result-readable">{parts.into_iter().map(draw_part).collect_view()}</div>
            <div class="result-raw">
                <RawResult result=run.result />
            </div>
            {next
                .map(|arguments| {
                    view! { <NextPage tool=tool.name.clone() arguments=arguments run_again=run_again /> }
                })}
            <Touched resources=run.resources />
            <p class="result-request">
                "Request " <code>{run.request_id.clone()}</code> <CopyButton text=run.request_id what="request id" />
            </p>
        </div>
    }
}

fn draw_part(part: Part) -> AnyView {
    match part {
        Part::Media(media) => view! { <MediaView media=media /> }.into_any(),
        Part::Facts { label, facts } => view! { <Facts label=label facts=facts /> }.into_any(),
        Part::Table(table) => view! { <ResultTable table=table /> }.into_any(),
        Part::Paragraph { label, text } => view! {
            <h4>{label}</h4>
            <p class="result-text">{text}</p>
        }
        .into_any(),
        Part::List { label, items } if items.is_empty() => view! {
            <h4>{label}</h4>
            <p class="muted">"None"</p>
        }
        .into_any(),
        Part::List { label, items } => view! {
            <h4>{label}</h4>
            <ul class="result-list">
                {items.into_iter().map(|item| view! { <li>{cell::draw(item)}</li> }).collect_view()}
            </ul>
        }
        .into_any(),
    }
}

/// The arguments of the next page, when the tool takes a cursor, changes nothing, and gave one.
fn next_page(
    tool: &ToolDescription,
    arguments: &Map<String, Value>,
    result: &Value,
) -> Option<Map<String, Value>> {
    let takes_cursor =
        tool.input_schema.get("properties").is_some_and(|properties| properties.get(CURSOR).is_some());
    let cursor = next_cursor(result).filter(|_| takes_cursor && tool.annotations.read_only_hint)?;
    let mut next = arguments.clone();
    next.insert(CURSOR.to_owned(), cursor.into());
    Some(next)
}

/// A link, so that it works without JavaScript; with it the page stays.
#[component]
fn NextPage(
    tool: String,
    arguments: Map<String, Value>,
    run_again: Callback<Map<String, Value>>,
) -> impl IntoView {
    let address = Address::to_run(&tool, &arguments);
    let go_on = move |event: leptos::ev::MouseEvent| {
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        event.prevent_default();
        run_again.run(arguments.clone());
    };
    view! {
        <p>
            <a class="button" href=address on:click=go_on>
                "Next page"
            </a>
        </p>
    }
}

#[component]
fn Touched(resources: Vec<AwsResource>) -> impl IntoView {
    let count = u64::try_from(resources.len()).unwrap_or(u64::MAX);
    (count > 0).then(|| {
        view! {
            <details class="result-touched">
                <summary>{format!("Touched {} in AWS", counted(count, "resource"))}</summary>
                <ul>
                    {resources
                        .into_iter()
                        .map(|resource| {
                            view! { <li><code>{resource.action}</code> " " <code>{resource.name}</code></li> }
                        })
                        .collect_view()}
                </ul>
            </details>
        }
    })
}

/// A duration in the unit that suits it: `640 µs`, `34 ms`, `1.24 s`.
fn readable_duration(micros: u64) -> String {
    match micros {
        0..1_000 => format!("{micros}\u{a0}µs"),
        1_000..1_000_000 => format!("{}\u{a0}ms", micros / 1_000),
        _ => format!("{}.{:02}\u{a0}s", micros / 1_000_000, micros % 1_000_000 / 10_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tool::ToolAnnotations;
    use serde_json::json;

    fn lister(read_only_hint: bool, properties: Value) -> ToolDescription {
        ToolDescription {
            name: "list_audio_files".to_owned(),
            server: "s3".to_owned(),
            title: "List".to_owned(),
            description: String::new(),
            input_schema: json!({ "type": "object", "properties": properties }),
            output_schema: json!({ "type": "object" }),
            annotations: ToolAnnotations {
                read_only_hint,
                destructive_hint: false,
                idempotent_hint: true,
                open_world_hint: false,
            },
        }
    }

    #[test]
    fn durations_read_in_the_unit_that_suits_them() {
        assert_eq!(readable_duration(640), "640\u{a0}µs");
        assert_eq!(readable_duration(34_900), "34\u{a0}ms");
        assert_eq!(readable_duration(1_240_000), "1.24\u{a0}s");
    }

    #[test]
    fn the_next_page_asks_the_same_with_the_cursor() {
        let mut asked = Map::new();
        asked.insert("maxKeys".to_owned(), 2.into());
        let page = json!({ "nextCursor": "abc" });
        let next = next_page(&lister(true, json!({ "cursor": {}, "maxKeys": {} })), &asked, &page).unwrap();
        assert_eq!(Value::Object(next), json!({ "cursor": "abc", "maxKeys": 2 }));
        assert_eq!(next_page(&lister(true, json!({ "maxKeys": {} })), &asked, &page), None);
        assert_eq!(next_page(&lister(false, json!({ "cursor": {} })), &asked, &page), None);
        assert_eq!(next_page(&lister(true, json!({ "cursor": {} })), &asked, &json!({})), None);
    }
}
