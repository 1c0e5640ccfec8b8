//! What is to be kept of a part of a file: figures of a day and platform added up over territories and recordings,
//! lines of a statement one by one. The same file and mapping give the same entries in the same order, so that work
//! which was cut off goes on where it was.

use super::error::ImportError;
use super::reading::{Fact, Problem, Reader, Reading, Sale};
use super::rows::Rows;
use super::survey::{MOST_PROBLEMS, NOBODY, Part, month};
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
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
    /// Streams by territory; they add up to the streams.
    pub territories: BTreeMap<String, u64>,
    /// Whether the file tells territories.
    pub has_territories: bool,
    /// How many lines they are added up from.
    pub lines: u64,
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
    /// Lines that say something else about the same thing than an earlier one.
    pub conflicts: Vec<Problem>,
    /// How many of those there are.
    pub conflict_count: u64,
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
                found.add_fact(fact, row.line, &mut seen);
            }
            Ok(Reading::Sale(sale, _))
                if part.has(sale.artist.as_deref().unwrap_or(NOBODY), &sale.period) =>
            {
                found.add_sale(sale, &mut seen);
            }
            _ => {}
        }
    }
    Ok(Some(found))
}

/// Lines that were read, by what they are about.
#[derive(Default)]
struct Seen {
    facts: HashMap<u64, u64>,
    sales: HashMap<[u8; 16], u32>,
}

impl Entries {
    fn add_fact(&mut self, fact: Fact, line: u64, seen: &mut Seen) {
        let about = hash(&(&fact.artist, fact.day, &fact.platform, &fact.territory, &fact.recording));
        let says = hash(&(fact.streams, fact.listeners, fact.saves, fact.followers));
        match seen.facts.get(&about) {
            Some(said) if *said == says => {
                self.repeated += 1;
                return;
            }
            Some(_) => {
                self.conflict_count += 1;
                if self.conflicts.len() < MOST_PROBLEMS {
                    self.conflicts.push(Problem {
                        line,
                        column: "Streams".to_owned(),
                        value: fact.streams.to_string(),
                        reason:
                            "an earlier line says something else about the same day, platform, territory and \
                                 recording; the earlier one counts"
                                .to_owned(),
                    });
                }
                return;
            }
            None => drop(seen.facts.insert(about, says)),
        }
        let territory = fact.territory.clone().unwrap_or_else(|| REST.to_owned());
        match self.figures.entry((fact.artist, fact.day, fact.platform)) {
            Entry::Vacant(place) => {
                place.insert(Figures {
                    streams: fact.streams,
                    listeners: fact.listeners,
                    saves: fact.saves,
                    followers: fact.followers,
                    territories: BTreeMap::from([(territory, fact.streams)]),
                    has_territories: fact.territory.is_some(),
                    lines: 1,
                });
            }
            Entry::Occupied(mut place) => {
                let figures = place.get_mut();
                figures.lines += 1;
                figures.streams = figures.streams.saturating_add(fact.streams);
                *figures.territories.entry(territory).or_default() += fact.streams;
                figures.has_territories |= fact.territory.is_some();
                // The same person listens to two songs: listeners cannot be added up. Neither can followers.
                (figures.listeners, figures.followers) = (None, None);
                figures.saves = match (figures.saves, fact.saves) {
                    (Some(saves), Some(more)) => Some(saves.saturating_add(more)),
                    (saves, more) => saves.or(more),
                };
            }
        }
    }

    /// Two lines of a statement may be alike, and are two sales. The first of them has the same name in each copy of
    /// the statement, and so has the second.
    fn add_sale(&mut self, sale: Sale, seen: &mut Seen) {
        let whose = sale.artist.clone().unwrap_or_else(|| NOBODY.to_owned());
        let digest = fingerprint(&sale);
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
    let units = sale.units.to_string();
    for text in [
        &sale.artist_name,
        &sale.isrc,
        &sale.upc,
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
    let mut short = [0; 16];
    short.copy_from_slice(&digest.finalize()[..16]);
    short
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).collect()
}
