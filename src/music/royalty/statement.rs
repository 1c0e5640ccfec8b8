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
    /// The store.
    pub store: String,
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
        Use { territory: &self.territory, store: &self.store, channel: self.channel, format: self.format }
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
    /// The least that is paid out.
    pub least_payment: i64,
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
    let least_payment = terms.least_payment(&format!("{:04}-{:02}", asked.to.year(), asked.to.month()));
    let payable = payable(balance, least_payment);
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
        least_payment,
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
mod tests;
