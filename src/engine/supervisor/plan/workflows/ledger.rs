//! Plans over the royalty ledger. Its tables are described in `docs/sample-label.md`. Amounts are whole minor units
//! of the currency beside them; what is converted is in the label's own currency.

use super::{Call, Draft};
use crate::engine::supervisor::understand::Understood;
use crate::model::task::Problem;
use serde_json::{Map, Value};
use std::fmt::Display;

const QUERY: &str = "query_database";
const LABEL: &str = "summarize_earnings";

/// The conditions on lines and statements, and the values of their placeholders.
struct Conditions {
    sql: String,
    values: Map<String, Value>,
}

impl Conditions {
    fn of(understood: &Understood) -> Self {
        let mut conditions = Self { sql: "1 = 1".to_owned(), values: Map::new() };
        conditions.and_one_of("l.artist_id", "artist", &ids(&understood.artists));
        conditions.and_one_of("l.release_id", "release", &ids(&understood.releases));
        if let Some(territory) = &understood.territory {
            conditions.and("l.territory = :territory", "territory", territory);
        }
        if let Some(period) = understood.period {
            // Statements are of whole months: every month that the days touch.
            let month = |day: jiff::civil::Date| day.strftime("%Y-%m").to_string();
            conditions.and("s.period >= :first_month", "first_month", &month(period.from));
            conditions.and("s.period <= :last_month", "last_month", &month(period.to));
        }
        conditions
    }

    fn and(&mut self, condition: &str, name: &str, value: &str) {
        self.sql = format!("{} AND {condition}", self.sql);
        self.values.insert(name.to_owned(), Value::from(value));
    }

    /// That a column has one of some values; nothing where there are none.
    fn and_one_of(&mut self, column: &str, name: &str, values: &[String]) {
        if let Some(condition) = one_of(column, name, values, &mut self.values) {
            self.sql = format!("{} AND {condition}", self.sql);
        }
    }

    /// A query over lines and their statements.
    fn query(&self, title: &str, columns: &str, rest: &str) -> Call {
        let sql = format!(
            "SELECT {columns}, SUM(l.quantity) AS streams \
             FROM lines l JOIN statements s ON s.statement_id = l.statement_id WHERE {} {rest}",
            self.sql
        );
        Call::of(QUERY, title).with("sql", sql).with("parameters", Value::Object(self.values.clone()))
    }
}

/// Amounts of all currencies in the label's own, which is that of its accounts, at the rates of the statements.
const CONVERTED: &str = "(SELECT MIN(currency) FROM accounts) AS currency, \
    SUM(l.amount_minor * s.exchange_rate_micros) / 1000000 AS earned_minor";

fn ids<I: Display>(ids: &[I]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

/// The condition that a column has one of some values, whose placeholders are noted; none where there are none.
fn one_of(column: &str, name: &str, values: &[String], noted: &mut Map<String, Value>) -> Option<String> {
    let mut placeholders = Vec::new();
    for (place, value) in values.iter().enumerate() {
        let name = if place == 0 { name.to_owned() } else { format!("{name}_{}", place + 1) };
        placeholders.push(format!(":{name}"));
        noted.insert(name, Value::from(value.as_str()));
    }
    match placeholders.as_slice() {
        [] => None,
        [one] => Some(format!("{column} = {one}")),
        several => Some(format!("{column} IN ({})", several.join(", "))),
    }
}

/// What was earned and who gets paid: of the whole label by the statements of all artists, of what is named by the
/// ledger's rows.
pub(super) fn earnings(understood: &Understood, draft: &mut Draft<'_>) -> Result<(), Problem> {
    let Understood { artists, releases, territory, period, .. } = understood;
    if artists.is_empty() && releases.is_empty() && territory.is_none() {
        let day = |day: jiff::civil::Date| day.to_string();
        let call = Call::of(LABEL, "Add up what the label earned and who gets paid")
            .with_some("from", period.map(|period| day(period.from)))
            .with_some("to", period.map(|period| day(period.to)));
        if draft.need(call).is_ok() {
            return Ok(());
        }
    }
    let conditions = Conditions::of(understood);
    let total = format!("{CONVERTED}, MIN(s.period) AS first_month, MAX(s.period) AS last_month");
    draft.need(conditions.query("Add up what was earned", &total, "HAVING COUNT(*) > 0"))?;
    draft.add(conditions.query(
        "Add up what each platform paid",
        "s.platform AS platform, l.currency AS currency, SUM(l.amount_minor) AS earned_minor",
        "GROUP BY s.platform, l.currency ORDER BY earned_minor DESC",
    ));
    if understood.artists.is_empty() {
        let name = "(SELECT MIN(p.name) FROM participants p WHERE p.artist_id = l.artist_id) AS name";
        draft.add(conditions.query(
            "Add up what each artist's recordings earned",
            &format!("{name}, {CONVERTED}"),
            "GROUP BY l.artist_id ORDER BY earned_minor DESC",
        ));
    }
    account(draft, &ids(&understood.artists));
    let mut values = Map::new();
    if let Some(condition) = one_of("release_id", "release", &ids(&understood.releases), &mut values) {
        let sql = format!(
            "SELECT p.name AS name, p.role AS role, sp.isrc AS isrc, sp.basis_points AS share_basis_points \
             FROM splits sp JOIN participants p ON p.participant_id = sp.participant_id \
             WHERE sp.isrc IN (SELECT isrc FROM lines WHERE {condition}) ORDER BY sp.isrc, p.name"
        );
        let call = Call::of(QUERY, "Look up who shares in it").with("sql", sql);
        draft.add(call.with("parameters", Value::Object(values)).with("maxRows", 1000));
    }
    if let ([artist], []) = (understood.artists.as_slice(), understood.releases.as_slice()) {
        let call = Call::of("calculate_royalties", "Work out the artist's account");
        let call = call.with("artistId", artist.as_str());
        let day = |day: jiff::civil::Date| day.to_string();
        let call = call.with_some("from", understood.period.map(|period| day(period.from)));
        draft.add(call.with_some("to", understood.period.map(|period| day(period.to))));
    }
    Ok(())
}

/// What each artist is owed.
pub(super) fn balances(draft: &mut Draft<'_>) {
    account(draft, &[]);
}

fn account(draft: &mut Draft<'_>, artists: &[String]) {
    let mut values = Map::new();
    let condition = one_of("a.artist_id", "artist", artists, &mut values);
    let condition = condition.map_or_else(String::new, |condition| format!("WHERE {condition} "));
    let sql = format!(
        "SELECT (SELECT MIN(p.name) FROM participants p WHERE p.artist_id = a.artist_id) AS name, \
         a.balance_minor AS balance_minor, a.advance_minor AS advance_minor, \
         a.royalty_basis_points AS royalty_basis_points, a.currency AS currency \
         FROM accounts a {condition}ORDER BY balance_minor DESC"
    );
    let call = Call::of(QUERY, "Look up what the artists are owed").with("sql", sql).with("maxRows", 1000);
    draft.add(call.with_some("parameters", (!values.is_empty()).then(|| Value::Object(values))));
}
