//! One tool at work: its form, the run, the result.

use super::address::{Address, LinkedArguments};
use super::confirm::ConfirmDialog;
use super::form::entries::{Entries, unknown_arguments};
use super::form::fields::Fields;
use super::form::rules::Field;
use super::form::schema;
use super::form::state::FormState;
use super::picker::EffectBadge;
use super::result::RunResult;
use super::run::{CONFIRMED, Start, asks_before, runs_at_once};
use super::runner::{Progress, Runner};
use super::share_panel::SharePanel;
use super::stream;
use crate::components::browser;
use crate::model::fleet::server_title;
use crate::model::tool::ToolDescription;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use serde_json::{Map, Value};

/// The id of the form, by which what stands outside of it sends it.
const FORM: &str = "tool-form";
/// The id of its heading.
pub(super) const TITLE: &str = "tool-title";

/// The form of a tool with what came of running it.
#[component]
pub fn Workbench(
    /// The tool.
    tool: ToolDescription,
    /// What the address asked for.
    asked: Address,
    /// What the server already did, when this is the first rendering.
    start: Option<Start>,
) -> AnyView {
    let fields = schema::fields(&tool.input_schema);
    let unknown = match &asked.arguments {
        LinkedArguments::Given(arguments) => unknown_arguments(&fields, arguments),
        LinkedArguments::Absent | LinkedArguments::Broken => Vec::new(),
    };
    let notice = link_notice(&asked, &unknown);
    let run_now = runs_at_once(&tool, &asked) && start.is_none();
    let form = FormState::new(fields.clone(), first_entries(&fields, &asked, start.as_ref()))
        .streaming(stream::streams(&tool));
    let unconfirmed = start.as_ref().is_some_and(|start| start.finished.is_none());
    let runner = Runner::new(&tool, form, start.and_then(|start| start.finished));

    let dialog = NodeRef::<html::Dialog>::new();
    let waiting = StoredValue::new(Map::new());
    let subject = RwSignal::new(Vec::new());
    let described = StoredValue::new(tool.clone());
    let attempt = move || {
        let reading = form.read();
        let asks = described.with_value(|tool| asks_before(tool, &reading.arguments));
        if let Some(first) = form.show_errors(&reading.errors) {
            browser::focus(&first);
        } else if let (true, Some(dialog)) = (asks, dialog.get_untracked()) {
            subject.set(form.subject());
            waiting.set_value(reading.arguments);
            // Fails only when the dialog is open already.
            dialog.show_modal().ok();
        } else {
            runner.start(reading.arguments);
        }
    };
    let confirmed = Callback::new(move |()| runner.start(waiting.get_value()));
    let run_again = Callback::new(move |arguments: Map<String, Value>| {
        form.fill(&arguments);
        runner.start(arguments);
    });
    Effect::new(move |_| {
        if run_now {
            attempt();
        }
    });

    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            form.start_over();
            attempt();
        }
    };
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        form.start_over();
        attempt();
    };
    view! {
        <article class="workbench" aria-labelledby=TITLE>
            {head(&tool)}
            {notice.map(|words| view! { <p class="notice tone-warning" role="status">{words}</p> })}
            <form
                id=FORM
                class="tool-form"
                method="post"
                action=Address::of_tool(&tool.name)
                enctype=form.takes_files().then_some("multipart/form-data")
                prop:noValidate=true
                on:submit=on_submit
                on:keydown=on_key
            >
                // Before the fields: the answer has to arrive before the file does.
                {unconfirmed.then(|| view! { <ConfirmedField title=tool.title.clone() again=form.streams() /> })}
                <Fields fields=fields form=form enforced=true />
                <div class="tool-actions">
                    <button type="submit" class="button is-primary" aria-keyshortcuts="Control+Enter Meta+Enter">
                        "Run"
                    </button>
                    {move || runner.is_running().then(|| view! { <Progress runner=runner /> })}
                </div>
            </form>
            <ConfirmDialog node=dialog title=tool.title.clone() subject=subject confirmed=confirmed />
            <Outcome runner=runner tool=tool.clone() run_again=run_again />
            <SharePanel tool=tool.name form=form />
        </article>
    }
    .into_any()
}

/// What the tool is.
fn head(tool: &ToolDescription) -> impl IntoView + use<> {
    view! {
        <header class="tool-head">
            <p class="muted">{server_title(&tool.server)}</p>
            <h2 id=TITLE tabindex="-1">{tool.title.clone()}</h2>
            <EffectBadge annotations=tool.annotations />
            <p>{tool.description.clone()}</p>
            <p class="muted"><code>{tool.name.clone()}</code></p>
        </header>
    }
}

/// What came of running it.
#[component]
fn Outcome(runner: Runner, tool: ToolDescription, run_again: Callback<Map<String, Value>>) -> impl IntoView {
    view! {
        <section class="tool-result" aria-labelledby="result-title" aria-busy=move || runner.is_running().to_string()>
            <h3 id="result-title">"Result"</h3>
            {move || match (runner.given_up(), runner.finished()) {
                (Some(words), _) => view! { <p class="notice tone-warning" role="status">{words}</p> }.into_any(),
                (None, Some(finished)) => {
                    let tool = tool.clone();
                    view! { <RunResult finished=finished tool=tool form=FORM run_again=run_again /> }.into_any()
                }
                (None, None) => view! { <p class="muted">"Nothing yet. Fill in the form and run the tool."</p> }.into_any(),
            }}
        </section>
    }
}

/// What stands in the form at first: what was sent, else what the address says, else the defaults.
fn first_entries(fields: &[Field], asked: &Address, start: Option<&Start>) -> Entries {
    match (start, &asked.arguments) {
        (Some(start), _) => start.entries.clone(),
        (None, LinkedArguments::Given(arguments)) => Entries::from_arguments(fields, arguments),
        (None, LinkedArguments::Absent | LinkedArguments::Broken) => Entries::defaults(fields),
    }
}

/// What in a link could not be used, so that nobody runs something else than the link meant.
fn link_notice(asked: &Address, unknown: &[String]) -> Option<String> {
    if asked.arguments == LinkedArguments::Broken {
        return Some(
            "The arguments in the link are not a JSON object, so the form was not filled in.".to_owned(),
        );
    }
    (!unknown.is_empty())
        .then(|| format!("The link has arguments that this tool does not take: {}.", unknown.join(", ")))
}

/// Takes the place of the dialog where there is no JavaScript.
#[component]
fn ConfirmedField(
    title: String,
    /// Whether the file has to be picked again.
    again: bool,
) -> impl IntoView {
    view! {
        <div class="field field-switch">
            <input type="checkbox" id="confirmed" name=CONFIRMED value="yes" required />
            <label for="confirmed">
                {format!("Yes, run “{title}”. I know that it may overwrite or remove what is there.")}
            </label>
            {again.then(|| view! { <p class="field-help">"Pick the file again, too: it was not taken yet."</p> })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tool::ToolAnnotations;
    use serde_json::json;

    /// What the server sends for a tool with a field of each sort.
    fn rendered(asked: Address, start: Option<Start>) -> String {
        let tool = ToolDescription {
            name: "upload".to_owned(),
            server: "s3".to_owned(),
            title: "Upload".to_owned(),
            description: "Stores a file.".to_owned(),
            input_schema: json!({
                "type": "object",
                "properties": {
                    "bucketName": { "type": "string", "minLength": 3 },
                    "content": { "type": "string", "contentEncoding": "base64", "maxLength": 4000 },
                    "range": { "enum": ["1h", "24h"] },
                    "loud": { "type": "boolean", "default": true },
                    "count": { "type": "integer", "minimum": 1, "maximum": 9 },
                    "day": { "type": "string", "format": "date" },
                    "list": { "type": "array", "items": { "type": "string" } },
                    "free": { "type": "object", "additionalProperties": true },
                    "group": { "type": "object", "properties": { "name": { "type": "string" } } }
                },
                "required": ["bucketName", "content"]
            }),
            output_schema: json!({ "type": "object" }),
            annotations: ToolAnnotations {
                read_only_hint: false,
                destructive_hint: true,
                idempotent_hint: false,
                open_world_hint: false,
            },
        };
        Owner::new().with(|| view! { <Workbench tool=tool asked=asked start=start /> }.to_html())
    }

    fn linked(query: &str) -> Address {
        Address::from_query(query)
    }

    /// The texts between each `before` and the next quotation mark.
    fn between<'a>(html: &'a str, before: &str) -> Vec<&'a str> {
        html.split(before).skip(1).filter_map(|rest| rest.split('"').next()).collect()
    }

    #[test]
    fn every_label_and_every_description_refers_to_something_on_the_page() {
        let html = rendered(linked("tool=upload"), None);
        let ids = between(&html, " id=\"");
        let labels = between(&html, "<label for=\"");
        assert!(labels.len() >= 9, "{labels:?}");
        for label in labels {
            assert!(ids.contains(&label), "no control {label} in {html}");
        }
        for description in between(&html, "aria-describedby=\"").iter().flat_map(|ids| ids.split(' ')) {
            assert!(ids.contains(&description), "no text {description} in {html}");
        }
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), ids.len(), "an id is there twice: {ids:?}");
    }

    #[test]
    fn a_linked_form_is_filled_in_before_any_script_runs() {
        let arguments =
            "%7B%22bucketName%22%3A%22a%3Cb%22%2C%22free%22%3A%7B%22x%22%3A%22%3C%2Ftextarea%3E%22%7D%7D";
        let html = rendered(linked(&format!("tool=upload&arguments={arguments}")), None);
        assert!(html.contains("value=\"a&lt;b\"") || html.contains("value=\"a<b\""), "{html}");
        assert!(html.contains("&lt;/textarea>"), "{html}");
        assert!(html.contains("name=\"loud\" value=\"false\""), "{html}");
    }

    #[test]
    fn without_javascript_the_form_posts_to_the_page_with_its_files() {
        let html = rendered(linked("tool=upload"), None);
        assert!(
            html.contains("method=\"post\" action=\"/tools?tool=upload\" enctype=\"multipart/form-data\""),
            "{html}"
        );
        assert!(!html.contains(CONFIRMED), "{html}");
    }

    #[test]
    fn a_form_that_waits_for_its_confirmation_asks_for_it() {
        let start = Start { tool: "upload".to_owned(), entries: Entries::default(), finished: None };
        assert!(rendered(linked("tool=upload"), Some(start)).contains("name=\"_confirmed\""));
    }

    #[test]
    fn a_link_that_cannot_be_followed_says_why() {
        let broken = Address { arguments: LinkedArguments::Broken, ..Address::default() };
        assert!(link_notice(&broken, &[]).unwrap().contains("not a JSON object"));
        assert!(link_notice(&Address::default(), &["limmit".to_owned()]).unwrap().ends_with("limmit."));
        assert_eq!(link_notice(&Address::default(), &[]), None);
    }
}
