//! Words of code that people have better words for: the same that pages show.

use super::text::{LONGEST_QUOTE, clean};
use crate::engine::gateway::title_of;
use crate::model::audio::{DeliveryVerdict, FindingSeverity, store_name};
use crate::model::audit::Decision;
use crate::model::deed_words::{of_channel, of_deed, of_operation};
use crate::model::fleet::Health;
use crate::model::knowledge::{Confidence, Tier};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What people read instead of a word in the field of this name; none where the word is not known there.
pub(super) fn of(field: &str, word: &str) -> Option<String> {
    match field {
        "profile" => store_name(word).map(str::to_owned),
        "verdict" => read::<DeliveryVerdict>(word).map(|verdict| verdict.label().to_owned()),
        "severity" => read::<FindingSeverity>(word).map(|severity| severity.label().to_owned()),
        "tier" => Tier::from_word(word).map(|tier| tier.to_string()),
        "confidence" => Confidence::from_word(word).map(|confidence| confidence.to_string()),
        "outcome" => read::<Decision>(word).map(|decision| decision.title().to_owned()),
        "operation" => {
            Some(of_operation(&clean(word, LONGEST_QUOTE), title_of(word))).filter(|words| !words.is_empty())
        }
        // Its name beside the words, as logs and clients know it by that.
        "tool" => title_of(word).or_else(|| of_deed(word)).map(|words| format!("{words} ({word})")),
        "channel" => Some(of_channel(word)).filter(|words| *words != word).map(str::to_owned),
        "health" => read::<Health>(word).map(|health| health.to_string()),
        _ => None,
    }
}

/// The word as it crosses the wire.
fn read<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Value::from(word)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_code_are_told_as_pages_tell_them() {
        let cases = [
            ("profile", "distributor", Some("Usual distributor")),
            ("profile", "apple", Some("Apple Music")),
            ("verdict", "pass", Some("Takes it")),
            ("verdict", "warn", Some("Will warn")),
            ("verdict", "fail", Some("Will refuse it")),
            ("verdict", "notProven", None),
            ("severity", "warning", Some("To look at")),
            ("tier", "distributor", Some("Distributor's help pages")),
            ("confidence", "unsettled", Some("Sources disagree")),
            ("outcome", "wouldDeny", Some("Allowed on trial")),
            ("health", "degraded", Some("Degraded")),
            ("operation", "get_audio_file", Some("Used “Get an audio file”")),
            ("operation", "sign_in", Some("Signed in")),
            ("tool", "query_artist_data", Some("Query artists (query_artist_data)")),
            ("tool", "sign_in", Some("Signed in (sign_in)")),
            ("tool", "a_tool_of_tomorrow", None),
            ("channel", "mcp", Some("By an AI client")),
            ("channel", "download", None),
            ("title", "warn", None),
        ];
        for (field, word, told) in cases {
            assert_eq!(of(field, word).as_deref(), told, "{field}: {word}");
        }
    }
}
