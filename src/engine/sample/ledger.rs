//! The royalty ledger of the sample label: what the platforms paid for which track, who shares in it,
//! and what each artist is owed.
//!
//! Amounts are whole minor units (cents) with their currency. Quantities come from the same daily
//! figures that charts show, so that both tell one story.

mod accounts;
mod lines;
mod splits;

use super::artists::SampleArtist;
use super::days_before;
use crate::model::analytics::DailyAnalytics;
use crate::model::release::Release;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

/// The currency of the label's own accounts.
pub const LABEL_CURRENCY: &str = "USD";
/// How many months the ledger has lines of.
const MONTHS: i32 = 6;
/// Days from the end of a month to its statements.
const REPORT_DAYS: i32 = 45;

/// All rows of the ledger. Field names are the names of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// One for each platform and month.
    pub statements: Vec<Statement>,
    /// What they contain.
    pub lines: Vec<Line>,
    /// Whoever shares in royalties.
    pub participants: Vec<Participant>,
    /// Which part of a track's royalties goes to whom.
    pub splits: Vec<Split>,
    /// One for each artist.
    pub accounts: Vec<Account>,
    /// What changed their balances.
    pub entries: Vec<Entry>,
    /// What was paid out.
    pub payments: Vec<Payment>,
}

/// What a platform reports for a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Such as `st_2026-09_spotify`.
    pub statement_id: String,
    /// The platform's id.
    pub platform: &'static str,
    /// The month, such as `2026-09`.
    pub period: String,
    /// ISO 4217.
    pub currency: &'static str,
    /// What a unit of the currency was worth in the label's currency, in millionths.
    pub exchange_rate_micros: i64,
    /// When it came.
    pub received_on: String,
}

/// One track in one territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// From 1.
    pub line_id: i64,
    /// The statement that it is part of.
    pub statement_id: String,
    /// The recording.
    pub isrc: String,
    /// The release that it is on.
    pub release_id: String,
    /// Its main artist.
    pub artist_id: String,
    /// ISO 3166-1 alpha-2; `ZZ` for the rest of the world.
    pub territory: String,
    /// Streams.
    pub quantity: i64,
    /// In minor units of the statement's currency.
    pub amount_minor: i64,
    /// The same, so that a line can be read alone.
    pub currency: &'static str,
}

/// Whoever shares in royalties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Participant {
    /// Such as `par_art_7k2m9q4x`.
    pub participant_id: String,
    /// The name on the statement.
    pub name: String,
    /// `artist` or `producer`.
    pub role: &'static str,
    /// The artist of the label that this is; none of others.
    pub artist_id: Option<String>,
}

/// A part of what a track earns for those who made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Split {
    /// The recording.
    pub isrc: String,
    /// Whose part it is.
    pub participant_id: String,
    /// In hundredths of a percent. All parts of a track add up to 10,000.
    pub basis_points: i64,
}

/// An artist's account with the label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Such as `acc_art_7k2m9q4x`.
    pub account_id: String,
    /// Whose it is.
    pub artist_id: String,
    /// ISO 4217.
    pub currency: &'static str,
    /// The part of receipts that is credited, in hundredths of a percent.
    pub royalty_basis_points: i64,
    /// What was advanced and is to be recouped, in minor units.
    pub advance_minor: i64,
    /// The sum of its entries, in minor units: below zero while it is not recouped.
    pub balance_minor: i64,
}

/// A change of an account's balance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// From 1.
    pub entry_id: i64,
    /// The account.
    pub account_id: String,
    /// The day.
    pub booked_on: String,
    /// The month whose receipts it is about; none of advances and what was brought forward.
    pub period: Option<String>,
    /// `advance`, `broughtForward`, `royalties` or `payment`.
    pub kind: &'static str,
    /// In minor units: credits above zero.
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: &'static str,
}

/// Money that was paid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Payment {
    /// From 1.
    pub payment_id: i64,
    /// From which account.
    pub account_id: String,
    /// The day.
    pub paid_on: String,
    /// In minor units.
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: &'static str,
    /// What the bank was told.
    pub reference: String,
}

/// The ledger as it stands on `today`.
pub(super) fn generate(
    seed: u64,
    today: Date,
    roster: &[SampleArtist],
    releases: &[Release],
    figures: impl Iterator<Item = DailyAnalytics>,
) -> Ledger {
    let months = months(today);
    let (statements, lines) = lines::generate(seed, &months, releases, figures);
    let (participants, splits) = splits::generate(seed, roster, releases);
    let booked = accounts::generate(seed, today, &months, roster, &statements, &lines);
    Ledger {
        statements,
        lines,
        participants,
        splits,
        accounts: booked.accounts,
        entries: booked.entries,
        payments: booked.payments,
    }
}

/// A month of which the statements have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Month {
    first: Date,
}

impl Month {
    /// Such as `2026-09`.
    fn period(self) -> String {
        self.first.strftime("%Y-%m").to_string()
    }

    fn last_day(self) -> Date {
        self.first.last_of_month()
    }

    /// When its statements come.
    fn reported_on(self) -> Date {
        days_before(self.last_day(), -REPORT_DAYS)
    }

    /// Whether a quarter of the year ends with it.
    fn ends_quarter(self) -> bool {
        self.first.month() % 3 == 0
    }
}

/// The latest months of which the statements have come, oldest first.
fn months(today: Date) -> Vec<Month> {
    let newest = (0..).map(|back| Month { first: today.first_of_month().saturating_sub(back.months()) });
    let reported = newest.take(12).find(|month| month.reported_on() <= today);
    let Some(newest) = reported else { return Vec::new() };
    (0..MONTHS).rev().map(|back| Month { first: newest.first.saturating_sub(back.months()) }).collect()
}

/// `amount` × `numerator` / `denominator`, rounded half away from zero.
fn scaled(amount: i64, numerator: i64, denominator: i64) -> i64 {
    let product = i128::from(amount) * i128::from(numerator);
    let half = i128::from(denominator) / 2;
    let rounded = (product.abs() + half) / i128::from(denominator) * product.signum();
    i64::try_from(rounded).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_month_counts_when_its_statements_have_come() {
        let newest = |today| months(today).last().map(|month| month.period());
        // 30 September and 45 days are 14 November.
        assert_eq!(newest(date(2026, 11, 14)).as_deref(), Some("2026-09"));
        assert_eq!(newest(date(2026, 11, 13)).as_deref(), Some("2026-08"));
        assert_eq!(months(date(2026, 11, 14)).len(), 6);
    }

    #[test]
    fn halves_are_rounded_away_from_zero() {
        assert_eq!(scaled(5, 1, 10), 1);
        assert_eq!(scaled(-5, 1, 10), -1);
        assert_eq!(scaled(4, 1, 10), 0);
        assert_eq!(scaled(1_234, 1_085_000, 1_000_000), 1_339);
    }
}
