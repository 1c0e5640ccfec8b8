//! Documents of the sample label's knowledge base: facts in our own words, each with its source.

use super::{BucketRole, SampleObject};

/// The topics with their text.
const DOCUMENTS: [(&str, &str); 12] = [
    ("isrc", include_str!("knowledge/isrc.md")),
    ("upc-and-ean", include_str!("knowledge/upc-and-ean.md")),
    ("release-day", include_str!("knowledge/release-day.md")),
    ("pitching-lead-times", include_str!("knowledge/pitching-lead-times.md")),
    ("holiday-deadlines", include_str!("knowledge/holiday-deadlines.md")),
    ("waterfall-releases", include_str!("knowledge/waterfall-releases.md")),
    ("royalties-basics", include_str!("knowledge/royalties-basics.md")),
    ("us-mechanical-rates", include_str!("knowledge/us-mechanical-rates.md")),
    ("loudness", include_str!("knowledge/loudness.md")),
    ("audio-and-artwork-delivery", include_str!("knowledge/audio-and-artwork-delivery.md")),
    ("artificial-streaming", include_str!("knowledge/artificial-streaming.md")),
    ("metadata-style", include_str!("knowledge/metadata-style.md")),
];

/// The documents.
pub(super) fn documents() -> impl Iterator<Item = SampleObject> {
    DOCUMENTS.iter().map(|(topic, text)| {
        SampleObject::new(
            BucketRole::Knowledge,
            format!("{topic}.md"),
            "text/markdown; charset=utf-8",
            text.as_bytes().to_vec(),
            &[("topic", topic)],
        )
    })
}
