//! What a result consists of, for people: facts, tables, texts, sound and pictures.
//!
//! The result is looked at once; what is drawn from it is typed.

use super::super::form::rules::PAGES;
use super::super::form::schema::{Attributes, attributes};
use jiff::civil::Date;
use serde_json::{Map, Value};

/// From how many characters on a text is a paragraph and not a fact among others.
const LONG_TEXT: usize = 160;
/// Attributes that programs compare and nobody reads.
const TECHNICAL: [&str; 2] = ["etag", "versionId"];

/// A part of a result.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Sound or a picture at an address.
    Media(Media),
    /// Names with values.
    Facts {
        /// What they are about; none at the top of a result.
        label: Option<String>,
        /// The names with their values.
        facts: Vec<Fact>,
    },
    /// Names with values that only programs need.
    Technical(Vec<Fact>),
    /// A list of objects.
    Table(Table),
    /// A list of anything else.
    List {
        /// What the list is called.
        label: String,
        /// The values.
        items: Vec<Cell>,
    },
    /// A long text.
    Paragraph {
        /// What the text is called.
        label: String,
        /// The text, with its line ends.
        text: String,
    },
}

/// Sound or a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Which of the two.
    pub kind: MediaKind,
    /// Where it is fetched.
    pub url: String,
    /// What it is called.
    pub name: String,
}

/// What is fetched at the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaKind {
    /// Sound.
    Audio,
    /// A picture.
    Image,
}

/// A name with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// The name, for people.
    pub label: String,
    /// The value.
    pub cell: Cell,
}

/// Objects with a column for each name that one of them has.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What the list is called.
    pub label: String,
    /// The heads.
    pub columns: Vec<Column>,
    /// The objects; each row has a cell for each column.
    pub rows: Vec<Vec<Cell>>,
}

/// The head of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The name, for people.
    pub label: String,
    /// Every value in it is a number.
    pub numeric: bool,
}

/// A value as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Not there, or `null`.
    Nothing,
    /// A word or a sentence.
    Text(String),
    /// A number of things.
    Count(u64),
    /// A number that is negative, has a fraction, or must not be grouped.
    Number(String),
    /// A size in bytes.
    Size(u64),
    /// An answer.
    YesNo(bool),
    /// A day.
    Day(Date),
    /// A moment as stored (RFC 3339).
    Moment(String),
    /// An address to follow.
    Link(String),
    /// Anything deeper.
    Json(String),
}

impl Cell {
    /// Whether it stands at the right of its column.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Count(_) | Self::Number(_) | Self::Size(_))
    }
}

/// The parts of a result, in the order in which they are read: what can be heard or seen, facts, then lists.
pub fn parts(result: &Value, schema: &Value) -> Vec<Part> {
    match result {
        Value::Object(object) => object_parts(object, schema),
        Value::Array(items) => vec![list("Result", "Result".to_owned(), items, &attributes(schema, &[]))],
        other => {
            let label = "Result".to_owned();
            vec![Part::Facts { label: None, facts: vec![Fact { label, cell: cell("result", other) }] }]
        }
    }
}

/// Where a list goes on, when the result is a page of one: the argument and its value.
pub fn next_page(result: &Value) -> Option<(&'static str, &str)> {
    PAGES.into_iter().find_map(|(argument, attribute)| {
        let value = result.get(attribute)?.as_str().filter(|value| !value.is_empty())?;
        Some((argument, value))
    })
}

/// Whether an attribute says where a list goes on: the button under the result has it.
fn is_next(name: &str) -> bool {
    PAGES.iter().any(|(_, attribute)| name == *attribute)
}

fn object_parts(object: &Map<String, Value>, schema: &Value) -> Vec<Part> {
    let own = attributes(schema, &[]);
    let (mut facts, mut technical, mut details) = (Vec::new(), Vec::new(), Vec::new());
    for name in own.ordered(object.keys()) {
        match &object[name] {
            _ if is_next(name) => {}
            value if TECHNICAL.contains(&name) => technical.push(fact(name, value, &own)),
            Value::Array(items) => {
                details.push(list(name, own.label(name), items, &attributes(schema, &[name])));
            }
            Value::Object(inner) if !inner.is_empty() => {
                let inside = attributes(schema, &[name]);
                let facts = inside.ordered(inner.keys()).into_iter();
                let facts = facts.map(|key| fact(key, &inner[key], &inside)).collect();
                details.push(Part::Facts { label: Some(own.label(name)), facts });
            }
            Value::String(text) if is_long(text) => {
                details.push(Part::Paragraph { label: own.label(name), text: text.clone() });
            }
            other => facts.push(fact(name, other, &own)),
        }
    }
    let media = media(object).map(Part::Media);
    let facts = (!facts.is_empty()).then_some(Part::Facts { label: None, facts });
    let technical = (!technical.is_empty()).then_some(Part::Technical(technical));
    media.into_iter().chain(facts).chain(details).chain(technical).collect()
}

fn list(name: &str, label: String, items: &[Value], inside: &Attributes) -> Part {
    let objects: Option<Vec<&Map<String, Value>>> = items.iter().map(Value::as_object).collect();
    match objects.filter(|objects| !objects.is_empty()) {
        Some(objects) => Part::Table(table(label, &objects, inside)),
        None => Part::List { label, items: items.iter().map(|item| cell(name, item)).collect() },
    }
}

fn table(label: String, objects: &[&Map<String, Value>], attributes: &Attributes) -> Table {
    let keys = objects.iter().flat_map(|object| object.keys());
    let mut all: Vec<&String> = keys.filter(|name| !TECHNICAL.contains(&name.as_str())).collect();
    all.sort();
    all.dedup();
    let names = attributes.ordered(all.into_iter());
    let rows: Vec<Vec<Cell>> = objects
        .iter()
        .map(|object| {
            names
                .iter()
                .map(|name| object.get(*name).map_or(Cell::Nothing, |value| cell(name, value)))
                .collect()
        })
        .collect();
    let columns = names
        .iter()
        .enumerate()
        .map(|(index, name)| Column {
            label: attributes.label(name),
            numeric: rows.iter().any(|row| row[index].is_number())
                && rows.iter().all(|row| row[index].is_number() || row[index] == Cell::Nothing),
        })
        .collect();
    Table { label, columns, rows }
}

fn fact(name: &str, value: &Value, attributes: &Attributes) -> Fact {
    Fact { label: attributes.label(name), cell: cell(name, value) }
}

fn cell(name: &str, value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Nothing,
        Value::Array(items) if items.is_empty() => Cell::Nothing,
        Value::Object(inner) if inner.is_empty() => Cell::Nothing,
        Value::Bool(answer) => Cell::YesNo(*answer),
        Value::Number(number) => number_cell(name, number),
        Value::String(text) if name == "url" && is_own_path(text) => Cell::Link(text.clone()),
        Value::String(text) => text_cell(text),
        Value::Array(_) | Value::Object(_) => Cell::Json(value.to_string()),
    }
}

fn number_cell(name: &str, number: &serde_json::Number) -> Cell {
    let name = name.to_ascii_lowercase();
    match number.as_u64() {
        Some(size) if name.ends_with("bytes") => Cell::Size(size),
        // A year is read as a word: 2026, not 2 026.
        Some(year) if name.ends_with("year") => Cell::Number(year.to_string()),
        Some(count) => Cell::Count(count),
        None => Cell::Number(number.to_string().replace('-', "\u{2212}")),
    }
}

fn text_cell(text: &str) -> Cell {
    if is_followable(text) {
        Cell::Link(text.to_owned())
    } else if let Some(day) = (text.len() == 10).then(|| text.parse().ok()).flatten() {
        Cell::Day(day)
    } else if text.parse::<jiff::Timestamp>().is_ok() {
        Cell::Moment(text.to_owned())
    } else {
        Cell::Text(text.to_owned())
    }
}

fn is_long(text: &str) -> bool {
    !is_followable(text) && (text.contains('\n') || text.chars().count() > LONG_TEXT)
}

/// Only addresses that fetch something: `javascript:` and the like are text.
fn is_followable(text: &str) -> bool {
    let scheme = text.starts_with("https://") || text.starts_with("http://");
    scheme && !text.contains(char::is_whitespace)
}

/// Whether it is a place of this very server.
fn is_own_path(text: &str) -> bool {
    text.starts_with('/') && !text.starts_with("//")
}

fn media(object: &Map<String, Value>) -> Option<Media> {
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    let kind = match text("contentType")?.split('/').next()? {
        "audio" => MediaKind::Audio,
        "image" => MediaKind::Image,
        _ => return None,
    };
    let url = text("url").filter(|url| is_followable(url) || is_own_path(url))?;
    let name = text("fileName").or(text("title")).unwrap_or("File");
    Some(Media { kind, url: url.to_owned(), name: name.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shown(result: &Value) -> Vec<Part> {
        parts(result, &json!({ "type": "object" }))
    }

    #[test]
    fn a_list_of_objects_is_a_table_with_a_column_for_each_name() {
        let parts =
            shown(&json!({ "items": [{ "key": "a.wav", "sizeBytes": 5 }, { "key": "b.wav", "note": "x" }] }));
        let [Part::Table(table)] = parts.as_slice() else { panic!("{parts:?}") };
        let heads: Vec<(&str, bool)> =
            table.columns.iter().map(|column| (column.label.as_str(), column.numeric)).collect();
        assert_eq!(heads, [("Key", false), ("Note", false), ("Size bytes", true)]);
        assert_eq!(table.rows[0], [Cell::Text("a.wav".to_owned()), Cell::Nothing, Cell::Size(5)]);
    }

    #[test]
    fn columns_follow_the_order_of_the_output_schema() {
        let schema = json!({
            "properties": { "items": { "type": "array", "items": { "$ref": "#/$defs/Item" } } },
            "$defs": { "Item": { "type": "object", "required": ["title", "artistId"] } }
        });
        let parts = parts(&json!({ "items": [{ "artistId": 1, "extra": 2, "title": 3 }] }), &schema);
        let [Part::Table(table)] = parts.as_slice() else { panic!("{parts:?}") };
        let heads: Vec<&str> = table.columns.iter().map(|column| column.label.as_str()).collect();
        assert_eq!(heads, ["Title", "Artist ID", "Extra"]);
    }

    #[test]
    fn an_audio_file_is_a_player_before_its_facts() {
        let parts = shown(&json!({
            "contentType": "audio/wav", "url": "https://files.example/a.wav?sig=1", "fileName": "a.wav"
        }));
        let Part::Media(media) = &parts[0] else { panic!("{parts:?}") };
        assert_eq!((media.kind, media.name.as_str()), (MediaKind::Audio, "a.wav"));
        assert!(matches!(parts[1], Part::Facts { .. }));
    }

    #[test]
    fn an_address_that_could_run_something_is_neither_player_nor_link() {
        for url in ["javascript:alert(1)", "//elsewhere.example/x", "data:text/html,x"] {
            let parts = shown(&json!({ "contentType": "image/png", "url": url }));
            let [Part::Facts { facts, .. }] = parts.as_slice() else { panic!("{parts:?}") };
            assert!(facts.iter().all(|fact| !matches!(fact.cell, Cell::Link(_))));
        }
    }

    #[test]
    fn a_version_of_a_file_can_be_opened_from_the_list_of_them() {
        let parts = shown(&json!({ "versions": [{ "url": "/media/b/a.md?versionId=1", "versionId": "1" }] }));
        let [Part::Table(table)] = parts.as_slice() else { panic!("{parts:?}") };
        assert_eq!(table.rows, [[Cell::Link("/media/b/a.md?versionId=1".to_owned())]]);
    }

    #[test]
    fn values_are_told_apart_by_what_they_mean() {
        assert_eq!(cell("streams", &json!(1_234_567)), Cell::Count(1_234_567));
        assert_eq!(cell("releaseYear", &json!(2026)), Cell::Number("2026".to_owned()));
        assert_eq!(cell("change", &json!(-2.5)), Cell::Number("\u{2212}2.5".to_owned()));
        assert_eq!(cell("day", &json!("2026-11-22")), Cell::Day(jiff::civil::date(2026, 11, 22)));
        assert_eq!(
            cell("at", &json!("2026-11-22T10:00:00Z")),
            Cell::Moment("2026-11-22T10:00:00Z".to_owned())
        );
        assert_eq!(cell("deep", &json!({ "a": 1 })), Cell::Json("{\"a\":1}".to_owned()));
        for nothing in [json!(null), json!({}), json!([])] {
            assert_eq!(cell("metadata", &nothing), Cell::Nothing);
        }
    }

    #[test]
    fn a_long_answer_is_a_paragraph_and_where_a_list_goes_on_is_left_to_the_button() {
        let parts = shown(&json!({ "answer": "a\nb", "nextCursor": "x".repeat(300) }));
        assert!(
            matches!(parts.as_slice(), [Part::Paragraph { label, .. }] if label == "Answer"),
            "{parts:?}"
        );
    }

    #[test]
    fn attributes_have_the_titles_of_the_output_schema() {
        let schema = json!({
            "properties": {
                "sizeBytes": { "type": "integer", "title": "Size" },
                "files": { "type": "array", "title": "Audio", "items": { "$ref": "#/$defs/File" } }
            },
            "$defs": { "File": { "title": "File", "properties": { "fileName": { "title": "Name" } } } }
        });
        let parts = parts(&json!({ "sizeBytes": 5, "files": [{ "fileName": "a.wav" }] }), &schema);
        let [Part::Facts { facts, .. }, Part::Table(table)] = parts.as_slice() else { panic!("{parts:?}") };
        assert_eq!(facts[0].label, "Size");
        assert_eq!((table.label.as_str(), table.columns[0].label.as_str()), ("Audio", "Name"));
    }

    #[test]
    fn what_only_programs_compare_stands_apart_and_in_no_table() {
        let parts = shown(&json!({
            "etag": "\"5d\"", "fileName": "a.wav", "versionId": "v1", "files": [{ "etag": "x", "key": "b" }]
        }));
        let [Part::Facts { facts, .. }, Part::Table(table), Part::Technical(technical)] = parts.as_slice()
        else {
            panic!("{parts:?}")
        };
        assert_eq!((facts.len(), table.columns.len(), technical.len()), (1, 1, 2));
    }

    #[test]
    fn an_empty_list_stays_a_list_so_that_nobody_misses_it() {
        assert_eq!(
            shown(&json!({ "items": [] })),
            [Part::List { label: "Items".to_owned(), items: Vec::new() }]
        );
    }

    #[test]
    fn a_list_goes_on_only_while_there_is_a_cursor() {
        assert_eq!(next_page(&json!({ "nextCursor": "abc" })), Some(("cursor", "abc")));
        assert_eq!(next_page(&json!({ "nextToken": "abc" })), Some(("nextToken", "abc")));
        assert_eq!(next_page(&json!({ "nextCursor": null })), None);
        assert_eq!(next_page(&json!({ "nextCursor": "" })), None);
    }
}
