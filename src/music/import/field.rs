//! What a column of an export can say.

use serde::{Deserialize, Serialize};

/// What a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Field {
    /// Nothing that is kept.
    #[default]
    Ignored,
    /// The day.
    Day,
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
    /// The format or kind of use.
    Channel,
    /// The month of use.
    Period,
    /// The day, month or number of the report that a sale stands in.
    Report,
}

impl Field {
    /// All of them, in the order in which forms offer them.
    pub const ALL: [Self; 26] = [
        Self::Ignored,
        Self::Day,
        Self::Period,
        Self::Report,
        Self::ArtistId,
        Self::ArtistName,
        Self::Isrc,
        Self::Upc,
        Self::Title,
        Self::Platform,
        Self::Territory,
        Self::Channel,
        Self::Streams,
        Self::Listeners,
        Self::Saves,
        Self::Followers,
        Self::PlaylistAdds,
        Self::PlaylistReach,
        Self::Skips,
        Self::Likes,
        Self::Comments,
        Self::Posts,
        Self::Views,
        Self::Units,
        Self::Amount,
        Self::Currency,
    ];

    /// What is counted of an artist beside listening.
    pub const ENGAGEMENT: [Self; 7] = [
        Self::PlaylistAdds,
        Self::PlaylistReach,
        Self::Skips,
        Self::Likes,
        Self::Comments,
        Self::Posts,
        Self::Views,
    ];

    /// Whether it is a level at the end of a day: of several lines about a day it cannot be added up.
    pub fn is_level(self) -> bool {
        matches!(self, Self::Followers | Self::PlaylistReach)
    }

    /// The word for forms and records.
    pub fn id(self) -> &'static str {
        match self {
            Self::Ignored => "ignored",
            Self::Day => "day",
            Self::ArtistId => "artistId",
            Self::ArtistName => "artistName",
            Self::Isrc => "isrc",
            Self::Upc => "upc",
            Self::Title => "title",
            Self::Platform => "platform",
            Self::Territory => "territory",
            Self::Streams => "streams",
            Self::Listeners => "listeners",
            Self::Saves => "saves",
            Self::Followers => "followers",
            Self::PlaylistAdds => "playlistAdds",
            Self::PlaylistReach => "playlistReach",
            Self::Skips => "skips",
            Self::Likes => "likes",
            Self::Comments => "comments",
            Self::Posts => "posts",
            Self::Views => "views",
            Self::Units => "units",
            Self::Amount => "amount",
            Self::Currency => "currency",
            Self::Channel => "channel",
            Self::Period => "period",
            Self::Report => "report",
        }
    }

    /// The word for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ignored => "Leave out",
            Self::Day => "Day",
            Self::ArtistId => "Artist, by id",
            Self::ArtistName => "Artist, by name",
            Self::Isrc => "ISRC",
            Self::Upc => "UPC or EAN",
            Self::Title => "Title",
            Self::Platform => "Platform",
            Self::Territory => "Territory",
            Self::Streams => "Streams",
            Self::Listeners => "Listeners",
            Self::Saves => "Saves",
            Self::Followers => "Followers",
            Self::PlaylistAdds => "Playlist adds",
            Self::PlaylistReach => "Playlist reach",
            Self::Skips => "Skips",
            Self::Likes => "Likes",
            Self::Comments => "Comments",
            Self::Posts => "Posts",
            Self::Views => "Views",
            Self::Units => "Units sold or played",
            Self::Amount => "Amount earned",
            Self::Currency => "Currency",
            Self::Channel => "Kind of use",
            Self::Period => "Month of use",
            Self::Report => "Day or number of the report",
        }
    }

    /// The field of a word.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.id() == id)
    }

    /// Names under which columns that say this are met, in small letters, beyond the known layouts.
    pub(super) fn usual_names(self) -> &'static [&'static str] {
        match self {
            Self::Ignored => &[],
            Self::Day => &["date", "day", "datum", "report date", "stream date", "activity date"],
            Self::ArtistId => &["artistid", "artist id", "artist_id"],
            Self::ArtistName => &["artist", "artist name", "artists", "artist(s)", "main artist"],
            Self::Isrc => &["isrc", "isrc code", "track isrc"],
            Self::Upc => &["upc", "ean", "upc/ean", "barcode", "product code"],
            Self::Title => {
                &["title", "track", "song", "track title", "song title", "song name", "track name"]
            }
            Self::Platform => &["platform", "store", "service", "dsp", "retailer", "partner"],
            Self::Territory => &[
                "territory",
                "country",
                "country code",
                "country / region",
                "country or region",
                "storefront",
                "region",
            ],
            Self::Streams => &["streams", "plays", "stream count", "total streams"],
            Self::Listeners => &["listeners", "unique listeners"],
            Self::Saves => &["saves", "library adds", "adds"],
            Self::Followers => &["followers", "total followers"],
            Self::PlaylistAdds => &[
                "playlist adds",
                "playlistadds",
                "playlist additions",
                "added to playlists",
                "videos added to playlists",
            ],
            Self::PlaylistReach => {
                &["playlist reach", "playlistreach", "total playlist reach", "playlist followers"]
            }
            Self::Skips => &["skips", "skipped", "skip count", "track skips"],
            Self::Likes => &["likes", "like count", "total likes", "hearts"],
            Self::Comments => &["comments", "comment count", "comments added", "total comments"],
            Self::Posts => &["posts", "post count", "videos published", "creations", "video creations"],
            Self::Views => &["views", "view count", "video views", "total views"],
            Self::Units => &["units", "quantity", "qty", "count"],
            Self::Amount => &["amount", "earnings", "net revenue", "revenue", "royalty", "net amount"],
            Self::Currency => &["currency", "currency code", "payment currency"],
            Self::Channel => {
                &["channel", "kind of use", "sales type", "usage type", "format", "transaction type"]
            }
            Self::Period => {
                &["period", "sale month", "sales month", "month", "reporting period", "usage period"]
            }
            Self::Report => {
                &["reporting date", "reporting month", "statement date", "statement number", "statement id"]
            }
        }
    }
}
