//! The terms that come together with a contract: the same as a person enters on its page, and checked alike.

use crate::engine::catalog::contracts::KeptTerms;
use crate::engine::tools::music::royalties::check_terms;
use crate::engine::tools::{Context, ToolError};
use crate::model::contract::{ContractTerms, TermsForm, percent};
use crate::model::field::FieldError;
use crate::model::royalty_terms::{ReserveTerms, RoyaltyRate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a contract says. What is left out is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schemars(inline)]
pub struct TermsInput {
    /// What sort of contract, for instance `distribution`.
    #[schemars(title = "Kind", length(max = 500))]
    pub kind: String,
    /// Who has made it.
    #[schemars(title = "Parties", length(max = 40))]
    pub parties: Vec<String>,
    /// Where it holds.
    #[schemars(title = "Territory", length(max = 500))]
    pub territory: String,
    /// The day on which the last of them signed; left out where it is not signed yet.
    #[schemars(title = "Signed on", extend("format" = "date"))]
    pub signed_on: Option<String>,
    /// The first day.
    #[schemars(title = "First day", extend("format" = "date"))]
    pub starts_on: Option<String>,
    /// The last day; left out where it has no end.
    #[schemars(title = "Last day", extend("format" = "date"))]
    pub ends_on: Option<String>,
    /// How many days before the last day it must be ended by whoever wants that. The notice date follows from it.
    #[schemars(title = "Days of notice", range(max = 3660))]
    pub notice_days: Option<u32>,
    /// Who gets what of which receipts.
    #[schemars(title = "Rates", length(max = 40))]
    pub rates: Vec<RateInput>,
    /// The rates that the artist's statement is worked out by: of those that fit, the one that names the most wins.
    #[schemars(title = "Royalty rates", length(max = 40))]
    pub royalty_rates: Vec<RoyaltyRateInput>,
    /// What is held back of the artist's royalties against returns.
    #[schemars(title = "Reserve")]
    pub reserve: Option<ReserveInput>,
    /// The least that is paid out to the artist, in the currency of the artist's account, such as `50.00`; a smaller
    /// balance is carried over to the next statement.
    #[schemars(title = "Least payment", length(max = 20))]
    pub least_payment: Option<String>,
    /// What somebody may ask for later.
    #[schemars(title = "Options", length(max = 40))]
    pub options: Vec<String>,
}

/// Who gets what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(inline)]
pub struct RateInput {
    /// Of what, and whose.
    #[schemars(title = "Of what", length(min = 1, max = 480))]
    pub what: String,
    /// Hundredths of a percent: 1800 is 18 %.
    #[schemars(title = "Rate in basis points", range(max = 10_000))]
    pub basis_points: u32,
}

/// A rate of an artist's royalties. What is left out holds for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(inline)]
pub struct RoyaltyRateInput {
    /// ISO 3166-1 alpha-2.
    #[schemars(title = "Territory", length(min = 2, max = 2))]
    pub territory: Option<String>,
    /// A group of territories instead of one: `eu`, `europe`, `northAmerica`, `latinAmerica`, `asia`, `africa` or
    /// `oceania`.
    #[schemars(title = "Region", length(min = 1, max = 40))]
    pub region: Option<String>,
    /// The name of a store, such as `Spotify`.
    #[schemars(title = "Store", length(min = 1, max = 80))]
    pub store: Option<String>,
    /// `streaming`, `streamingSubscription`, `streamingAdFunded`, `download`, `physical` or `sync`.
    #[schemars(title = "Channel", length(min = 1, max = 40))]
    pub channel: Option<String>,
    /// `track`, `album`, `cd`, `vinyl`, `cassette` or `video`.
    #[schemars(title = "Format", length(min = 1, max = 40))]
    pub format: Option<String>,
    /// Hundredths of a percent: 1800 is 18 %.
    #[schemars(title = "Rate in basis points", range(max = 10_000))]
    pub basis_points: u32,
}

/// What is held back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(inline)]
pub struct ReserveInput {
    /// The part of royalties in hundredths of a percent: 2000 is 20 %.
    #[schemars(title = "Part in basis points", range(max = 10_000))]
    pub basis_points: u32,
    /// The channels on which it is held, as rates name them; none: on all.
    #[schemars(title = "Channels", length(max = 6))]
    #[serde(default)]
    pub channels: Vec<String>,
    /// Over how many accounting periods it is released, in equal parts.
    #[schemars(title = "Accounting periods", range(min = 1, max = 40))]
    pub periods: u32,
    /// How many months an accounting period has: 1, 3, 6 or 12.
    #[schemars(title = "Months of a period", range(min = 1, max = 12))]
    pub months: u32,
}

impl RoyaltyRateInput {
    fn line(&self) -> String {
        let RoyaltyRateInput { territory, region, store, channel, format, basis_points } = self.clone();
        RoyaltyRate { territory, region, store, channel, format, basis_points }.line()
    }
}

impl ReserveInput {
    fn terms(&self) -> ReserveTerms {
        let ReserveInput { basis_points, channels, periods, months } = self.clone();
        ReserveTerms { basis_points, channels, periods, months }
    }
}

impl TermsInput {
    /// The terms, as the form on the page of a contract reads them.
    ///
    /// # Errors
    /// What is wrong with single fields.
    pub(super) fn read(&self) -> Result<ContractTerms, ToolError> {
        let several = [("parties", &self.parties), ("options", &self.options)];
        let items =
            several.into_iter().flat_map(|(field, items)| items.iter().map(move |item| (field, item)));
        let items = items.chain(self.rates.iter().map(|rate| ("rates", &rate.what)));
        let scopes = self
            .royalty_rates
            .iter()
            .flat_map(|rate| [&rate.territory, &rate.region, &rate.store, &rate.channel, &rate.format]);
        let items = items.chain(scopes.flatten().map(|scope| ("royaltyRates", scope)));
        let mut wrong: Vec<FieldError> = items
            .filter(|(_, item)| item.trim().is_empty() || item.chars().any(char::is_control))
            .map(|(field, _)| FieldError::new(field, "each of them is a text in one line"))
            .collect();
        let read = self.form().read().and_then(|terms| check_terms(&terms).map(|()| terms));
        match read {
            Ok(terms) if wrong.is_empty() => return Ok(terms),
            Ok(_) => {}
            Err(more) => wrong.extend(more),
        }
        for error in &mut wrong {
            error.field = format!("terms.{}", error.field);
        }
        Err(ToolError::Invalid(wrong))
    }

    fn form(&self) -> TermsForm {
        let rates = self.rates.iter().map(|rate| format!("{}: {}", rate.what, percent(rate.basis_points)));
        let royalty_rates: Vec<String> = self.royalty_rates.iter().map(RoyaltyRateInput::line).collect();
        let known = ContractTerms {
            reserve: self.reserve.as_ref().map(ReserveInput::terms),
            ..ContractTerms::default()
        };
        TermsForm {
            kind: self.kind.clone(),
            parties: self.parties.join("\n"),
            territory: self.territory.clone(),
            signed_on: self.signed_on.clone().unwrap_or_default(),
            starts_on: self.starts_on.clone().unwrap_or_default(),
            ends_on: self.ends_on.clone().unwrap_or_default(),
            notice_days: self.notice_days.map(|days| days.to_string()).unwrap_or_default(),
            rates: rates.collect::<Vec<_>>().join("\n"),
            royalty_rates: royalty_rates.join("\n"),
            least_payment: self.least_payment.clone().unwrap_or_default(),
            options: self.options.join("\n"),
            version: 0,
            ..TermsForm::of(&known, 0)
        }
    }
}

/// Keeps the terms of a contract that was stored in place of those that were known of it.
pub(super) async fn keep(
    terms: ContractTerms,
    bucket: &str,
    file_name: &str,
    context: &Context,
) -> Result<(), ToolError> {
    let contract = KeptTerms::name(bucket, file_name);
    let before = context.catalog.contract_terms(&contract).await?;
    let kept = KeptTerms {
        contract,
        version: before.map_or(0, |before| before.version).saturating_add(1),
        terms,
        updated_by: context.actor.clone(),
        updated_at: context.now.to_string(),
    };
    Ok(context.catalog.keep_contract_terms(&kept).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::least_payment::LeastPayment;
    use serde_json::{Value, json};

    fn read(terms: Value) -> Result<ContractTerms, ToolError> {
        serde_json::from_value::<TermsInput>(terms).expect("terms").read()
    }

    #[test]
    fn terms_are_read_as_the_form_reads_them() {
        let terms = read(json!({
            "kind": "distribution", "parties": ["Northlight Records", "Tramline Distribution"],
            "territory": "world", "startsOn": "2024-03-01", "endsOn": "2027-02-28", "noticeDays": 90,
            "rates": [{ "what": "Fee: of receipts", "basisPoints": 1800 }],
            "royaltyRates": [{ "territory": "DE", "channel": "streamingAdFunded", "basisPoints": 1250 }],
            "reserve": { "basisPoints": 2000, "channels": ["physical"], "periods": 4, "months": 6 },
            "leastPayment": "50.00"
        }))
        .expect("terms");
        assert_eq!(terms.parties.len(), 2);
        assert_eq!((terms.rates[0].what.as_str(), terms.rates[0].basis_points), ("Fee: of receipts", 1800));
        assert_eq!(terms.notice_on().map(|day| day.to_string()).as_deref(), Some("2026-11-30"));
        assert_eq!(terms.royalty_rates[0].channel.as_deref(), Some("streamingAdFunded"));
        assert_eq!(terms.reserve.map(|reserve| reserve.channels), Some(vec!["physical".to_owned()]));
        assert_eq!(terms.least_payment.map(LeastPayment::text).as_deref(), Some("50.00"));
        let store = json!({ "region": "northAmerica", "store": "Apple Music", "basisPoints": 2000 });
        let terms = read(json!({ "royaltyRates": [store] })).expect("terms");
        assert_eq!(terms.royalty_rates[0].line(), "North America, store Apple Music: 20.00 %");
        assert_eq!(read(json!({})).expect("nothing is known"), ContractTerms::default());
    }

    #[test]
    fn what_is_wrong_is_told_at_its_field() {
        for (terms, field) in [
            (json!({ "endsOn": "soon" }), "terms.endsOn"),
            (json!({ "startsOn": "2026-01-02", "endsOn": "2026-01-01" }), "terms.endsOn"),
            (json!({ "noticeDays": 3661 }), "terms.noticeDays"),
            (json!({ "parties": ["A\nB"] }), "terms.parties"),
            (json!({ "options": [""] }), "terms.options"),
            (json!({ "rates": [{ "what": "Fee", "basisPoints": 10_001 }] }), "terms.rates"),
            (json!({ "royaltyRates": [{ "channel": "tapes", "basisPoints": 1 }] }), "terms.royaltyRates"),
            (json!({ "royaltyRates": [{ "region": "moon", "basisPoints": 1 }] }), "terms.royaltyRates"),
            // One store by two names.
            (
                json!({ "royaltyRates": [
                    { "store": "Apple", "basisPoints": 1 }, { "store": "Apple Music", "basisPoints": 2 }
                ] }),
                "terms.royaltyRates",
            ),
            (json!({ "leastPayment": "fifty" }), "terms.leastPayment"),
            (json!({ "reserve": { "basisPoints": 1, "periods": 0, "months": 6 } }), "terms.reservePeriods"),
        ] {
            match read(terms) {
                Err(ToolError::Invalid(wrong)) => assert_eq!(wrong[0].field, field),
                other => panic!("{other:?}"),
            }
        }
    }
}
