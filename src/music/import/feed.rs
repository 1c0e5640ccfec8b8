//! Daily figures as JSON, as an HTTP source answers them, made into the table that is read like any other export: so
//! that they are checked, compared, written and taken back in the one way that there is.

use serde::Deserialize;
use std::fmt;

/// The columns of the table: Patchline's own.
const COLUMNS: [&str; 16] = [
    "artistId",
    "date",
    "platform",
    "territory",
    "isrc",
    "streams",
    "listeners",
    "saves",
    "followers",
    "playlistAdds",
    "playlistReach",
    "skips",
    "likes",
    "comments",
    "posts",
    "views",
];

/// The most that is told of what stands in an answer instead of figures, in characters: somebody else has written it.
const LONGEST_REASON: usize = 200;

/// Why an answer is no table.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// It is something else.
    #[error("the answer is no list of daily figures: {}", shortened(.0))]
    Unreadable(#[from] serde_json::Error),
    /// It has none.
    #[error("the answer has no figures")]
    Empty,
    /// It cannot be written as a table.
    #[error("the figures cannot be written as a table: {0}")]
    Unwritable(#[from] csv::Error),
}

/// Why it cannot be read: the reason repeats what stands there, however long that is.
fn shortened(error: &serde_json::Error) -> String {
    let reason = error.to_string();
    match reason.char_indices().nth(LONGEST_REASON) {
        Some((end, _)) => format!("{}…", &reason[..end]),
        None => reason,
    }
}

/// What a source answers.
#[derive(Debug, Deserialize)]
struct Feed {
    rows: Vec<Row>,
}

/// Figures of an artist on a day, platform and, where it is told, territory. What is not said stays unknown.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Row {
    artist_id: Cell,
    date: Cell,
    platform: Cell,
    territory: Cell,
    isrc: Cell,
    streams: Cell,
    listeners: Cell,
    saves: Cell,
    followers: Cell,
    playlist_adds: Cell,
    playlist_reach: Cell,
    skips: Cell,
    likes: Cell,
    comments: Cell,
    posts: Cell,
    views: Cell,
}

/// What stands at a place, as it is: whether it can be right is checked where all exports are.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
enum Cell {
    Text(String),
    Number(serde_json::Number),
    #[default]
    Nothing,
}

impl fmt::Display for Cell {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => formatter.write_str(text),
            Self::Number(number) => number.fmt(formatter),
            Self::Nothing => Ok(()),
        }
    }
}

/// The table of an answer such as
/// `{"rows": [{"artistId": "art_1", "date": "2026-11-01", "platform": "spotify", "territory": "NO", "streams": 12}]}`.
///
/// # Errors
/// When it is no such answer, or has no figures.
pub fn table(answer: &[u8]) -> Result<Vec<u8>, FeedError> {
    let Feed { rows } = serde_json::from_slice(answer)?;
    if rows.is_empty() {
        return Err(FeedError::Empty);
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for row in &rows {
        let cells = [
            &row.artist_id,
            &row.date,
            &row.platform,
            &row.territory,
            &row.isrc,
            &row.streams,
            &row.listeners,
            &row.saves,
            &row.followers,
            &row.playlist_adds,
            &row.playlist_reach,
            &row.skips,
            &row.likes,
            &row.comments,
            &row.posts,
            &row.views,
        ];
        writer.write_record(cells.map(ToString::to_string))?;
    }
    writer.into_inner().map_err(|error| FeedError::Unwritable(error.into_error().into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;
    use proptest::prelude::*;

    fn text(answer: &str) -> String {
        String::from_utf8(table(answer.as_bytes()).expect("a table")).expect("a text")
    }

    #[test]
    fn what_is_not_said_stays_empty_and_what_is_wrong_stays_for_the_check() {
        let answer = r#"{"rows": [
            {"artistId": "art_1", "date": "2026-11-01", "platform": "spotify", "streams": 12, "listeners": null,
             "views": 7},
            {"artistId": "art, 1", "date": 20261101, "streams": -3, "more": "is left out"}
        ], "next": null}"#;
        assert_eq!(
            text(answer),
            "artistId,date,platform,territory,isrc,streams,listeners,saves,followers,playlistAdds,playlistReach,skips,\
             likes,comments,posts,views\n\
             art_1,2026-11-01,spotify,,,12,,,,,,,,,,7\n\"art, 1\",20261101,,,,-3,,,,,,,,,,\n"
        );
    }

    #[test]
    fn what_is_no_list_of_figures_is_refused() {
        assert!(matches!(table(b"{\"rows\": []}"), Err(FeedError::Empty)));
        for wrong in ["", "<html>", "[]", "{\"rows\": [{\"streams\": {}}]}"] {
            assert!(matches!(table(wrong.as_bytes()), Err(FeedError::Unreadable(_))), "{wrong}");
        }
    }

    #[test]
    fn the_reason_does_not_repeat_a_long_answer() {
        let answer = serde_json::json!({ "rows": "é".repeat(100_000) }).to_string();
        let reason = table(answer.as_bytes()).expect_err("no figures").to_string();
        assert!(reason.starts_with("the answer is no list of daily figures: invalid type"), "{reason}");
        assert!(reason.ends_with('…') && reason.chars().count() < 300, "{reason}");
    }

    #[test]
    fn fuzz_answer_of_a_source_of_figures() {
        let seeds: [&[u8]; 3] = [
            br#"{"rows":[{"artistId":"art_1","date":"2026-11-01","platform":"spotify","streams":12}]}"#,
            br#"{"rows":[{"isrc":"NO-A1B-26-00042","territory":"NO","views":1e3,"likes":null},{}],"next":null}"#,
            br#"{"rows":[]}"#,
        ];
        let words =
            ["\"rows\":", "\"artistId\":", "\\r\\n", "\\u0000", "=1+1", "{}", "}]}", "true", "-0.1e-9"];
        fuzzing::bytes(400, &seeds, &words, |answer| match table(answer) {
            Ok(table) => {
                let mut reader = csv::Reader::from_reader(table.as_slice());
                assert!(reader.headers().expect("a head").iter().eq(COLUMNS));
                let rows: Vec<_> =
                    reader.records().map(|row| row.expect("a row of as many columns")).collect();
                assert!(!rows.is_empty() && rows.iter().all(|row| row.len() == COLUMNS.len()));
            }
            Err(error) => assert!(error.to_string().chars().count() < 300, "{error}"),
        });
    }

    proptest! {
        #[test]
        fn each_row_is_a_line_whatever_stands_in_it(names in proptest::collection::vec(".*", 1..20)) {
            let rows: Vec<_> = names.iter().map(|name| serde_json::json!({ "artistId": name })).collect();
            let answer = serde_json::json!({ "rows": rows }).to_string();
            let read = table(answer.as_bytes()).expect("a table");
            let mut reader = csv::Reader::from_reader(read.as_slice());
            let found: Vec<String> = reader.records().map(|row| row.expect("a row")[0].to_owned()).collect();
            prop_assert_eq!(found, names);
        }
    }
}
