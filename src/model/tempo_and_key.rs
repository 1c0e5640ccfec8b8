//! What people state of the tempo and the key of a recording, where listening got them wrong: the values, and the form
//! in which they are entered.

use super::field::FieldError;
use serde::{Deserialize, Serialize};

/// The slowest tempo that can be stated, in beats a minute.
pub const SLOWEST: f64 = 20.0;
/// The fastest tempo that can be stated, in beats a minute.
pub const FASTEST: f64 = 400.0;

/// The keys that can be stated, called as those that are measured.
pub const KEYS: [&str; 24] = [
    "C major",
    "C minor",
    "C sharp major",
    "C sharp minor",
    "D major",
    "D minor",
    "E flat major",
    "E flat minor",
    "E major",
    "E minor",
    "F major",
    "F minor",
    "F sharp major",
    "F sharp minor",
    "G major",
    "G minor",
    "A flat major",
    "A flat minor",
    "A major",
    "A minor",
    "B flat major",
    "B flat minor",
    "B major",
    "B minor",
];

/// A tempo that somebody has stated.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatedTempo {
    /// Beats a minute, with at most two decimals.
    pub bpm: f64,
    /// Who has stated it.
    pub by: String,
    /// When, RFC 3339 in UTC.
    pub at: String,
}

impl StatedTempo {
    /// The tempo with the decimals that it was stated with: `128`, `87.5`.
    pub fn text(&self) -> String {
        let text = format!("{:.2}", self.bpm);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

/// A key that somebody has stated.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatedKey {
    /// One of [`KEYS`].
    pub name: String,
    /// Who has stated it.
    pub by: String,
    /// When, RFC 3339 in UTC.
    pub at: String,
}

/// What people have stated about one content of a recording.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TempoAndKey {
    /// The tempo; none where nobody has stated one.
    pub tempo: Option<StatedTempo>,
    /// The key; none where nobody has stated one.
    pub key: Option<StatedKey>,
}

impl TempoAndKey {
    /// Whether nothing is stated.
    pub fn is_empty(&self) -> bool {
        self.tempo.is_none() && self.key.is_none()
    }

    /// Both in words: `128 beats a minute, A minor`; empty where nothing is stated.
    pub fn words(&self) -> String {
        let tempo = self.tempo.as_ref().map(|tempo| format!("{} beats a minute", tempo.text()));
        let key = self.key.as_ref().map(|key| key.name.clone());
        tempo.into_iter().chain(key).collect::<Vec<_>>().join(", ")
    }
}

/// How things stand with what was stated of a recording, beside what its report shows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StatementStanding {
    /// Counts what was stated and taken back; 0 where nobody ever has.
    pub revision: u32,
    /// What was stated of the content before this one, where nobody has stated anything of this one.
    pub of_before: Option<TempoAndKey>,
}

/// Tempo and key as they are entered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TempoAndKeyForm {
    /// Beats a minute; empty where the measured tempo counts.
    pub tempo: String,
    /// One of [`KEYS`]; empty where the measured key counts.
    pub key: String,
    /// The SHA-256 of the content that was shown.
    pub content: String,
    /// The [`StatementStanding::revision`] that was shown.
    pub revision: u32,
}

/// Tempo and key, read from a form; none where nothing is stated.
pub type Entered = (Option<f64>, Option<&'static str>);

impl TempoAndKeyForm {
    /// The form as it is shown first.
    pub fn of(said: &TempoAndKey, content: &str, revision: u32) -> Self {
        Self {
            tempo: said.tempo.as_ref().map(StatedTempo::text).unwrap_or_default(),
            key: said.key.as_ref().map(|key| key.name.clone()).unwrap_or_default(),
            content: content.to_owned(),
            revision,
        }
    }

    /// From the fields of a form as it was sent.
    pub fn of_fields(fields: &[(String, String)]) -> Self {
        let mut form = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "tempo" => form.tempo.clone_from(value),
                "key" => form.key.clone_from(value),
                "content" => form.content.clone_from(value),
                "revision" => form.revision = value.parse().unwrap_or_default(),
                _ => {}
            }
        }
        form
    }

    /// The same with nothing stated.
    #[must_use]
    pub fn taken_back(self) -> Self {
        Self { tempo: String::new(), key: String::new(), ..self }
    }

    /// What it states.
    ///
    /// # Errors
    /// What is wrong with single fields.
    pub fn read(&self) -> Result<Entered, Vec<FieldError>> {
        match (read_tempo(&self.tempo), read_key(&self.key)) {
            (Ok(tempo), Ok(key)) => Ok((tempo, key)),
            (tempo, key) => {
                let tempo = tempo.err().map(|message| FieldError::new("tempo", message));
                let key = key.err().map(|message| FieldError::new("key", message));
                Err(tempo.into_iter().chain(key).collect())
            }
        }
    }
}

fn read_tempo(text: &str) -> Result<Option<f64>, String> {
    const MOST_DIGITS: usize = 3;
    const MOST_DECIMALS: usize = 2;
    // In half of Europe decimals stand behind a comma.
    let text = text.trim().replacen(',', ".", 1);
    if text.is_empty() {
        return Ok(None);
    }
    let (whole, decimals) = text.split_once('.').unwrap_or((text.as_str(), ""));
    let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = (1..=MOST_DIGITS).contains(&whole.len())
        && decimals.len() <= MOST_DECIMALS
        && are_digits(whole)
        && are_digits(decimals);
    let tempo = text.parse::<f64>().ok().filter(|tempo| is_number && (SLOWEST..=FASTEST).contains(tempo));
    tempo.map(Some).ok_or_else(|| {
        format!(
            "beats a minute are a number from {SLOWEST} to {FASTEST} with at most two decimals, such as 128 or 87.5"
        )
    })
}

fn read_key(text: &str) -> Result<Option<&'static str>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let known = KEYS.into_iter().find(|key| *key == text);
    known.map(Some).ok_or_else(|| "choose one of the list, such as A minor".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entered(tempo: &str, key: &str) -> Result<Entered, Vec<String>> {
        let form = TempoAndKeyForm { tempo: tempo.to_owned(), key: key.to_owned(), ..Default::default() };
        form.read().map_err(|wrong| wrong.into_iter().map(|wrong| wrong.field).collect())
    }

    #[test]
    fn a_tempo_is_a_number_that_people_can_tap_with_two_decimals_at_most() {
        for (text, bpm) in
            [("128", 128.0), (" 87.5 ", 87.5), ("174,25", 174.25), ("20", 20.0), ("400.00", 400.0)]
        {
            assert_eq!(entered(text, ""), Ok((Some(bpm), None)), "{text}");
        }
        for wrong in [
            "19.99", "400.01", "1e2", "-90", "+90", "90.125", "90.1.2", ".5", "NaN", "inf", "0128", "fast",
            "1 28",
        ] {
            assert_eq!(entered(wrong, ""), Err(vec!["tempo".to_owned()]), "{wrong}");
        }
    }

    #[test]
    fn a_key_is_one_of_the_twenty_four() {
        for key in KEYS {
            assert_eq!(entered("", key), Ok((None, Some(key))));
        }
        for wrong in ["H minor", "a minor", "A", "A minor, B minor"] {
            assert_eq!(entered("", wrong), Err(vec!["key".to_owned()]), "{wrong}");
        }
        assert_eq!(
            entered("fast", "H"),
            Err(vec!["tempo".to_owned(), "key".to_owned()]),
            "all that is wrong"
        );
    }

    #[test]
    fn what_is_left_empty_takes_a_statement_back() {
        assert_eq!(entered(" ", ""), Ok((None, None)));
        let form = TempoAndKeyForm {
            tempo: "128".to_owned(),
            key: "A minor".to_owned(),
            content: "ab".to_owned(),
            revision: 3,
        };
        let back = form.taken_back();
        assert_eq!((back.read(), back.content.as_str(), back.revision), (Ok((None, None)), "ab", 3));
    }

    #[test]
    fn a_form_shows_what_was_stated_as_it_was_entered() {
        let (by, at) = ("Ana".to_owned(), "2026-11-27T09:00:00Z".to_owned());
        let tempo = |bpm| Some(StatedTempo { bpm, by: by.clone(), at: at.clone() });
        let key = Some(StatedKey { name: "E flat minor".to_owned(), by: by.clone(), at: at.clone() });
        for (bpm, text) in [(128.0, "128"), (87.5, "87.5"), (174.25, "174.25"), (100.0, "100")] {
            let said = TempoAndKey { tempo: tempo(bpm), key: key.clone() };
            let form = TempoAndKeyForm::of(&said, "ab", 2);
            assert_eq!((form.tempo.as_str(), form.key.as_str()), (text, "E flat minor"));
            assert_eq!(form.read(), Ok((Some(bpm), Some("E flat minor"))));
            assert_eq!(said.words(), format!("{text} beats a minute, E flat minor"));
        }
        assert_eq!(TempoAndKey { tempo: tempo(90.0), key: None }.words(), "90 beats a minute");
        assert!(TempoAndKey::default().is_empty());
    }

    #[test]
    fn the_fields_of_a_form_are_read_by_their_names() {
        let fields =
            [("revision", "2"), ("tempo", "128"), ("other", "9"), ("key", "A minor"), ("content", "ab")];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let form = TempoAndKeyForm::of_fields(&fields);
        assert_eq!((form.tempo.as_str(), form.key.as_str()), ("128", "A minor"));
        assert_eq!((form.content.as_str(), form.revision), ("ab", 2));
    }
}
