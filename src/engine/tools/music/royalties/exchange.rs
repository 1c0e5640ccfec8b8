//! Entering an exchange rate, so that lines of statements in another currency can be converted.

use crate::engine::catalog::Catalog;
use crate::engine::catalog::schema::IMPORTS_TABLE;
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::exchange_rate::ExchangeRateForm;
use crate::model::tool::AwsResource;
use jiff::civil::Date;

/// Keeps an exchange rate of a month, with its source.
pub struct SetExchangeRate;

impl Operation for SetExchangeRate {
    const NAME: &'static str = "set_exchange_rate";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Call;
    type Input = ExchangeRateForm;
    type Output = ();

    fn resources(input: &ExchangeRateForm, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        input.read("", "").map_err(ToolError::Invalid)?;
        Ok(vec![choices::dynamodb("PutItem", IMPORTS_TABLE)])
    }

    async fn run(input: ExchangeRateForm, context: Context) -> Result<(), ToolError> {
        let rate = input.read(&context.actor, &context.now.to_string()).map_err(ToolError::Invalid)?;
        let today: Date = context.now.to_zoned(context.catalog.time_zone.clone()).date();
        if rate.as_of > today {
            return Err(ToolError::field("asOf", format!("the source cannot be of a day after {today}")));
        }
        Ok(context.catalog.keep_exchange_rate(rate).await?)
    }
}
