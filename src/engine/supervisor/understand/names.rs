//! Names of artists and releases in a text.
//!
//! A name that is written as it is known (but for case, accents and punctuation) is meant. One that is nearly
//! written so is meant only where exactly one artist or release comes so near, and it is long enough to be no
//! accident; otherwise it is asked for. Words of the language are names only where something says so.

use super::lexicon::{are_ordinary, is_ordinary};
use super::text::{Text, words_of};
use super::{Known, KnownArtist};
use std::collections::HashMap;
use std::ops::Range;

/// The most words of a name that are looked at.
const LONGEST: usize = 8;

/// A name of so many letters that is nearly right is meant, not only asked for.
const SURE_LETTERS: usize = 6;

/// Words that say that the name after them is an artist's.
const ARTIST_WORDS: &str = "artist band singer rapper producer group duo act by";
/// Words that say that the name beside them is a release's.
const RELEASE_WORDS: &str = "single album ep song track record release lp mixtape titled called";

/// Whom or what a name may mean: places in the lists of [`Known`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    /// As it was written.
    pub(super) said: String,
    /// Those that have the name.
    pub(super) those: Vec<usize>,
    /// Whether it is certain that one of those is meant.
    pub(super) sure: bool,
    /// Where it stands.
    pub(super) places: Range<usize>,
    /// Whether every word of it is one of the language.
    ordinary: bool,
}

/// The names of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) artists: Vec<Mention>,
    pub(super) releases: Vec<Mention>,
    /// Names that nobody has.
    pub(super) strangers: Vec<String>,
}

/// A name by which somebody or something is known.
struct Entry {
    joined: String,
    words: Vec<String>,
    letters: u64,
    is_artist: bool,
    those: Vec<usize>,
}

/// Reads the names of a text; their words are taken.
pub(super) fn take(text: &mut Text, known: &Known) -> Names {
    let index = Index::new(known);
    let mut names = Names::default();
    by_id(text, known, &mut names);
    exact(text, &index, &mut names);
    drop_accidents(text, known, &mut names);
    nearly(text, &index, &mut names);
    in_part(text, &index, &mut names);
    doubt(text, &mut names);
    names.strangers = strangers(text);
    tell_apart(text, known, &mut names.artists);
    names
}

struct Index {
    entries: Vec<Entry>,
    by_words: HashMap<(bool, Vec<String>), usize>,
}

/// The words of a name without those that people leave out.
fn core(words: &[String]) -> Vec<String> {
    let kept: Vec<String> =
        words.iter().filter(|word| !matches!(word.as_str(), "and" | "the")).cloned().collect();
    if kept.is_empty() { words.to_vec() } else { kept }
}

fn letters(text: &str) -> u64 {
    text.bytes().fold(0, |bits, byte| bits | 1 << (byte & 63))
}

impl Index {
    fn new(known: &Known) -> Self {
        let mut index = Self { entries: Vec::new(), by_words: HashMap::new() };
        for (place, artist) in known.artists.iter().enumerate() {
            index.add(true, &artist.name, place);
        }
        for (place, release) in known.releases.iter().enumerate() {
            index.add(false, &release.title, place);
        }
        index
    }

    fn add(&mut self, is_artist: bool, name: &str, place: usize) {
        let words = core(&words_of(name));
        if words.is_empty() {
            return;
        }
        let next = self.entries.len();
        let at = *self.by_words.entry((is_artist, words.clone())).or_insert(next);
        if at == next {
            let joined = words.concat();
            let letters = letters(&joined);
            self.entries.push(Entry { joined, words, letters, is_artist, those: Vec::new() });
        }
        self.entries[at].those.push(place);
    }

    fn find(&self, is_artist: bool, words: &[String]) -> Option<&Entry> {
        self.by_words.get(&(is_artist, words.to_vec())).map(|at| &self.entries[*at])
    }
}

fn free_words(text: &Text, places: Range<usize>) -> Option<Vec<String>> {
    places.map(|place| text.free(place).map(|token| token.word.clone())).collect()
}

fn keep(text: &mut Text, names: &mut Names, entry: &Entry, places: Range<usize>, sure: bool) {
    let mention = Mention {
        said: text.said(places.clone()),
        those: entry.those.clone(),
        sure,
        places: places.clone(),
        ordinary: are_ordinary(&entry.words),
    };
    text.take(places);
    if entry.is_artist { names.artists.push(mention) } else { names.releases.push(mention) }
}

/// Ids that somebody pasted.
fn by_id(text: &mut Text, known: &Known, names: &mut Names) {
    for place in 0..text.tokens.len() {
        let raw = text.tokens[place].raw.clone();
        let artist = known.artists.iter().position(|artist| artist.artist_id.as_str() == raw);
        let release = known.releases.iter().position(|release| release.release_id.as_str() == raw);
        let (list, at) = match (artist, release) {
            (Some(at), _) => (&mut names.artists, at),
            (None, Some(at)) => (&mut names.releases, at),
            (None, None) => continue,
        };
        let places = place..place + 1;
        list.push(Mention {
            said: raw,
            those: vec![at],
            sure: true,
            places: places.clone(),
            ordinary: false,
        });
        text.take(places);
    }
}

/// Names as they are known, the longest first.
fn exact(text: &mut Text, index: &Index, names: &mut Names) {
    for length in (1..=LONGEST).rev() {
        for place in 0..text.tokens.len() {
            let Some(words) = free_words(text, place..place + length) else { continue };
            let edges = [words.first(), words.last()];
            if edges.into_iter().flatten().any(|word| word == "and") {
                continue;
            }
            let words = core(&words);
            let artist = index.find(true, &words).filter(|entry| has_cue(text, place..place + length, entry));
            let release =
                index.find(false, &words).filter(|entry| has_cue(text, place..place + length, entry));
            let release_first = beside(text, &(place..place + length), RELEASE_WORDS);
            let entry = if release_first { release.or(artist) } else { artist.or(release) };
            if let Some(entry) = entry {
                keep(text, names, entry, place..place + length, true);
            }
        }
    }
    attached(text, index, names);
}

/// Names in scripts that put particles right behind them.
fn attached(text: &mut Text, index: &Index, names: &mut Names) {
    for place in 0..text.tokens.len() {
        let Some(token) = text.free(place).filter(|token| !token.is_latin()) else { continue };
        let fits = |entry: &&Entry| {
            let rest = token.word.strip_prefix(entry.joined.as_str());
            !entry.joined.is_ascii() && rest.is_some_and(|rest| rest.chars().count() <= 3 && !rest.is_ascii())
        };
        if let Some(entry) = index.entries.iter().filter(fits).max_by_key(|entry| entry.joined.len()) {
            keep(text, names, entry, place..place + 1, true);
        }
    }
}

fn one_of(word: &str, list: &str) -> bool {
    list.split(' ').any(|known| known == word)
}

fn beside(text: &Text, places: &Range<usize>, list: &str) -> bool {
    let before = places.start.checked_sub(1).map_or("", |before| text.word(before));
    one_of(before, list)
}

/// Whether something says that words of the language are a name here.
fn has_cue(text: &Text, places: Range<usize>, entry: &Entry) -> bool {
    let tiny = entry.joined.len() <= 2;
    if !tiny && !are_ordinary(&entry.words) {
        return true;
    }
    let list = if entry.is_artist { ARTIST_WORDS } else { RELEASE_WORDS };
    let quoted = text.tokens[places.clone()].iter().all(|token| token.quote.is_some());
    let capital = places
        .clone()
        .all(|place| text.is_capital(place) && !super::period::is_calendar_word(&text.tokens[place].word));
    let possessive =
        entry.is_artist && text.tokens[places.end - 1].possessive && !text.tokens[places.start].begins;
    quoted || capital || possessive || beside(text, &places, list) || places.len() > 2
}

/// Titles made of words of the language, where another artist is named than theirs: just words.
fn drop_accidents(text: &mut Text, known: &Known, names: &mut Names) {
    let artists: Vec<&KnownArtist> =
        names.artists.iter().flat_map(|mention| &mention.those).map(|at| &known.artists[*at]).collect();
    let is_theirs = |mention: &Mention| {
        mention
            .those
            .iter()
            .any(|at| artists.iter().any(|artist| artist.artist_id == known.releases[*at].artist_id))
    };
    let several = names.releases.len() > 1;
    names.releases.retain(|mention| {
        let accident = mention.ordinary && (several || !artists.is_empty() && !is_theirs(mention));
        if accident {
            for token in &mut text.tokens[mention.places.clone()] {
                token.taken = false;
            }
        }
        !accident
    });
}

/// How many mistakes are forgiven in a name of so many letters.
fn forgiven(letters: usize) -> usize {
    match letters {
        0..=3 => 0,
        4..=9 => 1,
        _ => 2,
    }
}

/// How many names with mistakes are looked for: each is a walk through all words and all known names.
const MOST_NEARLY: usize = 12;

/// Names that are nearly written as they are known.
fn nearly(text: &mut Text, index: &Index, names: &mut Names) {
    for _ in 0..MOST_NEARLY {
        let mut best: Option<(usize, Range<usize>, Vec<usize>)> = None;
        for place in 0..text.tokens.len() {
            for length in 1..=LONGEST.min(5) {
                let places = place..place + length;
                let Some(words) = free_words(text, places.clone()) else { break };
                if text.tokens[places.clone()].iter().all(is_ordinary) {
                    continue;
                }
                let Some((distance, entries)) = nearest(&core(&words).concat(), index) else { continue };
                let better = best.as_ref().is_none_or(|(least, old, _)| {
                    distance < *least || distance == *least && places.len() > old.len() && old.start == place
                });
                if better {
                    best = Some((distance, places, entries));
                }
            }
        }
        let Some((_, places, entries)) = best else { return };
        let found: Vec<&Entry> = entries.iter().map(|at| &index.entries[*at]).collect();
        let artists: Vec<usize> =
            found.iter().filter(|e| e.is_artist).flat_map(|e| e.those.clone()).collect();
        let is_artist = !artists.is_empty();
        let those =
            if is_artist { artists } else { found.iter().flat_map(|entry| entry.those.clone()).collect() };
        let said = text.said(places.clone());
        let long = found.iter().all(|entry| entry.joined.chars().count() >= SURE_LETTERS);
        let sure = long && found.len() == 1;
        text.take(places.clone());
        let mention = Mention { said, those, sure, places, ordinary: false };
        if is_artist { names.artists.push(mention) } else { names.releases.push(mention) }
    }
}

/// The known names nearest to a text within what is forgiven, and how far they are.
fn nearest(said: &str, index: &Index) -> Option<(usize, Vec<usize>)> {
    let length = said.chars().count();
    let bits = letters(said);
    let mut best: Option<(usize, Vec<usize>)> = None;
    for (at, entry) in index.entries.iter().enumerate() {
        let known = entry.joined.chars().count();
        let limit = forgiven(known.min(length));
        let differ = usize::try_from((bits ^ entry.letters).count_ones()).unwrap_or(usize::MAX);
        if limit == 0 || known.abs_diff(length) > limit || differ > 2 * limit {
            continue;
        }
        let distance = strsim::damerau_levenshtein(said, &entry.joined);
        if distance > limit {
            continue;
        }
        match &mut best {
            Some((least, _)) if distance > *least => {}
            Some((least, entries)) if distance == *least => entries.push(at),
            _ => best = Some((distance, vec![at])),
        }
    }
    best
}

/// One word of a name of several: asked for.
fn in_part(text: &mut Text, index: &Index, names: &mut Names) {
    for place in 0..text.tokens.len() {
        let Some(token) = text.free(place) else { continue };
        if is_ordinary(token) || token.word.chars().count() < 4 {
            continue;
        }
        let word = token.word.clone();
        let has = |is_artist: bool| -> Vec<usize> {
            let entries = index.entries.iter().filter(|entry| entry.is_artist == is_artist);
            entries
                .filter(|entry| entry.words.len() > 1 && entry.words.contains(&word))
                .flat_map(|e| e.those.clone())
                .collect()
        };
        let (artists, releases) = (has(true), has(false));
        let places = place..place + 1;
        let said = text.said(places.clone());
        let mention = |those| Mention { said, those, sure: false, places: places.clone(), ordinary: false };
        if !artists.is_empty() {
            names.artists.push(mention(artists));
        } else if !releases.is_empty() {
            names.releases.push(mention(releases));
        } else {
            continue;
        }
        text.take(places);
    }
}

/// `Mira` in `Mira Bell` need not be the Mira that is known.
fn doubt(text: &mut Text, names: &mut Names) {
    let is_strange = |text: &Text, place: usize| {
        text.free(place).is_some_and(|token| !is_ordinary(token)) && text.is_capital(place)
    };
    for mention in &mut names.artists {
        let Range { start, end } = mention.places;
        let after = is_strange(text, end)
            && !text.tokens[end].set_off
            && !text.tokens[end - 1].possessive
            && text.tokens[end].quote == text.tokens[end - 1].quote;
        let before = start.checked_sub(1).filter(|at| is_strange(text, *at) && !text.tokens[start].set_off);
        let before = before.filter(|at| !text.tokens[*at].possessive);
        if after || before.is_some() {
            mention.sure = false;
            let places = before.unwrap_or(start)..if after { end + 1 } else { end };
            mention.said = text.said(places.clone());
            text.take(places);
        }
    }
}

/// Capitals and quotation marks around words that nobody knows: names of somebody else.
fn strangers(text: &Text) -> Vec<String> {
    let mut found = Vec::new();
    let mut place = 0;
    let is_name = |at: usize| {
        text.free(at).is_some_and(|token| {
            let written_so = text.is_capital(at) || token.quote.is_some() || !token.is_latin();
            let acronym = token.raw.len() <= 4
                && token.raw.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
            written_so && !acronym
        })
    };
    while place < text.tokens.len() {
        let mut end = place;
        while is_name(end) && (end == place || !text.tokens[end].set_off) {
            end += 1;
        }
        if end > place {
            // `Purple Sunrise` has one word of the language; a name has at least one that is none, or two.
            let strange = text.tokens[place..end].iter().any(|token| !is_ordinary(token));
            if strange {
                found.push(text.said(place..end));
            }
        }
        place = end.max(place + 1);
    }
    found
}

/// `Mira, the folk singer`: what tells namesakes apart stands right beside the name.
fn tell_apart(text: &mut Text, known: &Known, mentions: &mut [Mention]) {
    for mention in mentions.iter_mut().filter(|mention| mention.those.len() > 1 && mention.sure) {
        let described: Vec<(usize, Vec<String>)> = mention
            .those
            .iter()
            .map(|at| {
                let artist = &known.artists[*at];
                (*at, words_of(&format!("{} {}", artist.told_apart, artist.genre)))
            })
            .collect();
        let anybodys =
            |word: &str| described.iter().any(|(_, words)| words.iter().any(|known| known == word));
        let mut end = mention.places.end;
        let mut words: Vec<String> = Vec::new();
        while let Some(token) = text.free(end).filter(|token| !token.begins) {
            let filler =
                one_of(&token.word, "the a our from") || (!words.is_empty() && one_of(&token.word, "in of"));
            if anybodys(&token.word) {
                words.push(token.word.clone());
            } else if !filler {
                break;
            }
            end += 1;
        }
        let mut start = mention.places.start;
        while let Some(token) =
            start.checked_sub(1).and_then(|at| text.free(at)).filter(|token| anybodys(&token.word))
        {
            words.push(token.word.clone());
            start -= 1;
        }
        let points = |list: &[String]| words.iter().filter(|word| list.contains(word)).count();
        let most = described.iter().map(|(_, list)| points(list)).max().unwrap_or(0);
        let best: Vec<usize> =
            described.iter().filter(|(_, list)| points(list) == most).map(|(at, _)| *at).collect();
        if most > 0 && best.len() == 1 {
            mention.those = best;
            text.take(start..end);
        }
    }
}

/// The names nearest to one that nobody has, for people to choose from.
pub(super) fn suggestions(said: &str, known: &Known, releases: bool) -> Vec<String> {
    const ALIKE: f64 = 0.72;
    let said = words_of(said).concat();
    let all: Vec<&str> = if releases {
        known.releases.iter().map(|release| release.title.as_str()).collect()
    } else {
        known.artists.iter().map(|artist| artist.name.as_str()).collect()
    };
    let mut near: Vec<(f64, &str)> = all
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&said, &words_of(name).concat()), name))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .collect();
    near.sort_by(|(a, x), (b, y)| b.total_cmp(a).then(x.cmp(y)));
    near.dedup_by(|(_, a), (_, b)| a == b);
    near.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}
