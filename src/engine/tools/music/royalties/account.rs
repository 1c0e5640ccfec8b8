//! From the ledger's rows to a statement, the same with other terms, and who shares in it.

use super::imported::Unconverted;
use super::ledger::{Account, Entry, Line, SplitRow};
use super::tool::WhatIf;
use super::views::{
    AccountStatement, Money, PayeeView, ReserveView, StatementLine, TrackMoney, UnconvertedView, Undivided,
    WhatIfAnswer,
};
use crate::engine::tools::ToolError;
use crate::model::exchange_rate::ExchangeRate;
use crate::music::royalty::exact::MICROS;
use crate::music::royalty::exact::divided;
use crate::music::royalty::splits::{Share, Splits};
use crate::music::royalty::statement::{
    Asked, Inputs, Movement, MovementKind, Posting, Receipt, Statement, StatementError, converted, statement,
};
use crate::music::royalty::terms::Terms;
use crate::music::royalty::usage::{Channel, Format};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// An account with its lines, and the days of the statement.
pub(super) struct Booked<'a> {
    pub(super) account: &'a Account,
    pub(super) lines: &'a [Line],
    pub(super) splits: &'a [SplitRow],
    pub(super) terms: &'a Terms,
    pub(super) unconverted: &'a [Unconverted],
    pub(super) rates: &'a [ExchangeRate],
    pub(super) from: Date,
    pub(super) to: Date,
}

/// Whose statement it is, and which recordings are known.
pub(super) struct About<'a> {
    pub(super) artist_id: &'a str,
    pub(super) artist_name: &'a str,
    /// Titles by ISRC.
    pub(super) titles: &'a BTreeMap<&'a str, &'a str>,
}

impl Booked<'_> {
    /// The statement by the terms that hold, as views, and as the arithmetic has it.
    pub(super) fn statement(&self, about: &About<'_>) -> Result<(AccountStatement, Statement), ToolError> {
        let found = self.work_out(self.terms, self.opening(), 0)?;
        let shares = self.shares(&found);
        let unmatched: Vec<&Line> =
            self.within().filter(|l| !about.titles.contains_key(l.isrc.as_str())).collect();
        let unmatched_sum = unmatched.iter().filter_map(|line| received(line)).sum();
        let unmatched_lines = unmatched.iter().map(|line| line.lines).sum::<u64>();
        let (payees, undivided) = self.payees(&shares);
        let view = AccountStatement {
            artist_id: about.artist_id.to_owned(),
            artist_name: about.artist_name.to_owned(),
            account_id: self.account.id.clone(),
            from: self.from.to_string(),
            to: self.to.to_string(),
            rate_basis_points: self.account.rate_basis_points,
            agreements: self.terms.agreements().iter().map(|agreement| agreement.name.clone()).collect(),
            advance: self.money(self.advance()),
            opening: self.money(found.opening),
            lines: found.movements.iter().map(|movement| self.line(movement)).collect(),
            royalties: self.money(found.sum(MovementKind::Royalties)),
            paid: self.money(-found.sum(MovementKind::Payment)),
            closing: self.money(found.closing),
            unrecouped: self.money(found.unrecouped()),
            reserve: ReserveView {
                before: self.money(found.reserve.before),
                held: self.money(found.reserve.held),
                released: self.money(found.reserve.released),
                after: self.money(found.reserve.after),
            },
            payable: self.money(found.payable),
            least_payment: (found.least_payment > 0).then(|| self.money(found.least_payment)),
            carried_over: self.money(found.carried_forward),
            payees,
            tracks: self.tracks(&shares, about.titles),
            undivided,
            unmatched_lines: u32::try_from(unmatched_lines).unwrap_or(u32::MAX),
            unmatched: self.money(unmatched_sum),
            unconverted: self.not_converted(),
            exchange_rates: self.rates.to_vec(),
            differences: self.differences(&found),
        };
        Ok((view, found))
    }

    /// The statement with another rate or advance. What was brought forward and paid stays as it is booked.
    pub(super) fn what_if(&self, other: &WhatIf, held: &Statement) -> Result<WhatIfAnswer, ToolError> {
        let rate = other.rate.unwrap_or(self.account.rate_basis_points);
        let advance = other.advance.unwrap_or_else(|| self.advance());
        let more_advanced = advance - self.advance();
        let terms = self.other_terms(other)?;
        let before = self.earlier();
        let of_before = Asked {
            opening: 0,
            from: self.from,
            to: self.to,
            earlier: &[],
            receipts: &before,
            postings: &[],
        };
        let earned = statement(&of_before, &terms).map_err(too_large)?.sum(MovementKind::Royalties);
        let booked: i64 =
            self.entries_before().filter(|entry| entry.kind == "royalties").map(|e| e.amount).sum();
        let changed = if other.rate.is_some() { earned - booked } else { 0 };
        let found = self.work_out(&terms, self.opening() + changed, more_advanced)?;
        Ok(WhatIfAnswer {
            rate_basis_points: rate,
            advance: self.money(advance),
            opening: self.money(found.opening),
            royalties: self.money(found.sum(MovementKind::Royalties)),
            closing: self.money(found.closing),
            unrecouped: self.money(found.unrecouped()),
            payable: self.money(found.payable),
            payable_change: self.money(found.payable - held.payable),
        })
    }

    /// The terms with another rate in place of all of them, where one is tried.
    fn other_terms(&self, other: &WhatIf) -> Result<Terms, ToolError> {
        match other.rate {
            None => Ok(self.terms.clone()),
            Some(rate) => self
                .terms
                .with_one_rate(rate)
                .map_err(|error| ToolError::field("whatIf.rate", error.to_string())),
        }
    }

    fn work_out(&self, terms: &Terms, opening: i64, more_advanced: i64) -> Result<Statement, ToolError> {
        let earlier = self.earlier();
        let receipts: Vec<Receipt> = self.within().map(receipt).collect();
        let entries = self.account.entries.iter();
        let within = entries.filter(|entry| (self.from..=self.to).contains(&entry.booked_on));
        let postings: Vec<Posting> = within.filter_map(posting).collect();
        // The difference in what was advanced is a debt from the beginning, whenever the advance was booked.
        let asked = Asked {
            opening: opening - more_advanced,
            from: self.from,
            to: self.to,
            earlier: &earlier,
            receipts: &receipts,
            postings: &postings,
        };
        statement(&asked, terms).map_err(too_large)
    }

    /// The lines that count in the opening balance.
    fn earlier(&self) -> Vec<Receipt> {
        let is_before = |line: &&Line| self.is_in_opening(line.received_on, &line.period);
        self.lines.iter().filter(is_before).map(receipt).collect()
    }

    /// What applies to a line, in words; none where nothing does.
    pub(super) fn rule(&self, line: &Line) -> Option<String> {
        let receipt = receipt(line);
        let rule = self.terms.rule(&line.period, receipt.use_of())?;
        let by = by(rule.agreement, &rule.rate.scope());
        Some(format!("{} {by}", percent(rule.rate.basis_points)))
    }

    /// Lines in other currencies that are in no sum, up to the last day.
    fn not_converted(&self) -> Vec<UnconvertedView> {
        let within = self.unconverted.iter().filter(|left| left.received_on <= self.to);
        let view = |left: &Unconverted| UnconvertedView {
            currency: left.currency.clone(),
            month: left.month.clone(),
            received_on: left.received_on.to_string(),
            lines: left.lines,
            amount: left.amount.map(|minor| Money::new(minor, &left.currency)),
            text: format!("not converted, no rate for {} in {}", left.currency, left.month),
        };
        within.map(view).collect()
    }

    /// The lines of the reports that came within the days, and of those that came before but are in no balance yet.
    pub(super) fn within(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| self.counts(line.received_on, &line.period))
    }

    /// Whether a line of a month that came on a day belongs to the days of the statement.
    pub(super) fn counts(&self, received_on: Date, month: &str) -> bool {
        received_on <= self.to && !self.is_in_opening(received_on, month)
    }

    /// Whether a line counts in the opening balance: it came before the first day, and what was booked before that day
    /// has it, be it as royalties of its month or in what was brought forward. A report that came before the first
    /// day and is booked after it belongs to these days.
    fn is_in_opening(&self, received_on: Date, month: &str) -> bool {
        let has = |entry: &Entry| match movement_kind(&entry.kind) {
            MovementKind::Royalties => entry.period.as_deref() == Some(month),
            MovementKind::BroughtForward => true,
            _ => false,
        };
        received_on < self.from
            && self.entries_before().any(|entry| entry.booked_on >= received_on && has(entry))
    }

    fn entries_before(&self) -> impl Iterator<Item = &Entry> {
        self.account.entries.iter().filter(|entry| entry.booked_on < self.from)
    }

    fn opening(&self) -> i64 {
        self.entries_before().map(|entry| entry.amount).sum()
    }

    /// All that was advanced up to the last day.
    fn advance(&self) -> i64 {
        let entries = self.account.entries.iter().filter(|entry| entry.booked_on <= self.to);
        -entries.filter(|entry| entry.kind == "advance").map(|entry| entry.amount).sum::<i64>()
    }

    pub(super) fn money(&self, minor: i64) -> Money {
        Money::new(minor, &self.account.currency)
    }

    fn line(&self, movement: &Movement) -> StatementLine {
        let inputs = movement.inputs.as_ref();
        let text = inputs
            .map_or_else(|| words(movement.kind).to_owned(), |inputs| self.arithmetic(movement, inputs));
        let kind = id(movement.kind);
        let of_entry = |entry: &&Entry| {
            entry.booked_on == movement.date
                && entry.amount == movement.amount
                && movement_kind(&entry.kind) == movement.kind
        };
        let entries = self.account.entries.iter().filter(of_entry).map(|entry| entry.id);
        StatementLine {
            date: movement.date.to_string(),
            kind: kind.to_owned(),
            text,
            amount: self.money(movement.amount),
            balance: self.money(movement.balance),
            period: inputs.map(|inputs| inputs.period.clone()),
            received: inputs
                .filter(|_| movement.kind == MovementKind::Royalties)
                .map(|inputs| self.money(inputs.received)),
            rate_basis_points: inputs.map(|inputs| inputs.basis_points),
            rule: inputs.map(|inputs| by(inputs.agreement.as_deref(), &inputs.scope)),
            reports: inputs.map(|inputs| inputs.reports.clone()).unwrap_or_default(),
            ledger_lines: inputs.map_or_else(|| entries.collect(), |inputs| inputs.lines.clone()),
        }
    }

    /// How a line was worked out, in words.
    fn arithmetic(&self, movement: &Movement, inputs: &Inputs) -> String {
        let Inputs { period, basis_points, received, part, .. } = inputs;
        let (of, share) = (self.money(*received).text, percent(*basis_points));
        let amount = self.money(movement.amount).text;
        match (movement.kind, part) {
            (MovementKind::Reserve, _) => format!("Reserve of {period} held back: {share} of {of}"),
            (_, Some((part, parts))) => {
                format!("Reserve of {period} released: part {part} of {parts} of {of}")
            }
            _ => format!("Royalties of {period}: {of} received × {share} = {amount}"),
        }
    }

    /// The royalties of each line, so that those of a month add up to what is booked for it. Months with corrections
    /// below zero cannot be divided by what came in, and are left out.
    fn shares(&self, found: &Statement) -> BTreeMap<i64, i64> {
        let by_id: BTreeMap<i64, &Line> = self.lines.iter().map(|line| (line.id, line)).collect();
        let mut shares = BTreeMap::new();
        let royalties = found.movements.iter().filter(|movement| movement.kind == MovementKind::Royalties);
        for (movement, inputs) in royalties.filter_map(|movement| Some((movement, movement.inputs.as_ref()?)))
        {
            let weight = |id: &i64| -> Option<u32> { u32::try_from(received(by_id.get(id)?)?).ok() };
            let weights: Option<Vec<u32>> = inputs.lines.iter().map(weight).collect();
            let parts = weights.and_then(|weights| divided(movement.amount, &weights));
            shares.extend(inputs.lines.iter().copied().zip(parts.unwrap_or_default()));
        }
        shares
    }

    fn by_track(&self, shares: &BTreeMap<i64, i64>) -> BTreeMap<&str, (i64, i64, i64)> {
        let mut tracks: BTreeMap<&str, (i64, i64, i64)> = BTreeMap::new();
        for line in self.within() {
            let (quantity, came_in, royalties) = tracks.entry(&line.isrc).or_default();
            *quantity += line.quantity;
            *came_in += received(line).unwrap_or(0);
            *royalties += shares.get(&line.id).copied().unwrap_or(0);
        }
        tracks
    }

    fn tracks(&self, shares: &BTreeMap<i64, i64>, titles: &BTreeMap<&str, &str>) -> Vec<TrackMoney> {
        let mut tracks: Vec<TrackMoney> = Vec::new();
        for (isrc, (quantity, received, royalties)) in self.by_track(shares) {
            tracks.push(TrackMoney {
                isrc: isrc.to_owned(),
                title: titles.get(isrc).map(|title| (*title).to_owned()),
                quantity,
                received: self.money(received),
                royalties: self.money(royalties),
            });
        }
        tracks.sort_by_key(|track| std::cmp::Reverse(track.received.minor));
        tracks
    }

    /// What everybody gets of the royalties, and what cannot be divided.
    fn payees(&self, shares: &BTreeMap<i64, i64>) -> (Vec<PayeeView>, Vec<Undivided>) {
        let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
        let mut undivided = Vec::new();
        for (isrc, (_, _, royalties)) in self.by_track(shares) {
            let rows = self.splits.iter().filter(|row| row.isrc == isrc);
            let parts: Vec<Share> = rows
                .map(|row| Share { payee: row.participant_id.clone(), basis_points: row.basis_points })
                .collect();
            if parts.is_empty() {
                undivided.push(Undivided {
                    isrc: isrc.to_owned(),
                    amount: self.money(royalties),
                    reason: "No splits are known.".to_owned(),
                });
                continue;
            }
            match Splits::new(parts) {
                Ok(splits) => {
                    for (payee, amount) in splits.divide(royalties) {
                        let known = self.splits.iter().find(|row| row.participant_id == payee);
                        if let Some(row) = known {
                            *sums.entry(&row.participant_id).or_default() += amount;
                        }
                    }
                }
                Err(error) => undivided.push(Undivided {
                    isrc: isrc.to_owned(),
                    amount: self.money(royalties),
                    reason: format!("The splits are wrong: {error}."),
                }),
            }
        }
        let mut payees: Vec<PayeeView> =
            sums.into_iter().map(|(id, amount)| self.payee(id, amount)).collect();
        payees.sort_by_key(|payee| std::cmp::Reverse(payee.amount.minor));
        (payees, undivided)
    }

    fn payee(&self, id: &str, amount: i64) -> PayeeView {
        let row = self.splits.iter().find(|row| row.participant_id == id);
        PayeeView {
            participant_id: id.to_owned(),
            name: row.map(|row| row.name.clone()).unwrap_or_default(),
            role: row.map(|row| row.role.clone()).unwrap_or_default(),
            amount: self.money(amount),
        }
    }

    /// Where the ledger has booked other royalties than its lines come to, and payments ahead of recoupment.
    fn differences(&self, found: &Statement) -> Vec<String> {
        let mut worked_out: BTreeMap<&str, i64> = BTreeMap::new();
        for movement in found.movements.iter().filter(|movement| movement.kind == MovementKind::Royalties) {
            if let Some(inputs) = &movement.inputs {
                *worked_out.entry(&inputs.period).or_default() += movement.amount;
            }
        }
        let mut booked: BTreeMap<&str, i64> = BTreeMap::new();
        let within = self.account.entries.iter().filter(|e| (self.from..=self.to).contains(&e.booked_on));
        for entry in within.filter(|entry| entry.kind == "royalties") {
            *booked.entry(entry.period.as_deref().unwrap_or_default()).or_default() += entry.amount;
        }
        let periods: BTreeSet<&str> = worked_out.keys().chain(booked.keys()).copied().collect();
        let amounts = periods.into_iter().map(|period| {
            let of = |sums: &BTreeMap<&str, i64>| sums.get(period).copied().unwrap_or(0);
            (period, of(&worked_out), of(&booked))
        });
        let unequal = amounts.filter(|(_, worked_out, booked)| worked_out != booked);
        let mut differences: Vec<String> = unequal
            .map(|(period, worked_out, booked)| {
                let (worked_out, booked) = (self.money(worked_out).text, self.money(booked).text);
                format!("{period}: the lines come to {worked_out}, the ledger has booked {booked}.")
            })
            .collect();
        differences.extend(found.paid_too_early().map(|movement| {
            let (paid, balance) = (self.money(-movement.amount).text, self.money(movement.balance).text);
            format!("{}: {paid} was paid although the balance was {balance} after it.", movement.date)
        }));
        differences
    }
}

/// By which contract something applies, and to what.
fn by(agreement: Option<&str>, scope: &str) -> String {
    match agreement {
        Some(name) => format!("for {scope}, by {name}"),
        None => "by the rate of the account".to_owned(),
    }
}

/// What a line came to in minor units of the account's currency; none where that does not fit.
pub(super) fn received(line: &Line) -> Option<i64> {
    converted(&receipt(line))
}

fn too_large(error: StatementError) -> ToolError {
    ToolError::NotAvailable(format!("The statement cannot be worked out: {error}."))
}

/// A line as the arithmetic of statements has it.
fn receipt(line: &Line) -> Receipt {
    Receipt {
        id: line.id,
        report: line.report.clone(),
        period: line.period.clone(),
        received_on: line.received_on,
        territory: line.territory.clone(),
        store: line.platform.clone(),
        channel: Channel::reported(&line.channel),
        format: Format::reported(&line.channel),
        amount: line.received.unwrap_or(line.amount),
        rate_micros: line.received.map_or(line.rate_micros, |_| MICROS),
    }
}

/// A booked entry that is no royalty: those are worked out from the lines.
fn posting(entry: &Entry) -> Option<Posting> {
    let kind = movement_kind(&entry.kind);
    (kind != MovementKind::Royalties).then_some(Posting {
        booked_on: entry.booked_on,
        kind,
        amount: entry.amount,
    })
}

fn movement_kind(kind: &str) -> MovementKind {
    match kind {
        "advance" => MovementKind::Advance,
        "broughtForward" => MovementKind::BroughtForward,
        "royalties" => MovementKind::Royalties,
        "payment" => MovementKind::Payment,
        _ => MovementKind::Other,
    }
}

fn id(kind: MovementKind) -> &'static str {
    match kind {
        MovementKind::Advance => "advance",
        MovementKind::BroughtForward => "broughtForward",
        MovementKind::Royalties => "royalties",
        MovementKind::Reserve => "reserve",
        MovementKind::Release => "released",
        MovementKind::Other => "other",
        MovementKind::Payment => "payment",
    }
}

fn words(kind: MovementKind) -> &'static str {
    match kind {
        MovementKind::Advance => "Advance, to be recouped",
        MovementKind::BroughtForward => "Brought forward from earlier months",
        MovementKind::Royalties => "Royalties",
        MovementKind::Reserve => "Reserve held back",
        MovementKind::Release => "Reserve released",
        MovementKind::Other => "Other booking",
        MovementKind::Payment => "Paid out",
    }
}

/// Hundredths of a percent in words: `18 %`, `12.5 %`.
fn percent(basis_points: u32) -> String {
    let (whole, rest) = (basis_points / 100, basis_points % 100);
    if rest == 0 {
        return format!("{whole} %");
    }
    let fraction = format!("{rest:02}");
    format!("{whole}.{} %", fraction.trim_end_matches('0'))
}

#[cfg(test)]
mod tests;
