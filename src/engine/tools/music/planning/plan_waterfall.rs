//! `plan_waterfall`: which songs come out before an EP or album, and when, with the identifiers that must repeat.

use super::figures::today;
use super::insights::parsed;
use super::promotion::{MOST_SINGLES, USUAL_SINGLES, passed, waterfall};
use super::rules::Shelf;
use crate::engine::catalog::Catalog;
use crate::engine::config::TableRole;
use crate::engine::tools::{
    Class, Content, Context, Effect, Operation, Server, Subject, Tool, ToolError, choices,
};
use crate::model::identifier::ReleaseId;
use crate::model::promotion::WaterfallPlan;
use crate::model::tool::AwsResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Before which release, and how many.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanWaterfallInput {
    /// The release's id: one with two tracks or more.
    #[schemars(title = "Release", length(min = 1, max = 64))]
    pub release_id: String,
    /// How many singles come before it; three unless given.
    #[schemars(title = "Singles", range(min = 1, max = MOST_SINGLES))]
    pub singles: Option<u32>,
}

/// Plans a waterfall.
pub struct PlanWaterfall;

impl Operation for PlanWaterfall {
    const NAME: &'static str = "plan_waterfall";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    const SCOPED: bool = true;
    type Input = PlanWaterfallInput;
    type Output = WaterfallPlan;

    fn resources(_: &PlanWaterfallInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![
            choices::dynamodb("GetItem", catalog.table(TableRole::Releases)),
            choices::dynamodb("GetItem", catalog.table(TableRole::Artists)),
        ])
    }

    fn subject(input: &PlanWaterfallInput) -> Subject {
        Subject::release(None, Some(&input.release_id))
    }

    async fn run(input: PlanWaterfallInput, context: Context) -> Result<WaterfallPlan, ToolError> {
        let catalog = &context.catalog;
        let now = today(context.now, catalog);
        let id: ReleaseId = parsed("releaseId", &input.release_id)?;
        let (releases, artists) = (catalog.table(TableRole::Releases), catalog.table(TableRole::Artists));
        let release = catalog.release(releases, &id).await?;
        let artist = catalog.artist(artists, &release.artist_id).await?;
        let shelf = Shelf::of(now)?;
        let rules = shelf.rules(release.kind);
        let singles = input.singles.unwrap_or(USUAL_SINGLES);
        let planned = waterfall::plan("releaseId", &release, singles, now, &shelf, &rules)?;
        let mut cited = waterfall::RULES.to_vec();
        cited.extend([&rules.least_lead, &rules.pitch_floor].into_iter().flatten().map(|rule| rule.id));
        cited.extend(rules.closed.as_ref().map(|rule| rule.id));
        Ok(WaterfallPlan {
            waterfall: planned,
            rules: shelf.named(&cited),
            notes: passed(&release, now).into_iter().collect(),
            release_id: release.release_id.to_string(),
            release_date: release.release_date.to_string(),
            title: release.title,
            artist_name: artist.name,
            as_of: now.to_string(),
            source: format!(
                "tables {releases} and {artists}, releaseId = {id}; rules of the knowledge base in force on {now}"
            ),
            sample: release.sample || artist.sample,
        })
    }
}

impl Tool for PlanWaterfall {
    const SERVER: Server = Server::Music;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Plan a waterfall";
    const DESCRIPTION: &'static str = "Plans which songs come out before an EP or album, and when: each product \
        with its day, its tracks with the identifiers that must repeat, and the last day for its pitch, by the \
        rules of the knowledge base.";
}
