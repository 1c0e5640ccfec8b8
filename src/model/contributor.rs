//! Who made a recording beside those who wrote the song: producers, engineers, featured artists and musicians.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What somebody did for a recording, in the terms of DDEX's Allowed Value Sets for ERN 4 (`DisplayArtistRole` for the
/// featured artist, `ContributorRole` for all others), spelled as there.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", schemars(inline))]
pub enum ContributorRole {
    /// Named beside the main artist.
    FeaturedArtist,
    /// Produced the recording.
    StudioProducer,
    /// Produced it together with others.
    CoProducer,
    /// Answered for the production as a whole.
    ExecutiveProducer,
    /// Recorded it.
    RecordingEngineer,
    /// Mixed it.
    MixingEngineer,
    /// Mastered it.
    MasteringEngineer,
    /// Made a new mix of an earlier recording.
    Remixer,
    /// Programmed instruments.
    Programmer,
    /// Arranged the music.
    MusicArranger,
    /// Sang in front.
    LeadVocalist,
    /// Sang behind.
    BackgroundVocalist,
    /// Played in the session.
    StudioMusician,
}

impl ContributorRole {
    /// All of them, in the order in which credits name them.
    pub const ALL: [ContributorRole; 13] = [
        ContributorRole::FeaturedArtist,
        ContributorRole::LeadVocalist,
        ContributorRole::BackgroundVocalist,
        ContributorRole::StudioMusician,
        ContributorRole::Programmer,
        ContributorRole::MusicArranger,
        ContributorRole::StudioProducer,
        ContributorRole::CoProducer,
        ContributorRole::ExecutiveProducer,
        ContributorRole::RecordingEngineer,
        ContributorRole::MixingEngineer,
        ContributorRole::MasteringEngineer,
        ContributorRole::Remixer,
    ];

    /// What people call it.
    pub fn words(self) -> &'static str {
        match self {
            ContributorRole::FeaturedArtist => "Featured artist",
            ContributorRole::StudioProducer => "Producer",
            ContributorRole::CoProducer => "Co-producer",
            ContributorRole::ExecutiveProducer => "Executive producer",
            ContributorRole::RecordingEngineer => "Recording engineer",
            ContributorRole::MixingEngineer => "Mixing engineer",
            ContributorRole::MasteringEngineer => "Mastering engineer",
            ContributorRole::Remixer => "Remixer",
            ContributorRole::Programmer => "Programmer",
            ContributorRole::MusicArranger => "Arranger",
            ContributorRole::LeadVocalist => "Lead vocals",
            ContributorRole::BackgroundVocalist => "Background vocals",
            ContributorRole::StudioMusician => "Session musician",
        }
    }

    /// Whether an instrument may be named with it.
    pub fn has_instrument(self) -> bool {
        matches!(
            self,
            ContributorRole::FeaturedArtist | ContributorRole::StudioMusician | ContributorRole::Programmer
        )
    }
}

/// Somebody who made a recording.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", schemars(inline, deny_unknown_fields))]
pub struct Contributor {
    /// What they did.
    #[cfg_attr(feature = "ssr", schemars(title = "Role"))]
    pub role: ContributorRole,
    /// Who.
    #[cfg_attr(feature = "ssr", schemars(title = "Name", length(min = 1, max = 200)))]
    pub name: String,
    /// What they played; only of featured artists, session musicians and programmers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ssr", schemars(title = "Instrument", length(min = 1, max = 100)))]
    pub instrument: Option<String>,
}

/// Why a text names no contributor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContributorError {
    /// It does not begin with a role, or nobody is named.
    #[error("{0:?} is not of the form `Producer: Ida Lund` or `Session musician (cello): Kim Aas`")]
    Form(String),
    /// An instrument where there can be none.
    #[error(
        "an instrument is named only with featured artists, session musicians and programmers, not in {0:?}"
    )]
    Instrument(String),
}

impl Contributor {
    /// What they did, as credits say it: `Session musician (cello)`.
    pub fn credit(&self) -> String {
        match &self.instrument {
            Some(instrument) => format!("{} ({instrument})", self.role.words()),
            None => self.role.words().to_owned(),
        }
    }
}

impl fmt::Display for Contributor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.credit(), self.name)
    }
}

impl FromStr for Contributor {
    type Err = ContributorError;

    /// Reads `Producer: Ida Lund` or `Session musician (cello): Kim Aas`; capitals of the role are the same.
    fn from_str(text: &str) -> Result<Self, ContributorError> {
        let wrong = || ContributorError::Form(text.to_owned());
        let (role, rest) = ContributorRole::ALL
            .into_iter()
            .find_map(|role| Some((role, after(text, role.words())?.trim_start())))
            .filter(|(_, rest)| rest.starts_with([':', '(']))
            .ok_or_else(wrong)?;
        let (instrument, rest) = match rest.strip_prefix('(') {
            Some(rest) => {
                rest.split_once(')').map(|(named, rest)| (Some(named.trim()), rest)).ok_or_else(wrong)?
            }
            None => (None, rest),
        };
        let name = rest.trim_start().strip_prefix(':').map(str::trim).ok_or_else(wrong)?;
        if name.is_empty() || instrument.is_some_and(str::is_empty) {
            return Err(wrong());
        }
        if instrument.is_some() && !role.has_instrument() {
            return Err(ContributorError::Instrument(text.to_owned()));
        }
        Ok(Self { role, name: name.to_owned(), instrument: instrument.map(str::to_owned) })
    }
}

/// What follows a beginning, whatever its capitals.
fn after<'a>(text: &'a str, beginning: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(beginning.len())?;
    head.eq_ignore_ascii_case(beginning).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_of_credits_is_read_and_written_again() {
        for line in
            ["Producer: Ida Lund", "Session musician (cello): Kim: the third", "Featured artist: Nori"]
        {
            let read: Contributor = line.parse().expect("a contributor");
            assert_eq!(read.to_string(), line);
        }
        let read: Contributor = "mixing ENGINEER :Ida".parse().expect("a contributor");
        assert_eq!((read.role, read.name.as_str()), (ContributorRole::MixingEngineer, "Ida"));
    }

    #[test]
    fn what_is_no_contributor_is_told() {
        for line in [
            "",
            "Ida Lund",
            "Producer",
            "Producer: ",
            "Drummer: Ida",
            "Session musician (cello: Ida",
            "Producers: Ida",
        ] {
            assert!(matches!(line.parse::<Contributor>(), Err(ContributorError::Form(_))), "{line}");
        }
        let engineer = "Mixing engineer (cello): Ida".parse::<Contributor>();
        assert!(matches!(engineer, Err(ContributorError::Instrument(_))));
    }

    #[test]
    fn roles_are_stored_as_ddex_spells_them() {
        let contributor: Contributor = "Producer: Ida".parse().expect("a contributor");
        let stored = serde_json::json!({ "role": "StudioProducer", "name": "Ida" });
        assert_eq!(serde_json::to_value(contributor).ok(), Some(stored));
    }

    proptest! {
        #[test]
        fn every_line_is_read_or_told(text in "(Producer|Session musician)?( ?\\([^)]{0,8}\\))?:?\\PC{0,30}") {
            if let Ok(read) = text.parse::<Contributor>() {
                prop_assert_eq!(read.to_string().parse::<Contributor>(), Ok(read));
            }
        }
    }
}
