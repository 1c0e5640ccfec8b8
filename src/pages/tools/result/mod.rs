//! What came of a run: the answer for people, the same as JSON, and what it took.

pub mod cell;
pub mod media;
pub mod raw;
pub mod sample;
pub mod shape;
pub mod table;

use super::address::Address;
use super::form::rules::Field;
use super::form::schema;
use super::form::values::field_for;
use super::run::Finished;
use crate::api::error::AppError;
use crate::components::badge::SampleBadge;
use crate::components::copy_button::CopyButton;
use crate::components::format::counted;
use crate::components::state::FailedForm;
use crate::model::tool::{AwsResource, Choice, ToolDescription, ToolRun};
use cell::Facts;
use leptos::prelude::*;
use media::MediaView;
use raw::RawResult;
use sample::is_sample;
use serde_json::{Map, Value};
use shape::Part;
use table::ResultTable;

/// The outcome of a run, good or bad.
#[component]
pub fn RunResult(
    /// The run.
    finished: Finished,
    /// The tool that ran.
    tool: ToolDescription,
    /// The id of its form.
    form: &'static str,
    /// Runs the tool with other arguments: the next page, or the same again.
    run_again: Callback<Map<String, Value>>,
) -> AnyView {
    let Finished { arguments, answer } = finished;
    match answer {
        Ok(run) => view! { <Answer run=run tool=tool arguments=arguments run_again=run_again /> }.into_any(),
        Err(error) => {
            view! { <Refused error=error tool=tool arguments=arguments form=form run_again=run_again /> }
                .into_any()
        }
    }
}

/// Why there is no answer, and what there is to choose from.
#[component]
fn Refused(
    error: AppError,
    tool: ToolDescription,
    arguments: Map<String, Value>,
    form: &'static str,
    run_again: Callback<Map<String, Value>>,
) -> impl IntoView {
    let error = in_words_of_the_form(error, &schema::fields(&tool.input_schema));
    let choice = error.choice.clone();
    let same = arguments.clone();
    // Only what changes nothing is done again without a look at the form.
    let retry = tool.annotations.read_only_hint.then(|| Callback::new(move |()| run_again.run(same.clone())));
    view! {
        <FailedForm error=error form=form retry=retry>
            {choice
                .map(|choice| {
                    view! { <Candidates choice=*choice tool=tool arguments=arguments run_again=run_again /> }
                })}
        </FailedForm>
    }
}

/// The error with the labels of the form in place of the names of arguments.
pub fn in_words_of_the_form(mut error: AppError, fields: &[Field]) -> AppError {
    for wrong in &mut error.fields {
        let Some(field) = field_for(fields, &wrong.field) else { continue };
        let Some(inside) = wrong.field.strip_prefix(&field.path) else { continue };
        let inside = inside.trim_start_matches('.');
        let label =
            if inside.is_empty() { field.label.clone() } else { format!("{}, {inside}", field.label) };
        error.message =
            error.message.replace(&format!("The argument {} ", wrong.field), &format!("“{label}” "));
        wrong.field = label;
    }
    error
}

/// Links with what the arguments may have meant: each fills the form with one of them.
#[component]
fn Candidates(
    choice: Choice,
    tool: ToolDescription,
    arguments: Map<String, Value>,
    run_again: Callback<Map<String, Value>>,
) -> impl IntoView {
    let Choice { argument, replaces, options } = choice;
    let mut settled = arguments;
    settled.remove(&replaces);
    let runs = tool.annotations.read_only_hint;
    let links = options.into_iter().map(|option| {
        let mut chosen = settled.clone();
        chosen.insert(argument.clone(), option.value.into());
        view! {
            <li>
                <ArgumentsLink words=option.title tool=tool.name.clone() arguments=chosen runs=runs run_again=run_again />
            </li>
        }
    });
    view! { <ul class="candidates">{links.collect_view()}</ul> }
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
    let sample = is_sample(&run.result);
    view! {
        <div class="result">
            <p class="result-summary" role="status">
                {format!("Done in {}.", readable_duration(run.duration_micros))}
            </p>
            {sample.then(|| view! { <SampleBadge /> })}
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
                    let tool = tool.name.clone();
                    view! {
                        <p>
                            <ArgumentsLink words="Next page" tool=tool arguments=arguments runs=true run_again=run_again />
                        </p>
                    }
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
        Part::Technical(facts) => view! {
            <details class="result-technical">
                <summary>"For programs"</summary>
                <Facts label=None facts=facts />
            </details>
        }
        .into_any(),
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
    let (argument, value) = shape::next_page(result)?;
    let properties = tool.input_schema.get("properties")?;
    if properties.get(argument).is_none() || !tool.annotations.read_only_hint {
        return None;
    }
    let mut next = arguments.clone();
    next.insert(argument.to_owned(), value.into());
    Some(next)
}

/// The tool with other arguments. A link, so that it works without JavaScript; with it the page stays
/// where the tool may run at once.
#[component]
fn ArgumentsLink(
    #[prop(into)] words: String,
    tool: String,
    arguments: Map<String, Value>,
    runs: bool,
    run_again: Callback<Map<String, Value>>,
) -> impl IntoView {
    let address =
        if runs { Address::to_run(&tool, &arguments) } else { Address::with_arguments(&tool, &arguments) };
    let go_on = move |event: leptos::ev::MouseEvent| {
        if !runs || event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        event.prevent_default();
        run_again.run(arguments.clone());
    };
    view! {
        <a class="button" href=address on:click=go_on>
            {words}
        </a>
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
    use crate::api::error::{ErrorKind, FieldError};
    use crate::model::tool::{ChoiceOption, ToolAnnotations};
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

    #[test]
    fn what_is_wrong_is_told_in_the_words_of_the_form() {
        let schema = json!({
            "type": "object",
            "properties": {
                "metadata": { "type": "object", "title": "Notes", "additionalProperties": { "type": "string" } },
                "updateData": {
                    "type": "object",
                    "properties": { "releaseDate": { "type": "string", "title": "Release date" } }
                }
            }
        });
        let mut error =
            AppError::new(ErrorKind::Invalid, "The argument updateData.releaseDate is wrong: no day.", "");
        let names = ["updateData.releaseDate", "metadata.isrc", "file"];
        error.fields = names.map(|name| FieldError::new(name, "no")).to_vec();
        let told = in_words_of_the_form(error, &schema::fields(&schema));
        assert_eq!(told.message, "“Release date” is wrong: no day.");
        let names: Vec<&str> = told.fields.iter().map(|wrong| wrong.field.as_str()).collect();
        assert_eq!(names, ["Release date", "Notes, isrc", "file"]);
    }

    #[test]
    fn candidates_are_links_that_settle_what_was_meant() {
        let mut error = AppError::new(ErrorKind::Choose, "2 artists have the name \"Mira\".", "Choose.");
        let option =
            |value: &str, title: &str| ChoiceOption { value: value.to_owned(), title: title.to_owned() };
        error.choice = Some(Box::new(Choice {
            argument: "artistId".to_owned(),
            replaces: "name".to_owned(),
            options: vec![option("art_1", "Mira – folk, Norway"), option("art_2", "Mira – techno, Berlin")],
        }));
        let arguments = json!({ "name": "Mira", "limit": 5 }).as_object().cloned().unwrap();
        let html = |read_only: bool| {
            let (error, arguments) = (error.clone(), arguments.clone());
            let finished = Finished { arguments, answer: Err(error) };
            let tool =
                lister(read_only, json!({ "name": { "type": "string" }, "artistId": { "type": "string" } }));
            Owner::new().with(|| {
                provide_context(leptos_router::location::RequestUrl::new("/tools"));
                let again = Callback::new(|_| ());
                view! { <leptos_router::components::Router><RunResult finished=finished tool=tool form="f" run_again=again /></leptos_router::components::Router> }
                    .to_html()
            })
        };
        let reads = html(true);
        assert!(reads.contains("Which one do you mean?") && !reads.contains("Try again"), "{reads}");
        let settled = "arguments=%7B%22limit%22%3A5%2C%22artistId%22%3A%22art_2%22%7D";
        assert!(reads.contains(settled) && reads.contains("run=1"), "{reads}");
        assert!(reads.contains("Mira – techno, Berlin"), "{reads}");
        let changes = html(false);
        assert!(changes.contains(settled) && !changes.contains("run=1"), "{changes}");
    }
}
