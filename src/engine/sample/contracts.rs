//! Contracts of the sample label: outlines in our own words, marked as samples.

use super::{BucketRole, SampleObject};
use crate::model::artist::Artist;

/// The outlines: name of the file, the artist's place in the roster, the text.
const OUTLINES: [(&str, usize, &str); 5] = [
    ("split-sheet", 0, include_str!("contracts/split-sheet.md")),
    ("producer-agreement", 4, include_str!("contracts/producer-agreement.md")),
    ("distribution-agreement", 9, include_str!("contracts/distribution-agreement.md")),
    ("licence-agreement", 13, include_str!("contracts/licence-agreement.md")),
    ("management-agreement", 20, include_str!("contracts/management-agreement.md")),
];

/// The contracts, each with the artist's name and the day of signing filled in.
pub(super) fn documents(artists: &[Artist]) -> impl Iterator<Item = SampleObject> + '_ {
    OUTLINES.iter().filter_map(|(name, place, text)| {
        let artist = artists.get(*place)?;
        let filled = text.replace("{artist}", &artist.name).replace("{date}", &artist.signed_on.to_string());
        Some(SampleObject::new(
            BucketRole::Contracts,
            format!("{}/{name}.md", artist.artist_id),
            "text/markdown; charset=utf-8",
            filled.into_bytes(),
            &[("artist-id", artist.artist_id.as_str()), ("contract-type", name)],
        ))
    })
}
