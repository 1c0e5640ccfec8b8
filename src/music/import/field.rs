//! What a column of an export can say.

use serde::{Deserialize, Serialize};

/// What a column says, in the order in which forms offer it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Field {
    /// Nothing that is kept.
    #[default]
    Ignored,
    /// The day.
    Day,
    /// The month of use.
    Period,
    /// The day, month or number of the report that a sale stands in.
    Report,
    /// The artist's id in Patchline.
    ArtistId,
    /// The artist's name.
    ArtistName,
    /// The recording.
    Isrc,
    /// The release.
    Upc,
    /// The title of the track, or of the release.
    Title,
    /// The platform.
    Platform,
    /// The territory.
    Territory,
    /// The format or kind of use.
    Channel,
    /// Streams, or plays.
    Streams,
    /// Different listeners.
    Listeners,
    /// Saves.
    Saves,
    /// Followers at the end of the day.
    Followers,
    /// Times that a track was added to a playlist.
    PlaylistAdds,
    /// Followers of the playlists that have a track.
    PlaylistReach,
    /// Times that a track was skipped.
    Skips,
    /// Likes.
    Likes,
    /// Comments.
    Comments,
    /// Posts.
    Posts,
    /// Views.
    Views,
    /// Units of a sale.
    Units,
    /// What was earned.
    Amount,
    /// The currency.
    Currency,
}

/// What a field is called.
struct Names {
    field: Field,
    /// The word for forms and records.
    id: &'static str,
    /// The word for people.
    label: &'static str,
    /// Names of columns, in small letters, under which it is met beyond the known layouts.
    usual: &'static [&'static str],
}

const fn names(field: Field, id: &'static str, label: &'static str, usual: &'static [&'static str]) -> Names {
    Names { field, id, label, usual }
}

/// Each field, at the place that it has among them.
static NAMES: [Names; 26] = [
    names(Field::Ignored, "ignored", "Leave out", &[]),
    names(Field::Day, "day", "Day", &["date", "day", "datum", "report date", "stream date", "activity date"]),
    names(
        Field::Period,
        "period",
        "Month of use",
        &["period", "sale month", "sales month", "month", "reporting period", "usage period"],
    ),
    names(
        Field::Report,
        "report",
        "Day or number of the report",
        &["reporting date", "reporting month", "statement date", "statement number", "statement id"],
    ),
    names(Field::ArtistId, "artistId", "Artist, by id", &["artistid", "artist id", "artist_id"]),
    names(
        Field::ArtistName,
        "artistName",
        "Artist, by name",
        &["artist", "artist name", "artists", "artist(s)", "main artist"],
    ),
    names(Field::Isrc, "isrc", "ISRC", &["isrc", "isrc code", "track isrc"]),
    names(Field::Upc, "upc", "UPC or EAN", &["upc", "ean", "upc/ean", "barcode", "product code"]),
    names(
        Field::Title,
        "title",
        "Title",
        &["title", "track", "song", "track title", "song title", "song name", "track name"],
    ),
    names(
        Field::Platform,
        "platform",
        "Platform",
        &[
            "platform",
            "store",
            "service",
            "dsp",
            "shop",
            "outlet",
            "retailer",
            "partner",
            "channel partner",
            "provider",
            "streaming service",
            "streaming platform",
            "music service",
            "digital service",
            "digital service provider",
            "dsp name",
            "platform name",
            "service name",
            "shop name",
            "store name",
            "retailer name",
            "partner name",
        ],
    ),
    names(
        Field::Territory,
        "territory",
        "Territory",
        &[
            "territory",
            "country",
            "country code",
            "country / region",
            "country or region",
            "storefront",
            "region",
        ],
    ),
    names(
        Field::Channel,
        "channel",
        "Kind of use",
        &["channel", "kind of use", "sales type", "usage type", "format", "transaction type"],
    ),
    names(Field::Streams, "streams", "Streams", &["streams", "plays", "stream count", "total streams"]),
    names(Field::Listeners, "listeners", "Listeners", &["listeners", "unique listeners"]),
    names(Field::Saves, "saves", "Saves", &["saves", "library adds", "adds"]),
    names(Field::Followers, "followers", "Followers", &["followers", "total followers"]),
    names(
        Field::PlaylistAdds,
        "playlistAdds",
        "Playlist adds",
        &[
            "playlist adds",
            "playlistadds",
            "playlist additions",
            "added to playlists",
            "videos added to playlists",
        ],
    ),
    names(
        Field::PlaylistReach,
        "playlistReach",
        "Playlist reach",
        &["playlist reach", "playlistreach", "total playlist reach", "playlist followers"],
    ),
    names(Field::Skips, "skips", "Skips", &["skips", "skipped", "skip count", "track skips"]),
    names(Field::Likes, "likes", "Likes", &["likes", "like count", "total likes", "hearts"]),
    names(
        Field::Comments,
        "comments",
        "Comments",
        &["comments", "comment count", "comments added", "total comments"],
    ),
    names(
        Field::Posts,
        "posts",
        "Posts",
        &["posts", "post count", "videos published", "creations", "video creations"],
    ),
    names(Field::Views, "views", "Views", &["views", "view count", "video views", "total views"]),
    names(Field::Units, "units", "Units sold or played", &["units", "quantity", "qty", "count"]),
    names(
        Field::Amount,
        "amount",
        "Amount earned",
        &["amount", "earnings", "net revenue", "revenue", "royalty", "net amount"],
    ),
    names(Field::Currency, "currency", "Currency", &["currency", "currency code", "payment currency"]),
];

impl Field {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|names| names.field)
    }

    /// All that is counted of an artist beside listening.
    pub fn engagement() -> impl Iterator<Item = Self> {
        Self::all().filter(|field| field.is_engagement())
    }

    /// Whether it is counted of an artist beside listening.
    fn is_engagement(self) -> bool {
        (Self::PlaylistAdds..=Self::Views).contains(&self)
    }

    /// Whether it is a level at the end of a day: of several lines about a day it cannot be added up.
    pub fn is_level(self) -> bool {
        matches!(self, Self::Followers | Self::PlaylistReach)
    }

    fn names(self) -> &'static Names {
        &NAMES[self as usize]
    }

    /// The word for forms and records.
    pub fn id(self) -> &'static str {
        self.names().id
    }

    /// The word for people.
    pub fn label(self) -> &'static str {
        self.names().label
    }

    /// The field of a word.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::all().find(|field| field.id() == id)
    }

    /// Names under which columns that say this are met, in small letters, beyond the known layouts.
    pub(super) fn usual_names(self) -> &'static [&'static str] {
        self.names().usual
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_stands_at_its_place_and_is_written_as_its_word() {
        for (place, field) in Field::all().enumerate() {
            assert_eq!(place, field as usize, "{field:?}");
            assert_eq!(serde_json::to_value(field).expect("a word"), field.id());
            assert_eq!(Field::from_id(field.id()), Some(field));
        }
    }

    #[test]
    fn what_is_counted_beside_listening_has_a_name_in_the_dictionary_of_metrics() {
        let known = Field::engagement().filter(|field| crate::music::metric::metric_of(field.id()).is_some());
        assert_eq!(known.count(), 7);
        assert_eq!(Field::engagement().count(), 7);
    }
}
