//! Completes what somebody types for an argument of a prompt or a part of an address.

use super::asked::Asked;
use super::handler::Handler;
use super::prompts;
use crate::engine::config::BucketRole;
use crate::engine::gateway::CallError;
use crate::engine::tools::views::{
    FindNames, FindNamesInput, ListFiles, ListFilesInput, ListKnowledgeEntries, ListKnowledgeEntriesInput,
    NameKind,
};
use crate::model::workflow::Need;
use rmcp::ErrorData;
use rmcp::model::{CompleteRequestParams, CompleteResult, CompletionInfo, Reference};

/// Values that are offered at most.
const MOST: u32 = 20;

/// The values that begin, or sound, like what was typed.
pub(super) async fn complete(
    handler: &Handler,
    asked: &Asked,
    request: &CompleteRequestParams,
) -> Result<CompleteResult, ErrorData> {
    let typed = request.argument.value.as_str();
    let argument = request.argument.name.as_str();
    let earlier =
        |name: &str| request.context.as_ref().and_then(|context| context.get_argument(name).cloned());
    let found = match &request.r#ref {
        Reference::Prompt(prompt) => {
            let unknown = || unknown(&format!("{}: {argument}", prompt.name));
            let need = prompts::named(&prompt.name).ok_or_else(unknown)?.need;
            match need.filter(|need| need.id() == argument) {
                Some(Need::Artist) => names(handler, asked, NameKind::Artists, typed).await,
                Some(Need::Release) => names(handler, asked, NameKind::Releases, typed).await,
                Some(Need::File) => {
                    let bucket = handler.engine().config.buckets.default_of(BucketRole::Audio);
                    files(handler, asked, Some(bucket.to_owned()), typed).await
                }
                Some(Need::Contract | Need::Question) => Ok(Vec::new()),
                None if argument == prompts::FOCUS => {
                    Ok(among(["followers", "new releases", "playlists", "territories"], typed))
                }
                None => return Err(unknown()),
            }
        }
        Reference::Resource(template) => match (template.uri.as_str(), argument) {
            ("patchline://artists/{id}", "id") => names(handler, asked, NameKind::Artists, typed).await,
            ("patchline://releases/{id}", "id") => names(handler, asked, NameKind::Releases, typed).await,
            ("patchline://files/{bucket}/{+fileName}", "bucket") => {
                Ok(among(handler.engine().config.buckets.all(), typed))
            }
            ("patchline://files/{bucket}/{+fileName}", "fileName") => {
                files(handler, asked, earlier("bucket"), typed).await
            }
            ("patchline://knowledge/{+name}", "name") => entries(handler, asked, typed).await,
            _ => return Err(unknown(&format!("{}: {argument}", template.uri))),
        },
        _ => return Err(unknown(argument)),
    };
    let values = found.map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
    let info =
        CompletionInfo::with_all_values(values).map_err(|error| ErrorData::internal_error(error, None))?;
    Ok(CompleteResult::new(info))
}

fn unknown(what: &str) -> ErrorData {
    ErrorData::invalid_params(format!("There is nothing to complete for {what}."), None)
}

fn among<'a>(values: impl IntoIterator<Item = &'a str>, typed: &str) -> Vec<String> {
    let typed = typed.to_lowercase();
    let begins = |value: &&str| value.to_lowercase().starts_with(&typed);
    values.into_iter().filter(begins).map(str::to_owned).collect()
}

/// The ids of what has such a name or id: names are not unique, ids are.
async fn names(
    handler: &Handler,
    asked: &Asked,
    kind: NameKind,
    typed: &str,
) -> Result<Vec<String>, CallError> {
    let (gateway, caller) = (&handler.engine().gateway, &asked.caller);
    let input = FindNamesInput { kind, search: typed.to_owned(), most: MOST };
    let found = gateway.call::<FindNames>(&caller.principal, &caller.origin, input).await?;
    Ok(found.output.into_iter().map(|named| named.id).collect())
}

async fn files(
    handler: &Handler,
    asked: &Asked,
    bucket: Option<String>,
    typed: &str,
) -> Result<Vec<String>, CallError> {
    let (gateway, caller) = (&handler.engine().gateway, &asked.caller);
    let Some(bucket_name) = bucket else { return Ok(Vec::new()) };
    let input = ListFilesInput { bucket_name, prefix: typed.to_owned(), most: MOST, cursor: None };
    let found = gateway.call::<ListFiles>(&caller.principal, &caller.origin, input).await?;
    Ok(found.output.files.into_iter().map(|file| file.file_name).collect())
}

async fn entries(handler: &Handler, asked: &Asked, typed: &str) -> Result<Vec<String>, CallError> {
    const ALL: u32 = 1_000;
    let (gateway, caller) = (&handler.engine().gateway, &asked.caller);
    let input = ListKnowledgeEntriesInput { most: ALL, cursor: None };
    let found = gateway.call::<ListKnowledgeEntries>(&caller.principal, &caller.origin, input).await?;
    let typed = typed.to_lowercase();
    let fitting = found.output.names.into_iter().filter(|name| name.to_lowercase().contains(&typed));
    Ok(fitting.take(MOST as usize).collect())
}
