//! The artists' accounts: advances, royalties until they are recouped, and what is then paid out.

use super::super::artists::SampleArtist;
use super::super::deals::{Advance, Deal, deals};
use super::{Account, Entry, LABEL_CURRENCY, Line, Month, Payment, Statement, scaled};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Advances are round sums, in minor units.
const ROUND: i64 = 50_000;
/// Less than this is not paid out but kept for the next quarter, in minor units.
const LEAST_PAYMENT: i64 = 5_000;
/// Days from the statements of a quarter to its payments.
const PAYMENT_DAYS: i32 = 15;
const WHOLE: i64 = 10_000;

/// The accounts with everything booked on them.
#[derive(Default)]
pub(super) struct Booked {
    pub(super) accounts: Vec<Account>,
    pub(super) entries: Vec<Entry>,
    pub(super) payments: Vec<Payment>,
}

/// Books all months for all artists.
pub(super) fn generate(
    seed: u64,
    today: Date,
    months: &[Month],
    roster: &[SampleArtist],
    statements: &[Statement],
    lines: &[Line],
) -> Booked {
    let receipts = receipts(statements, lines);
    let mut booked = Booked::default();
    for (artist, deal) in roster.iter().zip(deals(seed, roster)) {
        booked.open_account(today, artist, deal, months, &receipts);
    }
    booked
}

/// What came in for an artist in a month, in minor units of the label's currency.
fn receipts(statements: &[Statement], lines: &[Line]) -> BTreeMap<(String, String), i64> {
    let by_id: BTreeMap<&str, &Statement> =
        statements.iter().map(|statement| (statement.statement_id.as_str(), statement)).collect();
    let mut receipts = BTreeMap::new();
    for line in lines {
        let Some(statement) = by_id.get(line.statement_id.as_str()) else { continue };
        let amount = scaled(line.amount_minor, statement.exchange_rate_micros, 1_000_000);
        *receipts.entry((line.artist_id.clone(), statement.period.clone())).or_default() += amount;
    }
    receipts
}

impl Booked {
    fn open_account(
        &mut self,
        today: Date,
        artist: &SampleArtist,
        deal: Deal,
        months: &[Month],
        receipts: &BTreeMap<(String, String), i64>,
    ) {
        let artist_id = artist.artist_id.to_string();
        let account_id = format!("acc_{artist_id}");
        let royalties: Vec<i64> = months
            .iter()
            .map(|month| receipts.get(&(artist_id.clone(), month.period())).copied().unwrap_or(0))
            .map(|received| scaled(received, deal.rate, WHOLE))
            .collect();
        let usual = royalties.iter().sum::<i64>() / i64::try_from(royalties.len().max(1)).unwrap_or(1);
        let advance = match deal.advance {
            Advance::Months(months) => round_up(usual * months),
            Advance::Minor(amount) => amount,
        };
        // What earlier months have recouped: from nothing to all of it.
        let recouped = scaled(advance, i64::from(deal.recouped_percent), 100);

        let mut account = Running { account_id: &account_id, balance: 0, booked: self };
        account.book(artist.signed_on.to_string(), None, "advance", -advance);
        if let Some(first) = months.first() {
            account.book(first.first.to_string(), None, "broughtForward", recouped);
        }
        for (month, amount) in months.iter().zip(royalties) {
            account.book(month.reported_on().to_string(), Some(month.period()), "royalties", amount);
            let pay_day = super::days_before(month.reported_on(), -PAYMENT_DAYS);
            if month.ends_quarter() && pay_day <= today {
                account.pay_out(*month, pay_day);
            }
        }
        let balance_minor = account.balance;
        self.accounts.push(Account {
            account_id,
            artist_id,
            currency: LABEL_CURRENCY,
            royalty_basis_points: deal.rate,
            advance_minor: advance,
            balance_minor,
        });
    }
}

fn round_up(amount: i64) -> i64 {
    amount.div_euclid(ROUND) * ROUND + if amount % ROUND == 0 { 0 } else { ROUND }
}

/// An account while it is being booked.
struct Running<'a> {
    account_id: &'a str,
    balance: i64,
    booked: &'a mut Booked,
}

impl Running<'_> {
    /// Entries of nothing are not made.
    fn book(&mut self, booked_on: String, period: Option<String>, kind: &'static str, amount_minor: i64) {
        if amount_minor == 0 {
            return;
        }
        self.balance += amount_minor;
        self.booked.entries.push(Entry {
            entry_id: i64::try_from(self.booked.entries.len()).unwrap_or_default() + 1,
            account_id: self.account_id.to_owned(),
            booked_on,
            period,
            kind,
            amount_minor,
            currency: LABEL_CURRENCY,
        });
    }

    /// What is above zero at the end of a quarter, once the advance is recouped.
    fn pay_out(&mut self, month: Month, pay_day: Date) {
        let amount = self.balance;
        if amount < LEAST_PAYMENT {
            return;
        }
        let paid_on = pay_day.to_string();
        self.book(paid_on.clone(), Some(month.period()), "payment", -amount);
        self.booked.payments.push(Payment {
            payment_id: i64::try_from(self.booked.payments.len()).unwrap_or_default() + 1,
            account_id: self.account_id.to_owned(),
            paid_on,
            amount_minor: amount,
            currency: LABEL_CURRENCY,
            reference: format!("Royalties to {} {}", month.period(), self.account_id),
        });
    }
}
