//! The details of an artist, of a release and of its tracks as a form has them: each field as a text, and what of that is new.

use super::detail_entry::Entry;
use super::field::FieldError;
use super::identifier::TrackId;
use super::release::Release;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A field of a form.
#[derive(Debug, PartialEq, Eq)]
pub struct DetailField {
    /// Its name in the record.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// How it is written; may be empty.
    pub help: &'static str,
    /// How it is entered.
    pub entry: Entry,
}

const fn field(name: &'static str, label: &'static str, entry: Entry, help: &'static str) -> DetailField {
    DetailField { name, label, help, entry }
}

/// The fields of a release, in the order in which they are asked for.
#[rustfmt::skip]
pub const RELEASE_FIELDS: &[DetailField] = &[
    field("title", "Title", Entry::Text, ""),
    field("status", "Status", Entry::Status, ""),
    field("releaseDate", "Release date", Entry::Day, ""),
    field("originalReleaseDate", "First release date", Entry::Day, "Only where it came out before."),
    field("genre", "Genre", Entry::Text, "The main genre, in lower case."),
    field("upc", "UPC or EAN", Entry::Text, "12 or 13 digits, with the check digit."),
    field("grid", "GRid", Entry::Text, "For instance A1-2425G-ABC1234002-M."),
    field("pLine", "℗ line", Entry::Text, "Year and owner of the recording, without the sign: 2026 Northlight."),
    field("cLine", "© line", Entry::Text, "Year and owner of artwork and text, without the sign."),
    field("territory", "Territory", Entry::Text, "For instance world, world except Japan, or NO, SE."),
    field("contract", "Contract", Entry::Text, "Name of the file in the artist’s folder of contracts."),
    field("artwork", "Cover", Entry::Text, "Name of the file in the bucket for artwork."),
];

/// The fields of a track, in the order in which they are asked for.
#[rustfmt::skip]
pub const TRACK_FIELDS: &[DetailField] = &[
    field("title", "Title", Entry::Text, ""),
    field("versionTitle", "Version", Entry::Text, "For instance Live or Radio Edit; empty for the usual one."),
    field("isrc", "ISRC", Entry::Text, "12 characters, with or without hyphens."),
    field("durationSeconds", "Length", Entry::Length, "Minutes and seconds, for instance 3:05."),
    field("explicit", "Explicit", Entry::YesOrNo, ""),
    field("language", "Language of the vocals", Entry::Text, "A code of ISO 639 such as en, or instrumental."),
    field("composers", "Composers", Entry::Names, "Legal names, one in each line."),
    field("lyricists", "Lyricists", Entry::Names, "Who wrote the words: legal names, one in each line."),
    field("contributors", "Other contributors", Entry::Contributors, "One in each line, with what they did: Producer: Ida Lund, or Session musician (cello): Kim Aas. Also: Featured artist, Lead vocals, Background vocals, Programmer, Arranger, Co-producer, Executive producer, Recording engineer, Mixing engineer, Mastering engineer, Remixer."),
    field("iswc", "ISWC", Entry::Text, "For instance T-034.524.680-1."),
    field("coverVersion", "Cover version", Entry::YesOrNo, "A new recording of somebody else’s song."),
    field("mechanicalLicence", "Mechanical licence", Entry::Text, "Of a cover version: who licensed the song, and under which number."),
    field("samples", "Samples", Entry::Samples, "One in each line: Dawn by Nori; cleared by Nori Music, no. 12."),
    field("aiUse", "Made by AI", Entry::AiUse, ""),
    field("audio", "Master", Entry::Text, "Name of the file in the bucket for audio."),
];

/// The fields of an artist by which others tell who it is, in the order in which they are asked for.
#[rustfmt::skip]
pub const ARTIST_FIELDS: &[DetailField] = &[
    field("isni", "ISNI", Entry::Text, "16 characters, for instance 0000 0001 2103 2683. Empty where the artist has none."),
    field("ipi", "IPI", Entry::Text, "The name number of a society of writers, 11 digits, for instance 00014107338."),
    field("disambiguation", "Told apart by", Entry::Text, "What tells artists of the same name apart, for instance folk singer, Oslo."),
];

/// The fields of a release, or those of a track.
pub fn fields_of(is_track: bool) -> &'static [DetailField] {
    if is_track { TRACK_FIELDS } else { RELEASE_FIELDS }
}

/// What is stored of a release itself, or of one of its tracks; none where it has no such track.
pub fn stored(release: &Release, track: Option<&TrackId>) -> Option<Value> {
    match track {
        None => serde_json::to_value(release).ok(),
        Some(id) => {
            let track = release.tracks.iter().find(|track| track.track_id == *id)?;
            serde_json::to_value(track).ok()
        }
    }
}

/// A text without blanks around its lines, and without empty lines.
fn tidied(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// The details as a form has them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DetailsForm {
    /// The track that it is about; empty for the release itself.
    pub track: String,
    /// The version of the release that was shown.
    pub version: u32,
    /// What stands in each field, by the name of that.
    pub values: BTreeMap<String, String>,
}

impl DetailsForm {
    /// What is stored, as the form shows it.
    pub fn of(fields: &[DetailField], stored: &Value, track: &str, version: u32) -> Self {
        let values = fields.iter().map(|field| {
            let text = field.entry.text(stored.get(field.name).unwrap_or(&Value::Null));
            (field.name.to_owned(), text)
        });
        Self { track: track.to_owned(), version, values: values.collect() }
    }

    /// From the fields of a form as it was sent.
    pub fn of_fields(fields: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "track" => form.track = value,
                "version" => form.version = value.parse().unwrap_or_default(),
                _ => {
                    form.values.insert(name, value);
                }
            }
        }
        form
    }

    /// What stands in a field.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// Whether a field of this form says something else than that of another.
    pub fn differs(&self, other: &Self, name: &str) -> bool {
        tidied(self.value(name)) != tidied(other.value(name))
    }

    /// The attributes that are to have another value than the stored one, as the record has them. A field that was
    /// not sent stays as it is.
    ///
    /// # Errors
    /// What is wrong with single fields.
    pub fn changes(
        &self,
        fields: &[DetailField],
        stored: &Value,
    ) -> Result<Map<String, Value>, Vec<FieldError>> {
        let shown = Self::of(fields, stored, &self.track, self.version);
        let mut changes = Map::new();
        let mut wrong = Vec::new();
        let new = fields
            .iter()
            .filter(|field| self.values.contains_key(field.name) && self.differs(&shown, field.name));
        for field in new {
            match field.entry.value(&tidied(self.value(field.name))) {
                Ok(value) => {
                    changes.insert(field.name.to_owned(), value);
                }
                Err(message) => wrong.push(FieldError::new(field.name, message)),
            }
        }
        if wrong.is_empty() { Ok(changes) } else { Err(wrong) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::contributor::ContributorRole;
    use proptest::prelude::*;
    use serde_json::json;

    fn track() -> Value {
        json!({
            "title": "Night", "isrc": "NOX002600001", "durationSeconds": 187, "explicit": false,
            "composers": ["Mira Holm", "Ida Lund"], "coverVersion": false,
            "samples": [{ "recording": "Dawn by Nori", "clearedBy": "Nori Music" }, { "recording": "Rain" }],
            "aiUse": { "vocals": false, "instrumentation": true, "post": true }
        })
    }

    fn typed(values: &[(&str, &str)]) -> DetailsForm {
        let fields = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        DetailsForm::of_fields(fields.collect())
    }

    #[test]
    fn what_is_shown_and_sent_back_changes_nothing() {
        let shown = DetailsForm::of(TRACK_FIELDS, &track(), "trk_1", 3);
        assert_eq!(shown.value("durationSeconds"), "3:07");
        assert_eq!(shown.value("samples"), "Dawn by Nori; cleared by Nori Music\nRain");
        assert_eq!(shown.value("aiUse"), "instrumentation,post");
        assert_eq!(shown.changes(TRACK_FIELDS, &track()), Ok(Map::new()));
    }

    #[test]
    fn what_is_new_is_told_as_the_record_has_it() {
        let form = typed(&[
            ("title", " Day "),
            ("durationSeconds", "62:03"),
            ("explicit", "yes"),
            ("composers", "Mira Holm\r\n\r\n Ida Lund\r\n"),
            ("lyricists", "Ida Lund"),
            ("contributors", "Mixing engineer: Kim Aas"),
            ("samples", ""),
            ("aiUse", "none"),
        ]);
        let nothing = json!({ "vocals": false, "instrumentation": false, "post": false });
        let changes = form.changes(TRACK_FIELDS, &track()).expect("right");
        let expected = json!({
            "title": "Day", "durationSeconds": 3_723, "explicit": true, "lyricists": ["Ida Lund"],
            "contributors": [{ "role": "MixingEngineer", "name": "Kim Aas" }], "samples": [], "aiUse": nothing
        });
        assert_eq!(Value::Object(changes), expected);
    }

    #[test]
    fn what_is_wrong_is_told_at_its_field() {
        for (name, text) in [("durationSeconds", "3:5"), ("explicit", ""), ("aiUse", "some")] {
            let wrong = typed(&[(name, text)]).changes(TRACK_FIELDS, &track()).expect_err("wrong");
            assert_eq!((wrong.len(), wrong[0].field.as_str()), (1, name));
        }
        let day = typed(&[("releaseDate", "soon")]);
        assert!(day.changes(RELEASE_FIELDS, &json!({ "releaseDate": "2026-12-04" })).is_err());
    }

    #[test]
    fn every_role_is_named_in_the_help() {
        let field = TRACK_FIELDS.iter().find(|field| field.name == "contributors").expect("a field");
        for role in ContributorRole::ALL {
            assert!(field.help.contains(role.words()), "{role:?}");
        }
    }

    proptest! {
        #[test]
        fn every_text_is_read_or_told(text in "\\PC{0,30}(; cleared by )?\\PC{0,30}") {
            for field in TRACK_FIELDS {
                let form = typed(&[(field.name, text.as_str())]);
                let Ok(changes) = form.changes(TRACK_FIELDS, &json!({})) else { continue };
                for value in changes.into_iter().map(|(_, value)| value) {
                    let shown = tidied(&field.entry.text(&value));
                    prop_assert_eq!(field.entry.value(&shown), Ok(value));
                }
            }
        }
    }
}
