//! Cursors of lists: opaque to clients, and refused where they are not ours.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rmcp::ErrorData;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Writes a place in a list.
pub(super) fn encode(list: &str, place: &impl Serialize) -> Option<String> {
    let text = serde_json::to_string(&(list, place)).ok()?;
    Some(URL_SAFE_NO_PAD.encode(text))
}

/// Reads a place in a list.
pub(super) fn decode<T: DeserializeOwned>(list: &str, cursor: &str) -> Result<T, ErrorData> {
    let wrong =
        || ErrorData::invalid_params("This cursor is not one of this list. Begin without a cursor.", None);
    let text = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| wrong())?;
    let (named, place): (String, T) = serde_json::from_slice(&text).map_err(|_| wrong())?;
    if named == list { Ok(place) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;

    #[test]
    fn a_cursor_belongs_to_its_list() {
        let cursor = encode("tools", &7_usize).unwrap_or_default();
        assert_eq!(decode::<usize>("tools", &cursor).ok(), Some(7));
        assert!(decode::<usize>("prompts", &cursor).is_err());
        assert!(decode::<usize>("tools", "made up").is_err());
    }

    #[test]
    fn fuzz_cursor_of_a_list() {
        let seeds: [&[u8]; 3] =
            [br#"["tools",7]"#, br#"["tools",18446744073709551615]"#, br#"["prompts",[]]"#];
        fuzzing::bytes(500, &seeds, &["\"tools\"", "[[", "1"], |written| {
            let cursor = URL_SAFE_NO_PAD.encode(written);
            if let Ok(place) = decode::<usize>("tools", &cursor) {
                let again = encode("tools", &place).unwrap_or_default();
                assert_eq!(decode::<usize>("tools", &again).ok(), Some(place));
                assert!(decode::<usize>("prompts", &cursor).is_err(), "a cursor of one list only");
            }
        });
    }
}
