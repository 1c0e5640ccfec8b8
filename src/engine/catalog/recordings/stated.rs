//! What people state of the tempo and the key of a recording, as it is kept with its record.
//!
//! A statement is about bytes, not about a name: it has the SHA-256 of the content that was heard, and counts only while
//! that is the content of the file. When other bytes take its place it stays, so that the page can offer to take it over,
//! and counts again where the same bytes come back before anybody has stated something of the newer ones.

use super::KeptRecording;
use crate::model::tempo_and_key::{StatementStanding, TempoAndKey};
use serde::{Deserialize, Serialize};

/// What people have stated of a content, as it is kept. Where all was taken back it stays with its revision, so that
/// whoever still sees what was stated is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptStatement {
    /// Counts the changes.
    pub(crate) revision: u32,
    /// The SHA-256 of the content that it is about, in hex.
    pub(crate) content: String,
    /// What is stated.
    pub(crate) said: TempoAndKey,
    /// The name of the change that made it so: a second attempt at that one finds it done.
    pub(crate) change: String,
}

impl KeptRecording {
    /// What is stated of a content, by its SHA-256 in hex.
    pub(crate) fn stated_of(&self, content: &str) -> Option<&TempoAndKey> {
        self.stated.as_ref().filter(|stated| stated.content == content).map(|stated| &stated.said)
    }

    /// How things stand with what was stated, for somebody who sees a content; none where nothing was heard yet.
    pub(crate) fn statement_standing(&self, content: Option<&str>) -> StatementStanding {
        let Some(stated) = &self.stated else { return StatementStanding::default() };
        let is_of_before =
            content.is_some_and(|content| stated.content != content) && !stated.said.is_empty();
        StatementStanding { revision: stated.revision, of_before: is_of_before.then(|| stated.said.clone()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tempo_and_key::StatedTempo;
    use serde_json::json;

    fn kept(stated: Option<KeptStatement>) -> KeptRecording {
        let kept: KeptRecording = serde_json::from_value(json!({
            "id": "patchline-audio/a.wav", "bucket": "patchline-audio", "key": "a.wav", "version": 2,
            "etag": "\"1\"", "bytes": 9, "sample": false, "state": "passed", "line": {}, "day": "2026-11-27",
            "processedAt": "2026-11-27T00:00:00Z", "epoch": 1, "holder": "", "aliveUntil": 0, "progress": 100
        }))
        .expect("a recording that is older than statements");
        assert_eq!(kept.stated, None);
        KeptRecording { stated, ..kept }
    }

    fn of(content: &str, bpm: Option<f64>) -> KeptStatement {
        let tempo =
            bpm.map(|bpm| StatedTempo { bpm, by: "Ana".to_owned(), at: "2026-11-27T09:00:00Z".to_owned() });
        let said = TempoAndKey { tempo, key: None };
        KeptStatement { revision: 3, content: content.to_owned(), said, change: "one".to_owned() }
    }

    #[test]
    fn a_statement_counts_for_its_content_only_and_is_offered_for_the_one_after_it() {
        let stated = kept(Some(of("aa", Some(128.0))));
        assert!(stated.stated_of("aa").is_some() && stated.stated_of("bb").is_none());
        let own = stated.statement_standing(Some("aa"));
        assert_eq!((own.revision, own.of_before), (3, None));
        let next = stated.statement_standing(Some("bb"));
        assert_eq!((next.revision, next.of_before), (3, Some(of("aa", Some(128.0)).said)));
        assert_eq!(stated.statement_standing(None).of_before, None, "not before the new one was heard");
    }

    #[test]
    fn what_was_taken_back_is_offered_to_nobody_and_its_revision_stays() {
        let back = kept(Some(of("aa", None))).statement_standing(Some("bb"));
        assert_eq!((back.revision, back.of_before), (3, None));
        assert_eq!(kept(None).statement_standing(Some("aa")), StatementStanding::default());
    }
}
