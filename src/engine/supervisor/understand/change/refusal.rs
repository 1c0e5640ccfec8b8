//! What is said where it is not clear what a release is to become, or where it cannot become that.

use super::Attribute;
use crate::engine::supervisor::understand::{Known, KnownRelease, period, refusal};
use crate::model::task::{Problem, Workflow};
use crate::model::written_time::weekday;
use jiff::civil::{Date, Weekday};

fn problem(message: String, remedy: &str) -> Problem {
    Problem { message, remedy: remedy.to_owned(), nearest: Vec::new() }
}

fn with_example(problem: Problem, known: &Known) -> Problem {
    Problem { nearest: vec![refusal::example(Workflow::ChangeRelease, known)], ..problem }
}

pub(super) fn nothing_ordered(known: &Known) -> Problem {
    let message = "The task does not say what of a release is to be changed.".to_owned();
    with_example(problem(message, "Say which release, what of it, and what it is to be."), known)
}

pub(super) fn name_the_release(attribute: Attribute, known: &Known) -> Problem {
    let message =
        format!("The task does not say of which release the {} is to be changed.", attribute.label());
    let remedy = "Name the release before what it is to be. Artists are changed on their own page.";
    with_example(problem(message, remedy), known)
}

pub(super) fn one_at_a_time(known: &Known) -> Problem {
    let message = "A task changes one release, and this one does not name exactly one.".to_owned();
    with_example(problem(message, "Send a task for each release."), known)
}

pub(super) fn left_over(words: &[String], known: &Known) -> Problem {
    let said = words.iter().take(8).map(String::as_str).collect::<Vec<_>>().join(" ");
    let message = format!("It is not clear what “{said}” is to mean for the change, so nothing is changed.");
    let remedy = "Say only the release, what of it, and what it is to be; put titles in quotation marks.";
    with_example(problem(message, remedy), known)
}

pub(super) fn no_value(attribute: Attribute, release: &KnownRelease) -> Problem {
    let message =
        format!("The task does not say what the {} of “{}” is to be.", attribute.label(), release.title);
    problem(message, "Say it with a “to”, for instance: to 4 December.")
}

pub(super) fn no_day(said: &str) -> Problem {
    let said: String = said.chars().take(60).collect();
    let message = format!("“{said}” is not one certain day.");
    problem(message, "Say the day with its month, for instance 4 December 2026 or 2026-12-04.")
}

pub(super) fn other_weekday(day: Date, said: Weekday) -> Problem {
    let message =
        format!("{} is a {}, but the task says {}.", period::day(day), weekday(day.weekday()), weekday(said));
    problem(message, "Correct the day of the week or the date.")
}

pub(super) fn is_past(day: Date, release: &KnownRelease) -> Problem {
    let message = format!("{} is past, and “{}” is still to come out.", period::day(day), release.title);
    problem(message, "Say a day to come, with its year.")
}

pub(super) fn is_so_already(attribute: Attribute, release: &KnownRelease) -> Problem {
    let message =
        format!("The {} of “{}” is that already, so nothing was done.", attribute.label(), release.title);
    problem(message, "Look at the page of the release.")
}

pub(super) fn is_another_day_now(release: &KnownRelease) -> Problem {
    let now = release.release_date.map_or_else(|| "not known".to_owned(), period::day);
    let message = format!("The release date of “{}” is {now}, and the task names another.", release.title);
    problem(message, "Leave out what it was, or look which release you mean.")
}

pub(super) fn no_status(said: &str) -> Problem {
    let said: String = said.chars().take(60).collect();
    let message = format!("“{said}” is no status of a release.");
    problem(message, "A release is draft, scheduled, released or withdrawn.")
}

pub(super) fn unclear_title(said: &str) -> Problem {
    let said: String = said.chars().take(60).collect();
    let message = format!("It is not clear which part of “{said}” is the new title.");
    problem(message, "Put the title in quotation marks, and change one thing with each task.")
}

pub(super) fn period_differs() -> Problem {
    let message = "The words of the task and its parameters “from” and “to” name different days.".to_owned();
    problem(message, "Leave the parameters out: the new day stands in the words.")
}
