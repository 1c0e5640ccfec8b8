//! At which store, through which channel and in which format a recording was used, as contracts distinguish it, and what
//! the words of reports say of it. What they leave open stays open: nothing is guessed.

use crate::music::import::names;

/// A store that a rate is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Store {
    name: String,
    compared: String,
}

impl Store {
    /// The store of a name, however it is written.
    pub fn named(name: &str) -> Self {
        Self { name: name.trim().to_owned(), compared: names::store(name) }
    }

    /// Its name as people read it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// It as it is compared.
    pub(super) fn compared(&self) -> &str {
        &self.compared
    }
}

/// The channel of a use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// Streams, by subscription or financed by advertising.
    Streaming,
    /// Streams of those who pay.
    StreamingSubscription,
    /// Streams financed by advertising.
    StreamingAdFunded,
    /// Downloads.
    Download,
    /// Discs, records and tapes.
    Physical,
    /// Music to pictures.
    Sync,
}

/// The format of a use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// A single recording.
    Track,
    /// An album.
    Album,
    /// A compact disc.
    Cd,
    /// A record of vinyl.
    Vinyl,
    /// A tape.
    Cassette,
    /// A video.
    Video,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Streaming,
        Self::StreamingSubscription,
        Self::StreamingAdFunded,
        Self::Download,
        Self::Physical,
        Self::Sync,
    ];

    /// Its name in what is kept.
    pub fn id(self) -> &'static str {
        match self {
            Self::Streaming => "streaming",
            Self::StreamingSubscription => "streamingSubscription",
            Self::StreamingAdFunded => "streamingAdFunded",
            Self::Download => "download",
            Self::Physical => "physical",
            Self::Sync => "sync",
        }
    }

    /// Its name as people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Streaming => "streaming",
            Self::StreamingSubscription => "streaming subscription",
            Self::StreamingAdFunded => "streaming ad-funded",
            Self::Download => "download",
            Self::Physical => "physical",
            Self::Sync => "sync",
        }
    }

    /// The channel with an id.
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.id() == id)
    }

    /// Whether another channel is this one or a part of it.
    pub fn holds(self, other: Self) -> bool {
        let is_part = matches!(other, Self::StreamingSubscription | Self::StreamingAdFunded);
        self == other || (self == Self::Streaming && is_part)
    }

    /// What the words of a report say; none where they say nothing of it, or several things.
    pub fn reported(text: &str) -> Option<Self> {
        let words = words_of(text);
        let has = |among: &[&str]| words.iter().any(|word| among.contains(&word.as_str()));
        let advertising = has(&["ad", "ads", "advertising", "free", "adsupported", "adfunded"]);
        let streams = words.iter().any(|word| word.starts_with("stream"));
        // Downloads are paid for, too.
        let paid = has(&["subscription", "subscriptions", "premium"]) || (streams && has(&["paid"]));
        let streaming = match (streams, paid, advertising) {
            (_, true, false) => Some(Self::StreamingSubscription),
            (_, false, true) => Some(Self::StreamingAdFunded),
            (true, ..) => Some(Self::Streaming),
            (false, ..) => None,
        };
        let download = has(&["download", "downloads"]).then_some(Self::Download);
        let discs = ["physical", "vinyl", "lp", "lps", "cd", "cds", "cassette", "cassettes"];
        let physical = has(&discs).then_some(Self::Physical);
        let pictures = ["sync", "synch", "synchronization", "synchronisation"];
        let sync = has(&pictures).then_some(Self::Sync);
        only([streaming, download, physical, sync])
    }
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Track, Self::Album, Self::Cd, Self::Vinyl, Self::Cassette, Self::Video];

    /// Its name in what is kept, and as people read it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Track => "track",
            Self::Album => "album",
            Self::Cd => "cd",
            Self::Vinyl => "vinyl",
            Self::Cassette => "cassette",
            Self::Video => "video",
        }
    }

    /// The format with an id.
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.id() == id)
    }

    /// What the words of a report say; none where they say nothing of it, or several things.
    pub fn reported(text: &str) -> Option<Self> {
        let words = words_of(text);
        let has = |format: Self, among: &[&str]| {
            words.iter().any(|word| among.contains(&word.as_str())).then_some(format)
        };
        only([
            has(Self::Track, &["track", "tracks", "song", "songs"]),
            has(Self::Album, &["album", "albums"]),
            has(Self::Cd, &["cd", "cds"]),
            has(Self::Vinyl, &["vinyl", "lp", "lps"]),
            has(Self::Cassette, &["cassette", "cassettes"]),
            has(Self::Video, &["video", "videos"]),
        ])
    }
}

/// The words of a text in small letters.
fn words_of(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// What was found, where it is one thing.
fn only<T, const MOST: usize>(found: [Option<T>; MOST]) -> Option<T> {
    let mut found = found.into_iter().flatten();
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_taken_at_their_words() {
        let channels = [
            ("Streaming - Subscription", Some(Channel::StreamingSubscription)),
            ("Premium", Some(Channel::StreamingSubscription)),
            ("Ad-Supported Streaming", Some(Channel::StreamingAdFunded)),
            ("Stream", Some(Channel::Streaming)),
            ("Paid streams", Some(Channel::StreamingSubscription)),
            ("Album download", Some(Channel::Download)),
            ("Paid download", Some(Channel::Download)),
            ("Vinyl", Some(Channel::Physical)),
            ("Synchronization", Some(Channel::Sync)),
            // Two things at once, and nothing.
            ("Subscription download", None),
            ("Other", None),
            ("", None),
        ];
        for (text, channel) in channels {
            assert_eq!(Channel::reported(text), channel, "{text}");
        }
        assert_eq!(Format::reported("Physical: 12\" Vinyl"), Some(Format::Vinyl));
        assert_eq!(Format::reported("Album download"), Some(Format::Album));
        assert_eq!(Format::reported("CD and vinyl"), None);
    }

    #[test]
    fn an_id_names_one_and_streaming_holds_both_of_its_kinds() {
        for channel in Channel::ALL {
            assert_eq!(Channel::named(channel.id()), Some(channel));
        }
        for format in Format::ALL {
            assert_eq!(Format::named(format.id()), Some(format));
        }
        assert!(Channel::Streaming.holds(Channel::StreamingAdFunded));
        assert!(!Channel::StreamingAdFunded.holds(Channel::Streaming), "it may have been a subscription");
    }
}
