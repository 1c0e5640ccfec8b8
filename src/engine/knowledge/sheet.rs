//! An entry as a document of the knowledge base: text for people and models, and Bedrock's metadata file
//! with every attribute beside it.

use super::entry::{Entry, Period};
use super::passage::{ASKED, ENTRY, KIND};
use jiff::civil::Date;
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// What a metadata file's name adds to that of its document.
pub const METADATA_ENDING: &str = ".metadata.json";

/// What an open end of a period is as a number, so that filters by day find it.
const ALWAYS_SINCE: i64 = 0;
const FOR_EVER: i64 = 99_991_231;

/// The key of an entry's document.
pub fn key(entry: &Entry) -> String {
    format!("entries/{}/{}.md", entry.topic, entry.id)
}

/// The document.
pub fn markdown(entry: &Entry) -> String {
    let mut text = format!("# {}\n\n{}\n\n", entry.title, entry.statement);
    let mut facts = Vec::new();
    facts.extend(entry.amount.as_ref().map(ToString::to_string));
    facts.push(match entry.jurisdiction.as_str() {
        "worldwide" => "worldwide".to_owned(),
        code => format!("in {code}"),
    });
    facts.extend(in_words(entry.effect));
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{}.", facts.join(", "));
    text
}

/// The metadata file: `metadataAttributes` as Bedrock takes it.
pub fn metadata(entry: &Entry) -> Value {
    let mut attributes = Map::new();
    let mut put = |name: &str, value: Value| attributes.insert(name.to_owned(), value);
    put(KIND, json!(ENTRY));
    put("id", json!(entry.id));
    put("topic", json!(entry.topic));
    put("title", json!(entry.title));
    put("statement", json!(entry.statement));
    if !entry.asked.is_empty() {
        put(ASKED, searched(&entry.asked.join("\n")));
    }
    put("jurisdiction", json!(entry.jurisdiction));
    put("tier", json!(entry.tier.word()));
    put("confidence", json!(entry.confidence.word()));
    put("source_title", json!(entry.source.title));
    put("checked_on", json!(entry.checked_on.to_string()));
    put("checked_on_number", json!(day_number(entry.checked_on)));
    put("effective_from_number", json!(entry.effect.from.map_or(ALWAYS_SINCE, day_number)));
    put("effective_to_number", json!(entry.effect.to.map_or(FOR_EVER, day_number)));
    if let Some(series) = &entry.series {
        put("series", json!(series));
    }
    if let Some(amount) = &entry.amount {
        put("value", json!(amount.value));
        if let Some(to) = amount.to {
            put("value_to", json!(to));
        }
        put("unit", json!(amount.unit));
    }
    if let Some(from) = entry.effect.from {
        put("effective_from", json!(from.to_string()));
    }
    if let Some(to) = entry.effect.to {
        put("effective_to", json!(to.to_string()));
    }
    if let Some(url) = &entry.source.url {
        put("source_url", json!(url));
    }
    json!({ "metadataAttributes": attributes })
}

/// An attribute that Bedrock embeds and searches together with the text, which stays as it is.
fn searched(text: &str) -> Value {
    json!({ "value": { "type": "STRING", "stringValue": text }, "includeForEmbedding": true })
}

/// A day as a number that filters can compare: 2026-01-31 is 20260131.
pub fn day_number(day: Date) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

fn in_words(effect: Period) -> Option<String> {
    match (effect.from, effect.to) {
        (None, None) => None,
        (Some(from), None) => Some(format!("in force since {from}")),
        (None, Some(to)) => Some(format!("in force until {to}")),
        (Some(from), Some(to)) => Some(format!("in force from {from} to {to}")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::passage::Passage;
    use super::super::shipped;
    use super::*;

    /// The document of an entry as Retrieve gives it: of attributes that say more, their value.
    fn retrieved(entry: &Entry) -> Passage {
        let metadata = metadata(entry);
        let attributes = metadata["metadataAttributes"].as_object().expect("attributes").clone();
        let plain = |value: Value| value.pointer("/value/stringValue").cloned().unwrap_or(value);
        Passage {
            text: markdown(entry),
            score: 1.0,
            uri: format!("s3://bucket/{}", key(entry)),
            attributes: attributes.into_iter().map(|(name, value)| (name, plain(value))).collect(),
        }
    }

    #[test]
    fn every_entry_comes_back_from_its_attributes() {
        for entry in shipped::entries().expect("the shipped entries are right") {
            assert_eq!(retrieved(entry).entry().as_ref(), Some(entry));
            let size = metadata(entry).to_string().len();
            assert!(size < 10 * 1024, "Bedrock takes metadata files of up to 10 KB");
        }
    }

    #[test]
    fn the_ways_to_ask_for_an_entry_are_searched_and_not_shown() {
        let mut entry = shipped::entries().expect("the shipped entries are right")[0].clone();
        entry.asked = vec!["how do we yank it".to_owned(), "can it be zapped".to_owned()];
        let file = metadata(&entry);
        let asked = &file["metadataAttributes"]["asked"];
        assert_eq!(asked["includeForEmbedding"], json!(true));
        assert_eq!(asked["value"], json!({ "type": "STRING", "stringValue": entry.asked.join("\n") }));
        assert_eq!(retrieved(&entry).entry().as_ref(), Some(&entry));
        assert!(!markdown(&entry).contains("yank") && !markdown(&entry).contains("zapped"));

        entry.asked.clear();
        assert_eq!(metadata(&entry)["metadataAttributes"].get("asked"), None);
        assert_eq!(retrieved(&entry).entry(), Some(entry));
    }

    #[test]
    fn days_are_numbers_that_keep_their_order() {
        assert_eq!(day_number(jiff::civil::date(2026, 1, 31)), 20_260_131);
    }
}
