//! What is in a file, found out line by line without keeping the lines: how many say what, what is wrong where, who
//! is not known, and how the work can be divided so that no part of it is large.

use super::directory::{By, Directory};
use super::error::ImportError;
use super::names;
use super::number::Decimal;
use super::reading::{Fact, Problem, Reader, Reading, Sale};
use super::rows::Rows;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Read;

/// How many problems are kept with their lines. All of them are counted.
pub const MOST_PROBLEMS: usize = 10_000;

/// How many names are kept that nobody knows, or recordings.
const MOST_NAMES: usize = 1_000;

/// How many rows a part of the work has, as far as it can be divided.
pub const ROWS_OF_A_PART: u64 = 500_000;

/// Lines about one thing: the artist and the month.
pub type Shelf = (String, String);

/// Whose lines those are of which nobody knows whose they are.
pub const NOBODY: &str = "*";

/// A part of the work: the shelves from one to another, or a piece of one that is too large.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// The first shelf.
    pub from: Shelf,
    /// The last shelf.
    pub to: Shelf,
    /// How many lines are on them, about as many of a piece.
    pub rows: u64,
    /// With which byte the first fingerprint of a piece of a statement begins.
    #[serde(default)]
    pub first: u8,
    /// With which byte the last one begins.
    #[serde(default = "last_of_all")]
    pub last: u8,
}

fn last_of_all() -> u8 {
    u8::MAX
}

impl Part {
    /// Whole shelves.
    pub fn of_shelves(from: Shelf, to: Shelf, rows: u64) -> Self {
        Self { from, to, rows, first: 0, last: u8::MAX }
    }

    /// A large shelf of a statement in pieces by the fingerprints of its lines, in the order in which they are kept. A
    /// fingerprint is even over all bytes, and lines that are alike are in the same piece.
    fn pieces(shelf: &Shelf, rows: u64) -> impl Iterator<Item = Self> {
        const BYTES: u64 = 256;
        let pieces = rows.div_ceil(ROWS_OF_A_PART).clamp(1, BYTES);
        let byte = move |piece: u64| piece * BYTES / pieces;
        (0..pieces).map(move |piece| Self {
            from: shelf.clone(),
            to: shelf.clone(),
            rows: rows * (piece + 1) / pieces - rows * piece / pieces,
            first: u8::try_from(byte(piece)).unwrap_or(u8::MAX),
            last: u8::try_from(byte(piece + 1) - 1).unwrap_or(u8::MAX),
        })
    }

    /// Whether shelves can be added to it.
    fn is_whole(&self) -> bool {
        (self.first, self.last) == (0, u8::MAX)
    }

    /// Whether a line of a statement is in it, by how its fingerprint begins, if its shelf is.
    pub fn has_fingerprint(&self, begins: u8) -> bool {
        (self.first..=self.last).contains(&begins)
    }

    /// Whether a shelf is one of them.
    pub fn has(&self, artist: &str, month: &str) -> bool {
        let from = (self.from.0.as_str(), self.from.1.as_str());
        let to = (self.to.0.as_str(), self.to.1.as_str());
        (from..=to).contains(&(artist, month))
    }
}

/// What was sold of something that nobody knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// The artist's name.
    pub artist: String,
    /// The title.
    pub title: String,
    /// The recording.
    pub isrc: String,
    /// How many lines.
    pub lines: u64,
}

/// What is in a file.
#[derive(Debug, Default)]
pub struct Survey {
    /// Lines with something on them, after the names of columns.
    pub rows: u64,
    /// Lines that can be used.
    pub usable: u64,
    /// Lines that are a sum of others.
    pub totals: u64,
    /// Lines about whom somebody left out.
    pub left_out: u64,
    /// Lines that are wrong.
    pub wrong: u64,
    /// The first of what is wrong.
    pub problems: Vec<Problem>,
    /// How much is wrong in all.
    pub problem_count: u64,
    /// Names that nobody knows, with the number of their lines.
    pub unknown: BTreeMap<String, u64>,
    /// Whether there are more names than are kept.
    pub more_unknown: bool,
    /// Lines about artists that nobody knows.
    pub of_unknown: u64,
    /// Artists that were found by their name only, with the number of their lines.
    pub by_name: BTreeMap<String, u64>,
    /// Platforms whose figures are not kept, with the number of their lines.
    pub other_platforms: BTreeMap<String, u64>,
    /// Lines of social networks that say streams.
    pub no_streams: u64,
    /// Shelves with the number of their lines.
    pub shelves: BTreeMap<Shelf, u64>,
    /// The first day, or the first month.
    pub first: Option<String>,
    /// The last day, or the last month.
    pub last: Option<String>,
    /// The last day of each platform.
    pub last_of: BTreeMap<String, Date>,
    /// Sums by currency, with the number of their lines; none where a sum does not fit.
    pub currencies: BTreeMap<String, (Option<Decimal>, u64)>,
    /// Sums by artist and currency, with the number of their lines; none where a sum does not fit. What nobody knows
    /// stands under [`NOBODY`].
    pub earned: BTreeMap<(String, String), (Option<Decimal>, u64)>,
    /// Days beside times with an offset.
    pub offsets: u64,
    /// Amounts or units below zero.
    pub below_zero: u64,
    /// Sales of what nobody knows.
    pub unmatched: BTreeMap<(String, String, String), u64>,
    /// Lines of such sales.
    pub unmatched_lines: u64,
}

/// Reads a whole file. `step` is told how many lines were read, now and then, and says whether to go on.
///
/// # Errors
/// When the file cannot be read to its end. `None` where it was told to stop.
pub fn of<R: Read>(
    text: R,
    reader: Reader<'_>,
    mut step: impl FnMut(u64) -> bool,
) -> Result<Option<Survey>, ImportError> {
    let mut found = Survey::default();
    let mut rows = Rows::new(text, &reader.mapping.dialect);
    while let Some(row) = rows.next_row()? {
        if row.line <= reader.mapping.head {
            continue;
        }
        match reader.read(row) {
            Ok(Reading::Blank) => continue,
            Ok(reading) => found.note(reading),
            Err(problems) => found.note_problems(problems),
        }
        found.rows += 1;
        if found.rows.is_multiple_of(10_000) && !step(found.rows) {
            return Ok(None);
        }
    }
    Ok(Some(found))
}

impl Survey {
    fn note(&mut self, reading: Reading) {
        match reading {
            Reading::Blank => {}
            Reading::Total => self.totals += 1,
            Reading::LeftOut(_) => self.left_out += 1,
            Reading::Unknown(name) => {
                self.of_unknown += 1;
                self.more_unknown |= !counted(&mut self.unknown, name);
            }
            Reading::OtherPlatform(name) => {
                counted(&mut self.other_platforms, name);
            }
            Reading::Fact(fact, by, has_offset) => self.note_fact(&fact, by, has_offset),
            Reading::Sale(sale, amount) => self.note_sale(sale, amount),
        }
    }

    fn note_fact(&mut self, fact: &Fact, by: By, has_offset: bool) {
        self.usable += 1;
        self.offsets += u64::from(has_offset);
        self.no_streams += u64::from(fact.streams > 0 && names::is_social(&fact.platform));
        if by == By::Name {
            counted(&mut self.by_name, fact.artist.clone());
        }
        let last = self.last_of.entry(fact.platform.clone()).or_insert(fact.day);
        *last = fact.day.max(*last);
        self.span(fact.day.to_string());
        *self.shelves.entry((fact.artist.clone(), month(fact.day))).or_default() += 1;
    }

    fn note_sale(&mut self, sale: Sale, amount: Decimal) {
        self.usable += 1;
        self.below_zero += u64::from(sale.units < 0 || amount.mantissa < 0);
        add(self.currencies.entry(sale.currency.clone()).or_insert(NOTHING), amount);
        self.span(sale.period.clone());
        let whose = sale.artist.unwrap_or_else(|| {
            self.unmatched_lines += 1;
            let what = (sale.artist_name, sale.title, sale.isrc);
            if self.unmatched.len() < MOST_NAMES || self.unmatched.contains_key(&what) {
                *self.unmatched.entry(what).or_default() += 1;
            }
            NOBODY.to_owned()
        });
        add(self.earned.entry((whose.clone(), sale.currency)).or_insert(NOTHING), amount);
        *self.shelves.entry((whose, sale.period)).or_default() += 1;
    }

    fn note_problems(&mut self, problems: Vec<Problem>) {
        self.wrong += 1;
        self.problem_count += problems.len() as u64;
        let room = MOST_PROBLEMS.saturating_sub(self.problems.len());
        self.problems.extend(problems.into_iter().take(room));
    }

    fn span(&mut self, at: String) {
        if self.first.as_ref().is_none_or(|first| at < *first) {
            self.first = Some(at.clone());
        }
        if self.last.as_ref().is_none_or(|last| at > *last) {
            self.last = Some(at);
        }
    }

    /// The parts of the work, none much larger than [`ROWS_OF_A_PART`] unless a single shelf of figures is, which are
    /// added up by days.
    pub fn parts(&self) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        let is_statement = !self.earned.is_empty();
        for (shelf, rows) in &self.shelves {
            if is_statement && *rows > ROWS_OF_A_PART {
                parts.extend(Part::pieces(shelf, *rows));
                continue;
            }
            let last = parts.last_mut().filter(|part| part.is_whole());
            match last.filter(|part| part.rows + rows <= ROWS_OF_A_PART) {
                Some(part) => {
                    part.to = shelf.clone();
                    part.rows += rows;
                }
                None => parts.push(Part::of_shelves(shelf.clone(), shelf.clone(), *rows)),
            }
        }
        parts
    }

    /// Sales of what nobody knows, the most frequent first.
    pub fn unmatched(&self) -> Vec<Unmatched> {
        let read = |((artist, title, isrc), lines): (&(String, String, String), &u64)| Unmatched {
            artist: artist.clone(),
            title: title.clone(),
            isrc: isrc.clone(),
            lines: *lines,
        };
        let mut all: Vec<Unmatched> = self.unmatched.iter().map(read).collect();
        all.sort_by_key(|one| std::cmp::Reverse(one.lines));
        all
    }

    /// What people should know of the file that is no mistake of a line.
    pub fn notes(&self, directory: &Directory) -> Vec<String> {
        let mut notes = Vec::new();
        let mut note = |is_so: bool, words: String| {
            if is_so {
                notes.push(words);
            }
        };
        note(self.totals > 0, format!("Lines that are sums of others, and are left out: {}.", self.totals));
        note(
            self.offsets > 0,
            format!(
                "Lines whose time has an offset: {}. The day counts as it is written, because platforms count by their \
                 own day.",
                self.offsets
            ),
        );
        note(
            self.below_zero > 0,
            format!(
                "Lines below zero, of sales that were taken back: {}. They are kept and subtracted.",
                self.below_zero
            ),
        );
        note(
            self.currencies.len() > 1,
            format!(
                "The file has amounts in {} currencies. They are kept apart and never added up.",
                self.currencies.len()
            ),
        );
        note(
            self.no_streams > 0,
            format!(
                "Lines that say streams of a social network: {}. They are kept as the file has them, but no sum of \
                 streams has them. Where they are views, choose views for their column.",
                self.no_streams
            ),
        );
        for (platform, lines) in &self.other_platforms {
            note(true, other_platform(platform, *lines));
        }
        if !self.by_name.is_empty() {
            let names: Vec<&str> =
                self.by_name.keys().take(10).filter_map(|id| directory.name_of(id)).collect();
            let more = if self.by_name.len() > names.len() { " and others" } else { "" };
            note(
                true,
                format!(
                    "No identifier stands beside some names, and one artist of the label has each of them: {}{more}. \
                     Make sure that they are meant.",
                    names.join(", ")
                ),
            );
        }
        notes
    }
}

/// What becomes of lines whose platform is none that is kept, or not certain.
fn other_platform(platform: &str, lines: u64) -> String {
    let lines = if lines == 1 { "1 line".to_owned() } else { format!("{lines} lines") };
    if names::candidates(platform).is_empty() {
        return format!("Left out: {lines} of {platform}, whose figures Patchline does not keep.");
    }
    format!(
        "Left out: {lines} of {platform}, a name that says more than one service. Choose the one that is meant as the \
         platform of the file, and they count."
    )
}

/// A sum of no lines.
const NOTHING: (Option<Decimal>, u64) = (Some(Decimal { mantissa: 0, scale: 0 }), 0);

/// Adds a line to a sum, exactly.
fn add((sum, lines): &mut (Option<Decimal>, u64), amount: Decimal) {
    *sum = sum.and_then(|sum| sum.plus(amount));
    *lines += 1;
}

/// Counts one more of a name; false where there is no room for another name.
fn counted(counts: &mut BTreeMap<String, u64>, name: String) -> bool {
    if counts.len() >= MOST_NAMES && !counts.contains_key(&name) {
        return false;
    }
    *counts.entry(name).or_default() += 1;
    true
}

/// The month of a day, as shelves have it.
pub fn month(day: Date) -> String {
    day.strftime("%Y-%m").to_string()
}
