//! A passage as Retrieve gives it: text, where it stands, and the attributes of its document.

use super::entry::{Amount, Confidence, Entry, Period, Source, Tier};
use serde_json::Value;
use std::collections::BTreeMap;

/// The attribute that says what a document is, and its value for an entry.
pub const KIND: &str = "kind";
/// The kind of a document that holds one entry.
pub const ENTRY: &str = "entry";
/// The attribute that an entry is found by beside its text: ways to ask for it, one a line.
pub const ASKED: &str = "asked";

/// The attribute by which Bedrock gives the page that a passage stands on.
const PAGE: &str = "x-amz-bedrock-kb-document-page-number";

/// What the embedded Bedrock adds: the document's own title, and the place of the passage in it.
const OWN_TITLE: &str = "x-patchline-title";
const HEADINGS: &str = "x-patchline-headings";
const TEXT_START: &str = "x-patchline-text-start";
const TEXT_END: &str = "x-patchline-text-end";
/// How near it is to the question in meaning, which is a score that means the same for every question.
const SIMILARITY: &str = "x-patchline-similarity";

/// A passage of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// Its text.
    pub text: String,
    /// How well Retrieve thinks it fits; comparable within one answer only.
    pub score: f64,
    /// Where its document lies: `s3://bucket/key`.
    pub uri: String,
    /// What is known of the document and of the place in it.
    pub attributes: BTreeMap<String, Value>,
}

impl Passage {
    /// An attribute that is text.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.attributes.get(name)?.as_str()
    }

    /// An attribute that is a number.
    pub fn number_of(&self, name: &str) -> Option<f64> {
        self.attributes.get(name)?.as_f64()
    }

    /// The page it stands on, from 1, in documents that have pages.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked against the bounds before"
    )]
    pub fn page(&self) -> Option<u32> {
        let page = self.number_of(PAGE)?;
        (page >= 1.0 && page <= f64::from(u32::MAX)).then(|| page.round() as u32)
    }

    /// How near it is to the question in meaning, up to 1, where Retrieve says so.
    pub fn similarity(&self) -> Option<f64> {
        self.number_of(SIMILARITY)
    }

    /// The key of its document in the bucket.
    pub fn key(&self) -> &str {
        self.uri.strip_prefix("s3://").and_then(|rest| rest.split_once('/')).map_or(&self.uri, |(_, key)| key)
    }

    /// The name of its document for people.
    pub fn title(&self) -> &str {
        let named = self.text_of("title").or_else(|| self.text_of(OWN_TITLE));
        named.filter(|title| !title.is_empty()).unwrap_or_else(|| self.key())
    }

    /// The headings that it stands under, where they are known.
    pub fn headings(&self) -> Vec<String> {
        let headings = self.attributes.get(HEADINGS).and_then(Value::as_array);
        headings
            .map(|all| all.iter().filter_map(|one| Some(one.as_str()?.to_owned())).collect())
            .unwrap_or_default()
    }

    /// Where it stands in the text of its page, in characters, where that is known.
    pub fn range(&self) -> Option<(usize, usize)> {
        let place = |name: &str| usize::try_from(self.attributes.get(name)?.as_u64()?).ok();
        Some((place(TEXT_START)?, place(TEXT_END)?))
    }

    /// The entry that the document holds; none for other documents, and where an attribute is missing.
    pub fn entry(&self) -> Option<Entry> {
        if self.text_of(KIND) != Some(ENTRY) {
            return None;
        }
        let owned = |name: &str| self.text_of(name).map(str::to_owned);
        let day = |name: &str| self.text_of(name)?.parse().ok();
        let to = self.number_of("value_to");
        let amount =
            self.number_of("value").zip(owned("unit")).map(|(value, unit)| Amount { value, to, unit });
        Some(Entry {
            id: owned("id")?,
            topic: owned("topic")?,
            series: owned("series"),
            title: owned("title")?,
            statement: owned("statement")?,
            asked: self
                .text_of(ASKED)
                .map(|asked| asked.lines().map(str::to_owned).collect())
                .unwrap_or_default(),
            jurisdiction: owned("jurisdiction")?,
            amount,
            effect: Period { from: day("effective_from"), to: day("effective_to") },
            source: Source { title: owned("source_title")?, url: owned("source_url") },
            tier: Tier::from_word(self.text_of("tier")?)?,
            confidence: Confidence::from_word(self.text_of("confidence")?)?,
            checked_on: day("checked_on")?,
        })
    }
}
