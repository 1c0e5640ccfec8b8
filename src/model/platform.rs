//! The services whose daily figures are kept: streaming services, and social networks.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A service that reports to the label.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "ssr", schemars(inline))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Platform {
    /// Spotify.
    Spotify,
    /// Apple Music.
    AppleMusic,
    /// YouTube Music.
    YoutubeMusic,
    /// Amazon Music.
    AmazonMusic,
    /// Deezer.
    Deezer,
    /// Tidal.
    Tidal,
    /// SoundCloud.
    Soundcloud,
    /// Pandora.
    Pandora,
    /// Qobuz.
    Qobuz,
    /// Anghami.
    Anghami,
    /// Boomplay.
    Boomplay,
    /// NetEase Cloud Music.
    NeteaseCloudMusic,
    /// TikTok.
    Tiktok,
    /// Instagram.
    Instagram,
    /// Facebook.
    Facebook,
    /// YouTube, the video service.
    Youtube,
}

/// What kind of service it is, which says what it reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlatformKind {
    /// It reports streams, listeners and saves, followers, and what is done with playlists.
    Streaming,
    /// It reports views, likes, comments, posts and followers. Its plays are no streams.
    Social,
}

impl Platform {
    /// All of them, in the order in which pages show them.
    pub const ALL: [Platform; 16] = [
        Platform::Spotify,
        Platform::AppleMusic,
        Platform::YoutubeMusic,
        Platform::AmazonMusic,
        Platform::Deezer,
        Platform::Tidal,
        Platform::Soundcloud,
        Platform::Pandora,
        Platform::Qobuz,
        Platform::Anghami,
        Platform::Boomplay,
        Platform::NeteaseCloudMusic,
        Platform::Tiktok,
        Platform::Instagram,
        Platform::Facebook,
        Platform::Youtube,
    ];

    /// Those that nearly every label has figures of: that one of them has none is worth telling.
    pub const USUAL: [Platform; 4] =
        [Platform::Spotify, Platform::AppleMusic, Platform::YoutubeMusic, Platform::AmazonMusic];

    /// The platform of an id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|platform| platform.id() == id)
    }

    /// The name that people read.
    pub fn label(self) -> &'static str {
        match self {
            Platform::Spotify => "Spotify",
            Platform::AppleMusic => "Apple Music",
            Platform::YoutubeMusic => "YouTube Music",
            Platform::AmazonMusic => "Amazon Music",
            Platform::Deezer => "Deezer",
            Platform::Tidal => "Tidal",
            Platform::Soundcloud => "SoundCloud",
            Platform::Pandora => "Pandora",
            Platform::Qobuz => "Qobuz",
            Platform::Anghami => "Anghami",
            Platform::Boomplay => "Boomplay",
            Platform::NeteaseCloudMusic => "NetEase Cloud Music",
            Platform::Tiktok => "TikTok",
            Platform::Instagram => "Instagram",
            Platform::Facebook => "Facebook",
            Platform::Youtube => "YouTube",
        }
    }

    /// The name as stored.
    pub fn id(self) -> &'static str {
        match self {
            Platform::Spotify => "spotify",
            Platform::AppleMusic => "appleMusic",
            Platform::YoutubeMusic => "youtubeMusic",
            Platform::AmazonMusic => "amazonMusic",
            Platform::Deezer => "deezer",
            Platform::Tidal => "tidal",
            Platform::Soundcloud => "soundcloud",
            Platform::Pandora => "pandora",
            Platform::Qobuz => "qobuz",
            Platform::Anghami => "anghami",
            Platform::Boomplay => "boomplay",
            Platform::NeteaseCloudMusic => "neteaseCloudMusic",
            Platform::Tiktok => "tiktok",
            Platform::Instagram => "instagram",
            Platform::Facebook => "facebook",
            Platform::Youtube => "youtube",
        }
    }

    /// Which kind it is.
    pub fn kind(self) -> PlatformKind {
        match self {
            Platform::Tiktok | Platform::Instagram | Platform::Facebook | Platform::Youtube => {
                PlatformKind::Social
            }
            _ => PlatformKind::Streaming,
        }
    }

    /// Whether it is a social network, of which nothing counts as streams.
    pub fn is_social(self) -> bool {
        self.kind() == PlatformKind::Social
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_stored_under_its_id_in_its_own_place() {
        for (place, platform) in Platform::ALL.into_iter().enumerate() {
            assert_eq!(platform as usize, place, "{platform} stands in its own place");
            let stored = serde_json::to_value(platform).expect("a text");
            assert_eq!(stored, platform.id());
            assert_eq!(Platform::from_id(platform.id()), Some(platform));
        }
    }
}
