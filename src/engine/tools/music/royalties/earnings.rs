//! `summarize_earnings`: what the whole label earned in some days and who gets paid. It is the statements of all
//! artists side by side, each worked out as `calculate_royalties` works it out.

use super::account::{About, received};
use super::agreements::month;
use super::books::Books;
use super::ledger;
use super::sums;
use super::tool::{Gathered, RoyaltiesInput};
use super::views::PayeeView;
use crate::engine::catalog::schema::{CONTRACT_TERMS_TABLE, IMPORTS_TABLE};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::config::TableRole;
use crate::engine::tools::music::counted;
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Tool, ToolError, choices};
use crate::model::artist::Artist;
use crate::model::earnings::{ArtistEarnings, ArtistLeftOut, ArtistUnconverted, EarningsSummary};
use crate::model::royalties::UnconvertedView;
use crate::model::tool::AwsResource;
use crate::music::import::survey::NOBODY;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How many accounts are read side by side; the lines of each are in memory meanwhile.
const SIDE_BY_SIDE: usize = 4;

/// Which days.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EarningsInput {
    /// The first day. Without it the first of January of the last day's year.
    #[schemars(title = "From", extend("format" = "date"))]
    pub from: Option<String>,
    /// The last day. Without it today.
    #[schemars(title = "To", extend("format" = "date"))]
    pub to: Option<String>,
}

/// Adds up what the label earned.
pub struct SummarizeEarnings;

impl Operation for SummarizeEarnings {
    const NAME: &'static str = "summarize_earnings";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = EarningsInput;
    type Output = EarningsSummary;

    fn resources(_: &EarningsInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![
            choices::dynamodb("Scan", catalog.table(TableRole::Artists)),
            choices::dynamodb("Scan", catalog.table(TableRole::Releases)),
            choices::dynamodb("Query", IMPORTS_TABLE),
            choices::dynamodb("Scan", CONTRACT_TERMS_TABLE),
            ledger::resource(catalog)?,
        ])
    }

    async fn run(input: EarningsInput, context: Context) -> Result<EarningsSummary, ToolError> {
        let catalog = &context.catalog;
        let today = catalog.time_zone.to_datetime(context.now).date();
        let (from, to) = days(&input, today)?;
        let roster = catalog.artists().await?;
        let mut ids = ledger::artists(catalog).await?;
        ids.extend(roster.iter().map(|artist| artist.artist_id.to_string()));
        let artists = roster.iter().map(|artist| (artist.artist_id.to_string(), artist.clone())).collect();
        let asked = Asked { artists, books: Books::read(catalog).await?, from, to };
        asked.summary(ids, catalog).await
    }
}

/// The days that are asked for.
fn days(input: &EarningsInput, today: Date) -> Result<(Date, Date), ToolError> {
    let read = |field: &str, text: &Option<String>| -> Result<Option<Date>, ToolError> {
        let read = |text: &String| text.parse().map_err(|error| ToolError::field(field, format!("{error}")));
        text.as_ref().map(read).transpose()
    };
    let to = read("to", &input.to)?.unwrap_or(today);
    let from = read("from", &input.from)?.unwrap_or_else(|| to.first_of_year());
    if to < from {
        return Err(ToolError::field("to", format!("this day is before {from}, the first one")));
    }
    Ok((from, to))
}

/// What is asked, and what all accounts have in common.
struct Asked {
    /// The artists of the catalogue by id.
    artists: BTreeMap<String, Artist>,
    books: Books,
    from: Date,
    to: Date,
}

/// What came of looking for the account of an artist.
enum Looked {
    Found(Box<Account>),
    LeftOut(ArtistLeftOut),
}

/// An account with what is added up over all of them.
pub(super) struct Account {
    pub(super) row: ArtistEarnings,
    pub(super) payees: Vec<PayeeView>,
    /// What came in, by platform.
    pub(super) platforms: BTreeMap<String, i64>,
    /// What came in, by month of use.
    pub(super) months: BTreeMap<String, i64>,
    unconverted: Vec<UnconvertedView>,
    sample: bool,
}

impl Asked {
    async fn summary(&self, ids: BTreeSet<String>, catalog: &Catalog) -> Result<EarningsSummary, ToolError> {
        let looked: Vec<Looked> = stream::iter(ids)
            .map(|id| async move { self.look(id, catalog).await })
            .buffered(SIDE_BY_SIDE)
            .try_collect()
            .await?;
        let (mut accounts, mut left_out) = (Vec::new(), Vec::new());
        for one in looked {
            match one {
                Looked::Found(account) => accounts.push(*account),
                Looked::LeftOut(artist) => left_out.push(artist),
            }
        }
        let totals = sums::totals(&accounts);
        let mut notes = self.notes(&accounts, totals.len());
        notes.extend(of_nobody(catalog).await?);
        Ok(EarningsSummary {
            from: self.from.to_string(),
            to: self.to.to_string(),
            payees: sums::payees(&accounts),
            platforms: sums::platforms(&accounts),
            months: sums::months(&accounts),
            unconverted: unconverted(&accounts),
            as_of: accounts.iter().filter_map(|account| account.row.as_of.clone()).max(),
            source: self.source(ledger::database(catalog)?.name.as_str()),
            sample: accounts.iter().any(|account| account.sample),
            notes,
            artists: sorted(accounts),
            totals,
            left_out,
        })
    }

    /// The account of an artist, or why it is in no sum: the account itself cannot be worked out, or the database took
    /// too long for it. What AWS does not answer at all ends the whole.
    async fn look(&self, id: String, catalog: &Catalog) -> Result<Looked, ToolError> {
        let Some(artist) = self.artists.get(&id) else {
            let reason =
                "The ledger has an account or lines of this artist, and the catalogue has no such artist.";
            let reason = reason.to_owned();
            return Ok(Looked::LeftOut(ArtistLeftOut { artist_id: id, artist_name: None, reason }));
        };
        let reason = match self.account(artist, catalog).await {
            Ok(account) => return Ok(Looked::Found(Box::new(account))),
            Err(ToolError::Catalog(CatalogError::NotFound { .. })) => {
                "The ledger has no account of this artist.".to_owned()
            }
            Err(ToolError::Catalog(error @ CatalogError::Unreadable { .. })) => {
                format!("What is stored of the account cannot be worked with: {error}.")
            }
            Err(ToolError::NotAvailable(reason)) => reason,
            Err(error) => return Err(error),
        };
        Ok(Looked::LeftOut(ArtistLeftOut { artist_id: id, artist_name: Some(artist.name.clone()), reason }))
    }

    async fn account(&self, artist: &Artist, catalog: &Catalog) -> Result<Account, ToolError> {
        let gathered = Gathered::with(artist.clone(), catalog, &self.books).await?;
        let (titles, id) = (gathered.titles(), artist.artist_id.as_str());
        let booked = gathered.booked(&RoyaltiesInput {
            artist_id: Some(id.to_owned()),
            from: Some(self.from.to_string()),
            to: Some(self.to.to_string()),
            what_if: None,
            mechanicals: None,
        })?;
        let about = About { artist_id: id, artist_name: &artist.name, titles: &titles };
        let (statement, _) = booked.statement(&about)?;
        let (mut platforms, mut months) = (BTreeMap::new(), BTreeMap::new());
        let mut came_in = 0_i64;
        for line in booked.within() {
            let amount = received(line).unwrap_or(0);
            came_in = came_in.saturating_add(amount);
            add(&mut platforms, &sums::platform(&line.platform), amount);
            add(&mut months, &line.period, amount);
        }
        let used = month(self.from)..=month(self.to);
        let of_use = gathered.lines.iter().filter(|line| used.contains(&line.period)).filter_map(received);
        let undivided = statement.undivided.iter().map(|part| part.amount.minor);
        let row = ArtistEarnings {
            received: booked.money(came_in),
            of_use: booked.money(of_use.fold(0, i64::saturating_add)),
            reserve: statement.reserve.after,
            undivided: booked.money(undivided.fold(0, i64::saturating_add)),
            differences: counted(statement.differences.len()),
            notes: gathered.notes.clone(),
            as_of: gathered.as_of().map(|day| day.to_string()),
            source: gathered.source(self.from, self.to),
            artist_id: statement.artist_id,
            artist_name: statement.artist_name,
            account_id: statement.account_id,
            royalties: statement.royalties,
            paid: statement.paid,
            closing: statement.closing,
            unrecouped: statement.unrecouped,
            payable: statement.payable,
            unmatched_lines: statement.unmatched_lines,
            unmatched: statement.unmatched,
        };
        let (payees, unconverted) = (statement.payees, statement.unconverted);
        Ok(Account { row, payees, platforms, months, unconverted, sample: artist.sample })
    }

    /// The query in words.
    fn source(&self, database: &str) -> String {
        let (from, to) = (self.from, self.to);
        format!(
            "database {database}, tables accounts, entries, lines, statements, splits, all artists, booked or received \
             from {from} to {to}; table {IMPORTS_TABLE}, lines and rates of each; table {CONTRACT_TERMS_TABLE}"
        )
    }

    fn notes(&self, accounts: &[Account], currencies: usize) -> Vec<String> {
        let mut notes = vec![
            "What came in counts on the day of the platform's report, as in the artists' statements, and is often for use \
             months before. What came in for use in the months of the period is told beside it, whenever it was reported."
                .to_owned(),
            format!(
                "Balances and what is payable are those after {}. What was paid later is not taken off.",
                self.to
            ),
            "What is payable is the balance of an artist's account, which recoups first. The payees' parts are of the \
             royalties of the period."
                .to_owned(),
        ];
        if currencies > 1 {
            notes.push("Accounts have several currencies, which are not added together.".to_owned());
        }
        let differing = accounts.iter().filter(|account| account.row.differences > 0).count();
        if differing > 0 {
            notes.push(format!(
                "On {differing} accounts the ledger has booked something else than was worked out: their statements say \
                 where."
            ));
        }
        notes
    }
}

/// How many imported lines are on nobody's account, so that no statement has them; none where there are none.
async fn of_nobody(catalog: &Catalog) -> Result<Option<String>, ToolError> {
    let mut lines = 0_u64;
    catalog.each_imported_line(NOBODY, |_| lines += 1).await?;
    Ok((lines > 0).then(|| {
        format!(
            "Imported lines of artists and recordings that are not in the catalogue: {lines}, of all days. They are on \
             nobody's account and in no sum; the pages of their imports say what they come to."
        )
    }))
}

fn add(sums: &mut BTreeMap<String, i64>, name: &str, amount: i64) {
    let sum = sums.entry(name.to_owned()).or_default();
    *sum = sum.saturating_add(amount);
}

fn unconverted(accounts: &[Account]) -> Vec<ArtistUnconverted> {
    let of_account = |account: &Account| {
        let (artist_id, artist_name) = (account.row.artist_id.clone(), account.row.artist_name.clone());
        let lines = account.unconverted.clone().into_iter();
        lines.map(move |lines| ArtistUnconverted {
            artist_id: artist_id.clone(),
            artist_name: artist_name.clone(),
            lines,
        })
    };
    accounts.iter().flat_map(of_account).collect()
}

/// The rows of the accounts by currency, what is payable first, then what came in.
fn sorted(accounts: Vec<Account>) -> Vec<ArtistEarnings> {
    let mut rows: Vec<ArtistEarnings> = accounts.into_iter().map(|account| account.row).collect();
    rows.sort_by(|one, other| {
        let by_currency = one.payable.currency.cmp(&other.payable.currency);
        let by_payable = other.payable.minor.cmp(&one.payable.minor);
        let by_received = other.received.minor.cmp(&one.received.minor);
        by_currency.then(by_payable).then(by_received).then_with(|| one.artist_id.cmp(&other.artist_id))
    });
    rows
}

impl Tool for SummarizeEarnings {
    const SERVER: Server = Server::Music;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Summarise earnings";
    const DESCRIPTION: &'static str = "Says what the whole label earned in some days and who gets paid: what came in, \
        by artist, platform and month of use, the royalties and the balance of each artist's account, what is payable, \
        who shares in it, and what is matched to no recording, not converted or in no sum. For one artist's statement \
        line by line use calculate_royalties.";
}
