//! Whom and what the label knows: artists by id, by recording, by release and, last, by name.

use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};

/// Artists, and what leads to them.
#[derive(Debug, Default)]
pub struct Directory {
    ids: BTreeSet<String>,
    by_name: HashMap<String, Vec<String>>,
    by_isrc: HashMap<String, String>,
    by_upc: HashMap<String, String>,
    names: Vec<(String, String)>,
    titles: HashMap<String, String>,
    /// The artists that lines may be about; none where they may be about all.
    own: Option<BTreeSet<String>>,
}

/// How an artist was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// By an identifier.
    Identifier,
    /// By a name that only one artist has.
    Name,
    /// By what somebody said.
    Choice,
}

/// A name as it is compared.
pub fn compared(name: &str) -> String {
    name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The characters of a code without its hyphens and blanks.
pub(super) fn code(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase()
}

/// A UPC and the EAN of the same article are one: without zeros before them.
pub(super) fn article(text: &str) -> String {
    code(text).trim_start_matches('0').to_owned()
}

impl Directory {
    /// Makes an artist known.
    pub fn add_artist(&mut self, id: &str, name: &str) {
        self.ids.insert(id.to_owned());
        self.by_name.entry(compared(name)).or_default().push(id.to_owned());
        self.names.push((id.to_owned(), name.to_owned()));
    }

    /// Makes a recording known.
    pub fn add_recording(&mut self, isrc: &str, artist: &str, title: &str) {
        self.by_isrc.insert(code(isrc), artist.to_owned());
        self.titles.insert(code(isrc), title.to_owned());
    }

    /// Makes a release known.
    pub fn add_release(&mut self, upc: &str, artist: &str) {
        self.by_upc.insert(article(upc), artist.to_owned());
    }

    /// Lets lines be about these artists only.
    pub fn limit_to(&mut self, own: BTreeSet<String>) {
        self.own = Some(own);
    }

    /// Whether lines may be about some artists only.
    pub fn is_limited(&self) -> bool {
        self.own.is_some()
    }

    /// Whether lines may be about an artist.
    pub fn covers(&self, artist: &str) -> bool {
        self.own.as_ref().is_none_or(|own| own.contains(artist))
    }

    /// A digest of everything by which lines are told whose they are: with another one, they may be another's.
    pub fn digest(&self) -> String {
        let ids = self.names.iter().map(|(id, name)| ("artist", id.as_str(), name.as_str()));
        let recordings =
            self.by_isrc.iter().map(|(isrc, artist)| ("recording", isrc.as_str(), artist.as_str()));
        let releases = self.by_upc.iter().map(|(upc, artist)| ("release", upc.as_str(), artist.as_str()));
        let own = self.own.iter().flatten().map(|id| ("own", id.as_str(), ""));
        let limited = self.own.is_some().then_some(("limited", "", ""));
        let mut all: Vec<_> = ids.chain(recordings).chain(releases).chain(own).chain(limited).collect();
        all.sort_unstable();
        let mut digest = Sha256::new();
        for (kind, from, to) in all {
            for text in [kind, from, to] {
                digest.update(text.as_bytes());
                digest.update([0x1f]);
            }
        }
        hex::encode(digest.finalize())
    }

    /// The artist of an id.
    pub fn by_id(&self, id: &str) -> Option<&str> {
        self.ids.get(id).map(String::as_str)
    }

    /// The name of the artist of an id.
    pub fn name_of(&self, id: &str) -> Option<&str> {
        self.names.iter().find(|(known, _)| known == id).map(|(_, name)| name.as_str())
    }

    /// The artist of a recording, or else of a release.
    pub fn by_code(&self, isrc: &str, upc: &str) -> Option<&str> {
        let by_isrc = (!isrc.is_empty()).then(|| self.by_isrc.get(&code(isrc))).flatten();
        let by_upc = || (!upc.is_empty()).then(|| self.by_upc.get(&article(upc))).flatten();
        by_isrc.or_else(by_upc).map(String::as_str)
    }

    /// The artist of a name that only one has.
    pub fn by_name(&self, name: &str) -> Option<&str> {
        match self.by_name.get(&compared(name)).map(Vec::as_slice) {
            Some([one]) => Some(one),
            _ => None,
        }
    }

    /// The artists that a name may mean, the likeliest first, at most three: those who have it, or one like it, of
    /// whom lines may be.
    pub fn likely(&self, name: &str) -> Vec<(String, String)> {
        const ALIKE: f64 = 0.8;
        let name = compared(name);
        let mut found: Vec<(f64, &(String, String))> = self
            .names
            .iter()
            .filter(|(id, _)| self.covers(id))
            .map(|known| (strsim::jaro_winkler(&name, &compared(&known.1)), known))
            .filter(|(alike, _)| *alike >= ALIKE)
            .collect();
        found.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        found.into_iter().take(3).map(|(_, known)| known.clone()).collect()
    }

    /// The recording whose title is most like one that is not known: its ISRC and title.
    pub fn nearest_recording(&self, title: &str) -> Option<(String, String)> {
        const ALIKE: f64 = 0.85;
        let title = compared(title);
        if title.is_empty() {
            return None;
        }
        let alike = |known: &str| strsim::jaro_winkler(&title, &compared(known));
        let best = self
            .titles
            .iter()
            .filter(|(isrc, _)| self.by_isrc.get(*isrc).is_some_and(|artist| self.covers(artist)))
            .map(|(isrc, known)| (alike(known), isrc, known))
            .filter(|(alike, ..)| *alike >= ALIKE)
            .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)));
        best.map(|(_, isrc, known)| (isrc.clone(), known.clone()))
    }
}
