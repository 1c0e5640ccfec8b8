//! What one row says, checked: a figure, a sale, or what is wrong with it.

use super::day::{self, DayError, ReadDay};
use super::directory::{By, Directory, code};
use super::field::Field;
use super::layout::Subject;
use super::mapping::Mapping;
use super::names;
use super::number::{self, Decimal};
use super::rows::Row;
use crate::music::identifier::Isrc;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How much of a wrong value is told.
const SHOWN: usize = 80;

/// Something wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The line of the file.
    pub line: u64,
    /// What the column is for.
    pub column: String,
    /// What stands there, shortened.
    pub value: String,
    /// Why it cannot be used.
    pub reason: String,
}

/// A figure of an artist on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The artist's id.
    pub artist: String,
    /// The day, as the platform counts days.
    pub day: Date,
    /// The platform's id.
    pub platform: String,
    /// The territory's code; none of the whole world, and where none is told.
    pub territory: Option<String>,
    /// What was heard, where the file tells recordings apart.
    pub recording: String,
    /// Its ISRC without hyphens, where the file says a well-formed one.
    pub isrc: Option<Isrc>,
    /// Streams. Those of a social network are in no sum, and none where it says something else.
    pub streams: u64,
    /// Listeners.
    pub listeners: Option<u64>,
    /// Saves.
    pub saves: Option<u64>,
    /// Followers.
    pub followers: Option<u64>,
    /// What the file says of [`Field::engagement`].
    pub engagement: BTreeMap<Field, u64>,
}

/// A line of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sale {
    /// The artist's id; none where nothing that is known was sold.
    pub artist: Option<String>,
    /// The artist's name as the line has it.
    pub artist_name: String,
    /// The recording's ISRC, without hyphens and blanks, in capital letters.
    pub isrc: String,
    /// The release's UPC or EAN, without hyphens and blanks.
    pub upc: String,
    /// The title as the line has it.
    pub title: String,
    /// The store.
    pub store: String,
    /// The territory's code, or what stands there.
    pub territory: String,
    /// The kind of use.
    pub channel: String,
    /// The month of use: `2026-09`.
    pub period: String,
    /// How many; below zero where they were taken back.
    pub units: i64,
    /// What was earned, exactly, with a point.
    pub amount: String,
    /// The currency (ISO 4217).
    pub currency: String,
    /// The day, month or number of the report, as the line has it; empty where it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub report: String,
    /// The day of the report, where the line says one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported_on: Option<Date>,
    /// The line of the file.
    pub line: u64,
}

/// What a row says.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// A figure, how its artist was found, and whether its day stood beside a time with an offset.
    Fact(Fact, By, bool),
    /// A line of a statement with its exact amount.
    Sale(Sale, Decimal),
    /// Nothing.
    Blank,
    /// A sum of the others.
    Total,
    /// It is about an artist that nobody knows, or several have this name.
    Unknown(String),
    /// It is about somebody who is left out.
    LeftOut(String),
    /// It is about a platform whose figures are not kept.
    OtherPlatform(String),
}

/// Reads rows as a mapping says.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// The mapping.
    pub mapping: &'a Mapping,
    /// Whom the label knows.
    pub directory: &'a Directory,
    /// The latest day that it can be anywhere.
    pub latest: Date,
}

impl Reader<'_> {
    /// What a row says.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(&self, row: &Row) -> Result<Reading, Vec<Problem>> {
        if row.is_blank() {
            return Ok(Reading::Blank);
        }
        let first = row.cell(0).to_lowercase();
        if matches!(first.as_str(), "total" | "totals" | "sum" | "grand total") {
            return Ok(Reading::Total);
        }
        match self.mapping.subject {
            Subject::Figures => self.fact(row),
            Subject::Statement => self.sale(row),
        }
    }

    fn cell<'r>(&self, row: &'r Row, field: Field) -> &'r str {
        self.mapping.column(field).map_or("", |column| row.cell(column))
    }

    fn fact(&self, row: &Row) -> Result<Reading, Vec<Problem>> {
        let mut wrong = Vec::new();
        let platform = match self.platform(row) {
            Some(Ok(platform)) => platform,
            Some(Err(other)) => return Ok(Reading::OtherPlatform(other)),
            None => {
                wrong.push(problem(row, Field::Platform, "", "is missing"));
                String::new()
            }
        };
        let (artist, by) = match self.artist(row) {
            Whose::Of(artist, _) if !self.directory.covers(&artist) => return Err(vec![self.of_others(row)]),
            Whose::Of(artist, by) => (artist, by),
            // What there is not looks like what is others'.
            Whose::Unknown(_) if self.directory.is_limited() => return Err(vec![self.of_others(row)]),
            Whose::Unknown(name) => return Ok(Reading::Unknown(name)),
            Whose::LeftOut(name) => return Ok(Reading::LeftOut(name)),
            Whose::Nobody => {
                wrong.push(problem(row, Field::ArtistName, "", "is missing"));
                (String::new(), By::Name)
            }
        };
        let (day, has_offset) = self.day(row, &mut wrong);
        let territory = self.territory(row, &mut wrong);
        let counts = self.counts(row, &platform, &mut wrong);
        let (Some(day), Some(streams), true) = (day, counts.streams, wrong.is_empty()) else {
            return Err(wrong);
        };
        let (recording, isrc) = self.recording(row);
        let Counts { listeners, saves, followers, engagement, .. } = counts;
        let fact = Fact {
            artist,
            day,
            platform,
            territory,
            recording,
            isrc,
            streams,
            listeners,
            saves,
            followers,
            engagement,
        };
        Ok(Reading::Fact(fact, by, has_offset))
    }

    /// The code of the territory; none of the whole world.
    fn territory(&self, row: &Row, wrong: &mut Vec<Problem>) -> Option<String> {
        let text = self.cell(row, Field::Territory);
        if text.is_empty() || names::is_worldwide(text) {
            return None;
        }
        let code = names::territory(text);
        if code.is_none() {
            wrong.push(problem(row, Field::Territory, text, "is no territory that is known"));
        }
        code
    }

    /// Everything that is counted. What is not said is not known, but the streams of a social network, which has none.
    fn counts(&self, row: &Row, platform: &str, wrong: &mut Vec<Problem>) -> Counts {
        let mut count = |field: Field| {
            let text = self.cell(row, field);
            if matches!(text, "" | "-" | "–" | "N/A" | "n/a" | "null" | "undefined") {
                return None;
            }
            number::count(text)
                .map_err(|error| wrong.push(problem(row, field, text, &error.to_string())))
                .ok()
        };
        let streams = count(Field::Streams);
        let (listeners, saves) = (count(Field::Listeners), count(Field::Saves));
        let followers = count(Field::Followers);
        let counted = Field::engagement().filter_map(|field| Some((field, count(field)?)));
        let engagement: BTreeMap<Field, u64> = counted.collect();
        let is_wrong = wrong.iter().any(|wrong| wrong.column == Field::Streams.label());
        let is_told = followers.is_some() || !engagement.is_empty();
        let streams = match streams {
            None if !is_wrong && is_told && names::is_social(platform) => Some(0),
            told => told,
        };
        if streams.is_none() && !is_wrong {
            wrong.push(problem(row, Field::Streams, self.cell(row, Field::Streams), "is missing"));
        }
        Counts { streams, listeners, saves, followers, engagement }
    }

    /// What was heard, and its ISRC where there is a well-formed one.
    fn recording(&self, row: &Row) -> (String, Option<Isrc>) {
        let isrc = self.cell(row, Field::Isrc);
        let known = code(isrc).parse::<Isrc>().ok();
        let recording = match &known {
            Some(known) => known.as_str(),
            None if isrc.is_empty() => self.cell(row, Field::Title),
            None => isrc,
        };
        (format!("{recording}\u{1f}{}", self.cell(row, Field::Upc)), known)
    }

    fn platform(&self, row: &Row) -> Option<Result<String, String>> {
        let text = self.cell(row, Field::Platform);
        if text.is_empty() {
            return self.mapping.platform.clone().map(Ok);
        }
        let found = names::platform_of_figures(text, !self.cell(row, Field::Streams).is_empty());
        let chosen = self.mapping.platform.as_deref();
        let found = found.or(chosen.filter(|chosen| names::candidates(text).contains(chosen)));
        Some(found.map(str::to_owned).ok_or_else(|| shortened(text)))
    }

    fn day(&self, row: &Row, wrong: &mut Vec<Problem>) -> (Option<Date>, bool) {
        let text = self.cell(row, Field::Day);
        if text.is_empty() {
            if self.mapping.day.is_none() {
                wrong.push(problem(row, Field::Day, "", "is missing"));
            }
            return (self.mapping.day, false);
        }
        let without_year = |error: DayError| match (error, self.mapping.day) {
            (DayError::NoYear, Some(last)) => {
                let found = day::read_without_year(text, last);
                found.map(|day| ReadDay { day, has_offset: false }).ok_or(DayError::Impossible)
            }
            (error, _) => Err(error),
        };
        match day::read(text, self.mapping.order).or_else(without_year) {
            Ok(found) if found.day > self.latest => {
                wrong.push(problem(row, Field::Day, text, "has not come yet"));
                (None, false)
            }
            Ok(found) => (Some(found.day), found.has_offset),
            Err(error) => {
                wrong.push(problem(row, Field::Day, text, &error.to_string()));
                (None, false)
            }
        }
    }

    fn artist(&self, row: &Row) -> Whose {
        let id = self.cell(row, Field::ArtistId);
        if !id.is_empty() {
            return match self.directory.by_id(id) {
                Some(id) => Whose::Of(id.to_owned(), By::Identifier),
                None => self.chosen(id),
            };
        }
        if let Some(artist) = &self.mapping.artist {
            return Whose::Of(artist.clone(), By::Choice);
        }
        if let Some(artist) = self.directory.by_code(self.cell(row, Field::Isrc), self.cell(row, Field::Upc))
        {
            return Whose::Of(artist.to_owned(), By::Identifier);
        }
        let name = self.cell(row, Field::ArtistName);
        if name.is_empty() {
            let code = [Field::Isrc, Field::Upc].map(|field| self.cell(row, field));
            return code
                .into_iter()
                .find(|code| !code.is_empty())
                .map_or(Whose::Nobody, |code| self.chosen(code));
        }
        self.chosen(name)
    }

    /// What is wrong with a row about an artist of somebody else.
    fn of_others(&self, row: &Row) -> Problem {
        let fields = [Field::ArtistId, Field::ArtistName, Field::Isrc, Field::Upc];
        let mut said = fields.into_iter().map(|field| (field, self.cell(row, field)));
        let (field, said) = said.find(|(_, said)| !said.is_empty()).unwrap_or((Field::ArtistName, ""));
        problem(row, field, said, "is about no artist of yours")
    }

    /// Whom a name means that no identifier stands beside.
    fn chosen(&self, name: &str) -> Whose {
        let name = shortened(name);
        match self.mapping.artists.get(&name) {
            Some(Some(artist)) => Whose::Of(artist.clone(), By::Choice),
            Some(None) => Whose::LeftOut(name),
            None => match self.directory.by_name(&name) {
                Some(artist) => Whose::Of(artist.to_owned(), By::Name),
                None => Whose::Unknown(name),
            },
        }
    }

    fn sale(&self, row: &Row) -> Result<Reading, Vec<Problem>> {
        let mut wrong = Vec::new();
        let artist = match self.artist(row) {
            Whose::Of(artist, _) if !self.directory.covers(&artist) => return Err(vec![self.of_others(row)]),
            Whose::Of(artist, _) => Some(artist),
            Whose::LeftOut(name) => return Ok(Reading::LeftOut(name)),
            // Whoever may bring what is their artists' only brings nothing that is not known to be.
            Whose::Unknown(_) | Whose::Nobody if self.directory.is_limited() => {
                return Err(vec![self.of_others(row)]);
            }
            // Money is kept also where nobody knows whose it is.
            Whose::Unknown(_) | Whose::Nobody => None,
        };
        let field = if self.mapping.column(Field::Period).is_some() { Field::Period } else { Field::Day };
        let text = self.cell(row, field);
        let period = day::period(text, self.mapping.order)
            .map_err(|error| wrong.push(problem(row, field, text, &error.to_string())))
            .unwrap_or_default();
        let text = self.cell(row, Field::Amount);
        let amount = Decimal::read(text, self.mapping.mark)
            .map_err(|error| wrong.push(problem(row, Field::Amount, text, &error.to_string())))
            .unwrap_or_default();
        let units = self.units(row, &mut wrong);
        let currency = self.currency(row, &mut wrong);
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let territory = self.cell(row, Field::Territory);
        let said = |field| shortened(self.cell(row, field));
        let store = said(Field::Platform);
        let report = said(Field::Report);
        let reported_on = day::read(&report, self.mapping.order).ok().map(|read| read.day);
        let sale = Sale {
            artist,
            artist_name: said(Field::ArtistName),
            isrc: code(&said(Field::Isrc)),
            upc: code(&said(Field::Upc)),
            title: said(Field::Title),
            store: if store.is_empty() { self.mapping.platform.clone().unwrap_or_default() } else { store },
            territory: names::territory(territory).unwrap_or_else(|| shortened(territory)),
            channel: said(Field::Channel),
            period,
            units,
            amount: amount.to_string(),
            currency,
            report,
            reported_on: reported_on.filter(|day| *day <= self.latest),
            line: row.line,
        };
        Ok(Reading::Sale(sale, amount))
    }

    /// How many were sold: nothing where the line does not say it.
    fn units(&self, row: &Row, wrong: &mut Vec<Problem>) -> i64 {
        let text = self.cell(row, Field::Units);
        if text.is_empty() {
            return 0;
        }
        let read = Decimal::read(text, self.mapping.mark.or(Some(number::Mark::Point)));
        let reason = match read.map(|units| (units.scale, i64::try_from(units.mantissa))) {
            Ok((0, Ok(units))) => return units,
            Ok(_) => "is no whole number".to_owned(),
            Err(error) => error.to_string(),
        };
        wrong.push(problem(row, Field::Units, text, &reason));
        0
    }

    /// The currency of the line, or that of the whole file.
    fn currency(&self, row: &Row, wrong: &mut Vec<Problem>) -> String {
        let currency = match (self.cell(row, Field::Currency), &self.mapping.currency) {
            ("", Some(currency)) => currency.clone(),
            (text, _) => text.to_ascii_uppercase(),
        };
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            wrong.push(problem(row, Field::Currency, &currency, "is no currency of three letters"));
        }
        currency
    }
}

/// What is counted on a row.
struct Counts {
    streams: Option<u64>,
    listeners: Option<u64>,
    saves: Option<u64>,
    followers: Option<u64>,
    engagement: BTreeMap<Field, u64>,
}

/// Whose a row is.
enum Whose {
    Of(String, By),
    Unknown(String),
    LeftOut(String),
    Nobody,
}

fn problem(row: &Row, field: Field, value: &str, reason: &str) -> Problem {
    Problem {
        line: row.line,
        column: field.label().to_owned(),
        value: shortened(value),
        reason: reason.to_owned(),
    }
}

/// The beginning of a text.
fn shortened(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}
