//! A run of a tool: what it was asked, what came of it, and how the page starts.

use super::address::{Address, LinkedArguments};
use super::form::entries::{Entries, without_files};
use super::form::rules::Field;
use super::form::schema;
use super::form::submission::entries_from_fields;
use super::form::values::{self, Reading};
use super::stream::{self, LargeFile, Transfer};
use crate::api::error::{AppError, ErrorKind};
use crate::api::tools::{list_tools, refuse_tool, run_tool};
use crate::model::tool::{ToolDescription, ToolRun};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The field by which a form without JavaScript confirms that something may be overwritten.
pub const CONFIRMED: &str = "_confirmed";

/// The fields of the form that a browser without JavaScript sent to the page by `POST`, in their order.
/// The web layer puts them into the context of the page that it renders as the answer. The content of a
/// picked file stands there as base64.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SubmittedForm {
    /// Names with texts.
    pub fields: Vec<(String, String)>,
    /// How far it came before the page is rendered.
    pub reached: Reached,
}

/// How far a submitted form came.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Reached {
    /// It was read; the page runs the tool.
    #[default]
    Read,
    /// Its file was not taken, because it may replace another one and nobody said yes.
    Unconfirmed,
    /// Its file was sent on while it was read, or it could not be read.
    Ended(Result<ToolRun, AppError>),
}

/// A run that is over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finished {
    /// What the tool was given, without the files, which would only weigh on the page.
    pub arguments: Map<String, Value>,
    /// What it answered.
    pub answer: Result<ToolRun, AppError>,
}

/// Runs a tool.
pub async fn run(tool: ToolDescription, arguments: Map<String, Value>) -> Finished {
    let kept = without_files(&schema::fields(&tool.input_schema), &arguments);
    let text = Value::Object(arguments).to_string();
    Finished { arguments: kept, answer: run_tool(tool.name, text).await }
}

/// Runs a tool whose file is sent as a stream.
pub async fn run_with_stream(
    file: LargeFile,
    arguments: Map<String, Value>,
    progress: impl Fn(Transfer) + 'static,
) -> Finished {
    let answer = stream::send(&file, &arguments, progress).await;
    Finished { arguments, answer }
}

/// The argument of tools that replace a file only where that is asked for.
const OVERWRITE: &str = "overwrite";

/// Whether the person is asked before the tool runs with these arguments: when it may replace or remove
/// what is there. A tool with a switch for that may do so only when the switch is on.
pub fn asks_before(tool: &ToolDescription, arguments: &Map<String, Value>) -> bool {
    let may_replace = tool.annotations.destructive_hint && !tool.annotations.read_only_hint;
    let has_switch = tool.input_schema.pointer(&format!("/properties/{OVERWRITE}")).is_some();
    may_replace && (!has_switch || arguments.get(OVERWRITE) == Some(&Value::Bool(true)))
}

/// What the page is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    /// The tools that the viewer may use.
    pub tools: Vec<ToolDescription>,
    /// What the address or a form without JavaScript already led to.
    pub start: Option<Start>,
}

/// A tool that was asked for together with the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// The tool.
    pub tool: String,
    /// What stands in the form.
    pub entries: Entries,
    /// What came of it; none when it was not run, because it has to be confirmed first.
    pub finished: Option<Finished>,
}

/// Everything that the first rendering needs. Runs the tool when a form was sent, and when the address
/// says so and the tool changes nothing.
///
/// # Errors
/// When the tools cannot be listed.
pub async fn open(address: Address, form: Option<SubmittedForm>) -> Result<Opening, AppError> {
    let tools = list_tools().await?;
    let chosen = tools.iter().find(|tool| address.tool.as_deref() == Some(tool.name.as_str()));
    let start = match (chosen, form) {
        (Some(tool), Some(form)) => Some(submit(tool, form).await),
        (None, Some(SubmittedForm { reached: Reached::Ended(Err(error)), .. })) => return Err(error),
        (None, Some(form)) => address.tool.map(|name| submit_to_nobody(name, form)),
        (Some(tool), None) if runs_at_once(tool, &address) => Some(follow_link(tool, &address).await),
        (_, None) => None,
    };
    Ok(Opening { tools, start })
}

/// A form for a tool that is not there, or not for the one who sent it.
fn submit_to_nobody(tool: String, form: SubmittedForm) -> Start {
    let arguments = form.fields.into_iter().map(|(name, text)| (name, Value::String(text))).collect();
    let mut error = refuse_tool(&tool, arguments, Vec::new());
    if error.kind == ErrorKind::NotFound {
        // At the door it names the address of the list that this page shows.
        "Pick one from the list, or ask an admin for access.".clone_into(&mut error.remedy);
    }
    let finished = Finished { arguments: Map::new(), answer: Err(error) };
    Start { tool, entries: Entries::default(), finished: Some(finished) }
}

/// Whether an address runs a tool without being asked: never one that changes something.
pub fn runs_at_once(tool: &ToolDescription, address: &Address) -> bool {
    address.run && tool.annotations.read_only_hint && address.arguments != LinkedArguments::Broken
}

async fn follow_link(tool: &ToolDescription, address: &Address) -> Start {
    let fields = schema::fields(&tool.input_schema);
    let entries = match &address.arguments {
        LinkedArguments::Given(arguments) => Entries::from_arguments(&fields, arguments),
        LinkedArguments::Absent | LinkedArguments::Broken => Entries::defaults(&fields),
    };
    let finished = run_form(tool, &fields, &entries, values::read(&fields, &entries)).await;
    Start { tool: tool.name.clone(), entries, finished: Some(finished) }
}

async fn submit(tool: &ToolDescription, form: SubmittedForm) -> Start {
    let SubmittedForm { fields: sent, reached } = form;
    let fields = schema::fields(&tool.input_schema);
    let mut entries = entries_from_fields(&fields, &sent);
    let mut reading = values::read(&fields, &entries);
    let start = |entries, finished| Start { tool: tool.name.clone(), entries, finished };
    match reached {
        Reached::Read => {}
        Reached::Unconfirmed => return start(entries, None),
        Reached::Ended(answer) => {
            let arguments = without_files(&fields, &reading.arguments);
            return start(entries, Some(Finished { arguments, answer }));
        }
    }
    stream::name_other_ways(tool, &fields, &entries, &mut reading.errors);
    let waits = reading.errors.is_empty() && asks_before(tool, &reading.arguments) && !is_confirmed(&sent);
    let finished = if waits { None } else { Some(run_form(tool, &fields, &entries, reading).await) };
    if finished.as_ref().is_some_and(|finished| finished.answer.is_ok()) {
        entries.remove_files(&fields);
    }
    start(entries, finished)
}

/// Whether the person said yes in the form.
pub fn is_confirmed(sent: &[(String, String)]) -> bool {
    sent.iter().any(|(name, text)| name == CONFIRMED && text == "yes")
}

/// Runs the tool with what the form says. What cannot be read is not left out, which would be another call,
/// but refused.
async fn run_form(tool: &ToolDescription, fields: &[Field], entries: &Entries, reading: Reading) -> Finished {
    let Reading { mut arguments, errors } = reading;
    if errors.is_empty() {
        return run(tool.clone(), arguments).await;
    }
    let kept = without_files(fields, &arguments);
    for wrong in &errors {
        put_text(&mut arguments, &wrong.field, entries.text(&wrong.field));
    }
    Finished { arguments: kept, answer: Err(refuse_tool(&tool.name, arguments, errors)) }
}

/// Puts what was typed into a field among the arguments as it is.
fn put_text(arguments: &mut Map<String, Value>, path: &str, text: &str) {
    if text.is_empty() {
        return;
    }
    match path.split_once('.') {
        None => {
            arguments.insert(path.to_owned(), text.into());
        }
        Some((parent, rest)) => {
            let group = arguments.entry(parent).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(group) = group {
                put_text(group, rest, text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tool::ToolAnnotations;
    use serde_json::json;

    fn tool(read_only: bool, destructive: bool) -> ToolDescription {
        ToolDescription {
            name: "t".to_owned(),
            server: "s3".to_owned(),
            title: "T".to_owned(),
            description: String::new(),
            input_schema: json!({
                "type": "object", "properties": { "id": { "type": "string" } }, "required": ["id"]
            }),
            output_schema: json!({ "type": "object" }),
            annotations: ToolAnnotations {
                read_only_hint: read_only,
                destructive_hint: destructive,
                idempotent_hint: false,
                open_world_hint: false,
            },
        }
    }

    fn sent(fields: &[(&str, &str)]) -> SubmittedForm {
        let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        SubmittedForm { fields, reached: Reached::Read }
    }

    fn now<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    #[test]
    fn a_link_runs_only_what_changes_nothing() {
        let asked = Address { run: true, ..Address::default() };
        assert!(runs_at_once(&tool(true, false), &asked));
        assert!(!runs_at_once(&tool(false, false), &asked));
        assert!(!runs_at_once(&tool(false, true), &asked));
        assert!(!runs_at_once(&tool(true, false), &Address::default()));
        let broken = Address { arguments: LinkedArguments::Broken, ..asked };
        assert!(!runs_at_once(&tool(true, false), &broken));
    }

    #[test]
    fn a_form_that_may_overwrite_waits_for_a_confirmation() {
        let start = now(submit(&tool(false, true), sent(&[("id", "7")])));
        assert_eq!(start.finished, None);
        assert_eq!(start.entries.text("id"), "7");
    }

    #[test]
    fn an_upload_asks_only_where_it_is_to_replace_something() {
        let mut upload = tool(false, true);
        upload.input_schema["properties"]["overwrite"] = json!({ "type": "boolean", "default": false });
        let arguments = |overwrite: &Value| {
            Map::from_iter([("id".to_owned(), json!("7")), ("overwrite".to_owned(), overwrite.clone())])
        };
        assert!(asks_before(&upload, &arguments(&json!(true))));
        assert!(!asks_before(&upload, &arguments(&json!(false))));
        assert!(!asks_before(&upload, &Map::new()));
        let start = now(submit(&upload, sent(&[("id", "7"), ("overwrite", "false"), ("overwrite", "true")])));
        assert_eq!(start.finished, None);
    }

    #[test]
    fn what_could_not_be_read_goes_on_record_as_it_was_typed() {
        let mut arguments = Map::from_iter([("updateData".to_owned(), json!({ "title": "Tide" }))]);
        put_text(&mut arguments, "expectedVersion", "soon");
        put_text(&mut arguments, "updateData.releaseDate", "Friday");
        put_text(&mut arguments, "releaseId", "");
        assert_eq!(
            Value::Object(arguments),
            json!({ "expectedVersion": "soon", "updateData": { "title": "Tide", "releaseDate": "Friday" } })
        );
    }

    #[test]
    fn a_form_that_could_not_be_read_is_not_run_and_keeps_what_was_read() {
        let refused = AppError::new(ErrorKind::TooLarge, "Too large.", "");
        let reached = Reached::Ended(Err(refused.clone()));
        let form = SubmittedForm { reached, ..sent(&[("id", "7"), (CONFIRMED, "yes")]) };
        let start = now(submit(&tool(false, true), form));
        assert_eq!(start.finished.unwrap().answer, Err(refused));
        assert_eq!(start.entries.text("id"), "7");
    }
}
