//! An artist's statement: opening balance → receipts × rate → reserve → recoupment → payable.
//!
//! Receipts are converted line by line into the currency of the account, added up for each month and rule, and
//! only then multiplied and rounded, so that a month is rounded once for each rule. What is held back against returns
//! is a line of its own, and so is each part of it that is released. All of it stands on one account: advances are
//! debts that everything is recouped against, and nothing is payable while the balance is below zero.

use super::exact::{MICROS, WHOLE_BASIS_POINTS, scaled};
use super::reserve::Reserve;
use super::terms::{Rate, Terms, Use};
use super::usage::{Channel, Format};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A line of a platform's report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Its number, by which it is found again.
    pub id: i64,
    /// The report that it is part of.
    pub report: String,
    /// The month of use, such as `2026-09`.
    pub period: String,
    /// When the report came.
    pub received_on: Date,
    /// The territory.
    pub territory: String,
    /// The channel; none where the report does not say.
    pub channel: Option<Channel>,
    /// The format; none where the report does not say.
    pub format: Option<Format>,
    /// In minor units of the report's currency.
    pub amount: i64,
    /// What a unit of that currency was worth in the account's currency, in millionths.
    pub rate_micros: i64,
}

impl Receipt {
    /// Where and how it was used.
    pub fn use_of(&self) -> Use<'_> {
        Use { territory: &self.territory, channel: self.channel, format: self.format }
    }
}

/// What else changes a balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// The day.
    pub booked_on: Date,
    /// What it is.
    pub kind: MovementKind,
    /// In minor units: credits above zero.
    pub amount: i64,
}

/// The kinds of movements, in the order in which those of one day are booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MovementKind {
    /// Money given ahead of earnings.
    Advance,
    /// What is taken over from before.
    BroughtForward,
    /// Receipts times the rate.
    Royalties,
    /// A part of royalties that is held back.
    Reserve,
    /// A part of what was held back, released.
    Release,
    /// Anything else.
    Other,
    /// Money that was paid out.
    Payment,
}

/// A line of the statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// The day.
    pub date: Date,
    /// What it is.
    pub kind: MovementKind,
    /// In minor units: credits above zero.
    pub amount: i64,
    /// The balance after it.
    pub balance: i64,
    /// What it was worked out from; none of postings.
    pub inputs: Option<Inputs>,
}

/// What royalties, or a part of them that is held back or released, were worked out from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inputs {
    /// The month of use.
    pub period: String,
    /// The agreement whose rate it is; none of the rate of the account.
    pub agreement: Option<String>,
    /// What that rate is for, such as `DE, physical`.
    pub scope: String,
    /// The rate of royalties, or of what is held back, in hundredths of a percent.
    pub basis_points: u32,
    /// What that is a part of, in minor units of the account's currency: what came in, of royalties; the royalties, of
    /// what is held back; what was held back, of what is released.
    pub received: i64,
    /// Which part of how many is released; none of all else.
    pub part: Option<(u32, u32)>,
    /// The reports.
    pub reports: Vec<String>,
    /// The numbers of their lines, in order.
    pub lines: Vec<i64>,
}

/// What a statement is asked of.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The booked balance before the first day, from which nothing is held back.
    pub opening: i64,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Lines that are in the booked balance, for what was held back of them.
    pub earlier: &'a [Receipt],
    /// Lines of these days.
    pub receipts: &'a [Receipt],
    /// What else changed the balance in these days.
    pub postings: &'a [Posting],
}

/// What is held back: what was before, held back and released in these days, and is after them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReserveBalance {
    /// Before the first day.
    pub before: i64,
    /// Held back.
    pub held: i64,
    /// Released.
    pub released: i64,
    /// After the last day.
    pub after: i64,
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The balance before, without what is held back.
    pub opening: i64,
    /// What happened, in order.
    pub movements: Vec<Movement>,
    /// The balance after everything that happened.
    pub closing: i64,
    /// What is to be paid now: the balance once it is recouped and no less than the least payment.
    pub payable: i64,
    /// What goes into the next statement: the closing balance without what is payable.
    pub carried_forward: i64,
    /// What is held back.
    pub reserve: ReserveBalance,
    /// Lines of which the terms say nothing; they are in no sum.
    pub without_rate: Vec<i64>,
}

impl Statement {
    /// The debt that is left; zero once it is recouped.
    pub fn unrecouped(&self) -> i64 {
        self.closing.min(0).saturating_neg()
    }

    /// Payments after which the balance was below zero: paid before it was recouped.
    pub fn paid_too_early(&self) -> impl Iterator<Item = &Movement> {
        self.movements
            .iter()
            .filter(|movement| movement.kind == MovementKind::Payment && movement.balance < 0)
    }

    /// The sum of the movements of a kind.
    pub fn sum(&self, kind: MovementKind) -> i64 {
        self.movements.iter().filter(|movement| movement.kind == kind).map(|movement| movement.amount).sum()
    }
}

/// Why there is no statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// An amount is larger than can be written down.
    #[error("the amounts of {0} are larger than can be added up exactly")]
    TooLarge(String),
}

/// Works out a statement. The order of receipts and postings does not matter.
///
/// # Errors
/// When amounts do not fit.
pub fn statement(asked: &Asked<'_>, terms: &Terms) -> Result<Statement, StatementError> {
    let (earlier, _) = royalties(asked.earlier, terms, asked.to)?;
    let of_reserve =
        |movement: &Movement| matches!(movement.kind, MovementKind::Reserve | MovementKind::Release);
    let (before, since): (Vec<Movement>, Vec<Movement>) =
        earlier.into_iter().filter(of_reserve).partition(|movement| movement.date < asked.from);
    let reserve_before = sum_of(&before)?.checked_neg().ok_or_else(|| too_large(asked.from))?;
    let (mut booked, without_rate) = royalties(asked.receipts, terms, asked.to)?;
    booked.extend(since);
    booked.extend(asked.postings.iter().map(|posting| Movement {
        date: posting.booked_on,
        kind: posting.kind,
        amount: posting.amount,
        balance: 0,
        inputs: None,
    }));
    booked.sort_by(|a, b| order(a).cmp(&order(b)));
    let opening = asked.opening.checked_sub(reserve_before).ok_or_else(|| too_large(asked.from))?;
    let mut balance = opening;
    for movement in &mut booked {
        balance = balance.checked_add(movement.amount).ok_or_else(|| too_large(movement.date))?;
        movement.balance = balance;
    }
    let of = |kind| sum_of(booked.iter().filter(|movement| movement.kind == kind));
    let (held, released) = (of(MovementKind::Reserve)?.saturating_neg(), of(MovementKind::Release)?);
    let payable = payable(balance, terms.least_payment());
    let after = reserve_before.checked_add(held).and_then(|reserve| reserve.checked_sub(released));
    let reserve = ReserveBalance {
        before: reserve_before,
        held,
        released,
        after: after.ok_or_else(|| too_large(asked.to))?,
    };
    Ok(Statement {
        opening,
        movements: booked,
        closing: balance,
        payable,
        carried_forward: balance - payable,
        reserve,
        without_rate,
    })
}

fn too_large(day: Date) -> StatementError {
    StatementError::TooLarge(format!("the account on {day}"))
}

fn sum_of<'a>(movements: impl IntoIterator<Item = &'a Movement>) -> Result<i64, StatementError> {
    movements.into_iter().try_fold(0_i64, |sum, movement| {
        sum.checked_add(movement.amount).ok_or_else(|| too_large(movement.date))
    })
}

/// What is paid of a balance: nothing while it is below zero or below the least payment, else all of it.
pub fn payable(balance: i64, least_payment: i64) -> i64 {
    if balance >= least_payment { balance.max(0) } else { 0 }
}

/// What movements of a statement are put in order by.
type Order<'a> = (Date, MovementKind, Option<(&'a str, Option<&'a str>, &'a str, u32, i64)>, i64);

fn order(movement: &Movement) -> Order<'_> {
    let inputs = movement.inputs.as_ref().map(|inputs| {
        let agreement = inputs.agreement.as_deref();
        (inputs.period.as_str(), agreement, inputs.scope.as_str(), inputs.basis_points, inputs.received)
    });
    (movement.date, movement.kind, inputs, movement.amount)
}

/// What is added up before it is multiplied: a day of receipt, a month, a rule, and whether some of it is held back.
type Key<'a> = (Date, &'a str, Option<&'a str>, &'a Rate, bool);

/// Royalties for each day of receipt, month and rule, with what is held back of them and released up to a day, and lines
/// without a rate.
fn royalties(
    receipts: &[Receipt],
    terms: &Terms,
    until: Date,
) -> Result<(Vec<Movement>, Vec<i64>), StatementError> {
    let mut sums: BTreeMap<Key<'_>, (Inputs, Option<&Reserve>)> = BTreeMap::new();
    let mut without_rate = Vec::new();
    for receipt in receipts {
        let Some(rule) = terms.rule(&receipt.period, receipt.use_of()) else {
            without_rate.push(receipt.id);
            continue;
        };
        let too_large = || StatementError::TooLarge(receipt.report.clone());
        let received = converted(receipt).ok_or_else(too_large)?;
        let is_held = rule.reserve.is_some();
        let key = (receipt.received_on, receipt.period.as_str(), rule.agreement, rule.rate, is_held);
        let empty = || Inputs {
            period: receipt.period.clone(),
            agreement: rule.agreement.map(str::to_owned),
            scope: rule.rate.scope(),
            basis_points: rule.rate.basis_points,
            received: 0,
            part: None,
            reports: Vec::new(),
            lines: Vec::new(),
        };
        let (inputs, _) = sums.entry(key).or_insert_with(|| (empty(), rule.reserve));
        inputs.received = inputs.received.checked_add(received).ok_or_else(too_large)?;
        inputs.lines.push(receipt.id);
        if !inputs.reports.contains(&receipt.report) {
            inputs.reports.push(receipt.report.clone());
        }
    }
    without_rate.sort_unstable();
    let mut movements = Vec::new();
    for ((date, ..), (mut inputs, reserve)) in sums {
        inputs.lines.sort_unstable();
        inputs.reports.sort_unstable();
        movements.extend(booked(date, inputs, reserve, until)?);
    }
    Ok((movements, without_rate))
}

/// The royalties of a sum, what is held back of them, and what is released of that up to a day.
fn booked(
    date: Date,
    inputs: Inputs,
    reserve: Option<&Reserve>,
    until: Date,
) -> Result<Vec<Movement>, StatementError> {
    let too_large = || StatementError::TooLarge(inputs.period.clone());
    let points = (i64::from(inputs.basis_points), i64::from(WHOLE_BASIS_POINTS));
    let amount = scaled(inputs.received, points.0, points.1).ok_or_else(too_large)?;
    let movement =
        |date, kind, amount, inputs| Movement { date, kind, amount, balance: 0, inputs: Some(inputs) };
    let mut movements = vec![movement(date, MovementKind::Royalties, amount, inputs.clone())];
    let Some(reserve) = reserve else { return Ok(movements) };
    let held = reserve.held(amount).ok_or_else(too_large)?;
    if held == 0 {
        return Ok(movements);
    }
    let of = |received, part| {
        let basis_points = reserve.basis_points();
        Inputs { basis_points, received, part, ..inputs.clone() }
    };
    movements.push(movement(date, MovementKind::Reserve, -held, of(amount, None)));
    let releases = reserve.releases(date, held).ok_or_else(too_large)?;
    for (part, (day, released)) in (1_u32..).zip(releases) {
        if day <= until && released != 0 {
            let inputs = of(held, Some((part, reserve.parts())));
            movements.push(movement(day, MovementKind::Release, released, inputs));
        }
    }
    Ok(movements)
}

/// What a line came to, in minor units of the account's currency; none where that does not fit.
pub fn converted(receipt: &Receipt) -> Option<i64> {
    scaled(receipt.amount, receipt.rate_micros, MICROS)
}

#[cfg(test)]
mod tests {
    use super::super::terms::Agreement;
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    const DAY: Date = date(2026, 11, 14);
    const END: Date = date(2026, 12, 31);

    fn receipt(id: i64, month: u8, amount: i64) -> Receipt {
        Receipt {
            id,
            report: format!("st_2026-{month:02}_spotify"),
            period: format!("2026-{month:02}"),
            received_on: DAY,
            territory: "DE".to_owned(),
            channel: Some(Channel::Streaming),
            format: None,
            amount,
            rate_micros: MICROS,
        }
    }

    fn advance(amount: i64) -> Posting {
        Posting { booked_on: date(2026, 1, 1), kind: MovementKind::Advance, amount: -amount }
    }

    fn terms(basis_points: u32, reserve: Option<Reserve>, least: i64) -> Terms {
        let rates = vec![Rate::of_all(basis_points)];
        let agreement = Agreement { name: "deal".to_owned(), from: None, to: None, rates, reserve };
        Terms::new(vec![agreement], None, least).expect("terms")
    }

    fn reserve(basis_points: u32, parts: u32) -> Option<Reserve> {
        Reserve::new(basis_points, Vec::new(), parts, 1).ok()
    }

    fn of(opening: i64, receipts: &[Receipt], postings: &[Posting], terms: &Terms) -> Statement {
        let from = date(2026, 1, 1);
        let asked = Asked { opening, from, to: END, earlier: &[], receipts, postings };
        statement(&asked, terms).expect("fits")
    }

    #[test]
    fn an_advance_of_15_000_at_15_percent_is_recouped_after_100_000_of_income() {
        let of = |income| of(0, &[receipt(1, 9, income)], &[advance(1_500_000)], &terms(1_500, None, 0));
        let short = of(9_999_900);
        assert_eq!((short.closing, short.payable, short.unrecouped()), (-15, 0, 15));
        let even = of(10_000_000);
        assert_eq!((even.closing, even.payable, even.unrecouped()), (0, 0, 0));
        assert_eq!(of(10_100_000).payable, 15_000);
    }

    #[test]
    fn a_foreign_report_is_converted_line_by_line_and_a_month_is_rounded_once() {
        let mut lines = [receipt(1, 9, 1_234), receipt(2, 9, 1)];
        for line in &mut lines {
            line.rate_micros = 1_085_000;
        }
        let found = of(0, &lines, &[], &terms(1_800, None, 0));
        let inputs = found.movements[0].inputs.as_ref().expect("inputs");
        assert_eq!((inputs.received, inputs.lines.as_slice()), (1_340, [1, 2].as_slice()));
        // 1,340 × 18 % = 241.2
        assert_eq!(found.closing, 241);
    }

    #[test]
    fn a_reserve_is_held_back_of_royalties_and_released_by_parts() {
        let lines = [receipt(1, 9, 10_000)];
        let terms = terms(5_000, reserve(2_000, 3), 0);
        // Received in November, so that a third is released at the end of December.
        let found = of(0, &lines, &[], &terms);
        assert_eq!(found.sum(MovementKind::Royalties), 5_000);
        assert_eq!(found.sum(MovementKind::Reserve), -1_000);
        assert_eq!((found.reserve.released, found.reserve.after, found.payable), (334, 666, 4_334));
        // The year after begins with what is booked, without what is held back of it.
        let from = date(2027, 1, 1);
        let to = date(2027, 12, 31);
        let asked = Asked { opening: 5_000, from, to, earlier: &lines, receipts: &[], postings: &[] };
        let next = statement(&asked, &terms).expect("fits");
        assert_eq!((next.opening, next.closing), (found.closing, 5_000));
        assert_eq!(next.reserve, ReserveBalance { before: 666, held: 0, released: 666, after: 0 });
        let parts = next.movements.iter().filter_map(|movement| movement.inputs.as_ref()?.part);
        assert_eq!(parts.collect::<Vec<_>>(), [(2, 3), (3, 3)]);
    }

    #[test]
    fn what_is_held_back_recoups_nothing_until_it_is_released() {
        let found = of(0, &[receipt(1, 9, 10_000)], &[advance(4_500)], &terms(5_000, reserve(2_000, 40), 0));
        // 5,000 earned, 1,000 held, 25 released.
        assert_eq!((found.closing, found.payable, found.unrecouped()), (-475, 0, 475));
    }

    #[test]
    fn each_rule_of_a_month_is_a_line_and_names_itself() {
        let physical = Rate { channel: Some(Channel::Physical), ..Rate::of_all(1_000) };
        let rates = vec![Rate::of_all(2_000), physical];
        let held = Reserve::new(5_000, vec![Channel::Physical], 2, 6).ok();
        let deal = Agreement { name: "deal".to_owned(), from: None, to: None, rates, reserve: held };
        let terms = Terms::new(vec![deal], None, 0).expect("terms");
        let vinyl = Receipt { channel: Some(Channel::Physical), ..receipt(2, 9, 10_000) };
        let found = of(0, &[receipt(1, 9, 10_000), vinyl], &[], &terms);
        let told = found.movements.iter().filter_map(|movement| {
            let inputs = movement.inputs.as_ref()?;
            Some((movement.kind, inputs.scope.as_str(), movement.amount))
        });
        assert_eq!(
            told.collect::<Vec<_>>(),
            [
                (MovementKind::Royalties, "all", 2_000),
                (MovementKind::Royalties, "physical", 1_000),
                (MovementKind::Reserve, "physical", -500),
            ]
        );
    }

    #[test]
    fn small_sums_are_carried_forward_and_payments_ahead_of_recoupment_are_seen() {
        let small = of(0, &[receipt(1, 9, 9_998)], &[], &terms(5_000, None, 5_000));
        assert_eq!((small.payable, small.carried_forward), (0, 4_999));
        let early = Posting { booked_on: DAY, kind: MovementKind::Payment, amount: -6_000 };
        let found = of(0, &[receipt(1, 9, 9_998)], &[early], &terms(5_000, None, 0));
        assert_eq!(found.paid_too_early().count(), 1);
    }

    #[test]
    fn lines_without_a_rate_are_in_no_sum_and_named() {
        let rates = vec![Rate { territory: Some("JP".to_owned()), ..Rate::of_all(1_000) }];
        let japan = Agreement { name: "deal".to_owned(), from: None, to: None, rates, reserve: None };
        let terms = Terms::new(vec![japan], None, 0).expect("terms");
        let found = of(7, &[receipt(3, 9, 100)], &[], &terms);
        assert_eq!((found.closing, found.without_rate), (7, vec![3]));
    }

    #[test]
    fn sums_that_do_not_fit_are_told() {
        let receipts = [receipt(1, 9, i64::MAX), receipt(2, 9, i64::MAX)];
        let asked =
            Asked { opening: 0, from: DAY, to: END, earlier: &[], receipts: &receipts, postings: &[] };
        assert!(statement(&asked, &terms(10_000, None, 0)).is_err());
    }

    fn any_receipt() -> impl Strategy<Value = Receipt> {
        let channels = prop::option::of(prop::sample::select(Channel::ALL.to_vec()));
        let values = (1_i64..1_000, 1_u8..=12, -1_000_000_i64..1_000_000, 1_i64..3 * MICROS, channels);
        values.prop_map(|(id, month, amount, rate_micros, channel)| Receipt {
            channel,
            rate_micros,
            ..receipt(id, month, amount)
        })
    }

    fn any_terms() -> impl Strategy<Value = Terms> {
        let rate = (prop::option::of(prop::sample::select(Channel::ALL.to_vec())), 0_u32..=10_000)
            .prop_map(|(channel, basis_points)| Rate { channel, ..Rate::of_all(basis_points) });
        let held = (0_u32..=10_000, 1_u32..=40, prop::sample::select(vec![1_u32, 3, 6, 12]));
        (prop::collection::vec(rate, 0..4), prop::option::of(held), 0_u32..=10_000, 0_i64..100_000).prop_map(
            |(mut rates, held, account, least)| {
                rates.sort();
                rates.dedup_by_key(|rate| rate.channel);
                let reserve = held.and_then(|(points, parts, months)| {
                    Reserve::new(points, vec![Channel::Physical, Channel::Streaming], parts, months).ok()
                });
                let deal = Agreement {
                    name: "deal".to_owned(),
                    from: Some("2026-06".to_owned()),
                    to: None,
                    rates,
                    reserve,
                };
                Terms::new(vec![deal], Some(account), least).expect("terms")
            },
        )
    }

    proptest! {
        #[test]
        fn nothing_is_paid_before_it_is_recouped_and_everything_adds_up(
            opening in -10_000_000_i64..10_000_000,
            receipts in proptest::collection::vec(any_receipt(), 0..30),
            earlier in proptest::collection::vec(any_receipt(), 0..30),
            given in 0_i64..5_000_000,
            years in 0_i16..20,
            terms in any_terms(),
        ) {
            let earlier: Vec<Receipt> = earlier
                .into_iter()
                .map(|receipt| Receipt { received_on: date(2025, 8, 14), ..receipt })
                .collect();
            let (from, to) = (date(2026, 1, 1), date(2026 + years, 12, 31));
            let postings = [advance(given)];
            let asked =
                Asked { opening, from, to, earlier: &earlier, receipts: &receipts, postings: &postings };
            let found = statement(&asked, &terms).expect("fits");
            let moved: i64 = found.movements.iter().map(|movement| movement.amount).sum();
            prop_assert_eq!(found.opening, opening - found.reserve.before);
            prop_assert_eq!(found.closing, found.opening + moved);
            prop_assert_eq!(found.payable + found.carried_forward, found.closing);
            prop_assert!(found.payable >= 0);
            prop_assert!(found.payable == 0 || found.payable >= terms.least_payment());
            prop_assert_eq!(found.unrecouped() > 0, found.closing < 0);
            // Everything is what was booked and earned, without what is still held.
            let earned = found.sum(MovementKind::Royalties);
            prop_assert_eq!(found.closing, opening + earned - given - found.reserve.after);
            // What was held is what was released and what is left.
            let ReserveBalance { before, held, released, after } = found.reserve;
            prop_assert_eq!(before + held, released + after);
            prop_assert!(before >= 0 && held >= 0 && released >= 0 && after >= 0);
            prop_assert!(years < 19 || terms.agreements()[0].reserve.as_ref().is_none_or(|r| r.parts() > 19) || after == 0);
            let lines: usize = found.movements.iter()
                .filter(|movement| movement.kind == MovementKind::Royalties)
                .filter_map(|movement| movement.inputs.as_ref())
                .map(|inputs| inputs.lines.len())
                .sum();
            prop_assert_eq!(lines, receipts.len());
        }

        #[test]
        fn running_it_again_in_another_order_changes_nothing(
            receipts in proptest::collection::vec(any_receipt(), 0..20),
            terms in any_terms(),
        ) {
            let first = of(0, &receipts, &[advance(50)], &terms);
            prop_assert_eq!(&first, &of(0, &receipts, &[advance(50)], &terms));
            let turned: Vec<Receipt> = receipts.into_iter().rev().collect();
            prop_assert_eq!(first, of(0, &turned, &[advance(50)], &terms));
        }
    }
}
