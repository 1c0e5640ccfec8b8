//! Lines of statements that were imported, as lines of the ledger: one for each report, month, store, territory and
//! recording. They are added up exactly, what came on a day for a month is rounded once, and its lines come to that. Lines
//! in another currency are converted with the rate that was entered for their month; without one they are in no sum.

use super::ledger::{Account, Line};
use crate::engine::catalog::Catalog;
use crate::engine::catalog::imports::kept::KeptLine;
use crate::engine::tools::ToolError;
use crate::model::exchange_rate::ExchangeRate;
use crate::model::identifier::ArtistId;
use crate::music::import::names::store;
use crate::music::import::number::{Decimal, Mark};
use crate::music::import::reading::Sale;
use crate::music::royalty::exact::{MICROS, minor_digits};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The number before the first of them; the ledger's own are below.
pub(super) const FIRST: i64 = 1_000_000_000_000;

/// What was imported of an artist, and what people should know of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Imported {
    pub(super) lines: Vec<Line>,
    /// What is in no sum, because no rate was entered.
    pub(super) unconverted: Vec<Unconverted>,
    /// The rates that lines were converted with.
    pub(super) rates: Vec<ExchangeRate>,
    pub(super) notes: Vec<String>,
}

/// Lines in a currency that nobody has entered a rate for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unconverted {
    pub(super) currency: String,
    pub(super) month: String,
    pub(super) received_on: Date,
    pub(super) lines: u64,
    /// In minor units of that currency; none where it does not fit.
    pub(super) amount: Option<i64>,
}

/// What was imported of an artist and is not in the ledger. Lines are added up while they are read, so that what is in
/// memory grows with the recordings, stores and territories of a statement and not with its lines.
pub(super) async fn of(
    catalog: &Catalog,
    artist: &ArtistId,
    account: &Account,
    ledger: &[Line],
) -> Result<Imported, ToolError> {
    let rates = catalog.exchange_rates(&account.currency).await?;
    let mut tally = Tally::new(ledger);
    catalog.each_imported_line(artist.as_str(), |line| tally.take(line)).await?;
    Ok(tally.added_up(&account.currency, &rates))
}

/// The stores and months that the ledger has a report of. What is imported of them is in no sum, so that nothing counts
/// twice.
pub(super) struct Reported(BTreeSet<(String, String)>);

impl Reported {
    /// Those of the ledger's own lines.
    pub(super) fn of<'a>(ledger: impl IntoIterator<Item = &'a Line>) -> Self {
        let report = |line: &Line| (store(&line.platform), line.period.clone());
        Self(ledger.into_iter().map(report).collect())
    }

    /// Whether a line is of one of them.
    pub(super) fn has(&self, sale: &Sale) -> bool {
        self.0.contains(&(store(&sale.store), sale.period.clone()))
    }
}

/// What is added up: a day, a month and a currency first, because that is what is rounded once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    received_on: Date,
    month: String,
    currency: String,
    report: Report,
    store: String,
    channel: String,
    territory: String,
    isrc: String,
}

/// The import that brought lines, or what they name as their source where no import is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Report {
    Import(String),
    Source(String),
}

impl Report {
    fn name(&self) -> String {
        match self {
            Self::Import(name) | Self::Source(name) => format!("import {name}"),
        }
    }

    fn import_id(self) -> Option<String> {
        match self {
            Self::Import(id) => Some(id),
            Self::Source(_) => None,
        }
    }
}

/// What lines with the same key come to.
#[derive(Debug, Clone, Copy)]
struct Sum {
    /// None once it does not fit.
    amount: Option<Decimal>,
    units: i64,
    lines: u64,
}

/// Lines as they are added up.
struct Tally {
    known: Reported,
    sums: BTreeMap<Key, Sum>,
    reported: u64,
    unfit: u64,
}

impl Tally {
    fn new(ledger: &[Line]) -> Self {
        Self { known: Reported::of(ledger), sums: BTreeMap::new(), reported: 0, unfit: 0 }
    }

    fn take(&mut self, line: KeptLine) {
        let sale = line.sale;
        if self.known.has(&sale) {
            self.reported += 1;
            return;
        }
        let Ok(amount) = Decimal::read(&sale.amount, Some(Mark::Point)) else {
            self.unfit += 1;
            return;
        };
        let key = Key {
            received_on: line.received_on,
            month: sale.period,
            currency: sale.currency,
            report: line.import_id.map_or_else(|| Report::Source(line.source), Report::Import),
            store: sale.store,
            channel: sale.channel,
            territory: sale.territory,
            isrc: sale.isrc,
        };
        let nothing = Sum { amount: Some(Decimal::default()), units: 0, lines: 0 };
        let sum = self.sums.entry(key).or_insert(nothing);
        sum.amount = sum.amount.and_then(|sum| sum.plus(amount));
        sum.units = sum.units.saturating_add(sale.units);
        sum.lines += 1;
    }

    /// The sums as lines, in the account's currency and in others that a rate was entered for.
    fn added_up(self, currency: &str, rates: &[ExchangeRate]) -> Imported {
        let Self { sums, reported, mut unfit, .. } = self;
        let mut months: BTreeMap<(Date, String, String), Vec<(Key, Sum)>> = BTreeMap::new();
        for (key, sum) in sums {
            let month = (key.received_on, key.month.clone(), key.currency.clone());
            months.entry(month).or_default().push((key, sum));
        }
        let mut found =
            Imported { lines: Vec::new(), unconverted: Vec::new(), rates: Vec::new(), notes: Vec::new() };
        for ((received_on, month, from), sums) in months {
            let rate = rates.iter().find(|rate| rate.from == from && rate.month == month);
            if from != currency && rate.is_none() {
                found.unconverted.push(unconverted(received_on, month, from, &sums));
                continue;
            }
            let rate = rate.filter(|_| from != currency);
            if let Some(rate) = rate
                && !found.rates.contains(rate)
            {
                found.rates.push(rate.clone());
            }
            unfit += add_month(sums, currency, rate, &mut found.lines);
        }
        found.notes = notes(found.lines.len(), reported, unfit);
        found
    }
}

fn unconverted(received_on: Date, month: String, currency: String, sums: &[(Key, Sum)]) -> Unconverted {
    let total = sums.iter().try_fold(Decimal::default(), |total, (_, sum)| total.plus(sum.amount?));
    Unconverted {
        amount: total.and_then(|total| total.in_minor_units(minor_digits(&currency))),
        lines: sums.iter().map(|(_, sum)| sum.lines).sum(),
        currency,
        month,
        received_on,
    }
}

/// Adds the lines of a day, month and currency; says how many sums do not fit. Amounts as reported and as converted
/// both come to their exact total rounded once.
fn add_month(
    sums: Vec<(Key, Sum)>,
    currency: &str,
    rate: Option<&ExchangeRate>,
    lines: &mut Vec<Line>,
) -> u64 {
    let (fit, unfit): (Vec<_>, Vec<_>) = sums.into_iter().partition(|(_, sum)| sum.amount.is_some());
    let amounts: Vec<Decimal> = fit.iter().filter_map(|(_, sum)| sum.amount).collect();
    let digits = fit.first().map_or(0, |(key, _)| minor_digits(&key.currency));
    let reported = rounded(&amounts, digits);
    let received = match rate {
        None => reported.clone(),
        Some(rate) => {
            let worth: Option<Vec<Decimal>> = amounts.iter().map(|amount| worth(*amount, rate)).collect();
            worth.and_then(|worth| rounded(&worth, minor_digits(currency)))
        }
    };
    let left_out = unfit.len() as u64;
    let Some((reported, received)) = reported.zip(received) else { return left_out + fit.len() as u64 };
    for (((key, sum), amount), received) in fit.into_iter().zip(reported).zip(received) {
        lines.push(Line {
            id: FIRST + i64::try_from(lines.len()).unwrap_or_default(),
            report: key.report.name(),
            period: key.month,
            received_on: key.received_on,
            platform: key.store,
            channel: key.channel,
            isrc: key.isrc,
            territory: key.territory,
            lines: sum.lines,
            quantity: sum.units,
            amount,
            rate_micros: rate.map_or(MICROS, |rate| rate.rate_micros),
            rate_source: rate.map(|rate| format!("{}, {}", rate.source, rate.as_of)),
            received: Some(received),
            currency: key.currency,
            import_id: key.report.import_id(),
        });
    }
    left_out
}

/// What an amount is worth at a rate, exactly.
fn worth(amount: Decimal, rate: &ExchangeRate) -> Option<Decimal> {
    let mantissa = amount.mantissa.checked_mul(i128::from(rate.rate_micros))?;
    Some(Decimal { mantissa, scale: amount.scale + 6 })
}

/// Amounts in minor units that come to their exact total rounded once: each is rounded down, and the units that are left
/// go to the largest remainders, of equal ones to the first. None where they do not fit.
fn rounded(amounts: &[Decimal], digits: u32) -> Option<Vec<i64>> {
    let total = amounts.iter().try_fold(Decimal::default(), |total, amount| total.plus(*amount))?;
    let scale = amounts.iter().map(|amount| amount.scale).fold(digits, u32::max);
    let unit = 10_i128.checked_pow(scale - digits)?;
    let mut wholes: Vec<i128> = Vec::with_capacity(amounts.len());
    let mut remainders: Vec<(i128, usize)> = Vec::with_capacity(amounts.len());
    for (place, amount) in amounts.iter().enumerate() {
        let exact = amount.mantissa.checked_mul(10_i128.checked_pow(scale - amount.scale)?)?;
        wholes.push(exact.div_euclid(unit));
        remainders.push((exact.rem_euclid(unit), place));
    }
    let whole: i128 = wholes.iter().sum();
    let left = usize::try_from(i128::from(total.in_minor_units(digits)?) - whole).ok()?;
    remainders.sort_by_key(|(remainder, _)| std::cmp::Reverse(*remainder));
    for (_, place) in remainders.into_iter().take(left) {
        wholes[place] += 1;
    }
    wholes.into_iter().map(|whole| i64::try_from(whole).ok()).collect()
}

fn notes(used: usize, reported: u64, unfit: u64) -> Vec<String> {
    let mut notes = Vec::new();
    if used > 0 {
        notes.push(format!(
            "{used} sums of imported statements are part of it; their reports are named “import …”, and the page \
             of the import shows their file."
        ));
    }
    if reported > 0 {
        notes.push(format!(
            "{reported} imported lines are of stores and months that the ledger has a report of. They are left out, \
             so that nothing counts twice."
        ));
    }
    if unfit > 0 {
        notes.push(format!("{unfit} imported amounts are too large to add up. They are in no sum."));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    const DAY: Date = date(2026, 10, 15);

    fn imported(amount: &str, currency: &str, store: &str, line: u64) -> KeptLine {
        KeptLine {
            kind: "lines#art_1".to_owned(),
            id: format!("2026-09#{line}"),
            sale: Sale {
                artist: Some("art_1".to_owned()),
                artist_name: "Mira".to_owned(),
                isrc: "XX0NL2600001".to_owned(),
                upc: String::new(),
                title: "Night Drive".to_owned(),
                store: store.to_owned(),
                territory: "NO".to_owned(),
                channel: String::new(),
                period: "2026-09".to_owned(),
                units: 1,
                amount: amount.to_owned(),
                currency: currency.to_owned(),
                report: String::new(),
                reported_on: None,
                line,
            },
            source: "a report".to_owned(),
            received_on: DAY,
            import_id: Some("imp".to_owned()),
        }
    }

    fn in_ledger(platform: &str) -> Line {
        Line {
            id: 1,
            report: "st_1".to_owned(),
            period: "2026-09".to_owned(),
            received_on: DAY,
            platform: platform.to_owned(),
            channel: String::new(),
            isrc: "XX0NL2600001".to_owned(),
            territory: "NO".to_owned(),
            lines: 1,
            quantity: 1,
            amount: 100,
            rate_micros: MICROS,
            rate_source: None,
            received: None,
            currency: "USD".to_owned(),
            import_id: None,
        }
    }

    fn rate(from: &str, to: &str, rate_micros: i64) -> ExchangeRate {
        ExchangeRate {
            from: from.to_owned(),
            to: to.to_owned(),
            month: "2026-09".to_owned(),
            rate_micros,
            source: "European Central Bank".to_owned(),
            as_of: date(2026, 9, 30),
            entered_by: "mina".to_owned(),
            entered_at: "2026-11-01T00:00:00Z".to_owned(),
        }
    }

    fn added_up(lines: &[KeptLine], currency: &str, rates: &[ExchangeRate], ledger: &[Line]) -> Imported {
        let mut tally = Tally::new(ledger);
        for line in lines {
            tally.take(line.clone());
        }
        tally.added_up(currency, rates)
    }

    #[test]
    fn fractions_of_a_cent_are_added_up_before_they_are_rounded() {
        let lines: Vec<_> = (0..10).map(|line| imported("0.0015", "USD", "Deezer", line)).collect();
        let found = added_up(&lines, "USD", &[], &[]);
        assert_eq!((found.lines.len(), found.lines[0].amount, found.lines[0].quantity), (1, 2, 10));
        assert_eq!(found.lines[0].import_id.as_deref(), Some("imp"), "it is traced to its file");
    }

    #[test]
    fn a_month_is_rounded_once_however_many_stores_and_territories_it_has() {
        let lines: Vec<_> =
            (0..1_000).map(|line| imported("0.004", "USD", &format!("Store {line}"), line)).collect();
        let found = added_up(&lines, "USD", &[], &[]);
        assert_eq!(found.lines.len(), 1_000);
        assert_eq!(found.lines.iter().map(|line| line.amount).sum::<i64>(), 400);
        let taken_back: Vec<_> =
            (0..3).map(|line| imported("-0.005", "USD", &format!("Store {line}"), line)).collect();
        let amounts =
            added_up(&taken_back, "USD", &[], &[]).lines.iter().map(|line| line.amount).sum::<i64>();
        assert_eq!(amounts, -2, "half a cent is rounded away from zero");
    }

    #[test]
    fn what_the_ledger_has_is_left_out_and_told() {
        let lines = [imported("1", "USD", "Apple Music", 1)];
        let found = added_up(&lines, "USD", &[], &[in_ledger("appleMusic")]);
        assert_eq!((found.lines.len(), found.notes.len()), (0, 1));
    }

    #[test]
    fn without_a_rate_of_the_month_nothing_is_converted_or_added_in() {
        let lines = [imported("2", "EUR", "Deezer", 1), imported("3.5", "EUR", "Tidal", 2)];
        let another = ExchangeRate { month: "2026-08".to_owned(), ..rate("EUR", "USD", 1_085_000) };
        let found = added_up(&lines, "USD", &[another], &[]);
        assert_eq!((found.lines.len(), found.rates.len()), (0, 0));
        let [left] = &found.unconverted[..] else { panic!("{:?}", found.unconverted) };
        let told = (left.currency.as_str(), left.month.as_str(), left.lines, left.amount);
        assert_eq!(told, ("EUR", "2026-09", 2, Some(550)));
    }

    #[test]
    fn with_an_entered_rate_a_month_is_converted_exactly_and_rounded_once() {
        let lines: Vec<_> =
            (0..400).map(|line| imported("0.01", "EUR", &format!("Store {line}"), line)).collect();
        let found = added_up(&lines, "USD", &[rate("EUR", "USD", 400_000)], &[]);
        let received: Vec<i64> = found.lines.iter().filter_map(|line| line.received).collect();
        // Each line alone would be 0.4 cents, which is nothing.
        assert_eq!((received.len(), received.iter().sum::<i64>()), (400, 160));
        assert_eq!(found.lines.iter().map(|line| line.amount).sum::<i64>(), 400, "as it was reported");
        assert_eq!(found.lines[0].rate_source.as_deref(), Some("European Central Bank, 2026-09-30"));
        let yen =
            added_up(&[imported("10000", "JPY", "Deezer", 1)], "USD", &[rate("JPY", "USD", 6_700)], &[]);
        assert_eq!((yen.lines[0].amount, yen.lines[0].received), (10_000, Some(6_700)), "a yen has no cents");
    }

    proptest! {
        #[test]
        fn running_it_again_in_another_order_changes_nothing(
            amounts in proptest::collection::vec((-10_000_i64..10_000, 0_usize..3), 0..40)
        ) {
            let stores = ["Deezer", "Tidal", "Spotify"];
            let mut lines: Vec<_> = amounts
                .iter()
                .zip(0_u64..)
                .map(|((amount, store), line)| imported(&format!("{amount}"), "USD", stores[*store], line))
                .collect();
            let first = added_up(&lines, "USD", &[], &[in_ledger("spotify")]);
            lines.reverse();
            prop_assert_eq!(&first, &added_up(&lines, "USD", &[], &[in_ledger("spotify")]));
            let counted = amounts.iter().filter(|(_, store)| stores[*store] != "Spotify");
            let sum: i64 = counted.map(|(amount, _)| amount * 100).sum();
            prop_assert_eq!(first.lines.iter().map(|line| line.amount).sum::<i64>(), sum);
        }
    }
}
