//! What somebody did, and what their keys did, as the audit log has it.

use super::own::ViewAccount;
use super::programs::ListOwnPrograms;
use super::{table, to_the_second};
use crate::engine::catalog::Catalog;
use crate::engine::catalog::activity::Reach;
use crate::engine::catalog::keys::ApiKey;
use crate::engine::catalog::schema::{AUDIT_TABLE, KEYS_TABLE};
use crate::engine::identity::keys::id_of_caller;
use crate::engine::tools::views::ViewOwnLimits;
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError};
use crate::model::deed_words as words;
use crate::model::own_account::{Deed, DeedBy, DeedEnd};
use crate::model::tool::AwsResource;
use futures::future::try_join_all;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// How far the records of somebody are read: some are of intents, and of the page itself.
const OF_PERSON: Reach = Reach { found: SHOWN, read: 300 };

/// How far those of a key: some are of intents.
const OF_KEY: Reach = Reach { found: SHOWN, read: 60 };

/// Of how many keys records are read, those first that were used last. As many may work at once.
const MOST_KEYS: usize = 50;

/// Of how many keys at the same time.
const SIDE_BY_SIDE: usize = 8;

/// How many are shown.
const SHOWN: usize = 30;

/// What the page of the account does by being opened.
const OWN: [&str; 4] = [ViewAccount::NAME, ViewOwnActivity::NAME, ViewOwnLimits::NAME, ListOwnPrograms::NAME];

/// Shows what the caller and their keys did last.
pub(super) struct ViewOwnActivity;

/// Whose deeds are wanted.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ViewOwnActivityInput {
    /// Those of everybody who acts in the caller's name unless given.
    pub(super) by: Option<DeedBy>,
}

/// What was found.
pub(super) struct Found {
    /// The newest first.
    pub(super) seen: Vec<Seen>,
    /// How many keys were not looked at.
    pub(super) keys_left_out: u32,
}

/// What is read of a record.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Seen {
    /// Sorts records by when they were made.
    id: String,
    time: String,
    phase: String,
    decision: String,
    channel: String,
    #[serde(default)]
    address: Option<String>,
    request_id: String,
    pub(super) operation: String,
    /// Whose key it was.
    #[serde(default)]
    on_behalf_of: Option<String>,
    /// The work of an agent.
    #[serde(default)]
    task: Option<String>,
    /// None where they are erased.
    #[serde(default)]
    resources: Vec<AwsResource>,
    #[serde(default)]
    error: Option<String>,
    /// What is left of the error where it is erased.
    #[serde(default)]
    error_kind: Option<String>,
    /// What the key is called; no record says that.
    #[serde(skip)]
    key: Option<String>,
}

impl Operation for ViewOwnActivity {
    const NAME: &'static str = "view_own_activity";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ViewOwnActivityInput;
    type Output = Found;

    fn resources(_: &ViewOwnActivityInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![table("Query", AUDIT_TABLE), table("Query", KEYS_TABLE)])
    }

    async fn run(input: ViewOwnActivityInput, context: Context) -> Result<Found, ToolError> {
        let by = input.by;
        let mut seen = if by == Some(DeedBy::Keys) { Vec::new() } else { of_person(&context, by).await? };
        let mut keys_left_out = 0;
        if by != Some(DeedBy::Me) {
            let (by_keys, left_out) = of_keys(&context, by).await?;
            seen.extend(by_keys);
            keys_left_out = left_out;
        }
        seen.sort_by(|a, b| b.id.cmp(&a.id));
        seen.truncate(SHOWN);
        Ok(Found { seen, keys_left_out })
    }
}

/// What the caller did, or one kind of it.
async fn of_person(context: &Context, by: Option<DeedBy>) -> Result<Vec<Seen>, ToolError> {
    let is_wanted = |seen: &Seen| seen.is_told() && by.is_none_or(|by| by == seen.by());
    Ok(context.catalog.records_of(&context.owner, OF_PERSON, is_wanted).await?)
}

/// What the keys of the caller did, also those that work no more, and how many keys were not looked at.
async fn of_keys(context: &Context, by: Option<DeedBy>) -> Result<(Vec<Seen>, u32), ToolError> {
    let mut keys = context.catalog.keys_of(&context.owner).await?;
    keys.sort_by_key(|key| Reverse(key.used_at));
    let left_out = u32::try_from(keys.len().saturating_sub(MOST_KEYS)).unwrap_or(u32::MAX);
    keys.truncate(MOST_KEYS);
    let mut seen = Vec::new();
    for some in keys.chunks(SIDE_BY_SIDE) {
        let found = try_join_all(some.iter().map(|key| of_key(context, key, by))).await?;
        seen.extend(found.into_iter().flatten());
    }
    Ok((seen, left_out))
}

/// What a key did in the name of the caller, or one kind of it.
async fn of_key(context: &Context, key: &ApiKey, by: Option<DeedBy>) -> Result<Vec<Seen>, ToolError> {
    let named = |seen: &Seen| Seen { key: Some(key.name.clone()), ..seen.clone() };
    let is_wanted = |seen: &Seen| {
        let is_own = seen.on_behalf_of.as_deref() == Some(context.owner.as_str());
        is_own && seen.is_told() && by.is_none_or(|by| by == named(seen).by())
    };
    let records = context.catalog.records_of(&id_of_caller(key), OF_KEY, is_wanted).await?;
    Ok(records.iter().map(named).collect())
}

impl Seen {
    /// Whether it says how something ended that a person did.
    fn is_told(&self) -> bool {
        self.phase == "outcome" && !OWN.contains(&self.operation.as_str())
    }

    /// Who did it.
    fn by(&self) -> DeedBy {
        if self.task.is_some() || self.channel == "schedule" {
            DeedBy::Agent
        } else if self.key.is_some() {
            DeedBy::Keys
        } else {
            DeedBy::Me
        }
    }

    /// In words. `tool` is the title of the tool that was used, where it was one.
    pub(super) fn into_deed(self, tool: Option<&str>) -> Deed {
        let by = self.by();
        let has_error = self.error.is_some() || self.error_kind.is_some();
        let end = match self.decision.as_str() {
            "denied" | "invalid" => DeedEnd::Refused,
            _ if has_error => DeedEnd::Failed,
            _ => DeedEnd::Done,
        };
        // `kind: message`
        let reason = self.error.map(|error| match error.split_once(": ") {
            Some((_, message)) => message.to_owned(),
            None => error,
        });
        let mut on: Vec<String> = Vec::new();
        for resource in self.resources {
            if !on.contains(&resource.name) {
                on.push(resource.name);
            }
        }
        Deed {
            request_id: self.request_id,
            time: to_the_second(&self.time),
            words: words::of_operation(&self.operation, tool),
            way: words::of_channel(&self.channel).to_owned(),
            address: self.address,
            end,
            reason,
            by,
            key: self.key,
            on,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(operation: &str, decision: &str, error: Option<&str>) -> Seen {
        Seen {
            id: "01".to_owned(),
            time: "2026-11-24T09:00:00.123456789Z".to_owned(),
            phase: "outcome".to_owned(),
            decision: decision.to_owned(),
            channel: "page".to_owned(),
            address: None,
            request_id: "req_1".to_owned(),
            operation: operation.to_owned(),
            on_behalf_of: None,
            task: None,
            resources: Vec::new(),
            error: error.map(str::to_owned),
            error_kind: None,
            key: None,
        }
    }

    #[test]
    fn a_record_is_told_as_a_person_would_tell_it() {
        let deed = seen("change_own_password", "allowed", None).into_deed(None);
        assert_eq!((deed.words.as_str(), deed.end), ("Changed the password", DeedEnd::Done));
        assert_eq!(deed.time, "2026-11-24T09:00:00Z");
        let denied = seen("list_audio_files", "denied", Some("forbidden: Not now: at night."));
        let denied = denied.into_deed(Some("List audio files"));
        assert_eq!(denied.words, "Used “List audio files”");
        assert_eq!((denied.end, denied.reason.as_deref()), (DeedEnd::Refused, Some("Not now: at night.")));
        let failed = seen("view_artist", "allowed", Some("unavailable: Away.")).into_deed(None);
        assert_eq!(failed.end, DeedEnd::Failed);
        let erased =
            Seen { error_kind: Some("unavailable".to_owned()), ..seen("view_artist", "allowed", None) };
        assert_eq!(erased.into_deed(None).end, DeedEnd::Failed);
    }

    #[test]
    fn who_did_it_is_told_with_the_name_of_the_key_and_each_place_once() {
        let place = |action: &str, name: &str| AwsResource {
            service: "s3".to_owned(),
            action: action.to_owned(),
            name: name.to_owned(),
        };
        let resources = vec![
            place("s3:ListBucket", "patchline-audio"),
            place("s3:GetBucketVersioning", "patchline-audio"),
            place("s3:ListBucket", "patchline-contracts"),
        ];
        let by_key = Seen {
            key: Some("Nightly report".to_owned()),
            resources,
            ..seen("list_audio_files", "allowed", None)
        };
        let told = by_key.clone().into_deed(None);
        assert_eq!((told.by, told.key.as_deref()), (DeedBy::Keys, Some("Nightly report")));
        assert_eq!(told.on, ["patchline-audio", "patchline-contracts"]);
        let by_agent = Seen { task: Some("tsk_1".to_owned()), ..by_key };
        assert_eq!(by_agent.by(), DeedBy::Agent);
        let by_itself = Seen { channel: "schedule".to_owned(), ..seen("send_notice", "allowed", None) };
        assert_eq!(by_itself.by(), DeedBy::Agent);
        assert_eq!(seen("view_artist", "allowed", None).by(), DeedBy::Me);
    }

    #[test]
    fn neither_intents_nor_the_page_itself_are_told() {
        assert!(seen("sign_in", "allowed", None).is_told());
        assert!(!seen("view_account", "allowed", None).is_told());
        assert!(!Seen { phase: "intent".to_owned(), ..seen("add_user", "allowed", None) }.is_told());
    }
}
