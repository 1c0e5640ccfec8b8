//! Waiving a finding of a release, and taking that back.

use crate::engine::catalog::Catalog;
use crate::engine::catalog::schema::WAIVERS_TABLE;
use crate::engine::catalog::waivers::KeptWaiver;
use crate::engine::config::TableRole;
use crate::engine::tools::{Class, Context, Effect, Operation, Subject, ToolError, choices};
use crate::model::identifier::ReleaseId;
use crate::model::tool::AwsResource;
use crate::music::quality;
use serde::Serialize;

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;
/// The longest name of what a finding is about, in characters.
const LONGEST_SUBJECT: usize = 64;
/// How long a fingerprint of a finding is, in hexadecimal digits.
pub(in crate::engine::tools) const FINGERPRINT: usize = 16;

/// A finding, and why it is waived.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WaiverInput {
    /// The release.
    pub release_id: ReleaseId,
    /// What the finding is about: `release`, `cover`, or the id of a track.
    pub subject: String,
    /// The code of the rule.
    pub code: String,
    /// What was found, as the check gives it.
    pub fingerprint: String,
    /// Why it is waived; not needed to take that back.
    pub reason: String,
}

impl WaiverInput {
    /// The code, what it is about and what was found, checked.
    fn check(&self) -> Result<(), ToolError> {
        if quality::rule(&self.code).code != self.code {
            return Err(ToolError::field("code", format!("there is no rule {:?}", self.code)));
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if self.subject.is_empty() || self.subject.len() > LONGEST_SUBJECT || !self.subject.chars().all(plain)
        {
            return Err(ToolError::field(
                "subject",
                "this names neither the release nor its cover nor a track",
            ));
        }
        if self.fingerprint.len() != FINGERPRINT || !self.fingerprint.chars().all(|c| c.is_ascii_hexdigit()) {
            let message = "this does not say which finding is meant; open the check of the release again";
            return Err(ToolError::field("fingerprint", message));
        }
        Ok(())
    }

    /// What the waiver is kept as.
    fn name(&self) -> String {
        KeptWaiver::name(&self.subject, &self.code, &self.fingerprint)
    }
}

/// Waives a finding: it is shown with the reason, and stands against delivery no more.
pub struct WaiveFinding;

impl Operation for WaiveFinding {
    const NAME: &'static str = "waive_finding";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Call;
    type Input = WaiverInput;
    type Output = ();

    fn resources(input: &WaiverInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        input.check()?;
        let reason = input.reason.trim();
        if reason.is_empty()
            || reason.chars().count() > LONGEST_REASON
            || reason.chars().any(char::is_control)
        {
            let message = format!("a reason of 1 to {LONGEST_REASON} characters in one line is needed");
            return Err(ToolError::field("reason", message));
        }
        Ok(vec![
            choices::dynamodb("GetItem", catalog.table(TableRole::Releases)),
            choices::dynamodb("PutItem", WAIVERS_TABLE),
        ])
    }

    fn subject(input: &WaiverInput) -> Subject {
        Subject::release(None, Some(input.release_id.as_str()))
    }

    async fn run(input: WaiverInput, context: Context) -> Result<(), ToolError> {
        let catalog = &context.catalog;
        // Of a release that is there.
        catalog.release(catalog.table(TableRole::Releases), &input.release_id).await?;
        let waiver = KeptWaiver {
            release: input.release_id.to_string(),
            finding: input.name(),
            by: context.actor.clone(),
            at: context.now.to_string(),
            reason: input.reason.trim().to_owned(),
        };
        Ok(catalog.keep_waiver(&waiver).await?)
    }
}

/// Takes a waiver back: the finding stands again.
pub struct TakeBackWaiver;

impl Operation for TakeBackWaiver {
    const NAME: &'static str = "take_back_waiver";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Call;
    type Input = WaiverInput;
    type Output = ();

    fn resources(input: &WaiverInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        input.check()?;
        Ok(vec![choices::dynamodb("DeleteItem", WAIVERS_TABLE)])
    }

    fn subject(input: &WaiverInput) -> Subject {
        Subject::release(None, Some(input.release_id.as_str()))
    }

    async fn run(input: WaiverInput, context: Context) -> Result<(), ToolError> {
        Ok(context.catalog.remove_waiver(input.release_id.as_str(), &input.name()).await?)
    }
}
