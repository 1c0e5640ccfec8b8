//! Sums over the accounts of all artists, kept apart by currency.

use super::earnings::Account;
use super::views::{Money, PayeeView};
use crate::engine::tools::music::counted;
use crate::model::earnings::{ArtistEarnings, CurrencyEarnings, MonthEarnings, PlatformEarnings};
use crate::music::import::names;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The sums of the accounts of each currency.
pub(super) fn totals(accounts: &[Account]) -> Vec<CurrencyEarnings> {
    let mut by_currency: BTreeMap<&str, Vec<&ArtistEarnings>> = BTreeMap::new();
    for Account { row, .. } in accounts {
        by_currency.entry(row.received.currency.as_str()).or_default().push(row);
    }
    by_currency.into_iter().map(|(currency, rows)| total(currency, &rows)).collect()
}

fn total(currency: &str, rows: &[&ArtistEarnings]) -> CurrencyEarnings {
    let sum = |of: fn(&ArtistEarnings) -> i64| {
        Money::new(rows.iter().map(|row| of(row)).fold(0, i64::saturating_add), currency)
    };
    CurrencyEarnings {
        currency: currency.to_owned(),
        accounts: counted(rows.len()),
        received: sum(|row| row.received.minor),
        of_use: sum(|row| row.of_use.minor),
        royalties: sum(|row| row.royalties.minor),
        paid: sum(|row| row.paid.minor),
        payable: sum(|row| row.payable.minor),
        unrecouped: sum(|row| row.unrecouped.minor),
        undivided: sum(|row| row.undivided.minor),
        unmatched_lines: rows.iter().map(|row| row.unmatched_lines).fold(0, u32::saturating_add),
        unmatched: sum(|row| row.unmatched.minor),
    }
}

/// Everybody who shares in royalties, each once for each currency, largest first.
pub(super) fn payees(accounts: &[Account]) -> Vec<PayeeView> {
    let mut all: BTreeMap<(&str, &str), PayeeView> = BTreeMap::new();
    for payee in accounts.iter().flat_map(|account| &account.payees) {
        let PayeeView { participant_id, amount, .. } = payee;
        all.entry((participant_id.as_str(), amount.currency.as_str()))
            .and_modify(|sum| {
                sum.amount = Money::new(sum.amount.minor.saturating_add(amount.minor), &amount.currency);
            })
            .or_insert_with(|| payee.clone());
    }
    let mut all: Vec<PayeeView> = all.into_values().collect();
    all.sort_by_key(|payee| Reverse(payee.amount.minor));
    all
}

/// What came in from each platform, most first.
pub(super) fn platforms(accounts: &[Account]) -> Vec<PlatformEarnings> {
    let sums = by_name(accounts, |account| &account.platforms);
    let platform = |(platform, received)| PlatformEarnings { platform, received };
    let mut all: Vec<PlatformEarnings> = sums.into_iter().map(platform).collect();
    all.sort_by_key(|platform| Reverse(platform.received.minor));
    all
}

/// What came in for each month of use, in the order of time.
pub(super) fn months(accounts: &[Account]) -> Vec<MonthEarnings> {
    let sums = by_name(accounts, |account| &account.months);
    sums.into_iter().map(|(month, received)| MonthEarnings { month, received }).collect()
}

fn by_name(accounts: &[Account], of: fn(&Account) -> &BTreeMap<String, i64>) -> Vec<(String, Money)> {
    let mut sums: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for account in accounts {
        for (name, amount) in of(account) {
            let sum = sums.entry((name.as_str(), account.row.received.currency.as_str())).or_default();
            *sum = sum.saturating_add(*amount);
        }
    }
    let named =
        |((name, currency), minor): ((&str, &str), i64)| (name.to_owned(), Money::new(minor, currency));
    sums.into_iter().map(named).collect()
}

/// A platform by its id where it is known, so that the ledger's and those of imported reports are the same.
pub(super) fn platform(name: &str) -> String {
    names::platform(name).unwrap_or(name).to_owned()
}
