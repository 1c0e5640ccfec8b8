//! Prompts: the label's workflows, each a task in words with what it is about attached.

mod subject;
mod workflows;

pub(super) use workflows::{FOCUS, named};

use super::asked::Asked;
use super::handler::Handler;
use super::instructions;
use crate::engine::tools::Server;
use crate::model::workflow::{Need, WORKFLOWS, WorkflowEntry};
use rmcp::ErrorData;
use rmcp::model::{
    CacheScope, ContentBlock, GetPromptRequestParams, GetPromptResult, JsonObject, ListPromptsResult, Prompt,
    PromptArgument, PromptMessage, Role,
};
use serde_json::Value;

/// The prompts of this address: the workflows go across servers, so a single server has none.
pub(super) fn list(handler: &Handler) -> ListPromptsResult {
    let prompts = offered(handler).map(|workflow| {
        let need = workflow.need.map(|need| {
            PromptArgument::new(need.id())
                .with_title(need.label())
                .with_description(need.description())
                .with_required(true)
        });
        let focus = PromptArgument::new(FOCUS)
            .with_title("Focus")
            .with_description("What to look at above all, for instance: playlists, territories.")
            .with_required(false);
        let arguments = need.into_iter().chain([focus]);
        Prompt::new(workflow.prompt, Some(workflow.description), Some(arguments.collect()))
            .with_title(workflow.workflow.label())
            .with_icons(vec![instructions::icon(None)])
    });
    ListPromptsResult::with_all_items(prompts.collect())
        .with_ttl_ms(60_000)
        .with_cache_scope(CacheScope::Private)
}

/// A prompt with its arguments filled in.
pub(super) async fn get(
    handler: &Handler,
    asked: &Asked,
    request: &GetPromptRequestParams,
) -> Result<GetPromptResult, ErrorData> {
    let wrong = |message: String| ErrorData::invalid_params(message, None);
    let workflow = offered(handler).find(|workflow| workflow.prompt == request.name);
    let workflow = workflow.ok_or_else(|| wrong(format!("There is no prompt {:?}.", request.name)))?;
    let given = request.arguments.as_ref();
    if let Some(unknown) = unknown_argument(workflow, given) {
        return Err(wrong(format!("The prompt {} has no argument {unknown:?}.", workflow.prompt)));
    }
    let value = |name: &str| {
        let value = given.and_then(|given| given.get(name)).and_then(Value::as_str).map(str::trim);
        value.filter(|value| !value.is_empty())
    };
    let told = workflow.need.map(|need| {
        let missing = || wrong(format!("The argument {} of {} is missing.", need.id(), workflow.prompt));
        value(need.id()).ok_or_else(missing)
    });
    let told = told.transpose()?.unwrap_or_default();
    let text = workflows::text(workflow, told, value(FOCUS));
    let mut messages = vec![PromptMessage::new_text(Role::User, text)];
    let subject = match workflow.need {
        Some(Need::Artist) => subject::artist(handler, asked, told).await?,
        Some(Need::Release) => subject::release(handler, asked, told).await?,
        _ => None,
    };
    messages.extend(subject.map(|contents| PromptMessage::new(Role::User, ContentBlock::resource(contents))));
    let mut result = GetPromptResult::new(messages);
    result.description = Some(workflow.description.to_owned());
    Ok(result)
}

/// Whether there is a prompt of this name.
pub(super) fn is_known(handler: &Handler, name: &str) -> bool {
    offered(handler).any(|workflow| workflow.prompt == name)
}

/// The prompts of this address.
fn offered(handler: &Handler) -> impl Iterator<Item = &'static WorkflowEntry> {
    let all = handler.scope == super::scope::Scope::All;
    let has_records = handler.engine().gateway.servers().contains(&Server::DynamoDb);
    WORKFLOWS.iter().filter(move |workflow| all && (has_records || !workflows::has_record(workflow)))
}

fn unknown_argument<'a>(workflow: &WorkflowEntry, given: Option<&'a JsonObject>) -> Option<&'a str> {
    let known = |name: &str| name == FOCUS || workflow.need.is_some_and(|need| need.id() == name);
    given?.keys().map(String::as_str).find(|name| !known(name))
}
