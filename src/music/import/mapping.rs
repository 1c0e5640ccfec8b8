//! How a file is to be understood: proposed by its layout, changed by people.

use super::day::DayOrder;
use super::dialect::Dialect;
use super::field::Field;
use super::head::Head;
use super::layout::{self, Subject};
use super::names;
use super::number::Mark;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a file is to be understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mapping {
    /// What it is about.
    pub subject: Subject,
    /// The layout; none where it is none that is known.
    pub layout: Option<String>,
    /// How the text is written.
    pub dialect: Dialect,
    /// The line with the names of columns.
    pub head: u64,
    /// What each column says.
    pub columns: Vec<Field>,
    /// What comes first in its days; none where they leave no doubt.
    pub order: Option<DayOrder>,
    /// The sign before the fraction; none where its numbers leave no doubt.
    pub mark: Option<Mark>,
    /// The platform of the whole file.
    pub platform: Option<String>,
    /// The artist of the whole file.
    pub artist: Option<String>,
    /// The day of the whole file; its last one where its days have no year.
    pub day: Option<Date>,
    /// The currency of the whole file.
    pub currency: Option<String>,
    /// Whom names mean that are not known: an artist's id, or nobody, whose lines are left out.
    pub artists: BTreeMap<String, Option<String>>,
}

impl Mapping {
    /// What is proposed for a file with these names of columns.
    pub fn proposed(head: &Head, dialect: Dialect) -> Self {
        let best = layout::fits(&head.names).first().map(|fit| fit.layout);
        Self::of_layout(head, dialect, best)
    }

    /// What a layout says of a file; what is usual where it is none that is known.
    pub fn of_layout(head: &Head, dialect: Dialect, layout: Option<&'static layout::Layout>) -> Self {
        let columns = layout::columns(&head.names, layout);
        let subject = match layout {
            Some(layout) => layout.subject,
            None if columns.contains(&Field::Amount) => Subject::Statement,
            None => Subject::Figures,
        };
        let amount = columns.iter().position(|field| *field == Field::Amount);
        let currency = amount.and_then(|at| head.names.get(at)).and_then(|name| layout::currency_of(name));
        Self {
            subject,
            layout: layout.map(|layout| layout.id.to_owned()),
            dialect,
            head: head.line,
            columns,
            order: layout.and_then(|layout| layout.order),
            mark: None,
            platform: layout.and_then(|layout| layout.platform).map(str::to_owned),
            artist: None,
            day: None,
            currency,
            artists: BTreeMap::new(),
        }
    }

    /// The column that says something.
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|known| *known == field)
    }

    fn says(&self, field: Field) -> bool {
        self.column(field).is_some()
    }

    /// Whether it may be of a social network alone, which has no streams to say.
    fn is_of_networks(&self) -> bool {
        let counted = [Field::Views, Field::Likes, Field::Comments, Field::Posts];
        let is_counted = counted.into_iter().any(|field| self.says(field));
        match &self.platform {
            Some(platform) => names::is_social(platform) && (is_counted || self.says(Field::Followers)),
            None => is_counted && self.says(Field::Platform),
        }
    }

    /// What has to be said before the file can be understood, each with the name of the field that says it.
    pub fn missing(&self) -> Vec<(&'static str, String)> {
        let mut missing = Vec::new();
        let mut need = |is_there: bool, field: &'static str, words: &str| {
            if !is_there {
                missing.push((field, words.to_owned()));
            }
        };
        let by_artist = [Field::ArtistId, Field::ArtistName, Field::Isrc, Field::Upc];
        let says_artist = self.artist.is_some() || by_artist.into_iter().any(|field| self.says(field));
        match self.subject {
            Subject::Figures => {
                need(says_artist, "artist", "No column says whose figures these are. Choose the artist.");
                need(
                    self.says(Field::Day) || self.day.is_some(),
                    "day",
                    "No column says the day. Choose the column, or give the one day that the file is of.",
                );
                need(
                    self.says(Field::Platform) || self.platform.is_some(),
                    "platform",
                    "No column says the platform. Choose the one that the file is of.",
                );
                need(
                    self.says(Field::Streams) || self.is_of_networks(),
                    "columns",
                    "No column says the streams. Choose it.",
                );
            }
            Subject::Statement => {
                need(
                    says_artist,
                    "columns",
                    "No column says which recording or artist was sold. Choose one.",
                );
                need(
                    self.says(Field::Period) || self.says(Field::Day),
                    "columns",
                    "No column says the month of use. Choose it.",
                );
                need(self.says(Field::Amount), "columns", "No column says what was earned. Choose it.");
                need(
                    self.says(Field::Currency) || self.currency.is_some(),
                    "currency",
                    "Nothing says the currency. Give it.",
                );
            }
        }
        missing
    }
}
