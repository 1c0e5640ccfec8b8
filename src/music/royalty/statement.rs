//! An artist's statement: opening balance → receipts × rate → recoupment → payable.
//!
//! Receipts are converted line by line into the currency of the account, added up for each month and rate, and
//! only then multiplied and rounded, so that a month is rounded once. Advances stand as debts; nothing is
//! payable while the balance is below zero.

use super::exact::{MICROS, WHOLE_BASIS_POINTS, scaled};
use super::terms::{Terms, Use};
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
    /// The store or channel.
    pub channel: String,
    /// The format.
    pub format: String,
    /// In minor units of the report's currency.
    pub amount: i64,
    /// What a unit of that currency was worth in the account's currency, in millionths.
    pub rate_micros: i64,
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

/// What royalties were worked out from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inputs {
    /// The month of use.
    pub period: String,
    /// The rate, in hundredths of a percent.
    pub basis_points: u32,
    /// What came in, in minor units of the account's currency.
    pub received: i64,
    /// The reports.
    pub reports: Vec<String>,
    /// The numbers of their lines, in order.
    pub lines: Vec<i64>,
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The balance before.
    pub opening: i64,
    /// What happened, in order.
    pub movements: Vec<Movement>,
    /// The balance after everything that happened.
    pub closing: i64,
    /// What is to be paid now: the balance once it is recouped and no less than the least payment.
    pub payable: i64,
    /// What goes into the next statement: the closing balance without what is payable.
    pub carried_forward: i64,
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
pub fn statement(
    opening: i64,
    receipts: &[Receipt],
    postings: &[Posting],
    terms: &Terms,
) -> Result<Statement, StatementError> {
    let (mut booked, without_rate) = royalties(receipts, terms)?;
    booked.extend(postings.iter().map(|posting| Movement {
        date: posting.booked_on,
        kind: posting.kind,
        amount: posting.amount,
        balance: 0,
        inputs: None,
    }));
    booked.sort_by(|a, b| order(a).cmp(&order(b)));
    let mut balance = opening;
    for movement in &mut booked {
        let too_large = || StatementError::TooLarge(format!("the account on {}", movement.date));
        balance = balance.checked_add(movement.amount).ok_or_else(too_large)?;
        movement.balance = balance;
    }
    let payable = payable(balance, terms.least_payment());
    Ok(Statement {
        opening,
        movements: booked,
        closing: balance,
        payable,
        carried_forward: balance - payable,
        without_rate,
    })
}

/// What is paid of a balance: nothing while it is below zero or below the least payment, else all of it.
pub fn payable(balance: i64, least_payment: i64) -> i64 {
    if balance >= least_payment { balance.max(0) } else { 0 }
}

fn order(movement: &Movement) -> (Date, MovementKind, Option<(&str, u32)>, i64) {
    let inputs = movement.inputs.as_ref().map(|inputs| (inputs.period.as_str(), inputs.basis_points));
    (movement.date, movement.kind, inputs, movement.amount)
}

/// Royalties for each day of receipt, month and rate, with what is held back of them, and lines without a rate.
fn royalties(receipts: &[Receipt], terms: &Terms) -> Result<(Vec<Movement>, Vec<i64>), StatementError> {
    let mut sums: BTreeMap<(Date, &str, u32), Inputs> = BTreeMap::new();
    let mut without_rate = Vec::new();
    for receipt in receipts {
        let use_of =
            Use { territory: &receipt.territory, channel: &receipt.channel, format: &receipt.format };
        let Some(rate) = terms.rate(use_of) else {
            without_rate.push(receipt.id);
            continue;
        };
        let too_large = || StatementError::TooLarge(receipt.report.clone());
        let received = converted(receipt).ok_or_else(too_large)?;
        let key = (receipt.received_on, receipt.period.as_str(), rate.basis_points);
        let inputs = sums.entry(key).or_insert_with(|| Inputs {
            period: receipt.period.clone(),
            basis_points: rate.basis_points,
            received: 0,
            reports: Vec::new(),
            lines: Vec::new(),
        });
        inputs.received = inputs.received.checked_add(received).ok_or_else(too_large)?;
        inputs.lines.push(receipt.id);
        if !inputs.reports.contains(&receipt.report) {
            inputs.reports.push(receipt.report.clone());
        }
    }
    without_rate.sort_unstable();
    let mut movements = Vec::new();
    for ((date, ..), mut inputs) in sums {
        inputs.lines.sort_unstable();
        inputs.reports.sort_unstable();
        let too_large = || StatementError::TooLarge(inputs.period.clone());
        let amount = share_of(inputs.received, inputs.basis_points).ok_or_else(too_large)?;
        let held = share_of(amount.max(0), terms.reserve_basis_points()).ok_or_else(too_large)?;
        let movement =
            |kind, amount, inputs| Movement { date, kind, amount, balance: 0, inputs: Some(inputs) };
        movements.push(movement(MovementKind::Royalties, amount, inputs.clone()));
        if held > 0 {
            let reserve = Inputs { basis_points: terms.reserve_basis_points(), received: amount, ..inputs };
            movements.push(movement(MovementKind::Reserve, -held, reserve));
        }
    }
    Ok((movements, without_rate))
}

/// What a line came to, in minor units of the account's currency; none where that does not fit.
pub fn converted(receipt: &Receipt) -> Option<i64> {
    scaled(receipt.amount, receipt.rate_micros, MICROS)
}

/// A part in hundredths of a percent of an amount.
fn share_of(amount: i64, basis_points: u32) -> Option<i64> {
    scaled(amount, i64::from(basis_points), i64::from(WHOLE_BASIS_POINTS))
}

#[cfg(test)]
mod tests {
    use super::super::terms::Rate;
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    const DAY: Date = date(2026, 11, 14);

    fn receipt(id: i64, month: u8, amount: i64) -> Receipt {
        Receipt {
            id,
            report: format!("st_2026-{month:02}_spotify"),
            period: format!("2026-{month:02}"),
            received_on: DAY,
            territory: "DE".to_owned(),
            channel: "spotify".to_owned(),
            format: "stream".to_owned(),
            amount,
            rate_micros: MICROS,
        }
    }

    fn advance(amount: i64) -> Posting {
        Posting { booked_on: date(2026, 1, 1), kind: MovementKind::Advance, amount: -amount }
    }

    fn terms(basis_points: u32, reserve: u32, least: i64) -> Terms {
        Terms::new(vec![Rate::of_all(basis_points)], reserve, least).expect("terms")
    }

    #[test]
    fn an_advance_of_15_000_at_15_percent_is_recouped_after_100_000_of_income() {
        let of = |income| {
            statement(0, &[receipt(1, 9, income)], &[advance(1_500_000)], &terms(1_500, 0, 0)).expect("fits")
        };
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
        let found = statement(0, &lines, &[], &terms(1_800, 0, 0)).expect("fits");
        let inputs = found.movements[0].inputs.as_ref().expect("inputs");
        assert_eq!((inputs.received, inputs.lines.as_slice()), (1_340, [1, 2].as_slice()));
        // 1,340 × 18 % = 241.2
        assert_eq!(found.closing, 241);
    }

    #[test]
    fn a_reserve_is_held_back_of_royalties_and_named() {
        let found = statement(0, &[receipt(1, 9, 10_000)], &[], &terms(5_000, 2_000, 0)).expect("fits");
        assert_eq!(found.sum(MovementKind::Royalties), 5_000);
        assert_eq!(found.sum(MovementKind::Reserve), -1_000);
        assert_eq!(found.payable, 4_000);
    }

    #[test]
    fn small_sums_are_carried_forward_and_payments_ahead_of_recoupment_are_seen() {
        let small = statement(0, &[receipt(1, 9, 9_998)], &[], &terms(5_000, 0, 5_000)).expect("fits");
        assert_eq!((small.payable, small.carried_forward), (0, 4_999));
        let early = Posting { booked_on: DAY, kind: MovementKind::Payment, amount: -6_000 };
        let found = statement(0, &[receipt(1, 9, 9_998)], &[early], &terms(5_000, 0, 0)).expect("fits");
        assert_eq!(found.paid_too_early().count(), 1);
    }

    #[test]
    fn lines_without_a_rate_are_in_no_sum_and_named() {
        let only_japan = Rate { territory: Some("JP".to_owned()), ..Rate::of_all(1_000) };
        let terms = Terms::new(vec![only_japan], 0, 0).expect("terms");
        let found = statement(7, &[receipt(3, 9, 100)], &[], &terms).expect("fits");
        assert_eq!((found.closing, found.without_rate), (7, vec![3]));
    }

    #[test]
    fn sums_that_do_not_fit_are_told() {
        let lines = [receipt(1, 9, i64::MAX), receipt(2, 9, i64::MAX)];
        assert!(statement(0, &lines, &[], &terms(10_000, 0, 0)).is_err());
    }

    fn any_receipt() -> impl Strategy<Value = Receipt> {
        (1_i64..1_000, 1_u8..=12, -1_000_000_i64..1_000_000, 1_i64..3 * MICROS).prop_map(
            |(id, month, amount, rate_micros)| Receipt { rate_micros, ..receipt(id, month, amount) },
        )
    }

    proptest! {
        #[test]
        fn nothing_is_paid_before_it_is_recouped_and_everything_adds_up(
            opening in -10_000_000_i64..10_000_000,
            receipts in proptest::collection::vec(any_receipt(), 0..30),
            given in 0_i64..5_000_000,
            points in 0_u32..=10_000,
            reserve in 0_u32..=10_000,
            least in 0_i64..100_000,
        ) {
            let terms = terms(points, reserve, least);
            let found = statement(opening, &receipts, &[advance(given)], &terms).expect("fits");
            let moved: i64 = found.movements.iter().map(|movement| movement.amount).sum();
            prop_assert_eq!(found.closing, opening + moved);
            prop_assert_eq!(found.payable + found.carried_forward, found.closing);
            prop_assert!(found.payable >= 0);
            prop_assert!(found.payable == 0 || (found.closing >= 0 && found.payable >= least));
            prop_assert_eq!(found.unrecouped() > 0, found.closing < 0);
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
            points in 0_u32..=10_000,
        ) {
            let terms = terms(points, 1_000, 0);
            let first = statement(0, &receipts, &[advance(50)], &terms);
            prop_assert_eq!(&first, &statement(0, &receipts, &[advance(50)], &terms));
            let turned: Vec<Receipt> = receipts.into_iter().rev().collect();
            prop_assert_eq!(first, statement(0, &turned, &[advance(50)], &terms));
        }
    }
}
