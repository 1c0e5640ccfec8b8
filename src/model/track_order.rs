//! A new order of the tracks of a release, from the places that somebody has typed for some of them.

use super::field::FieldError;
use super::identifier::TrackId;
use super::release::Track;
use std::collections::BTreeMap;

/// The field of a form with the place of a track.
pub fn place_field(track: &TrackId) -> String {
    format!("place-{track}")
}

/// The tracks in their new order: each for which another place was typed goes there, the others make room and keep
/// their order. A place that was not sent stays as it is.
///
/// # Errors
/// What is wrong with single places.
pub fn ordered<'a>(
    tracks: &'a [Track],
    typed: &BTreeMap<String, String>,
) -> Result<Vec<&'a Track>, Vec<FieldError>> {
    let mut places: Vec<Option<&Track>> = vec![None; tracks.len()];
    let mut staying = Vec::new();
    let mut wrong = Vec::new();
    for (position, track) in tracks.iter().enumerate() {
        let field = place_field(&track.track_id);
        let text = typed.get(&field).map_or("", |text| text.trim());
        if text.is_empty() || text == (position + 1).to_string() {
            staying.push(track);
            continue;
        }
        let place = text.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
        let Some(slot) = place.and_then(|place| places.get_mut(place)) else {
            let message = format!("a place from 1 to {} is needed; this is {text:?}", tracks.len());
            wrong.push(FieldError::new(field, message));
            continue;
        };
        if let Some(other) = slot {
            let message = format!("“{}” goes to place {text} already", other.title);
            wrong.push(FieldError::new(field, message));
        } else {
            *slot = Some(track);
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut staying = staying.into_iter();
    Ok(places.into_iter().filter_map(|place| place.or_else(|| staying.next())).collect())
}

/// Whether tracks stand in another order now, or are not numbered from 1 without gaps.
pub fn is_new(tracks: &[Track], ordered: &[&Track]) -> bool {
    let is_moved = tracks.iter().zip(ordered).any(|(before, after)| before.track_id != after.track_id);
    is_moved || (1_u32..).zip(tracks).any(|(number, track)| track.number != number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn tracks(count: u32) -> Vec<Track> {
        let track = |number| {
            let track = json!({
                "trackId": format!("trk_{number}"), "number": number, "title": format!("Song {number}"),
                "isrc": "NOX002600001", "durationSeconds": 180, "explicit": false, "composers": []
            });
            serde_json::from_value(track).expect("a track")
        };
        (1..=count).map(track).collect()
    }

    fn typed(places: &[(u32, &str)]) -> BTreeMap<String, String> {
        places.iter().map(|(track, place)| (format!("place-trk_{track}"), (*place).to_owned())).collect()
    }

    fn numbers(tracks: &[Track], places: &[(u32, &str)]) -> Vec<u32> {
        let found = ordered(tracks, &typed(places)).expect("an order");
        found.into_iter().map(|track| track.number).collect()
    }

    #[test]
    fn what_is_moved_goes_to_its_place_and_the_others_make_room() {
        let tracks = tracks(4);
        assert_eq!(numbers(&tracks, &[]), [1, 2, 3, 4]);
        assert_eq!(numbers(&tracks, &[(4, "1")]), [4, 1, 2, 3]);
        assert_eq!(numbers(&tracks, &[(1, "3"), (2, "2")]), [2, 3, 1, 4]);
        assert_eq!(numbers(&tracks, &[(1, "2"), (2, "1"), (3, " 3 "), (4, "")]), [2, 1, 3, 4]);
    }

    #[test]
    fn a_place_that_there_is_not_or_that_is_taken_is_told_at_its_field() {
        let tracks = tracks(3);
        for wrong in ["0", "4", "-1", "first"] {
            let told = ordered(&tracks, &typed(&[(2, wrong)])).expect_err("wrong");
            assert_eq!((told.len(), told[0].field.as_str()), (1, "place-trk_2"), "{wrong}");
        }
        let told = ordered(&tracks, &typed(&[(1, "3"), (2, "3")])).expect_err("taken");
        assert_eq!(told[0].field, "place-trk_2");
        assert!(told[0].message.contains("Song 1"), "{}", told[0].message);
    }

    #[test]
    fn the_same_order_is_new_only_where_numbers_have_gaps() {
        let mut tracks = tracks(2);
        assert!(!is_new(&tracks, &tracks.iter().collect::<Vec<_>>()));
        assert!(is_new(&tracks, &tracks.iter().rev().collect::<Vec<_>>()));
        tracks[1].number = 3;
        assert!(is_new(&tracks, &tracks.iter().collect::<Vec<_>>()));
    }

    proptest! {
        #[test]
        fn no_track_is_lost_or_doubled(places in proptest::collection::vec(0_u32..8, 1..8)) {
            let tracks = tracks(u32::try_from(places.len()).expect("few"));
            let typed: BTreeMap<String, String> = tracks
                .iter()
                .zip(&places)
                .map(|(track, place)| (place_field(&track.track_id), place.to_string()))
                .collect();
            if let Ok(found) = ordered(&tracks, &typed) {
                let mut numbers: Vec<u32> = found.iter().map(|track| track.number).collect();
                numbers.sort_unstable();
                prop_assert_eq!(numbers, tracks.iter().map(|track| track.number).collect::<Vec<_>>());
            }
        }
    }
}
