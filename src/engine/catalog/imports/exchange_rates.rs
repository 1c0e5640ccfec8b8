//! Exchange rates that label staff have entered for lines of statements in other currencies. They stand beside the
//! imports whose lines they convert.

use super::resource;
use crate::engine::aws::AwsFailure;
use crate::engine::catalog::item;
use crate::engine::catalog::schema::IMPORTS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::model::exchange_rate::ExchangeRate;
use serde::{Deserialize, Serialize};

/// What one is called in messages.
const WHAT: &str = "exchange rate";

/// The partition of the rates into a currency: a statement reads all of its rates with one query.
fn rates_into(currency: &str) -> String {
    format!("rates#{currency}")
}

/// A rate as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeptRate {
    kind: String,
    id: String,
    rate: ExchangeRate,
}

impl Catalog {
    /// All rates into a currency, in the order of currency and month.
    pub(crate) async fn exchange_rates(&self, into: &str) -> Result<Vec<ExchangeRate>, CatalogError> {
        let items = self.kind_of_import(&rates_into(into)).await?;
        let read = items.into_iter().map(|found| {
            let id = item::text(&found, "id").to_owned();
            item::read::<KeptRate>(WHAT, &id, found).map(|kept| kept.rate)
        });
        read.collect()
    }

    /// Keeps a rate in place of the one of the same currencies and month.
    pub(crate) async fn keep_exchange_rate(&self, rate: ExchangeRate) -> Result<(), CatalogError> {
        let id = format!("{}#{}", rate.from, rate.month);
        let kept = KeptRate { kind: rates_into(&rate.to), id, rate };
        self.aws
            .dynamodb
            .put_item()
            .table_name(IMPORTS_TABLE)
            .set_item(Some(item::write(WHAT, &kept.id, &kept)?))
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(resource("PutItem"), &error))?;
        Ok(())
    }
}
