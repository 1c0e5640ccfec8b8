//! Prompts: the label's workflows, each a task in words with what it is about attached.

mod subject;
mod workflows;

use super::asked::Asked;
use super::handler::Handler;
use super::instructions;
use crate::engine::tools::Server;
use rmcp::ErrorData;
use rmcp::model::{
    CacheScope, ContentBlock, GetPromptRequestParams, GetPromptResult, JsonObject, ListPromptsResult, Prompt,
    PromptArgument, PromptMessage, Role,
};
use serde_json::Value;
use workflows::{Subject, WORKFLOWS, Workflow};

/// The prompts of this address: the workflows go across servers, so a single server has none.
pub(super) fn list(handler: &Handler) -> ListPromptsResult {
    let prompts = offered(handler).map(|workflow| {
        let arguments = workflow.arguments.iter().map(|argument| {
            PromptArgument::new(argument.name)
                .with_title(argument.title)
                .with_description(argument.description)
                .with_required(argument.required)
        });
        Prompt::new(workflow.name, Some(workflow.description), Some(arguments.collect()))
            .with_title(workflow.title)
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
    let workflow = offered(handler).find(|workflow| workflow.name == request.name);
    let workflow = workflow.ok_or_else(|| wrong(format!("There is no prompt {:?}.", request.name)))?;
    let given = request.arguments.as_ref();
    if let Some(unknown) = unknown_argument(workflow, given) {
        return Err(wrong(format!("The prompt {} has no argument {unknown:?}.", workflow.name)));
    }
    let value = |name: &str| given.and_then(|given| given.get(name)).and_then(Value::as_str).map(str::trim);
    for argument in workflow.arguments {
        if argument.required && value(argument.name).is_none_or(str::is_empty) {
            return Err(wrong(format!("The argument {} of {} is missing.", argument.name, workflow.name)));
        }
    }
    let text = (workflow.text)(&|name| value(name).filter(|value| !value.is_empty()));
    let mut messages = vec![PromptMessage::new_text(Role::User, text)];
    let subject = match workflow.subject {
        Subject::Artist => subject::artist(handler, asked, value("artist").unwrap_or_default()).await?,
        Subject::Release => subject::release(handler, asked, value("release").unwrap_or_default()).await?,
        Subject::Label => None,
    };
    messages.extend(subject.map(|contents| PromptMessage::new(Role::User, ContentBlock::resource(contents))));
    let mut result = GetPromptResult::new(messages);
    result.description = Some(workflow.description.to_owned());
    Ok(result)
}

/// Whether there is a prompt of this name.
pub(super) fn is_known(handler: &Handler, name: &str) -> bool {
    offered(handler).any(|workflow| workflow.name == name)
}

/// The prompts of this address.
fn offered(handler: &Handler) -> impl Iterator<Item = &'static Workflow> {
    let all = handler.scope == super::scope::Scope::All;
    let has_records = handler.engine().gateway.servers().contains(&Server::DynamoDb);
    WORKFLOWS.iter().filter(move |workflow| all && (has_records || workflow.subject == Subject::Label))
}

fn unknown_argument<'a>(workflow: &Workflow, given: Option<&'a JsonObject>) -> Option<&'a str> {
    let known = |name: &str| workflow.arguments.iter().any(|argument| argument.name == name);
    given?.keys().map(String::as_str).find(|name| !known(name))
}
