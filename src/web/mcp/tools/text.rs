//! A result as short text: facts as lines, rows as tables. The whole is in the structured content.

use serde_json::{Map, Value};
use std::fmt::Write as _;

/// Rows of a table that are written out.
const ROWS: usize = 20;
/// Columns of a table.
const COLUMNS: usize = 8;
/// Characters of a cell or a fact.
const CELL: usize = 120;
/// Characters of a text that is a result in itself, such as an answer or a contract.
const PROSE: usize = 4_000;

/// The text of a result.
pub(super) fn readable(title: &str, result: &Value) -> String {
    let mut text = format!("{title}\n");
    match result {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| part(&mut text, name, value)),
        other => text.push_str(&cell(other)),
    }
    text.truncate(text.trim_end().len());
    text
}

/// A field of the result: nothing for what is not there.
fn part(text: &mut String, name: &str, value: &Value) {
    // Writing to a text cannot fail.
    let _ = match value {
        Value::Null => Ok(()),
        Value::Array(items) if items.is_empty() => writeln!(text, "{name}: none"),
        Value::Array(items) => match rows(items) {
            Some(rows) => {
                writeln!(text, "\n{name} ({}):", items.len()).map(|()| table(text, &rows, items.len()))
            }
            None => writeln!(text, "{name}: {}", list(items)),
        },
        Value::Object(fields) if fields.is_empty() => Ok(()),
        Value::Object(fields) => writeln!(text, "{name}: {}", inline(fields)),
        Value::String(prose) if prose.chars().count() > CELL || prose.contains('\n') => {
            writeln!(text, "\n{name}:\n{}\n", shortened(prose, PROSE))
        }
        other => writeln!(text, "{name}: {}", cell(other)),
    };
}

/// The items as rows, if all are objects.
fn rows(items: &[Value]) -> Option<Vec<&Map<String, Value>>> {
    items.iter().map(Value::as_object).collect()
}

fn table(text: &mut String, rows: &[&Map<String, Value>], total: usize) {
    let mut columns: Vec<&str> = Vec::new();
    for row in rows.iter().take(ROWS) {
        for (name, value) in *row {
            if !value.is_null() && !columns.contains(&name.as_str()) {
                columns.push(name);
            }
        }
    }
    let hidden = columns.len().saturating_sub(COLUMNS);
    columns.truncate(COLUMNS);
    let mut line = |cells: Vec<String>| {
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    };
    line(columns.iter().map(|name| (*name).to_owned()).collect());
    line(columns.iter().map(|_| "---".to_owned()).collect());
    for row in rows.iter().take(ROWS) {
        line(columns.iter().map(|name| row.get(*name).map(cell).unwrap_or_default()).collect());
    }
    if total > ROWS || hidden > 0 {
        let _ = writeln!(
            text,
            "… {} more rows and {hidden} more columns are in the structured content.",
            total.saturating_sub(ROWS)
        );
    }
}

/// A value on one line, without what would end a cell of a table.
fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => list(items),
        Value::Object(fields) => inline(fields),
        other => other.to_string(),
    };
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    shortened(&text, CELL).replace('|', "\\|")
}

fn list(items: &[Value]) -> String {
    const SHOWN: usize = 10;
    let mut texts: Vec<_> = items.iter().take(SHOWN).map(cell).collect();
    if items.len() > SHOWN {
        texts.push(format!("… {} more", items.len() - SHOWN));
    }
    texts.join(", ")
}

fn inline(fields: &Map<String, Value>) -> String {
    let facts = fields.iter().filter(|(_, value)| !value.is_null());
    facts.map(|(name, value)| format!("{name} {}", cell(value))).collect::<Vec<_>>().join(", ")
}

fn shortened(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_become_a_table_and_facts_become_lines() {
        let result = json!({
            "tableName": "artists",
            "rows": [{ "artistId": "art_1", "name": "Mira|x" }, { "artistId": "art_2", "genre": "folk" }],
            "nextCursor": null,
        });
        assert_eq!(
            readable("Query artists", &result),
            "Query artists\ntableName: artists\n\nrows (2):\n| artistId | name | genre |\n| --- | --- | --- |\n\
             | art_1 | Mira\\|x |  |\n| art_2 |  | folk |"
        );
    }

    #[test]
    fn a_long_result_says_what_it_leaves_out() {
        let rows: Vec<_> = (0..100).map(|n| json!({ "n": n })).collect();
        let text = readable("Rows", &json!({ "rows": rows }));
        assert!(text.ends_with("… 80 more rows and 0 more columns are in the structured content."), "{text}");
    }

    #[test]
    fn one_line_stays_one_line() {
        assert_eq!(readable("X", &json!({ "a": { "b": "1\n2" }, "c": [] })), "X\na: b 1 2\nc: none");
    }
}
