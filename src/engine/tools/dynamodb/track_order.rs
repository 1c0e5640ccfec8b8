//! A new order of a release's tracks, as `update_release_data` writes it.

use crate::engine::catalog::CatalogError;
use crate::engine::tools::ToolError;
use crate::model::identifier::ReleaseId;
use serde_json::{Map, Value};

/// The argument with the new order, which is no attribute of the record.
pub(super) const TRACK_ORDER: &str = "trackOrder";

/// The tracks of a release as it is stored, in a new order and numbered from 1.
///
/// # Errors
/// `Conflict` where the release has other tracks by now than the caller has seen; else `Invalid` where the order does
/// not name each of them once.
pub(super) fn in_order(
    mut release: Map<String, Value>,
    id: &ReleaseId,
    order: &[String],
    expected_version: u32,
) -> Result<Vec<Value>, ToolError> {
    let version = release.get("version").and_then(Value::as_u64).and_then(|known| u32::try_from(known).ok());
    let mut tracks = match release.remove("tracks") {
        Some(Value::Array(tracks)) => tracks,
        _ => Vec::new(),
    };
    let mut ordered = Vec::with_capacity(tracks.len());
    for (number, track_id) in (1_u32..).zip(order) {
        let Some(at) = tracks.iter().position(|track| track["trackId"] == track_id.as_str()) else { break };
        let mut track = tracks.remove(at);
        if let Value::Object(track) = &mut track {
            track.insert("number".to_owned(), Value::from(number));
        }
        ordered.push(track);
    }
    if tracks.is_empty() && ordered.len() == order.len() {
        return Ok(ordered);
    }
    if version != Some(expected_version) {
        let conflict = CatalogError::Conflict { what: "release", id: id.to_string(), current: version };
        return Err(conflict.into());
    }
    let message = "name each track of the release once, by its trackId";
    Err(ToolError::field(format!("updateData.{TRACK_ORDER}"), message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ordered(order: &[&str], expected_version: u32) -> Result<Vec<Value>, ToolError> {
        let release = json!({
            "version": 4,
            "tracks": [
                { "trackId": "trk_a", "number": 1, "title": "Dawn" },
                { "trackId": "trk_b", "number": 3, "title": "Day" }
            ]
        });
        let Value::Object(release) = release else { panic!("an object") };
        let order: Vec<String> = order.iter().map(|id| (*id).to_owned()).collect();
        in_order(release, &"rel_1".parse().expect("an id"), &order, expected_version)
    }

    #[test]
    fn tracks_are_numbered_anew_and_keep_what_they_say() {
        let tracks = ordered(&["trk_b", "trk_a"], 4).expect("an order");
        let expected = [
            json!({ "trackId": "trk_b", "number": 1, "title": "Day" }),
            json!({ "trackId": "trk_a", "number": 2, "title": "Dawn" }),
        ];
        assert_eq!(tracks, expected);
    }

    #[test]
    fn an_order_of_other_tracks_is_refused() {
        for order in [&["trk_a"][..], &["trk_a", "trk_a"], &["trk_a", "trk_b", "trk_c"], &[]] {
            assert!(matches!(ordered(order, 4), Err(ToolError::Invalid(_))), "{order:?}");
            let overtaken = ordered(order, 3);
            assert!(matches!(overtaken, Err(ToolError::Catalog(CatalogError::Conflict { .. }))), "{order:?}");
        }
    }
}
