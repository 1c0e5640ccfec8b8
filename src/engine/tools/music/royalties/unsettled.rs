//! The lines of reports that a statement could not settle: those in a currency that nobody has entered a rate for, and
//! those whose recording is not in the catalogue. Each says where it stands, why it is there, and what to do.

use super::account::Booked;
use super::imported::{FIRST, Reported};
use super::ledger::Line;
use super::tool::{CalculateRoyalties, Gathered, RoyaltiesInput};
use crate::engine::catalog::Catalog;
use crate::engine::catalog::imports::kept::KeptLine;
use crate::engine::tools::{Class, Context, Effect, Operation, Subject, ToolError};
use crate::model::identifier::ArtistId;
use crate::model::tool::AwsResource;
use crate::music::import::number::{Decimal, Mark};
use crate::music::royalty::exact::minor_digits;
use std::collections::{BTreeMap, BTreeSet};

/// The most lines that are told at once.
const MOST_LINES: usize = 200_000;

/// A line that is not settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsettledLine {
    /// The line of the file that was imported, or the number of the line in the ledger.
    pub line: i64,
    /// The import that brought it; none of the ledger's own.
    pub import_id: Option<String>,
    /// The report as the line names it; empty where it does not.
    pub report: String,
    /// When the report came.
    pub received_on: String,
    /// The month of use.
    pub month: String,
    /// The store.
    pub store: String,
    /// The territory's code, or what stands there.
    pub territory: String,
    /// The recording's ISRC; empty where the line has none.
    pub isrc: String,
    /// The title as the line has it; empty where it has none.
    pub title: String,
    /// Units, for instance streams.
    pub units: i64,
    /// What was earned, exactly, with a point.
    pub amount: String,
    /// The currency (ISO 4217).
    pub currency: String,
    /// Why it is not settled. A full sentence.
    pub reason: String,
    /// What to do. A full sentence.
    pub remedy: String,
}

/// The lines of a statement that are not settled, all of them.
pub struct ViewUnsettledLines;

impl Operation for ViewUnsettledLines {
    const NAME: &'static str = "view_unsettled_lines";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = RoyaltiesInput;
    type Output = Vec<UnsettledLine>;

    fn resources(input: &RoyaltiesInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        CalculateRoyalties::resources(input, catalog)
    }

    fn subject(input: &RoyaltiesInput) -> Subject {
        CalculateRoyalties::subject(input)
    }

    async fn run(input: RoyaltiesInput, context: Context) -> Result<Vec<UnsettledLine>, ToolError> {
        let named = input.artist_id.as_deref().unwrap_or_default();
        let artist: ArtistId =
            named.parse().map_err(|error| ToolError::field("artistId", format!("{error}")))?;
        let gathered = Gathered::of(&artist, &context.catalog).await?;
        let mut sieve = Sieve::new(&gathered, gathered.booked(&input)?);
        context.catalog.each_imported_line(artist.as_str(), |line| sieve.take(line)).await?;
        sieve.found()
    }
}

/// What lines have to pass in order not to be settled.
struct Sieve<'a> {
    booked: Booked<'a>,
    /// Titles by ISRC.
    titles: BTreeMap<&'a str, &'a str>,
    /// Stores and months whose imported lines are left out.
    reported: Reported,
    /// Currencies and months that nobody has entered a rate for.
    without_rate: BTreeSet<(&'a str, &'a str)>,
    found: Vec<UnsettledLine>,
    /// How many there are, of which only so many are kept.
    count: usize,
}

impl<'a> Sieve<'a> {
    /// One that has the lines of the ledger already.
    fn new(gathered: &'a Gathered, booked: Booked<'a>) -> Self {
        let titles = gathered.titles();
        let own = |line: &&Line| line.id < FIRST;
        let unmatched = booked.within().filter(own).filter(|line| !titles.contains_key(line.isrc.as_str()));
        let found: Vec<UnsettledLine> = unmatched.map(of_ledger).collect();
        let without_rate = gathered.unconverted.iter();
        Self {
            reported: Reported::of(gathered.lines.iter().filter(own)),
            without_rate: without_rate.map(|left| (left.currency.as_str(), left.month.as_str())).collect(),
            count: found.len(),
            titles,
            booked,
            found,
        }
    }

    /// Keeps an imported line where it is not settled.
    fn take(&mut self, line: KeptLine) {
        let sale = &line.sale;
        let is_counted = !self.reported.has(sale) && Decimal::read(&sale.amount, Some(Mark::Point)).is_ok();
        if !is_counted {
            return;
        }
        let is_unconverted = self.without_rate.contains(&(sale.currency.as_str(), sale.period.as_str()));
        let (reason, remedy) = if is_unconverted && line.received_on <= self.booked.to {
            no_rate(&sale.currency, &self.booked.account.currency, &sale.period)
        } else if !is_unconverted
            && !self.titles.contains_key(sale.isrc.as_str())
            && self.booked.counts(line.received_on, &sale.period)
        {
            not_matched(&sale.isrc)
        } else {
            return;
        };
        self.count += 1;
        if self.count <= MOST_LINES {
            self.found.push(of_import(line, reason, remedy));
        }
    }

    /// All of them, those of the ledger first, then by import and line.
    fn found(mut self) -> Result<Vec<UnsettledLine>, ToolError> {
        if self.count > MOST_LINES {
            return Err(ToolError::NotAvailable(format!(
                "{} lines are not settled, and one file has {MOST_LINES} at most. Ask for fewer days, with from and to, \
                 or enter the exchange rates that are missing first.",
                self.count
            )));
        }
        self.found.sort_by(|a, b| (&a.import_id, a.line).cmp(&(&b.import_id, b.line)));
        Ok(self.found)
    }
}

/// A line of the ledger whose recording is not in the catalogue.
fn of_ledger(line: &Line) -> UnsettledLine {
    let (reason, remedy) = not_matched(&line.isrc);
    let amount = Decimal { mantissa: i128::from(line.amount), scale: minor_digits(&line.currency) };
    UnsettledLine {
        line: line.id,
        import_id: None,
        report: line.report.clone(),
        received_on: line.received_on.to_string(),
        month: line.period.clone(),
        store: line.platform.clone(),
        territory: line.territory.clone(),
        isrc: line.isrc.clone(),
        title: String::new(),
        units: line.quantity,
        amount: amount.to_string(),
        currency: line.currency.clone(),
        reason,
        remedy,
    }
}

fn of_import(line: KeptLine, reason: String, remedy: String) -> UnsettledLine {
    let sale = line.sale;
    UnsettledLine {
        line: i64::try_from(sale.line).unwrap_or(i64::MAX),
        import_id: line.import_id,
        report: sale.report,
        received_on: line.received_on.to_string(),
        month: sale.period,
        store: sale.store,
        territory: sale.territory,
        isrc: sale.isrc,
        title: sale.title,
        units: sale.units,
        amount: sale.amount,
        currency: sale.currency,
        reason,
        remedy,
    }
}

/// Why a line is not converted, and what to do.
fn no_rate(from: &str, to: &str, month: &str) -> (String, String) {
    (
        format!("There is no rate for {from} in {month}, so the line is in no sum."),
        format!(
            "Enter what {from} was worth in {to} in {month}, with its source, on the page of the statement."
        ),
    )
}

/// Why a line is not matched, and what to do.
fn not_matched(isrc: &str) -> (String, String) {
    if isrc.is_empty() {
        return (
            "The line names no recording, so that no split divides it.".to_owned(),
            "Ask the store or distributor for a report with ISRCs, take the import back, and bring the new file."
                .to_owned(),
        );
    }
    (
        format!("The recording {isrc} is not in the catalogue."),
        format!("Add {isrc} to its release, or have the store correct the code in its next report."),
    )
}
