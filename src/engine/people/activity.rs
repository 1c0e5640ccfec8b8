//! What somebody did, as the audit log has it.

use super::own::ViewAccount;
use super::{table, to_the_second, words};
use crate::engine::catalog::Catalog;
use crate::engine::catalog::schema::AUDIT_TABLE;
use crate::engine::tools::views::ViewOwnLimits;
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError};
use crate::model::own_account::{Deed, DeedEnd};
use crate::model::tool::AwsResource;
use serde::{Deserialize, Serialize};

/// How many records are read: some are of intents, and of the page itself.
const READ: i32 = 200;

/// How many are shown.
const SHOWN: usize = 30;

/// What the page of the account does by being opened.
const OWN: [&str; 3] = [ViewAccount::NAME, ViewOwnActivity::NAME, ViewOwnLimits::NAME];

/// Shows what the caller did last.
pub(super) struct ViewOwnActivity;

/// Nothing is chosen.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ViewOwnActivityInput {}

/// What is read of a record.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Seen {
    time: String,
    phase: String,
    decision: String,
    channel: String,
    #[serde(default)]
    address: Option<String>,
    request_id: String,
    pub(super) operation: String,
    #[serde(default)]
    error: Option<String>,
    /// What is left of the error where it is erased.
    #[serde(default)]
    error_kind: Option<String>,
}

impl Operation for ViewOwnActivity {
    const NAME: &'static str = "view_own_activity";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ViewOwnActivityInput;
    type Output = Vec<Seen>;

    fn resources(_: &ViewOwnActivityInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![table("Query", AUDIT_TABLE)])
    }

    async fn run(_: ViewOwnActivityInput, context: Context) -> Result<Vec<Seen>, ToolError> {
        let records = context.catalog.records_of::<Seen>(&context.owner, READ).await?;
        let told = records.iter().filter(|seen| seen.is_told());
        Ok(told.take(SHOWN).cloned().collect())
    }
}

impl Seen {
    /// Whether it says how something ended that a person did.
    fn is_told(&self) -> bool {
        self.phase == "outcome" && !OWN.contains(&self.operation.as_str())
    }

    /// In words. `tool` is the title of the tool that was used, where it was one.
    pub(super) fn into_deed(self, tool: Option<&str>) -> Deed {
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
        Deed {
            request_id: self.request_id,
            time: to_the_second(&self.time),
            words: words::of_operation(&self.operation, tool),
            way: words::of_channel(&self.channel).to_owned(),
            address: self.address,
            end,
            reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(operation: &str, decision: &str, error: Option<&str>) -> Seen {
        Seen {
            time: "2026-11-24T09:00:00.123456789Z".to_owned(),
            phase: "outcome".to_owned(),
            decision: decision.to_owned(),
            channel: "page".to_owned(),
            address: None,
            request_id: "req_1".to_owned(),
            operation: operation.to_owned(),
            error: error.map(str::to_owned),
            error_kind: None,
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
    fn neither_intents_nor_the_page_itself_are_told() {
        assert!(seen("sign_in", "allowed", None).is_told());
        assert!(!seen("view_account", "allowed", None).is_told());
        assert!(!Seen { phase: "intent".to_owned(), ..seen("add_user", "allowed", None) }.is_told());
    }
}
