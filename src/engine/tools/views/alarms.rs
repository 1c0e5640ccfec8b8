//! The alarms that fire, for what is done when one does.

use crate::engine::catalog::Catalog;
use crate::engine::monitoring::alarms::{self, FiringAlarm};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError};
use crate::model::tool::AwsResource;

/// Lists the alarms that fire.
pub(crate) struct ListAlarms;

impl Operation for ListAlarms {
    const NAME: &'static str = "list_alarms";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ();
    type Output = Vec<FiringAlarm>;

    fn resources((): &(), _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![alarms::alarms_resource()])
    }

    async fn run((): (), context: Context) -> Result<Vec<FiringAlarm>, ToolError> {
        Ok(alarms::firing(&context.catalog.aws).await?)
    }
}
