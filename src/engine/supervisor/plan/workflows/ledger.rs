//! Plans over the royalty ledger. Its tables are described in `docs/sample-label.md`. Amounts are whole minor units
//! of the currency beside them; what is converted is in the label's own currency.

use super::{Call, Draft};
use crate::engine::supervisor::understand::Understood;
use crate::model::identifier::ArtistId;
use crate::model::task::Problem;
use serde_json::{Map, Value};

const QUERY: &str = "query_database";

/// The conditions on lines and statements, and the values of their placeholders.
struct Conditions {
    sql: String,
    values: Map<String, Value>,
}

impl Conditions {
    fn of(understood: &Understood) -> Self {
        let mut conditions = Self { sql: "1 = 1".to_owned(), values: Map::new() };
        if let Some(artist) = understood.artists.first() {
            conditions.and("l.artist_id = :artist", "artist", artist.as_str());
        }
        if let Some(release) = understood.releases.first() {
            conditions.and("l.release_id = :release", "release", release.as_str());
        }
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

/// What was earned and who gets paid.
pub(super) fn earnings(understood: &Understood, draft: &mut Draft<'_>) -> Result<(), Problem> {
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
    let artist = understood.artists.first().map(ArtistId::as_str);
    account(draft, artist);
    if let Some(release) = understood.releases.first() {
        let sql = "SELECT p.name AS name, p.role AS role, sp.isrc AS isrc, sp.basis_points AS share_basis_points FROM splits sp \
                   JOIN participants p ON p.participant_id = sp.participant_id \
                   WHERE sp.isrc IN (SELECT isrc FROM lines WHERE release_id = :release) ORDER BY sp.isrc, p.name";
        let call = Call::of(QUERY, "Look up who shares in it").with("sql", sql);
        draft.add(call.with("parameters", values("release", release.as_str())).with("maxRows", 1000));
    }
    if let (Some(artist), None) = (artist, understood.releases.first()) {
        let call = Call::of("calculate_royalties", "Work out the artist's account").with("artistId", artist);
        let day = |day: jiff::civil::Date| day.to_string();
        let call = call.with_some("from", understood.period.map(|period| day(period.from)));
        draft.add(call.with_some("to", understood.period.map(|period| day(period.to))));
    }
    Ok(())
}

/// What each artist is owed.
pub(super) fn balances(draft: &mut Draft<'_>) {
    account(draft, None);
}

fn account(draft: &mut Draft<'_>, artist: Option<&str>) {
    let condition = if artist.is_some() { "WHERE a.artist_id = :artist " } else { "" };
    let sql = format!(
        "SELECT (SELECT MIN(p.name) FROM participants p WHERE p.artist_id = a.artist_id) AS name, \
         a.balance_minor AS balance_minor, a.advance_minor AS advance_minor, \
         a.royalty_basis_points AS royalty_basis_points, a.currency AS currency \
         FROM accounts a {condition}ORDER BY balance_minor DESC"
    );
    let call = Call::of(QUERY, "Look up what the artists are owed").with("sql", sql).with("maxRows", 1000);
    draft.add(call.with_some("parameters", artist.map(|artist| values("artist", artist))));
}

fn values(name: &str, value: &str) -> Value {
    Value::Object(Map::from_iter([(name.to_owned(), Value::from(value))]))
}
