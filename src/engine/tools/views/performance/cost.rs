//! What AWS would charge for requests: their number by the price table that lies beside this file.

use crate::model::performance::{CostEstimate, ServiceCost};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The price table.
#[derive(Debug, Default, Deserialize)]
struct Prices {
    as_of: String,
    source: String,
    without: String,
    services: BTreeMap<String, Price>,
}

/// US dollars for a million requests.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Price {
    read: f64,
    write: f64,
}

static PRICES: LazyLock<Prices> = LazyLock::new(|| {
    toml::from_str(include_str!("prices.toml")).unwrap_or_else(|error| {
        tracing::error!(%error, "the price table cannot be read; costs are not estimated");
        Prices::default()
    })
});

/// Requests by service: those that read, and the others.
pub(super) type Requests = BTreeMap<String, (f64, f64)>;

/// The estimate, the dearest first.
pub(super) fn estimate(requests: &Requests) -> CostEstimate {
    let prices = &*PRICES;
    let mut services: Vec<_> = requests
        .iter()
        .map(|(service, (reads, writes))| ServiceCost {
            service: service.clone(),
            calls: reads + writes,
            dollars: prices
                .services
                .get(service)
                .map(|price| (reads * price.read + writes * price.write) / 1_000_000.0),
        })
        .collect();
    services.sort_by(|a, b| b.dollars.unwrap_or(-1.0).total_cmp(&a.dollars.unwrap_or(-1.0)));
    CostEstimate {
        services,
        source: prices.source.clone(),
        as_of: prices.as_of.clone(),
        without: prices.without.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_cost_what_the_table_says_and_what_it_does_not_say_is_unknown() {
        let requests = [
            ("DynamoDB".to_owned(), (1_000_000.0, 1_000_000.0)),
            ("S3".to_owned(), (0.0, 1_000_000.0)),
            ("Bedrock Runtime".to_owned(), (5.0, 5.0)),
        ];
        let estimate = estimate(&Requests::from(requests));
        let costs: Vec<_> =
            estimate.services.iter().map(|cost| (cost.service.as_str(), cost.dollars)).collect();
        assert_eq!(costs, [("S3", Some(5.0)), ("DynamoDB", Some(0.75)), ("Bedrock Runtime", None)]);
        assert!(!estimate.as_of.is_empty() && !estimate.source.is_empty() && !estimate.without.is_empty());
    }
}
