//! The rules that the files of `knowledge/` have to keep, as what is said when one is broken.

use std::fmt;

/// The most ways to ask for an entry.
pub(super) const MOST_ASKED: usize = 8;
/// The longest of them, in characters.
pub(super) const LONGEST_ASKED: usize = 200;

/// A file or an entry that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("knowledge/{file}{}: {problem}", Place(entry.as_deref()))]
pub struct ShippedError {
    /// The file.
    pub file: String,
    /// The entry's id, or its number where it has none.
    pub entry: Option<String>,
    /// The rule that is broken.
    pub problem: Problem,
}

struct Place<'a>(Option<&'a str>);

impl fmt::Display for Place<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(entry) => write!(formatter, ", entry {entry}"),
            None => Ok(()),
        }
    }
}

/// The rule that is broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Not TOML, an unknown or a missing key, or a value of the wrong kind.
    #[error("{0}")]
    Form(String),
    /// The topic is not the name of the file.
    #[error("the topic {0:?} is not the name of the file")]
    Topic(String),
    /// Not lower-case words and hyphens.
    #[error("{0:?} is not made of lower-case words and hyphens")]
    Id(String),
    /// The id is there twice.
    #[error("the id is also used in {0}")]
    Twice(String),
    /// A text is empty.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// Too many ways to ask for it.
    #[error("asked has {0} phrases; up to {most} are allowed", most = MOST_ASKED)]
    MuchAsked(usize),
    /// A way to ask for it that is empty, too long or more than one line.
    #[error("asked has {0:?}, which is not one line of 1 to {longest} characters", longest = LONGEST_ASKED)]
    Asked(String),
    /// What is asked for this is asked for an entry already.
    #[error("asked has {phrase:?}, which is also asked for {other}")]
    AskedTwice {
        /// The way to ask.
        phrase: String,
        /// The other entry, or the same.
        other: String,
    },
    /// Only one of value and unit.
    #[error("value and unit come together, or neither")]
    Amount,
    /// The upper end of a range is missing its lower end, or lies below it.
    #[error("value_to is the upper end of a range: it needs a value, and is larger")]
    Range,
    /// Sure of something that nobody can look up.
    #[error("the source {0:?} names nobody whom one could look up, so the confidence is at most medium")]
    Nameless(String),
    /// A law or an official rule without its address.
    #[error("a source of the tier {0} needs its address (source_url)")]
    NoAddress(&'static str),
    /// Not a day.
    #[error("{key} is not a date such as 2026-01-31: {text:?}")]
    Date {
        /// The key.
        key: &'static str,
        /// What it says.
        text: String,
    },
    /// The last day lies before the first.
    #[error("effective_to lies before effective_from")]
    Order,
    /// Not a code of two letters, nor `worldwide`.
    #[error("the jurisdiction {0:?} is neither a code of two capital letters nor worldwide")]
    Jurisdiction(String),
    /// Not a word that there is.
    #[error("{word:?} is no {key}; there are {allowed}")]
    Word {
        /// The key.
        key: &'static str,
        /// What it says.
        word: String,
        /// The words that there are.
        allowed: &'static str,
    },
    /// An address that is not one of the web.
    #[error("the address {0:?} does not begin with https://")]
    Address(String),
    /// Two rows of a series hold on the same day.
    #[error("it overlaps {other} of the same series {series:?}")]
    Overlap {
        /// The other row.
        other: String,
        /// The series.
        series: String,
    },
    /// Two rows of a series count in different units.
    #[error("it counts in {unit:?}, and {other} of the same series in {other_unit:?}")]
    Unit {
        /// Its unit.
        unit: String,
        /// The other row.
        other: String,
        /// The unit of the other row.
        other_unit: String,
    },
}
