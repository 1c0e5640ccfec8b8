//! Statements of royalties. Amounts are whole minor units (cents) with their currency.

use super::exchange_rate::ExchangeRate;
use super::identifier::ArtistId;
use super::release_dates::RuleView;
use serde::{Deserialize, Serialize};

/// An amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct Money {
    /// In minor units of the currency, for instance cents.
    pub minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// As people read it, such as `USD 1,234.56`.
    pub text: String,
}

/// What was calculated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct RoyaltiesAnswer {
    /// The artist's statement; none where only mechanicals were asked for.
    pub statement: Option<AccountStatement>,
    /// The same with other terms; none where nobody asked.
    #[cfg_attr(feature = "ssr", schemars(title = "What if"))]
    pub what_if: Option<WhatIfAnswer>,
    /// What is owed for copies; none where nobody asked.
    pub mechanicals: Option<Mechanicals>,
    /// The entries of the knowledge base that it rests on.
    pub rules: Vec<RuleView>,
    /// The newest day that is booked.
    #[cfg_attr(feature = "ssr", schemars(title = "Booked up to"))]
    pub as_of: Option<String>,
    /// The query in words.
    pub source: String,
    /// Whether it is generated sample data.
    pub sample: bool,
    /// Limits of the method, and what could not be seen.
    pub notes: Vec<String>,
}

/// The money of a release as its page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseMoney {
    /// The statement of its artist; none where there is none.
    pub answer: Option<RoyaltiesAnswer>,
    /// Why there is none. A full sentence.
    pub reason: Option<String>,
}

/// What the page of a statement is asked, as its address has it. Texts, because people type them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatementQuestion {
    /// Whose statement it is.
    pub artist_id: ArtistId,
    /// The first day; empty for the day of the first booking.
    pub from: String,
    /// The last day; empty for the day of the last booking.
    pub to: String,
    /// The month of use whose lines are shown; empty for none.
    pub month: String,
    /// The day on which their reports came; empty for all days.
    pub received: String,
    /// Another rate to try, in percent; empty for the one that holds.
    pub rate: String,
    /// Another advance to try, in units of the account's currency; empty for the one that holds.
    pub advance: String,
}

/// A statement as its page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatementSheet {
    /// The statement; none where there is none.
    pub answer: Option<RoyaltiesAnswer>,
    /// Why there is none. A full sentence.
    pub reason: Option<String>,
    /// The lines that were asked for; none where nobody asked.
    pub inputs: Option<StatementInputs>,
}

/// The lines of reports that royalties were worked out from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatementInputs {
    /// The lines, in order of month, report and number; on a page only the first.
    pub lines: Vec<StatementInput>,
    /// How many there are.
    pub count: u64,
    /// What all of them came to, in the account's currency.
    pub received: Money,
    /// The query in words.
    pub source: String,
}

/// A line of a platform's report, or the sum of such lines of an imported one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatementInput {
    /// Its number, as lines of the statement name it.
    pub id: i64,
    /// The report.
    pub report: String,
    /// The import that brought it; none of the ledger's own.
    pub import_id: Option<String>,
    /// When the report came.
    pub received_on: String,
    /// The month of use.
    pub month: String,
    /// The store.
    pub store: String,
    /// What kind of use it was in the words of the report; empty where it does not say.
    pub channel: String,
    /// What applies to it; none where nothing does.
    pub rule: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub territory: String,
    /// The recording.
    pub isrc: String,
    /// Its title; none where the catalogue does not have it.
    pub title: Option<String>,
    /// Units, for instance streams.
    pub quantity: i64,
    /// In minor units of the report's currency.
    pub reported: i64,
    /// The report's currency.
    pub reported_currency: String,
    /// What a unit of that currency was worth in the account's, in millionths.
    pub rate_micros: i64,
    /// Where an entered rate was read, and of which day; none of what the ledger says and of the account's currency.
    pub rate_source: Option<String>,
    /// What it came to in the account's currency; none where that is too large to write down.
    pub received: Option<Money>,
}

/// An artist's statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
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
    /// The rate of the account, in hundredths of a percent: it holds where no contract says anything else.
    #[cfg_attr(feature = "ssr", schemars(title = "Rate of the account"))]
    pub rate_basis_points: u32,
    /// The contracts that say something about royalties, in the order in which they are looked at.
    pub agreements: Vec<String>,
    /// What was advanced in all.
    pub advance: Money,
    /// The balance before the first day, without what is held back; below zero while it is not recouped.
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
    /// What is held back against returns.
    pub reserve: ReserveView,
    /// What is to be paid now.
    pub payable: Money,
    /// The least that is paid out, by the contract in force on the last day; none where none names one.
    #[cfg_attr(feature = "ssr", schemars(title = "Least payment"))]
    pub least_payment: Option<Money>,
    /// What goes into the next statement, whose opening balance it is: the closing balance without what is payable.
    #[cfg_attr(feature = "ssr", schemars(title = "Carried over"))]
    pub carried_over: Money,
    /// Who shares in the royalties of these days, largest first.
    pub payees: Vec<PayeeView>,
    /// What each recording brought, most first.
    pub tracks: Vec<TrackMoney>,
    /// Royalties that cannot be divided, and why.
    pub undivided: Vec<Undivided>,
    /// How many lines name a recording that is not in the catalogue.
    #[cfg_attr(feature = "ssr", schemars(title = "Unmatched lines"))]
    pub unmatched_lines: u32,
    /// What they came to.
    #[cfg_attr(feature = "ssr", schemars(title = "Received in unmatched lines"))]
    pub unmatched: Money,
    /// Lines in currencies that nobody has entered a rate for; they are in no sum.
    #[cfg_attr(feature = "ssr", schemars(title = "Not converted"))]
    pub unconverted: Vec<UnconvertedView>,
    /// The entered rates that lines were converted with.
    #[cfg_attr(feature = "ssr", schemars(title = "Exchange rates"))]
    pub exchange_rates: Vec<ExchangeRate>,
    /// Where the ledger has booked something else than is worked out here. Full sentences.
    pub differences: Vec<String>,
}

/// What is held back against returns: what was before and what was held, without what was released, is after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct ReserveView {
    /// Before the first day.
    pub before: Money,
    /// Held back in these days.
    pub held: Money,
    /// Released in these days.
    pub released: Money,
    /// After the last day.
    pub after: Money,
}

/// Lines of a month in a currency that nobody has entered a rate for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct UnconvertedView {
    /// Their currency, ISO 4217.
    pub currency: String,
    /// The month of use.
    pub month: String,
    /// When the report came.
    pub received_on: String,
    /// How many there are.
    pub lines: u64,
    /// What they come to in their own currency; none where that is too large to write down.
    pub amount: Option<Money>,
    /// Why they are in no sum.
    pub text: String,
}

/// A line of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct StatementLine {
    /// The day.
    pub date: String,
    /// `advance`, `broughtForward`, `royalties`, `reserve`, `released`, `payment` or `other`.
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
    /// By which contract, and for what; none of what is no royalty.
    pub rule: Option<String>,
    /// The reports of platforms that it comes from.
    pub reports: Vec<String>,
    /// The numbers of their lines, or of the entry of the account.
    #[cfg_attr(feature = "ssr", schemars(title = "Ledger lines"))]
    pub ledger_lines: Vec<i64>,
}

/// Somebody who shares in royalties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct Undivided {
    /// The recording.
    pub isrc: String,
    /// The royalties.
    pub amount: Money,
    /// Why.
    pub reason: String,
}

/// The statement with other terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
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
    #[cfg_attr(feature = "ssr", schemars(title = "Change of what is payable"))]
    pub payable_change: Money,
}

/// What is owed for copies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct Mechanicals {
    /// The year.
    pub year: i16,
    /// How many copies.
    pub units: u64,
    /// The rates of the year; none while they are not known.
    pub rates: Option<MechanicalRates>,
    /// The tracks in the order of the question.
    pub lines: Vec<MechanicalLine>,
    /// For one copy, in US cents; none while the rates are not known.
    #[cfg_attr(feature = "ssr", schemars(title = "US cents per copy"))]
    pub per_copy_cents: Option<f64>,
    /// For all copies, rounded to the cent; none while the rates are not known.
    pub total: Option<Money>,
    /// Where the rates stand, or why they are not known.
    pub reason: String,
}

/// The rates of a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct MechanicalRates {
    /// US cents for a copy of a work.
    pub work_cents: f64,
    /// US cents for each started minute.
    pub minute_cents: f64,
    /// The entry of the rate for a work.
    pub work_source: String,
    /// The entry of the rate for a minute.
    pub minute_source: String,
}

/// What is owed for a track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct MechanicalLine {
    /// The track's ISRC, where it was named by it.
    pub isrc: Option<String>,
    /// Its title, where it is in the catalogue.
    pub title: Option<String>,
    /// Its length in seconds.
    pub seconds: u32,
    /// The minutes that have begun.
    pub minutes: u32,
    /// US cents for each copy; none while the rates are not known.
    pub cents: Option<f64>,
    /// `work` or `minute`, whichever is more; none while the rates are not known.
    pub by: Option<String>,
    /// The arithmetic.
    pub text: String,
}
