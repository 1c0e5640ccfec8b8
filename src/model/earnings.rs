//! What the whole label earned in some days, and who gets paid: the statements of all artists side by side. Sums are
//! kept apart by currency; nothing is converted to add them up.

use super::royalties::{Money, PayeeView, UnconvertedView};
use serde::{Deserialize, Serialize};

/// What the label earned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct EarningsSummary {
    /// The first day.
    pub from: String,
    /// The last day; balances and what is payable are those after it.
    pub to: String,
    /// The sums of all accounts, one for each currency of accounts.
    pub totals: Vec<CurrencyEarnings>,
    /// The account of each artist by currency, what is payable first, then what came in.
    pub artists: Vec<ArtistEarnings>,
    /// Who shares in the royalties of these days, largest first, each once for each currency.
    pub payees: Vec<PayeeView>,
    /// What came in from each platform, most first.
    pub platforms: Vec<PlatformEarnings>,
    /// Of which months of use it was.
    pub months: Vec<MonthEarnings>,
    /// Lines in currencies that nobody has entered a rate for; they are in no sum.
    #[cfg_attr(feature = "ssr", schemars(title = "Not converted"))]
    pub unconverted: Vec<ArtistUnconverted>,
    /// Artists whose money is in no sum, and why.
    #[cfg_attr(feature = "ssr", schemars(title = "In no sum"))]
    pub left_out: Vec<ArtistLeftOut>,
    /// The newest day that is booked on any of the accounts.
    #[cfg_attr(feature = "ssr", schemars(title = "Booked up to"))]
    pub as_of: Option<String>,
    /// The query in words.
    pub source: String,
    /// Whether it is generated sample data.
    pub sample: bool,
    /// Limits of the method, and what could not be seen.
    pub notes: Vec<String>,
}

/// The sums of the accounts of a currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct CurrencyEarnings {
    /// ISO 4217.
    pub currency: String,
    /// How many accounts it is of.
    pub accounts: u32,
    /// What came in with the reports of these days, before anybody has a share of it.
    pub received: Money,
    /// What came in for use in the months that these days touch, whenever it was reported.
    #[cfg_attr(feature = "ssr", schemars(title = "Received for use in these months"))]
    pub of_use: Money,
    /// The artists' royalties of it.
    pub royalties: Money,
    /// What was paid out in these days.
    pub paid: Money,
    /// What is to be paid after the last day.
    pub payable: Money,
    /// What is still to be recouped after the last day.
    pub unrecouped: Money,
    /// Royalties for which no splits are known, or wrong ones.
    pub undivided: Money,
    /// How many lines name a recording that is not in the catalogue.
    #[cfg_attr(feature = "ssr", schemars(title = "Unmatched lines"))]
    pub unmatched_lines: u32,
    /// What they came to; it is part of what came in.
    #[cfg_attr(feature = "ssr", schemars(title = "Received in unmatched lines"))]
    pub unmatched: Money,
}

/// The account of an artist. The artist's statement has its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct ArtistEarnings {
    /// The artist.
    pub artist_id: String,
    /// The artist's name.
    pub artist_name: String,
    /// The account.
    pub account_id: String,
    /// What came in with the reports of these days, before anybody has a share of it.
    pub received: Money,
    /// What came in for use in the months that these days touch, whenever it was reported.
    #[cfg_attr(feature = "ssr", schemars(title = "Received for use in these months"))]
    pub of_use: Money,
    /// The artist's royalties of it.
    pub royalties: Money,
    /// What was paid out in these days.
    pub paid: Money,
    /// The balance after the last day; below zero while it is not recouped.
    pub closing: Money,
    /// What is held back against returns after the last day.
    pub reserve: Money,
    /// What is still to be recouped after the last day.
    pub unrecouped: Money,
    /// What is to be paid after the last day.
    pub payable: Money,
    /// Royalties for which no splits are known, or wrong ones.
    pub undivided: Money,
    /// How many lines name a recording that is not in the catalogue.
    #[cfg_attr(feature = "ssr", schemars(title = "Unmatched lines"))]
    pub unmatched_lines: u32,
    /// What they came to; it is part of what came in.
    #[cfg_attr(feature = "ssr", schemars(title = "Received in unmatched lines"))]
    pub unmatched: Money,
    /// In how many places the ledger has booked something else than is worked out here; the statement names them.
    pub differences: u32,
    /// What people should know of its imported lines. Full sentences.
    pub notes: Vec<String>,
    /// The newest day that is booked on the account; none where nothing is.
    #[cfg_attr(feature = "ssr", schemars(title = "Booked up to"))]
    pub as_of: Option<String>,
    /// The query in words.
    pub source: String,
}

/// What came in from a platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct PlatformEarnings {
    /// The platform, by its id or as its reports name it.
    pub platform: String,
    /// What came in, in the currency of the accounts.
    pub received: Money,
}

/// What came in for a month of use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct MonthEarnings {
    /// The month.
    pub month: String,
    /// What came in, in the currency of the accounts.
    pub received: Money,
}

/// Lines of an artist in a currency that nobody has entered a rate for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct ArtistUnconverted {
    /// The artist.
    pub artist_id: String,
    /// The artist's name.
    pub artist_name: String,
    /// The lines.
    pub lines: UnconvertedView,
}

/// An artist whose money is in no sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct ArtistLeftOut {
    /// The artist.
    pub artist_id: String,
    /// The artist's name; none where the catalogue does not have the artist.
    pub artist_name: Option<String>,
    /// Why. A full sentence.
    pub reason: String,
}
