//! Reads an artist's account from the ledger database, through the RDS Data API.

use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::config::Database;
use crate::engine::database::query::{self, DatabaseError};
use crate::engine::tools::{ToolError, choices};
use crate::model::identifier::ArtistId;
use crate::model::tool::AwsResource;
use crate::music::royalty::exact::{exchanged, minor_digits};
use jiff::civil::Date;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Rows of one answer: the Data API gives a mebibyte at most.
const ROWS: usize = 1000;

/// Recordings whose splits are asked for at once.
const RECORDINGS: usize = 50;

/// The most lines of one artist that are read.
const MOST_LINES: usize = 200_000;

/// An artist's account with what is booked on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) id: String,
    pub(super) currency: String,
    pub(super) rate_basis_points: u32,
    pub(super) entries: Vec<Entry>,
}

/// A change of the balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) id: i64,
    pub(super) booked_on: Date,
    pub(super) period: Option<String>,
    pub(super) kind: String,
    pub(super) amount: i64,
}

/// A line of a platform's report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) id: i64,
    pub(super) report: String,
    pub(super) period: String,
    pub(super) received_on: Date,
    pub(super) platform: String,
    /// What kind of use it was in the words of the report; empty where it does not say.
    pub(super) channel: String,
    pub(super) isrc: String,
    pub(super) territory: String,
    /// How many lines of the report it is the sum of.
    pub(super) lines: u64,
    pub(super) quantity: i64,
    pub(super) amount: i64,
    pub(super) rate_micros: i64,
    /// Where an entered rate was read, and of which day; none of the ledger's own rates.
    pub(super) rate_source: Option<String>,
    /// What it came to in minor units of the account's currency, where that is not worked out from the line alone.
    pub(super) received: Option<i64>,
    /// The report's currency.
    pub(super) currency: String,
    /// The import that brought it; none of the ledger's own.
    pub(super) import_id: Option<String>,
}

/// A part of a recording's royalties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SplitRow {
    pub(super) isrc: String,
    pub(super) participant_id: String,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) basis_points: u32,
}

/// The database of the ledger.
pub(super) fn database(catalog: &Catalog) -> Result<&Database, ToolError> {
    if catalog.databases.all().next().is_none() {
        return Err(ToolError::NotAvailable(
            "Royalties are worked out from the ledger database, which is switched off or not configured. Set \
             ENABLE_RDS=true and name the database in RDS_INSTANCES; mechanicals can be asked for without it."
                .to_owned(),
        ));
    }
    choices::database(None, catalog)
}

/// The ledger as a resource that calls touch.
pub(super) fn resource(catalog: &Catalog) -> Result<AwsResource, ToolError> {
    Ok(AwsResource {
        service: "rds-data".to_owned(),
        action: "rds-data:ExecuteStatement".to_owned(),
        name: database(catalog)?.name.clone(),
    })
}

/// The ids of all artists who have an account or lines in the ledger, whether or not the catalogue has them.
pub(super) async fn artists(catalog: &Catalog) -> Result<BTreeSet<String>, ToolError> {
    let database = database(catalog)?;
    let sql = "SELECT DISTINCT artist_id FROM \
               (SELECT artist_id FROM accounts UNION ALL SELECT artist_id FROM lines) AS known \
               WHERE artist_id > :after ORDER BY artist_id";
    let (mut all, mut after): (BTreeSet<String>, String) = (BTreeSet::new(), String::new());
    loop {
        let batch = rows(catalog, database, sql, &[("after", Value::from(after.as_str()))]).await?;
        for row in &batch {
            after = text(row, "artist_id")?;
            all.insert(after.clone());
        }
        if batch.len() < ROWS {
            return Ok(all);
        }
    }
}

/// The ledger as one artist's account sees it.
pub(super) struct Ledger<'a> {
    catalog: &'a Catalog,
    database: &'a Database,
    artist: &'a ArtistId,
}

impl Line {
    /// Converts a line whose currency has another minor unit than the account's, so that a hundred yen are not taken for
    /// a dollar. False where that does not fit.
    pub(super) fn convert(&mut self, currency: &str) -> bool {
        let (from, to) = (minor_digits(&self.currency), minor_digits(currency));
        if from != to {
            self.received = exchanged(self.amount, self.rate_micros, from, to);
        }
        from == to || self.received.is_some()
    }
}

impl<'a> Ledger<'a> {
    /// The ledger of the configuration.
    pub(super) fn of(catalog: &'a Catalog, artist: &'a ArtistId) -> Result<Self, ToolError> {
        Ok(Self { catalog, database: database(catalog)?, artist })
    }

    /// The database's name.
    pub(super) fn name(&self) -> &str {
        &self.database.name
    }

    /// The account; none where the artist has none.
    pub(super) async fn account(&self) -> Result<Option<Account>, ToolError> {
        let sql = "SELECT account_id, currency, royalty_basis_points FROM accounts WHERE artist_id = :artist";
        let found = self.rows(sql, &[("artist", Value::from(self.artist.as_str()))]).await?;
        let Some(row) = found.first() else { return Ok(None) };
        let id = text(row, "account_id")?;
        Ok(Some(Account {
            currency: text(row, "currency")?,
            rate_basis_points: points(row, "royalty_basis_points")?,
            entries: self.entries(&id).await?,
            id,
        }))
    }

    async fn entries(&self, account: &str) -> Result<Vec<Entry>, ToolError> {
        let sql = "SELECT entry_id, booked_on, period, kind, amount_minor FROM entries \
                   WHERE account_id = :account AND entry_id > :after ORDER BY entry_id";
        let read = |row: &Row| {
            Ok(Entry {
                id: number(row, "entry_id")?,
                booked_on: day(row, "booked_on")?,
                period: row.get("period").and_then(Value::as_str).map(str::to_owned),
                kind: text(row, "kind")?,
                amount: number(row, "amount_minor")?,
            })
        };
        self.all(sql, ("account", account), |entry: &Entry| entry.id, read).await
    }

    /// All lines about the artist, with the report that they are part of.
    pub(super) async fn lines(&self) -> Result<Vec<Line>, ToolError> {
        let sql = "SELECT l.line_id, l.statement_id, l.isrc, l.territory, l.quantity, l.amount_minor, \
                   s.platform, s.period, s.received_on, s.exchange_rate_micros, s.currency \
                   FROM lines l JOIN statements s ON s.statement_id = l.statement_id \
                   WHERE l.artist_id = :artist AND l.line_id > :after ORDER BY l.line_id";
        let read = |row: &Row| {
            Ok(Line {
                id: number(row, "line_id")?,
                report: text(row, "statement_id")?,
                period: text(row, "period")?,
                received_on: day(row, "received_on")?,
                platform: text(row, "platform")?,
                // What the lines of the ledger count.
                channel: "stream".to_owned(),
                isrc: text(row, "isrc")?,
                territory: text(row, "territory")?,
                lines: 1,
                quantity: number(row, "quantity")?,
                amount: number(row, "amount_minor")?,
                rate_micros: number(row, "exchange_rate_micros")?,
                rate_source: None,
                received: None,
                currency: text(row, "currency")?,
                import_id: None,
            })
        };
        self.all(sql, ("artist", self.artist.as_str()), |line: &Line| line.id, read).await
    }

    /// Who shares in the recordings of the artist's lines.
    pub(super) async fn splits(&self) -> Result<Vec<SplitRow>, ToolError> {
        let artist = vec![("artist".to_owned(), Value::from(self.artist.as_str()))];
        self.splits_among("SELECT isrc FROM lines WHERE artist_id = :artist", artist).await
    }

    /// Who shares in recordings that the artist has no lines of in the ledger.
    pub(super) async fn splits_of(&self, isrcs: &[&str]) -> Result<Vec<SplitRow>, ToolError> {
        let mut all = Vec::new();
        for isrcs in isrcs.chunks(RECORDINGS) {
            let named = (0..isrcs.len()).map(|at| format!("isrc{at}")).collect::<Vec<_>>();
            let among = named.iter().map(|name| format!(":{name}")).collect::<Vec<_>>().join(", ");
            let values = isrcs.iter().map(|isrc| Value::from(*isrc));
            all.extend(self.splits_among(&among, named.into_iter().zip(values).collect()).await?);
        }
        Ok(all)
    }

    async fn splits_among(
        &self,
        among: &str,
        values: Vec<(String, Value)>,
    ) -> Result<Vec<SplitRow>, ToolError> {
        let sql = format!(
            "SELECT s.isrc, s.participant_id, s.basis_points, p.name, p.role \
             FROM splits s JOIN participants p ON p.participant_id = s.participant_id \
             WHERE s.isrc IN ({among}) AND s.isrc > :after ORDER BY s.isrc, s.participant_id"
        );
        let read = |row: &Row| {
            Ok(SplitRow {
                isrc: text(row, "isrc")?,
                participant_id: text(row, "participant_id")?,
                name: text(row, "name")?,
                role: text(row, "role")?,
                basis_points: points(row, "basis_points")?,
            })
        };
        let (mut all, mut after): (Vec<SplitRow>, String) = (Vec::new(), String::new());
        loop {
            let values = values.iter().map(|(name, value)| (name.as_str(), value.clone()));
            let parameters: Vec<_> = values.chain([("after", Value::from(after.as_str()))]).collect();
            let rows = self.rows(&sql, &parameters).await?;
            let mut batch = rows.iter().map(read).collect::<Result<Vec<SplitRow>, ToolError>>()?;
            if batch.len() < ROWS {
                all.extend(batch);
                return Ok(all);
            }
            // The last recording may not be there in full, so that the next batch begins with it.
            let last = batch.last().map(|row| row.isrc.clone()).unwrap_or_default();
            batch.retain(|row| row.isrc != last);
            after = batch.last().map(|row| row.isrc.clone()).ok_or_else(|| {
                ToolError::NotAvailable(format!("The recording {last} is split in more than {ROWS} parts."))
            })?;
            all.extend(batch);
            if all.len() >= MOST_LINES {
                return Err(self.too_many());
            }
        }
    }

    fn too_many(&self) -> ToolError {
        ToolError::NotAvailable(format!(
            "The ledger has more than {MOST_LINES} rows about {}, more than one answer can work out.",
            self.artist
        ))
    }

    /// All rows of a statement that orders by a number, batch by batch.
    async fn all<T>(
        &self,
        sql: &str,
        (name, value): (&str, &str),
        number: impl Fn(&T) -> i64,
        read: impl Fn(&Row) -> Result<T, ToolError>,
    ) -> Result<Vec<T>, ToolError> {
        let mut all: Vec<T> = Vec::new();
        let mut after = i64::MIN;
        loop {
            let batch = self.rows(sql, &[(name, Value::from(value)), ("after", Value::from(after))]).await?;
            for row in &batch {
                all.push(read(row)?);
            }
            if batch.len() < ROWS {
                return Ok(all);
            }
            if all.len() >= MOST_LINES {
                return Err(self.too_many());
            }
            after = all.last().map_or(after, &number);
        }
    }

    async fn rows(&self, sql: &str, parameters: &[(&str, Value)]) -> Result<Vec<Row>, ToolError> {
        rows(self.catalog, self.database, sql, parameters).await
    }
}

/// A batch of the rows of a statement.
async fn rows(
    catalog: &Catalog,
    database: &Database,
    sql: &str,
    parameters: &[(&str, Value)],
) -> Result<Vec<Row>, ToolError> {
    let parameters: BTreeMap<String, Value> =
        parameters.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let sql = format!("{sql} LIMIT {ROWS}");
    let found = query::read(&catalog.aws, database, &sql, &parameters, ROWS).await;
    found.map(|found| found.rows).map_err(|error| explained(error, &database.name))
}

type Row = Map<String, Value>;

fn explained(error: DatabaseError, database: &str) -> ToolError {
    let message = match error {
        DatabaseError::Aws(failure) => return failure.into(),
        DatabaseError::TooSlow => format!("The database {database} took too long. Try again in a moment."),
        DatabaseError::Missing(_) => {
            format!("The database {database} does not exist. `patchline doctor` says what is missing.")
        }
        DatabaseError::NoSecret(_) => format!(
            "There is no secret for the database {database}. Name one behind it in RDS_INSTANCES, as \
             {database}@arn:aws:secretsmanager:…"
        ),
        other => format!("The database {database} has no ledger that Patchline can read: {other}."),
    };
    ToolError::NotAvailable(message)
}

fn unreadable(column: &str, row: &Row) -> ToolError {
    ToolError::Catalog(CatalogError::Unreadable {
        what: "row of the ledger",
        id: column.to_owned(),
        detail: format!("{} is not what the column must have", row.get(column).unwrap_or(&Value::Null)),
    })
}

fn text(row: &Row, column: &str) -> Result<String, ToolError> {
    row.get(column).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| unreadable(column, row))
}

/// A whole number, which some databases give as a text.
fn number(row: &Row, column: &str) -> Result<i64, ToolError> {
    let found = row.get(column).and_then(|value| match value {
        Value::String(digits) => digits.parse().ok(),
        other => other.as_i64(),
    });
    found.ok_or_else(|| unreadable(column, row))
}

fn points(row: &Row, column: &str) -> Result<u32, ToolError> {
    u32::try_from(number(row, column)?).map_err(|_| unreadable(column, row))
}

fn day(row: &Row, column: &str) -> Result<Date, ToolError> {
    let found = row.get(column).and_then(Value::as_str).and_then(|day| day.parse().ok());
    found.ok_or_else(|| unreadable(column, row))
}
