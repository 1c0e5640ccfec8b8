//! Lines of statements that were imported, as lines of the ledger: one for each report, month, store, territory and
//! recording. They are added up exactly, what came on a day for a month is rounded once, and its lines come to that.

use super::ledger::{Account, Line};
use crate::engine::catalog::Catalog;
use crate::engine::catalog::imports::kept::KeptLine;
use crate::engine::tools::ToolError;
use crate::model::identifier::ArtistId;
use crate::music::import::names;
use crate::music::import::number::{Decimal, Mark};
use crate::music::royalty::exact::{MICROS, minor_digits};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The number before the first of them; the ledger's own are below.
const FIRST: i64 = 1_000_000_000_000;

/// What was imported of an artist, and what people should know of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Imported {
    pub(super) lines: Vec<Line>,
    pub(super) notes: Vec<String>,
}

/// What was imported of an artist and is not in the ledger.
pub(super) async fn of(
    catalog: &Catalog,
    artist: &ArtistId,
    account: &Account,
    ledger: &[Line],
) -> Result<Imported, ToolError> {
    Ok(added_up(&catalog.imported_lines(artist.as_str()).await?, &account.currency, ledger))
}

/// A store as it is compared: the ledger and reports write it differently.
fn store(name: &str) -> String {
    let plain = || name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    names::platform(name).map_or_else(plain, str::to_lowercase)
}

/// A report, its day, the month, the store, the territory and the recording.
type Key<'a> = (Report<'a>, Date, &'a str, &'a str, &'a str, &'a str);

/// The import that brought lines, or what they name as their source where no import is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Report<'a> {
    Import(&'a str),
    Source(&'a str),
}

impl Report<'_> {
    fn name(self) -> String {
        match self {
            Self::Import(name) | Self::Source(name) => format!("import {name}"),
        }
    }

    fn import_id(self) -> Option<String> {
        match self {
            Self::Import(id) => Some(id.to_owned()),
            Self::Source(_) => None,
        }
    }
}

fn added_up(imported: &[KeptLine], currency: &str, ledger: &[Line]) -> Imported {
    let known: BTreeSet<(String, &str)> =
        ledger.iter().map(|line| (store(&line.platform), line.period.as_str())).collect();
    let mut sums: BTreeMap<Key<'_>, (Option<Decimal>, i64)> = BTreeMap::new();
    let (mut reported, mut foreign, mut unfit) = (0_u64, 0_u64, 0_u64);
    for line in imported {
        let sale = &line.sale;
        if sale.currency != currency {
            foreign += 1;
            continue;
        }
        if known.contains(&(store(&sale.store), sale.period.as_str())) {
            reported += 1;
            continue;
        }
        let Ok(amount) = Decimal::read(&sale.amount, Some(Mark::Point)) else {
            unfit += 1;
            continue;
        };
        let report = line.import_id.as_deref().map_or(Report::Source(&line.source), Report::Import);
        let key = (report, line.received_on, &*sale.period, &*sale.store, &*sale.territory, &*sale.isrc);
        let (sum, units) = sums.entry(key).or_insert((Some(Decimal::default()), 0));
        *sum = sum.and_then(|sum| sum.plus(amount));
        *units = units.saturating_add(sale.units);
    }
    let amounts = rounded(&sums, minor_digits(currency));
    let mut lines = Vec::with_capacity(sums.len());
    for (key, (_, quantity)) in sums {
        let Some(amount) = amounts.get(&key).copied() else {
            unfit += 1;
            continue;
        };
        let (report, received_on, period, platform, territory, isrc) = key;
        lines.push(Line {
            id: FIRST + i64::try_from(lines.len()).unwrap_or_default(),
            report: report.name(),
            period: period.to_owned(),
            received_on,
            platform: platform.to_owned(),
            isrc: isrc.to_owned(),
            territory: territory.to_owned(),
            quantity,
            amount,
            rate_micros: MICROS,
            currency: currency.to_owned(),
            import_id: report.import_id(),
        });
    }
    Imported { notes: notes(lines.len(), reported, foreign, unfit, currency), lines }
}

/// The sums in minor units. Those of a day and month come to their exact total rounded once: each is rounded down, and
/// the units that are left go to the largest remainders, of equal ones to the first. Sums that do not fit are left out.
fn rounded<'a>(sums: &BTreeMap<Key<'a>, (Option<Decimal>, i64)>, digits: u32) -> BTreeMap<Key<'a>, i64> {
    let mut months: BTreeMap<(Date, &str), Vec<(Key<'a>, Decimal)>> = BTreeMap::new();
    for (key, (sum, _)) in sums {
        if let Some(sum) = sum {
            months.entry((key.1, key.2)).or_default().push((*key, *sum));
        }
    }
    months.into_values().filter_map(|month| rounded_month(&month, digits)).flatten().collect()
}

fn rounded_month<'a>(month: &[(Key<'a>, Decimal)], digits: u32) -> Option<Vec<(Key<'a>, i64)>> {
    let total = month.iter().try_fold(Decimal::default(), |total, (_, sum)| total.plus(*sum))?;
    let scale = month.iter().map(|(_, sum)| sum.scale).fold(digits, u32::max);
    let unit = 10_i128.checked_pow(scale - digits)?;
    let mut parts: Vec<(Key<'a>, i128, i128)> = Vec::with_capacity(month.len());
    for (key, sum) in month {
        let exact = sum.mantissa.checked_mul(10_i128.checked_pow(scale - sum.scale)?)?;
        parts.push((*key, exact.div_euclid(unit), exact.rem_euclid(unit)));
    }
    let whole: i128 = parts.iter().map(|(_, whole, _)| whole).sum();
    let left = usize::try_from(i128::from(total.in_minor_units(digits)?) - whole).ok()?;
    parts.sort_by_key(|(_, _, remainder)| std::cmp::Reverse(*remainder));
    for (_, whole, _) in parts.iter_mut().take(left) {
        *whole += 1;
    }
    parts.into_iter().map(|(key, whole, _)| Some((key, i64::try_from(whole).ok()?))).collect()
}

fn notes(used: usize, reported: u64, foreign: u64, unfit: u64, currency: &str) -> Vec<String> {
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
    if foreign > 0 {
        notes.push(format!(
            "{foreign} imported lines are not in {currency}, and no exchange rate is known for them. They are in no sum."
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
    use crate::music::import::reading::Sale;
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
            isrc: "XX0NL2600001".to_owned(),
            territory: "NO".to_owned(),
            quantity: 1,
            amount: 100,
            rate_micros: MICROS,
            currency: "USD".to_owned(),
            import_id: None,
        }
    }

    #[test]
    fn fractions_of_a_cent_are_added_up_before_they_are_rounded() {
        let lines: Vec<_> = (0..10).map(|line| imported("0.0015", "USD", "Deezer", line)).collect();
        let found = added_up(&lines, "USD", &[]);
        assert_eq!((found.lines.len(), found.lines[0].amount, found.lines[0].quantity), (1, 2, 10));
        assert_eq!(found.lines[0].import_id.as_deref(), Some("imp"), "it is traced to its file");
    }

    #[test]
    fn a_month_is_rounded_once_however_many_stores_and_territories_it_has() {
        let lines: Vec<_> =
            (0..1_000).map(|line| imported("0.004", "USD", &format!("Store {line}"), line)).collect();
        let found = added_up(&lines, "USD", &[]);
        assert_eq!(found.lines.len(), 1_000);
        assert_eq!(found.lines.iter().map(|line| line.amount).sum::<i64>(), 400);
        let taken_back: Vec<_> =
            (0..3).map(|line| imported("-0.005", "USD", &format!("Store {line}"), line)).collect();
        let amounts = added_up(&taken_back, "USD", &[]).lines.iter().map(|line| line.amount).sum::<i64>();
        assert_eq!(amounts, -2, "half a cent is rounded away from zero");
    }

    #[test]
    fn what_the_ledger_has_and_what_cannot_be_exchanged_is_left_out_and_told() {
        let lines = [imported("1", "USD", "Apple Music", 1), imported("2", "EUR", "Deezer", 2)];
        let found = added_up(&lines, "USD", &[in_ledger("appleMusic")]);
        assert_eq!((found.lines.len(), found.notes.len()), (0, 2));
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
            let first = added_up(&lines, "USD", &[in_ledger("spotify")]);
            lines.reverse();
            prop_assert_eq!(&first, &added_up(&lines, "USD", &[in_ledger("spotify")]));
            let counted = amounts.iter().filter(|(_, store)| stores[*store] != "Spotify");
            let sum: i64 = counted.map(|(amount, _)| amount * 100).sum();
            prop_assert_eq!(first.lines.iter().map(|line| line.amount).sum::<i64>(), sum);
        }
    }
}
