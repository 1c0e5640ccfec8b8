//! What is to be kept of a part of a file: figures of a day and platform added up over territories and recordings,
//! lines of a statement one by one. The same file and mapping give the same entries in the same order, so that work
//! which was cut off goes on where it was.

use super::directory::article;
use super::error::ImportError;
use super::field::Field;
use super::reading::{Fact, Reader, Reading, Sale};
use super::rows::{Row, Rows};
use super::survey::{NOBODY, Part, month};
use crate::music::identifier::Isrc;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read;

/// The code of territories that a file does not tell.
const REST: &str = "ZZ";

/// The figures of an artist on a day and platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// Streams, added up.
    pub streams: u64,
    /// Listeners; none where the file does not say them for the day as a whole.
    pub listeners: Option<u64>,
    /// Saves, added up; none where the file says none.
    pub saves: Option<u64>,
    /// Followers; none where the file does not say them for the day as a whole.
    pub followers: Option<u64>,
    /// What the file says of [`Field::engagement`]: added up, without what cannot be.
    pub engagement: BTreeMap<Field, u64>,
    /// What it says of recordings, by ISRC, where it says ISRCs.
    pub tracks: BTreeMap<String, TrackFigures>,
    /// Streams by territory; they add up to the streams.
    pub territories: BTreeMap<String, u64>,
    /// Whether the file tells territories.
    pub has_territories: bool,
    /// How many lines they are added up from.
    pub lines: u64,
}

/// What a file says of a recording on a day and platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TrackFigures {
    /// Streams, added up.
    pub streams: u64,
    /// Saves, added up; none where the file says none.
    pub saves: Option<u64>,
    /// Listeners; none unless a single line is about the recording on the day, since they cannot be added up.
    pub listeners: Option<u64>,
}

impl Figures {
    /// Puts what a line says of a recording in the place of what was told of it before.
    fn set_track(&mut self, isrc: &Isrc, streams: Count, saves: Option<Count>, listeners: Option<u64>) {
        let mut is_first = false;
        let track = self.tracks.entry(isrc.as_str().to_owned()).or_insert_with(|| {
            is_first = true;
            TrackFigures::default()
        });
        track.streams = streams.put_into(track.streams);
        if let Some(saves) = saves {
            track.saves = Some(saves.put_into(track.saves.unwrap_or_default()));
        }
        track.listeners = listeners.filter(|_| is_first);
    }

    /// Puts what is counted beside listening in the place of what was told of it before another line about the day.
    /// What a line does not say takes nothing away.
    fn set_counts(&mut self, counts: Vec<Count>) {
        for count in counts {
            let sum = match count.field {
                Field::Saves => self.saves.get_or_insert_default(),
                field => self.engagement.entry(field).or_default(),
            };
            *sum = count.put_into(*sum);
        }
        // Recordings share playlists, and territories listeners: levels of several lines are none of the day.
        self.engagement.retain(|field, _| !field.is_level());
    }

    /// Adds the streams of a line, and what the recording has for no territory in place of what it had before.
    fn add_streams(&mut self, territory: Option<String>, streams: u64, before: u64, rest: u64) {
        self.has_territories |= territory.is_some();
        if let Some(territory) = territory {
            let of_territory = self.territories.entry(territory).or_default();
            *of_territory = of_territory.saturating_add(streams);
        }
        if before != rest || self.territories.is_empty() {
            let of_rest = self.territories.entry(REST.to_owned()).or_default();
            *of_rest = of_rest.saturating_add(rest).saturating_sub(before);
            if *of_rest == 0 && self.has_territories {
                self.territories.remove(REST);
            }
        }
        self.streams = self.territories.values().copied().fold(0, u64::saturating_add);
    }
}

/// Whose figures, of which day, on which platform.
pub type FigureKey = (String, Date, String);

/// What is to be kept.
#[derive(Debug, Default)]
pub struct Entries {
    /// Figures, in order.
    pub figures: BTreeMap<FigureKey, Figures>,
    /// Lines of a statement by artist and by a name that the same line has in each copy of the statement.
    pub sales: BTreeMap<(String, String), Sale>,
    /// Lines that stand in the file more than once, word for word; they count once.
    pub repeated: u64,
    /// Lines about the same day, platform, territory and recording as an earlier one; they are added up.
    pub joined: u64,
    /// Days of recordings with a line for the whole world beside lines of territories that it covers.
    pub worldwide: u64,
}

/// Reads what a part of a file says. `step` is told how many lines were read, and says whether to go on.
///
/// # Errors
/// When the file cannot be read to its end. `None` where it was told to stop.
pub fn of<R: Read>(
    text: R,
    reader: Reader<'_>,
    part: &Part,
    mut step: impl FnMut(u64) -> bool,
) -> Result<Option<Entries>, ImportError> {
    let mut found = Entries::default();
    let mut seen = Seen::default();
    let mut rows = Rows::new(text, &reader.mapping.dialect);
    let mut lines = 0_u64;
    while let Some(row) = rows.next_row()? {
        lines += 1;
        if lines.is_multiple_of(10_000) && !step(lines) {
            return Ok(None);
        }
        if row.line <= reader.mapping.head {
            continue;
        }
        // What is wrong was told by the survey.
        match reader.read(row) {
            Ok(Reading::Fact(fact, ..)) if part.has(&fact.artist, &month(fact.day)) => {
                found.add_fact(fact, row, &mut seen);
            }
            Ok(Reading::Sale(sale, _))
                if part.has(sale.artist.as_deref().unwrap_or(NOBODY), &sale.period) =>
            {
                let digest = fingerprint(&sale);
                if part.has_fingerprint(digest[0]) {
                    found.add_sale(sale, digest, &mut seen);
                }
            }
            _ => {}
        }
    }
    found.worldwide = seen.streams.values().filter(|streams| streams.is_covered()).count() as u64;
    Ok(Some(found))
}

/// Lines that were read: as they are written, and by what they are about.
#[derive(Default)]
struct Seen {
    rows: HashSet<u64>,
    about: HashSet<u64>,
    /// The streams of a day, platform and recording.
    streams: HashMap<u64, Streams>,
    /// What is counted of them beside listening.
    counts: HashMap<(u64, Field), Streams>,
    sales: HashMap<[u8; 16], u32>,
}

/// What was told of a recording on a day before a line, and with it.
#[derive(Debug, Clone, Copy)]
struct Count {
    field: Field,
    before: u64,
    now: u64,
}

impl Count {
    /// A sum in which what was told before is replaced.
    fn put_into(self, sum: u64) -> u64 {
        sum.saturating_add(self.now).saturating_sub(self.before)
    }
}

/// Streams of a recording on a day, or what else is counted of it, with and without a territory.
#[derive(Debug, Clone, Copy, Default)]
struct Streams {
    of_territories: u64,
    /// Of lines for the whole world, or that name no territory.
    of_no_territory: u64,
}

impl Streams {
    /// Adds those of a line.
    fn add(&mut self, has_territory: bool, more: u64) {
        let sum = if has_territory { &mut self.of_territories } else { &mut self.of_no_territory };
        *sum = sum.saturating_add(more);
    }

    /// Whether a line for the whole world has those of the territories in it.
    fn is_covered(self) -> bool {
        self.of_territories > 0 && self.of_no_territory >= self.of_territories
    }

    /// All of them.
    fn sum(self) -> u64 {
        self.of_territories.saturating_add(self.rest())
    }

    /// Those of no territory that is told. What is less than the territories together cannot be their sum.
    fn rest(self) -> u64 {
        if self.is_covered() { self.of_no_territory - self.of_territories } else { self.of_no_territory }
    }
}

impl Seen {
    /// What a line counts beside listening, and how that changes what is told of the recording on the day.
    fn count(&mut self, about: u64, fact: &Fact) -> Vec<Count> {
        let saves = fact.saves.map(|saves| (Field::Saves, saves));
        let told = fact.engagement.iter().map(|(field, value)| (*field, *value)).chain(saves);
        let counted = told.filter(|(field, _)| !field.is_level());
        let counts = counted.map(|(field, value)| {
            let sums = self.counts.entry((about, field)).or_default();
            let before = sums.sum();
            sums.add(fact.territory.is_some(), value);
            Count { field, before, now: sums.sum() }
        });
        counts.collect()
    }
}

impl Entries {
    fn add_fact(&mut self, fact: Fact, row: &Row, seen: &mut Seen) {
        if !seen.rows.insert(hash(&row.cells.iter().collect::<Vec<_>>())) {
            self.repeated += 1;
            return;
        }
        let about = (&fact.artist, fact.day, &fact.platform, &fact.recording);
        self.joined += u64::from(!seen.about.insert(hash(&(about, &fact.territory))));
        let about = hash(&about);
        let counts = seen.count(about, &fact);
        let streams = seen.streams.entry(about).or_default();
        let (before, sum_before) = (streams.rest(), streams.sum());
        streams.add(fact.territory.is_some(), fact.streams);
        let rest = streams.rest();
        let of_track = Count { field: Field::Streams, before: sum_before, now: streams.sum() };
        let saves = counts.iter().find(|count| count.field == Field::Saves).copied();
        let figures = match self.figures.entry((fact.artist, fact.day, fact.platform)) {
            Entry::Vacant(place) => place.insert(Figures {
                streams: 0,
                listeners: fact.listeners,
                saves: fact.saves,
                followers: fact.followers,
                engagement: fact.engagement,
                tracks: BTreeMap::new(),
                territories: BTreeMap::new(),
                has_territories: false,
                lines: 1,
            }),
            Entry::Occupied(place) => {
                let figures = place.into_mut();
                figures.lines += 1;
                figures.set_counts(counts);
                // The same person listens to two songs: listeners cannot be added up. Neither can followers.
                (figures.listeners, figures.followers) = (None, None);
                figures
            }
        };
        figures.add_streams(fact.territory, fact.streams, before, rest);
        if let Some(isrc) = &fact.isrc {
            figures.set_track(isrc, of_track, saves, fact.listeners);
        }
    }

    /// Two lines of a statement may be alike, and are two sales. The first of them has the same name in each copy of
    /// the statement, and so has the second.
    fn add_sale(&mut self, sale: Sale, digest: [u8; 16], seen: &mut Seen) {
        let whose = sale.artist.clone().unwrap_or_else(|| NOBODY.to_owned());
        let times = seen.sales.entry(digest).or_default();
        *times += 1;
        let name = format!("{}#{}#{:06}", sale.period, hex(&digest), *times);
        self.sales.insert((whose, name), sale);
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// What a line of a statement says, without the place where it stands.
fn fingerprint(sale: &Sale) -> [u8; 16] {
    let mut digest = Sha256::new();
    let (units, upc) = (sale.units.to_string(), article(&sale.upc));
    for text in [
        &sale.artist_name,
        &sale.isrc,
        &upc,
        &sale.title,
        &sale.store,
        &sale.territory,
        &sale.channel,
        &sale.period,
        &units,
        &sale.amount,
        &sale.currency,
    ] {
        digest.update(text.as_bytes());
        digest.update([0x1f]);
    }
    // The same sale in the report of another month is another one.
    if !sale.report.is_empty() {
        digest.update(sale.report.as_bytes());
    }
    let mut short = [0; 16];
    short.copy_from_slice(&digest.finalize()[..16]);
    short
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).collect()
}
