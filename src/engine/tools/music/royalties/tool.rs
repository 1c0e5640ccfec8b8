//! The tool `calculate_royalties`.

use super::account::{About, Booked};
use super::agreements;
use super::books::Books;
use super::imported::{self, Imported, Unconverted};
use super::ledger::{self, Account, Ledger, Line, SplitRow};
use super::mechanicals::{MechanicalsInput, mechanicals};
use super::views::{AccountStatement, RoyaltiesAnswer, WhatIfAnswer};
use crate::engine::catalog::schema::{CONTRACT_TERMS_TABLE, IMPORTS_TABLE};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::config::TableRole;
use crate::engine::tools::music::planning::rules::Shelf;
use crate::engine::tools::{
    Class, Content, Context, Effect, Operation, Server, Subject, Tool, ToolError, choices,
};
use crate::model::artist::Artist;
use crate::model::exchange_rate::ExchangeRate;
use crate::model::identifier::ArtistId;
use crate::model::tool::AwsResource;
use crate::music::royalty::terms::Terms;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The whole, in hundredths of a percent.
const WHOLE: u32 = 10_000;

/// The largest advance that may be tried, in minor units.
const MOST_ADVANCE: i64 = 1_000_000_000_000;

/// The rules that a statement follows.
const STATEMENT_RULES: [&str; 5] = [
    "recoupment",
    "recoupment-order",
    "splits-must-sum",
    "recoupment-label-vs-artist",
    "unmatched-royalties",
];

/// Whose royalties, of which days; or copies, or both.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoyaltiesInput {
    /// The artist whose account it is.
    #[schemars(title = "Artist", length(min = 1, max = 64))]
    pub artist_id: Option<String>,
    /// The first day of the statement. Without it the day of the first booking.
    #[schemars(title = "From", extend("format" = "date"))]
    pub from: Option<String>,
    /// The last day of the statement. Without it the day of the last booking.
    #[schemars(title = "To", extend("format" = "date"))]
    pub to: Option<String>,
    /// Other terms to try.
    #[schemars(title = "What if")]
    pub what_if: Option<WhatIf>,
    /// Copies (CD, vinyl, downloads) in the US, for which writers are owed.
    #[schemars(title = "Mechanicals")]
    pub mechanicals: Option<MechanicalsInput>,
}

/// Other terms. What is left out stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(inline)]
pub struct WhatIf {
    /// The rate in hundredths of a percent: 2500 is 25 %.
    #[schemars(title = "Rate in basis points", range(min = 0, max = WHOLE))]
    pub rate: Option<u32>,
    /// The advance in minor units of the account's currency: 1500000 is 15,000.00.
    #[schemars(title = "Advance in minor units", range(min = 0, max = MOST_ADVANCE))]
    pub advance: Option<i64>,
}

/// Works out royalties.
pub struct CalculateRoyalties;

impl Operation for CalculateRoyalties {
    const NAME: &'static str = "calculate_royalties";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = RoyaltiesInput;
    type Output = RoyaltiesAnswer;

    fn resources(input: &RoyaltiesInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let mut resources = vec![choices::dynamodb("Scan", catalog.table(TableRole::Releases))];
        if input.artist_id.is_some() {
            resources.push(choices::dynamodb("GetItem", catalog.table(TableRole::Artists)));
            resources.push(choices::dynamodb("Query", IMPORTS_TABLE));
            resources.push(choices::dynamodb("Scan", CONTRACT_TERMS_TABLE));
            resources.push(ledger::resource(catalog)?);
        }
        Ok(resources)
    }

    fn subject(input: &RoyaltiesInput) -> Subject {
        Subject::artist(input.artist_id.as_deref())
    }

    async fn run(input: RoyaltiesInput, context: Context) -> Result<RoyaltiesAnswer, ToolError> {
        let catalog = &context.catalog;
        let mut answer = RoyaltiesAnswer {
            statement: None,
            what_if: None,
            mechanicals: None,
            rules: Vec::new(),
            as_of: None,
            source: String::new(),
            sample: false,
            notes: Vec::new(),
        };
        let mut cited: Vec<&str> = Vec::new();
        let today = catalog.time_zone.to_datetime(context.now).date();
        if let Some(copies) = &input.mechanicals {
            let (found, rules) = mechanicals(copies, catalog).await?;
            answer.source.push_str("dated rates of the knowledge base");
            answer.rules = Shelf::of(first_day(copies.year).unwrap_or(today))?.named(&rules);
            answer.notes.push(
                "Mechanicals are those of US law for CDs, vinyl and downloads; a licence may say less."
                    .to_owned(),
            );
            answer.mechanicals = Some(found);
        }
        match &input.artist_id {
            Some(artist) => {
                let of: ArtistId =
                    artist.parse().map_err(|error| ToolError::field("artistId", format!("{error}")))?;
                let found = settle(&input, &of, catalog).await?;
                cited.extend(STATEMENT_RULES);
                if !answer.source.is_empty() {
                    answer.source.push_str("; ");
                }
                answer.source.push_str(&found.source);
                answer.notes.extend(found.notes);
                answer.sample = found.sample;
                answer.as_of = found.as_of;
                answer.statement = Some(found.statement);
                answer.what_if = found.what_if;
            }
            None if input.mechanicals.is_none() => {
                return Err(ToolError::field("artistId", "give an artist's id, or copies as mechanicals"));
            }
            None => {}
        }
        answer.rules.extend(Shelf::of(today)?.named(&cited));
        Ok(answer)
    }
}

fn first_day(year: i16) -> Option<Date> {
    Date::new(year, 1, 1).ok()
}

/// A statement with what belongs to it.
struct Settled {
    statement: AccountStatement,
    what_if: Option<WhatIfAnswer>,
    as_of: Option<String>,
    source: String,
    sample: bool,
    notes: Vec<String>,
}

/// What a statement is worked out from.
pub(super) struct Gathered {
    artist: Artist,
    pub(super) account: Account,
    pub(super) lines: Vec<Line>,
    splits: Vec<SplitRow>,
    terms: Terms,
    pub(super) unconverted: Vec<Unconverted>,
    /// The entered rates that lines were converted with.
    rates: Vec<ExchangeRate>,
    /// Titles by ISRC.
    titles: Arc<BTreeMap<String, String>>,
    /// What people should know of imported lines.
    pub(super) notes: Vec<String>,
    database: String,
}

impl Gathered {
    /// Reads the account of an artist with its lines, those of the ledger and imported ones.
    pub(super) async fn of(id: &ArtistId, catalog: &Catalog) -> Result<Self, ToolError> {
        let artist = catalog.artist(catalog.table(TableRole::Artists), id).await?;
        Self::with(artist, catalog, &Books::read(catalog).await?).await
    }

    /// The same with what the statements of all artists have in common.
    pub(super) async fn with(artist: Artist, catalog: &Catalog, books: &Books) -> Result<Self, ToolError> {
        let id = &artist.artist_id;
        let ledger = Ledger::of(catalog, id)?;
        let account = ledger.account().await?.ok_or_else(|| {
            ToolError::Catalog(CatalogError::NotFound { what: "account of the artist", id: id.to_string() })
        })?;
        let (mut lines, mut splits) = (ledger.lines().await?, ledger.splits().await?);
        for line in &mut lines {
            if !line.convert(&account.currency) {
                let report = &line.report;
                return Err(ToolError::NotAvailable(format!(
                    "The amounts of {report} are larger than can be converted exactly."
                )));
            }
        }
        let terms = agreements::of(&books.terms, id, &account)?;
        let Imported { lines: more, unconverted, rates, notes } =
            imported::of(catalog, id, &account, &lines).await?;
        let known: BTreeSet<&str> = lines.iter().map(|line| line.isrc.as_str()).collect();
        let sold: BTreeSet<&str> = more.iter().map(|line| line.isrc.as_str()).collect();
        let unknown: Vec<&str> = sold.difference(&known).copied().filter(|isrc| !isrc.is_empty()).collect();
        splits.extend(ledger.splits_of(&unknown).await?);
        lines.extend(more);
        let titles = Arc::clone(&books.titles);
        let database = ledger.name().to_owned();
        Ok(Self { artist, account, lines, splits, terms, unconverted, rates, titles, notes, database })
    }

    /// The newest day that is booked.
    pub(super) fn as_of(&self) -> Option<Date> {
        self.account.entries.iter().map(|entry| entry.booked_on).max()
    }

    /// Titles by ISRC.
    pub(super) fn titles(&self) -> BTreeMap<&str, &str> {
        self.titles.iter().map(|(isrc, title)| (isrc.as_str(), title.as_str())).collect()
    }

    /// The account with its lines in the days that are asked for.
    pub(super) fn booked(&self, input: &RoyaltiesInput) -> Result<Booked<'_>, ToolError> {
        let (from, to) = days(input, &self.account, &self.lines, &self.unconverted)?;
        Ok(Booked {
            account: &self.account,
            lines: &self.lines,
            splits: &self.splits,
            terms: &self.terms,
            unconverted: &self.unconverted,
            rates: &self.rates,
            from,
            to,
        })
    }

    /// The query in words.
    pub(super) fn source(&self, from: Date, to: Date) -> String {
        let (id, database, currency) = (&self.artist.artist_id, &self.database, &self.account.currency);
        format!(
            "database {database}, tables accounts, entries, lines, statements, splits, artist_id = {id}, booked or \
             received from {from} to {to}; table {IMPORTS_TABLE}, kind = lines#{id} and kind = rates#{currency}; table \
             {CONTRACT_TERMS_TABLE}, contracts in the folder {id}"
        )
    }
}

async fn settle(input: &RoyaltiesInput, id: &ArtistId, catalog: &Catalog) -> Result<Settled, ToolError> {
    let gathered = Gathered::of(id, catalog).await?;
    let titles = gathered.titles();
    let about = About { artist_id: id.as_str(), artist_name: &gathered.artist.name, titles: &titles };
    let booked = gathered.booked(input)?;
    let (statement, held) = booked.statement(&about)?;
    let what_if = input.what_if.as_ref().map(|other| booked.what_if(other, &held)).transpose()?;
    Ok(Settled {
        notes: notes(&statement, what_if.is_some())
            .into_iter()
            .chain(gathered.notes.iter().cloned())
            .collect(),
        statement,
        what_if,
        as_of: gathered.as_of().map(|day| day.to_string()),
        source: gathered.source(booked.from, booked.to),
        sample: gathered.artist.sample,
    })
}

/// The days of the statement.
fn days(
    input: &RoyaltiesInput,
    account: &Account,
    lines: &[Line],
    unconverted: &[Unconverted],
) -> Result<(Date, Date), ToolError> {
    let read = |field: &str, text: &Option<String>| -> Result<Option<Date>, ToolError> {
        let read = |text: &String| text.parse().map_err(|error| ToolError::field(field, format!("{error}")));
        text.as_ref().map(read).transpose()
    };
    let booked = || {
        let entries = account.entries.iter().map(|entry| entry.booked_on);
        let came = lines.iter().map(|line| line.received_on);
        // What cannot be converted has come all the same, and is to be seen.
        entries.chain(came).chain(unconverted.iter().map(|left| left.received_on))
    };
    let from = read("from", &input.from)?.or_else(|| booked().min());
    let to = read("to", &input.to)?.or_else(|| booked().max()).or(from);
    let Some((from, to)) = from.or(to).zip(to) else {
        return Err(ToolError::NotAvailable("Nothing is booked on the account yet.".to_owned()));
    };
    if to < from {
        return Err(ToolError::field("to", format!("this day is before {from}, the first one")));
    }
    Ok((from, to))
}

fn notes(statement: &AccountStatement, what_if: bool) -> Vec<String> {
    let mut notes = vec![
        "Royalties count on the day of the platform's report, not in the month of use; an imported report that names \
         no day counts on the day on which it was brought. Amounts are \
         converted line by line, added up for each month, and rounded once."
            .to_owned(),
        "Rates and reserves are those that were entered with the artist's contracts: of the contract in force in the \
         month of use that names any, the rate that names the most of place, store, channel and format, of as many the \
         one that names a country, then the EU, then a continent, then the store, then the channel; else the rate of \
         the account. A reserve is released in equal parts at the ends of the accounting periods that follow."
            .to_owned(),
        "All of an account recoups together: advances stand against royalties of every contract, and what is held back \
         recoups nothing until it is released."
            .to_owned(),
        "The account is credited with all royalties; the payees show how the splits divide them.".to_owned(),
    ];
    if let Some(least) = &statement.least_payment {
        notes.push(format!(
            "Less than {} is not paid out, by the contract in force on the last day; it is carried over, and the next \
             statement opens with it.",
            least.text
        ));
    }
    let divided: i64 = statement.payees.iter().map(|payee| payee.amount.minor).sum();
    let told: i64 = statement.undivided.iter().map(|part| part.amount.minor).sum();
    if divided.saturating_add(told) != statement.royalties.minor {
        notes.push(
            "Royalties of months with corrections below zero cannot be divided by recording: tracks and payees are \
             without them."
                .to_owned(),
        );
    }
    for left in &statement.unconverted {
        let amount =
            left.amount.as_ref().map_or("an amount too large to add up", |money| money.text.as_str());
        notes.push(format!(
            "{amount} in {} imported lines of {}: {}. They are in no sum.",
            left.lines, left.month, left.text
        ));
    }
    if statement.unmatched_lines > 0 {
        notes.push(format!(
            "{} lines name a recording that is not in the catalogue.",
            statement.unmatched_lines
        ));
    }
    if what_if {
        notes.push(
            "What if: the other terms hold for all reports in the ledger; what was brought forward and paid stays \
             as it is booked."
                .to_owned(),
        );
    }
    notes
}

impl Tool for CalculateRoyalties {
    const SERVER: Server = Server::Music;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Calculate royalties";
    const DESCRIPTION: &'static str = "Works out an artist's statement from the royalty ledger, from the opening \
        balance to what is payable, with the inputs of every line, who shares in it, and what another rate or \
        advance would change; and what is owed in the US for copies of songs, by the rates of the year.";
}
