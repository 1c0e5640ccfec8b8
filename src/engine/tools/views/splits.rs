//! Splits of a release: who shares in what it earns, and entering that.

use crate::engine::catalog::Catalog;
use crate::engine::catalog::schema::SPLITS_TABLE;
use crate::engine::catalog::splits::KeptSplits;
use crate::engine::config::TableRole;
use crate::engine::tools::{Class, Context, Effect, Operation, Subject, ToolError, choices};
use crate::model::identifier::ReleaseId;
use crate::model::splits::{KnownSplits, SplitsForm};
use crate::model::tool::AwsResource;
use serde::Serialize;

/// Who shares in what a release earns.
pub struct ViewReleaseSplits;

impl Operation for ViewReleaseSplits {
    const NAME: &'static str = "view_release_splits";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ReleaseId;
    type Output = KnownSplits;

    fn resources(_: &ReleaseId, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![choices::dynamodb("GetItem", SPLITS_TABLE)])
    }

    fn subject(id: &ReleaseId) -> Subject {
        Subject::release(None, Some(id.as_str()))
    }

    async fn run(id: ReleaseId, context: Context) -> Result<KnownSplits, ToolError> {
        let kept = context.catalog.splits(id.as_str()).await?;
        Ok(kept.map_or_else(KnownSplits::default, |kept| KnownSplits {
            version: kept.version,
            changed: Some((kept.updated_by, kept.updated_at)),
            splits: Some(kept.splits),
        }))
    }
}

/// A release, and who shares in what it earns.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SetSplitsInput {
    /// The release.
    pub release_id: ReleaseId,
    /// What was entered.
    pub form: SplitsForm,
}

/// Keeps who shares in what a release earns.
pub struct SetReleaseSplits;

impl Operation for SetReleaseSplits {
    const NAME: &'static str = "set_release_splits";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Call;
    type Input = SetSplitsInput;
    type Output = ();

    fn resources(input: &SetSplitsInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        input.form.read().map_err(ToolError::Invalid)?;
        Ok(vec![
            choices::dynamodb("GetItem", catalog.table(TableRole::Releases)),
            choices::dynamodb("PutItem", SPLITS_TABLE),
        ])
    }

    fn subject(input: &SetSplitsInput) -> Subject {
        Subject::release(None, Some(input.release_id.as_str()))
    }

    async fn run(input: SetSplitsInput, context: Context) -> Result<(), ToolError> {
        let catalog = &context.catalog;
        // Of a release that is there.
        catalog.release(catalog.table(TableRole::Releases), &input.release_id).await?;
        let kept = KeptSplits {
            release: input.release_id.to_string(),
            version: input.form.version.saturating_add(1),
            splits: input.form.read().map_err(ToolError::Invalid)?,
            updated_by: context.actor.clone(),
            updated_at: context.now.to_string(),
        };
        Ok(catalog.keep_splits(&kept).await?)
    }
}
