//! What stores take, as data (their published specifications, as of November 2026).

/// A store, or the usual of distributors.
#[derive(Debug, PartialEq)]
pub struct Profile {
    /// The name as an argument.
    pub id: &'static str,
    /// The name that people know.
    pub name: &'static str,
    /// The loudness at which it plays, in LUFS; none where it does not play.
    pub target: Option<f64>,
    /// The highest rate it takes, in Hz.
    pub highest_rate: u32,
    /// Whether a WAV must have the plain tag of PCM.
    pub plain_tag_only: bool,
    /// Where that is said.
    pub source: &'static str,
}

/// The profiles; the first is the default.
pub const PROFILES: &[Profile] = &[
    Profile {
        id: "distributor",
        name: "Usual distributor",
        target: None,
        highest_rate: 192_000,
        plain_tag_only: false,
        source: "iMusician and Revelator delivery specifications",
    },
    Profile {
        id: "spotify",
        name: "Spotify",
        target: Some(-14.0),
        highest_rate: 192_000,
        plain_tag_only: true,
        source: "Spotify: audio delivery specification; loudness normalization",
    },
    Profile {
        id: "apple",
        name: "Apple Music",
        target: Some(-16.0),
        highest_rate: 192_000,
        plain_tag_only: false,
        source: "Apple: audio source profile; loudness from secondary sources",
    },
];

/// Other stores that play at a loudness of their own, from secondary sources: name and target in LUFS.
pub const LOUDNESS_TARGETS: &[(&str, f64)] = &[
    ("Spotify", -14.0),
    ("Apple Music", -16.0),
    ("YouTube", -14.0),
    ("Tidal", -14.0),
    ("Amazon Music", -14.0),
    ("Deezer", -15.0),
    ("SoundCloud", -14.0),
    ("Pandora", -14.0),
];

/// The profile of a name.
pub fn profile(id: &str) -> Option<&'static Profile> {
    PROFILES.iter().find(|profile| profile.id == id)
}
