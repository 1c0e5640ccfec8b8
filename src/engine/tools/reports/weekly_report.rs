//! `generate_weekly_report`: the week of the label on one page.

use crate::engine::catalog::Catalog;
use crate::engine::tools::views::ViewWeeklyReport;
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Tool, ToolError};
use crate::model::tool::AwsResource;
use crate::model::weekly_report::{WeekQuestion, WeeklyReport};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which week.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WeeklyReportInput {
    /// Any day of the week, for instance `2026-11-18`. Without it, the newest whole week with figures.
    #[schemars(title = "Week", length(min = 10, max = 10))]
    pub week: Option<String>,
}

impl WeeklyReportInput {
    fn question(&self) -> Result<WeekQuestion, ToolError> {
        let day = self.week.as_deref().map(str::parse).transpose();
        let week = day.map_err(|_| ToolError::field("week", "a day such as 2026-11-18 is needed"))?;
        Ok(WeekQuestion { week })
    }
}

/// Reports a week.
pub struct GenerateWeeklyReport;

impl Operation for GenerateWeeklyReport {
    const NAME: &'static str = "generate_weekly_report";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    const SCOPED: bool = ViewWeeklyReport::SCOPED;
    type Input = WeeklyReportInput;
    type Output = WeeklyReport;

    fn resources(input: &WeeklyReportInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        ViewWeeklyReport::resources(&input.question()?, catalog)
    }

    async fn run(input: WeeklyReportInput, context: Context) -> Result<WeeklyReport, ToolError> {
        ViewWeeklyReport::run(input.question()?, context).await
    }
}

impl Tool for GenerateWeeklyReport {
    const SERVER: Server = Server::Music;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Write the weekly label report";
    const DESCRIPTION: &'static str = "The week of the label, Monday to Sunday: what happened in sentences with \
        their sources, the streams of each artist against the week before, who breaks out, what came out, and what \
        comes in the four weeks after.";
}
