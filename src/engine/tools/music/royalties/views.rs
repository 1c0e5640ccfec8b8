//! Statements as callers see them. Amounts are whole minor units (cents) with their currency.

use super::mechanicals::Mechanicals;
use crate::engine::tools::music::planning::rules::RuleView;
use crate::music::royalty::exact::written;
use schemars::JsonSchema;
use serde::Serialize;

/// An amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Money {
    /// In minor units of the currency, for instance cents.
    pub minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// As people read it, such as `USD 1,234.56`.
    pub text: String,
}

impl Money {
    /// An amount in a currency.
    pub(super) fn new(minor: i64, currency: &str) -> Self {
        Self { minor, currency: currency.to_owned(), text: written(minor, currency) }
    }
}

/// What was calculated.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoyaltiesAnswer {
    /// The artist's statement; none where only mechanicals were asked for.
    pub statement: Option<AccountStatement>,
    /// The same with other terms; none where nobody asked.
    #[schemars(title = "What if")]
    pub what_if: Option<WhatIfAnswer>,
    /// What is owed for copies; none where nobody asked.
    pub mechanicals: Option<Mechanicals>,
    /// The entries of the knowledge base that it rests on.
    pub rules: Vec<RuleView>,
    /// The newest day that is booked.
    #[schemars(title = "Booked up to")]
    pub as_of: Option<String>,
    /// The query in words.
    pub source: String,
    /// Whether it is generated sample data.
    pub sample: bool,
    /// Limits of the method, and what could not be seen.
    pub notes: Vec<String>,
}

/// An artist's statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountStatement {
    /// The artist.
    pub artist_id: String,
    /// The artist's name.
    pub artist_name: String,
    /// The account.
    pub account_id: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// The rate of the deal, in hundredths of a percent.
    pub rate_basis_points: u32,
    /// What was advanced in all.
    pub advance: Money,
    /// The balance before the first day; below zero while it is not recouped.
    pub opening: Money,
    /// What happened, in order of time.
    pub lines: Vec<StatementLine>,
    /// Royalties in these days.
    pub royalties: Money,
    /// What was paid out in these days.
    pub paid: Money,
    /// The balance after the last day.
    pub closing: Money,
    /// What is still to be recouped.
    pub unrecouped: Money,
    /// What is to be paid now.
    pub payable: Money,
    /// Who shares in the royalties of these days, largest first.
    pub payees: Vec<PayeeView>,
    /// What each recording brought, most first.
    pub tracks: Vec<TrackMoney>,
    /// Royalties that cannot be divided, and why.
    pub undivided: Vec<Undivided>,
    /// How many lines name a recording that is not in the catalogue.
    #[schemars(title = "Unmatched lines")]
    pub unmatched_lines: u32,
    /// What they came to.
    #[schemars(title = "Received in unmatched lines")]
    pub unmatched: Money,
    /// Where the ledger has booked something else than is worked out here. Full sentences.
    pub differences: Vec<String>,
}

/// A line of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatementLine {
    /// The day.
    pub date: String,
    /// `advance`, `broughtForward`, `royalties`, `reserve`, `payment` or `other`.
    pub kind: String,
    /// What it is, with its arithmetic.
    pub text: String,
    /// Credits above zero.
    pub amount: Money,
    /// The balance after it.
    pub balance: Money,
    /// The month of use; none of what is no royalty.
    pub period: Option<String>,
    /// What came in, converted.
    pub received: Option<Money>,
    /// The rate, in hundredths of a percent.
    pub rate_basis_points: Option<u32>,
    /// The reports of platforms that it comes from.
    pub reports: Vec<String>,
    /// The numbers of their lines, or of the entry of the account.
    #[schemars(title = "Ledger lines")]
    pub ledger_lines: Vec<i64>,
}

/// Somebody who shares in royalties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PayeeView {
    /// Who.
    pub participant_id: String,
    /// The name.
    pub name: String,
    /// `artist`, `producer` and the like.
    pub role: String,
    /// What it comes to.
    pub amount: Money,
}

/// What a recording brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrackMoney {
    /// The recording.
    pub isrc: String,
    /// Its title; none where the catalogue does not have it.
    pub title: Option<String>,
    /// Units, for instance streams.
    pub quantity: i64,
    /// What came in, converted.
    pub received: Money,
    /// The royalties of it.
    pub royalties: Money,
}

/// Royalties that cannot be divided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Undivided {
    /// The recording.
    pub isrc: String,
    /// The royalties.
    pub amount: Money,
    /// Why.
    pub reason: String,
}

/// The statement with other terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WhatIfAnswer {
    /// The rate, in hundredths of a percent.
    pub rate_basis_points: u32,
    /// The advance.
    pub advance: Money,
    /// The balance before the first day.
    pub opening: Money,
    /// Royalties in these days.
    pub royalties: Money,
    /// The balance after the last day.
    pub closing: Money,
    /// What would still have to be recouped.
    pub unrecouped: Money,
    /// What would have to be paid now.
    pub payable: Money,
    /// How much more is payable than by the terms that hold.
    #[schemars(title = "Change of what is payable")]
    pub payable_change: Money,
}
