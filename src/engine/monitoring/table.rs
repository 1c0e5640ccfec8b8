//! From the rows of Logs Insights, whose values are all texts, to a table with typed columns.

use super::time::from_insights;
use crate::model::logs::{LogColumn, LogColumnKind, LogTable, MAX_LOG_ROWS};
use serde_json::{Map, Number, Value};
use std::collections::HashSet;

/// The largest whole number that every reader of JSON keeps exact.
const MAX_EXACT: i64 = 9_007_199_254_740_991;

/// A row as it comes: fields with their values.
pub(super) type TextRow = Vec<(String, String)>;

/// The table of these rows, of which one more than wanted was asked for where that is possible: so it is
/// known whether there are more. `@ptr`, which Insights adds to each, is left out.
pub(super) fn typed(rows: &[TextRow], limit: usize) -> LogTable {
    let columns: Vec<_> = names(rows)
        .into_iter()
        .map(|name| LogColumn { name: name.to_owned(), kind: kind(name, rows) })
        .collect();
    let truncated = rows.len() > limit || rows.len() >= MAX_LOG_ROWS as usize;
    let rows: Vec<_> = rows.iter().take(limit).map(|row| typed_row(row, &columns)).collect();
    LogTable { columns, rows, truncated }
}

/// The fields in the order in which they first appear.
fn names(rows: &[TextRow]) -> Vec<&str> {
    let mut seen = HashSet::new();
    let fields = rows.iter().flatten().map(|(name, _)| name.as_str());
    fields.filter(|name| *name != "@ptr" && seen.insert(*name)).collect()
}

/// What all values of a column are. Without a single value nothing is known, which is text.
fn kind(column: &str, rows: &[TextRow]) -> LogColumnKind {
    let values = || {
        let fields = rows.iter().flatten();
        fields.filter(|(name, value)| name == column && !value.is_empty()).map(|(_, value)| value.as_str())
    };
    let is_time = |text: &str| text.contains('-') && from_insights(text).is_some();
    if values().next().is_none() || is_of_names(column) {
        LogColumnKind::Text
    } else if values().all(|text| number(text).is_some()) {
        LogColumnKind::Number
    } else if values().all(is_time) {
        LogColumnKind::Time
    } else {
        LogColumnKind::Text
    }
}

/// Whether a column holds names of things, which are no figures even where all are digits.
fn is_of_names(column: &str) -> bool {
    const NAMES: [&str; 8] = ["id", "upc", "ean", "gtin", "isrc", "iswc", "ipi", "barcode"];
    let last = column.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let is_whole = NAMES.iter().any(|name| last.eq_ignore_ascii_case(name));
    is_whole || ["Id", "ID", "Upc", "UPC", "Ean", "EAN", "Isrc", "ISRC"].iter().any(|end| last.ends_with(end))
}

fn typed_row(row: &TextRow, columns: &[LogColumn]) -> Map<String, Value> {
    let kind = |name: &str| columns.iter().find(|column| column.name == name).map(|column| column.kind);
    let mut typed = Map::new();
    for (name, text) in row {
        let value = match kind(name) {
            None => continue,
            Some(LogColumnKind::Number) => number(text).map_or(Value::Null, Value::Number),
            Some(LogColumnKind::Time) => {
                from_insights(text).map_or(Value::Null, |time| Value::String(time.to_string()))
            }
            Some(LogColumnKind::Text) => Value::String(text.clone()),
        };
        typed.insert(name.clone(), value);
    }
    typed
}

/// A number that keeps its value in JSON. Codes such as `007` and numbers with too many digits stay
/// texts.
fn number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let leading_zero = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    let plain = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '-' | '+'));
    if leading_zero || !plain {
        return None;
    }
    if digits.chars().all(|c| c.is_ascii_digit()) {
        let whole = text.parse::<i64>().ok()?;
        return (whole.abs() <= MAX_EXACT).then(|| Number::from(whole));
    }
    Number::from_f64(text.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(fields: &[(&str, &str)]) -> TextRow {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn columns_have_the_kind_that_all_their_values_have() {
        let rows = [
            row(&[("bin(5m)", "2026-11-24 09:30:00.000"), ("tool", "get_contract"), ("count(*)", "12")]),
            row(&[("bin(5m)", "2026-11-24 09:35:00.000"), ("tool", "7"), ("count(*)", "3.5"), ("@ptr", "x")]),
        ];
        let table = typed(&rows, 10);
        let kinds: Vec<_> = table.columns.iter().map(|column| (column.name.as_str(), column.kind)).collect();
        assert_eq!(
            kinds,
            [
                ("bin(5m)", LogColumnKind::Time),
                ("tool", LogColumnKind::Text),
                ("count(*)", LogColumnKind::Number)
            ]
        );
        assert_eq!(
            Value::Object(table.rows[0].clone()),
            json!({ "bin(5m)": "2026-11-24T09:30:00Z", "tool": "get_contract", "count(*)": 12 })
        );
        assert_eq!(table.rows[1]["tool"], "7");
        assert!(!table.truncated);
    }

    #[test]
    fn a_field_that_only_later_rows_have_is_a_column_too() {
        let table = typed(&[row(&[("a", "1")]), row(&[("a", "2"), ("b", "x")])], 10);
        assert_eq!(table.columns.len(), 2);
        assert_eq!(Value::Object(table.rows[0].clone()), json!({ "a": 1 }));
    }

    #[test]
    fn codes_and_long_numbers_stay_texts() {
        for text in ["007", "123456789012345678901", "NaN", "inf", "1,5", "+4", "", "0x10", "--1", "1e999"] {
            assert_eq!(number(text), None, "{text:?}");
        }
        for text in ["0", "-4", "0.25", "1.5E7", "9007199254740991"] {
            assert!(number(text).is_some(), "{text:?}");
        }
    }

    #[test]
    fn rows_beyond_the_limit_are_cut_and_it_is_said() {
        let rows: Vec<_> = (0..5).map(|number| row(&[("n", &number.to_string())])).collect();
        let table = typed(&rows, 3);
        assert_eq!((table.rows.len(), table.truncated), (3, true));
        let all = typed(&rows, 5);
        assert_eq!((all.rows.len(), all.truncated), (5, false), "there are no more than were wanted");
    }

    #[test]
    fn names_of_things_are_texts_though_they_are_digits() {
        let rows =
            [row(&[("release.upc", "602445790098"), ("userId", "42"), ("count(upc)", "7"), ("paid", "5")])];
        let kinds: Vec<_> = typed(&rows, 3).columns.iter().map(|column| column.kind).collect();
        let (text, number) = (LogColumnKind::Text, LogColumnKind::Number);
        assert_eq!(kinds, [text, text, number, number]);
    }
}
