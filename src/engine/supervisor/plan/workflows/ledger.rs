//! Plans over the royalty ledger. Its tables are described in `docs/sample-label.md`. Amounts are whole minor units
//! of the currency beside them; what is converted is in the label's own currency.

use super::{Call, Draft};
use crate::engine::supervisor::understand::Understood;
use crate::model::task::Problem;
use serde_json::{Map, Value};
use std::fmt::Display;

const QUERY: &str = "query_database";

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
    fn query(&self, title: &str, columns: &str, group: &str) -> Call {
        let sql = format!(
            "SELECT {columns}, SUM(l.quantity) AS quantity, \
             SUM(l.amount_minor * s.exchange_rate_micros) / 1000000 AS converted_minor \
             FROM lines l JOIN statements s ON s.statement_id = l.statement_id \
             WHERE {} GROUP BY {group} ORDER BY converted_minor DESC",
            self.sql
        );
        Call::of(QUERY, title).with("sql", sql).with("parameters", Value::Object(self.values.clone()))
    }
}

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

/// What was earned and who gets paid.
pub(super) fn earnings(understood: &Understood, draft: &mut Draft<'_>) -> Result<(), Problem> {
    let conditions = Conditions::of(understood);
    draft.need(conditions.query(
        "Add up what the platforms paid",
        "s.platform, l.currency",
        "s.platform, l.currency",
    ))?;
    draft.add(conditions.query("Add it up by artist", "l.artist_id", "l.artist_id"));
    draft.add(conditions.query("Add it up by month", "s.period", "s.period"));
    account(draft, &ids(&understood.artists));
    let mut values = Map::new();
    if let Some(condition) = one_of("release_id", "release", &ids(&understood.releases), &mut values) {
        let sql = format!(
            "SELECT p.name, p.role, sp.isrc, sp.basis_points FROM splits sp \
             JOIN participants p ON p.participant_id = sp.participant_id \
             WHERE sp.isrc IN (SELECT isrc FROM lines WHERE {condition}) ORDER BY sp.isrc, p.name"
        );
        let call = Call::of(QUERY, "Look up who shares in it").with("sql", sql);
        draft.add(call.with("parameters", Value::Object(values)).with("maxRows", 1000));
    }
    let sql = "SELECT MIN(period) AS first_period, MAX(period) AS last_period, MAX(received_on) AS received_on \
               FROM statements";
    draft.add(Call::of(QUERY, "Look up which statements have come").with("sql", sql));
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
        "SELECT a.artist_id, p.name, a.currency, a.royalty_basis_points, a.advance_minor, a.balance_minor \
         FROM accounts a LEFT JOIN participants p ON p.artist_id = a.artist_id {condition}\
         ORDER BY a.balance_minor DESC"
    );
    let call = Call::of(QUERY, "Look up what the artists are owed").with("sql", sql).with("maxRows", 1000);
    draft.add(call.with_some("parameters", (!values.is_empty()).then(|| Value::Object(values))));
}
