//! A change of a release that somebody orders: which release, which attribute, and what it is to be.
//!
//! Nothing is guessed: where two releases could be meant the person is asked, and where a word is left over of which
//! nothing was made, nothing is planned.

mod order;
mod refusal;
mod value;

use super::names::{self, Names};
use super::parameters::Parameters;
use super::period::{self, Direction};
use super::text::Text;
use super::{Known, KnownRelease, Understanding, Understood, line, subjects};
use crate::model::task::Workflow;
use jiff::civil::Date;
use order::Order;

/// What of a release a task can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attribute {
    /// The day on which it comes out.
    ReleaseDate,
    /// The title.
    Title,
    /// The main genre.
    Genre,
    /// Where it stands on its way to the public.
    Status,
}

impl Attribute {
    /// The name in the record, and in the arguments of `update_release_data`.
    pub fn id(self) -> &'static str {
        match self {
            Self::ReleaseDate => "releaseDate",
            Self::Title => "title",
            Self::Genre => "genre",
            Self::Status => "status",
        }
    }

    /// The words for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::ReleaseDate => "release date",
            Self::Title => "title",
            Self::Genre => "genre",
            Self::Status => "status",
        }
    }
}

/// What is to become of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseChange {
    /// What the release is called now.
    pub title: String,
    /// What of it.
    pub attribute: Attribute,
    /// The new value, as the record has it.
    pub value: String,
}

/// Words of an order that say nothing beside what was read in them.
const FILLERS: &str = "the a an of for from on to at by is be it its my our your this that new current please pls now \
    then instead thanks thank you back down forward up out release releases single album ep lp record date day title \
    name genre status later earlier as";

/// Reads an order to change a release; none where the task is none.
///
/// # Errors
/// A question where several releases could be meant, or a refusal where it is not clear what is to be.
pub(super) fn read(
    task: &str,
    given: &Parameters,
    known: &Known,
) -> Option<Result<Understood, Understanding>> {
    let order = order::read(task, known, given.release.is_some())?;
    Some(settle(task, &order, given, known))
}

/// What is meant by a parameter that names the workflow, where the words order no change.
pub(super) fn nothing_ordered(known: &Known) -> Understanding {
    Understanding::Not(refusal::nothing_ordered(known))
}

fn settle(
    task: &str,
    order: &Order<'_>,
    given: &Parameters,
    known: &Known,
) -> Result<Understood, Understanding> {
    let mut before = Text::read(order.before);
    let names = names::take(&mut before, known);
    let mut after = Text::read(order.value.unwrap_or_default());
    // `Set the date to 4 December for Midnight Atlas`: but words of a title are never read as the name of a release.
    let is_named_after = names.releases.is_empty() && order.attribute != Attribute::Title;
    let names = if is_named_after { joined(names, names::take(&mut after, known)) } else { names };
    if names.releases.is_empty() && given.release.is_none() && order.needs_a_named_release() {
        return Err(Understanding::Not(refusal::name_the_release(order.attribute, known)));
    }
    let settled = subjects::settle(Workflow::ChangeRelease, &names, given, known);
    if let (Err(other), false) = (&settled, names.strangers.is_empty()) {
        return Err(other.clone());
    }
    let as_said = before.clone();
    let from = period::read(&before, known.today, Direction::Past);
    for place in &from.places {
        before.take(*place..*place + 1);
    }
    nothing_left(&before, order, known)?;
    let subjects = settled?;
    let release = match subjects.releases.as_slice() {
        [one] => known.releases.iter().find(|release| release.release_id == *one),
        _ => None,
    };
    let release = release.ok_or_else(|| Understanding::Not(refusal::one_at_a_time(known)))?;
    if !from.places.is_empty() {
        fits_now(&as_said, release, known)?;
    }
    let value = value::of(order, &mut after, release, known)?;
    if given.period.is_some_and(|period| period.from.to_string() != value || period.from != period.to) {
        return Err(Understanding::Not(refusal::period_differs()));
    }
    let change = ReleaseChange { title: release.title.clone(), attribute: order.attribute, value };
    let mut understood = Understood {
        workflow: Workflow::ChangeRelease,
        artists: subjects.artists,
        releases: subjects.releases,
        period: None,
        before: None,
        territory: None,
        further_territories: Vec::new(),
        by_territory: false,
        genre: None,
        file: None,
        change: None,
        topic: task.to_owned(),
        line: String::new(),
    };
    understood.line = format!("{}; {}", line(&understood, known), in_words(&change));
    understood.change = Some(change);
    Ok(understood)
}

/// Names of both. What is no name in the words of a value is a day or a genre, and no stranger.
fn joined(mut one: Names, other: Names) -> Names {
    one.artists.extend(other.artists);
    one.releases.extend(other.releases);
    one
}

/// A day that the order says it was has to be the day that it is.
fn fits_now(before: &Text, release: &KnownRelease, known: &Known) -> Result<(), Understanding> {
    let says = |direction| {
        let period = period::read(before, known.today, direction).period?;
        (period.from == period.to).then_some(period.from)
    };
    let said: Vec<Date> = [Direction::Records, Direction::Future].into_iter().filter_map(says).collect();
    if said.iter().any(|day| Some(*day) == release.release_date) {
        return Ok(());
    }
    Err(Understanding::Not(refusal::is_another_day_now(release)))
}

/// Refuses an order of which words are left over.
fn nothing_left(text: &Text, order: &Order<'_>, known: &Known) -> Result<(), Understanding> {
    let left = text.tokens.iter().filter(|token| !token.taken && !order.uses(&token.word));
    let left: Vec<String> =
        left.filter(|token| !is_filler(&token.word)).map(|token| token.raw.clone()).collect();
    if left.is_empty() { Ok(()) } else { Err(Understanding::Not(refusal::left_over(&left, known))) }
}

fn is_filler(word: &str) -> bool {
    FILLERS.split_whitespace().any(|known| known == word)
}

/// A change in words.
fn in_words(change: &ReleaseChange) -> String {
    let day = change.value.parse::<Date>().ok().filter(|_| change.attribute == Attribute::ReleaseDate);
    let value = day.map_or_else(|| format!("“{}”", change.value), period::day);
    format!("{}: {value}", change.attribute.label())
}
