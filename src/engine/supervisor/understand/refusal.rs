//! What is said where a task is not understood, or cannot be.

use super::period::{self, Period};
use super::{Known, names};
use crate::model::task::{LONGEST_TASK, Problem, Workflow};
use jiff::ToSpan;

/// A sentence that each workflow understands.
pub(super) fn example(workflow: Workflow, known: &Known) -> String {
    let artist = known.artists.first().map_or("an artist", |artist| artist.name.as_str());
    let release = known.releases.first().map_or("a release", |release| release.title.as_str());
    match workflow {
        Workflow::ArtistPerformance => format!("How is {artist} doing this month against last?"),
        Workflow::Breakouts => "Which artists are breaking out?".to_owned(),
        Workflow::CompareArtists => format!("Compare {artist} with similar artists"),
        Workflow::GenreTrends => "Which genres are growing, by territory?".to_owned(),
        Workflow::ExplainChange => format!("Why did the streams of {artist} change last month?"),
        Workflow::StreamAuthenticity => format!("Are the streams of {artist} real?"),
        Workflow::ReleaseInsights => format!("Release report for {release}"),
        Workflow::ReleaseDate => format!("What is the best release date for {release}?"),
        Workflow::WaterfallPlan => format!("Make a waterfall plan for {release}"),
        Workflow::PromotionPlan => format!("Write a promotion plan and pitch for {release}"),
        Workflow::ChangeRelease => {
            let day = period::day(known.today.saturating_add(60.days()));
            format!("Move the release date of “{release}” to {day}")
        }
        Workflow::CheckUpload => "Check the newest upload".to_owned(),
        Workflow::Knowledge => "How long before a release do we have to deliver?".to_owned(),
        Workflow::Earnings => "What did we earn last quarter?".to_owned(),
        Workflow::ContractSummary => format!("Summarise the contract of {artist}"),
        Workflow::AssetAccess => "Who downloaded our files last week?".to_owned(),
        Workflow::PerformanceLogs => "Show the errors in the performance logs".to_owned(),
        Workflow::SystemHealth => "Is everything up?".to_owned(),
        Workflow::WeeklyReport => "Weekly label report".to_owned(),
    }
}

/// What is offered to somebody of whom nothing is known.
const USUAL: [Workflow; 3] = [Workflow::ArtistPerformance, Workflow::Breakouts, Workflow::Knowledge];

fn nearest(near: &[Workflow], known: &Known) -> Vec<String> {
    let near = if near.is_empty() { &USUAL[..] } else { near };
    near.iter().map(|workflow| example(*workflow, known)).collect()
}

pub(super) fn empty(known: &Known) -> Problem {
    Problem {
        message: "The task has no words.".to_owned(),
        remedy: "Say in a sentence what you want to know or have done.".to_owned(),
        nearest: nearest(&[], known),
    }
}

pub(super) fn too_long(characters: usize, known: &Known) -> Problem {
    Problem {
        message: format!("The task has {characters} characters; at most {LONGEST_TASK} are read."),
        remedy: "Say it in a sentence or two, and give ids and dates as parameters.".to_owned(),
        nearest: nearest(&[], known),
    }
}

pub(super) fn not_understood(near: &[Workflow], known: &Known) -> Problem {
    Problem {
        message: "It is not clear what is to be done.".to_owned(),
        remedy: "Say it in other words; these are the nearest things that can be done.".to_owned(),
        nearest: nearest(near, known),
    }
}

/// An order to change something that no workflow changes.
pub(super) fn change(known: &Known) -> Problem {
    Problem {
        message: "A task can change the release date, title, genre or status of one release. It changes, sends \
                  and removes nothing else."
            .to_owned(),
        remedy: "Say which release, what of it, and what it is to be; for other changes use the page of the thing \
                 itself."
            .to_owned(),
        nearest: nearest(&[Workflow::ChangeRelease], known),
    }
}

/// A name that nobody has.
pub(super) fn unknown_name(said: &str, releases: bool, workflow: Workflow, known: &Known) -> Problem {
    let near = names::suggestions(said, known, releases);
    let what = if releases { "release" } else { "artist" };
    let remedy = match near.as_slice() {
        [] => format!("Use the name as the label writes it, or give the id as the parameter {what}Id."),
        near => format!("The nearest names are {}.", list(near)),
    };
    Problem {
        message: format!("There is no {what} “{said}” among those that you may see."),
        remedy,
        nearest: vec![example(workflow, known)],
    }
}

pub(super) fn unknown_id(what: &str, id: &str) -> Problem {
    Problem {
        message: format!("There is no {what} with the id {id} among those that you may see."),
        remedy: format!("Look the {what} up and use the id that its page shows."),
        nearest: Vec::new(),
    }
}

pub(super) fn unknown_genre(said: &str, known: &Known) -> Problem {
    Problem {
        message: format!("The label has nobody in the genre “{said}”."),
        remedy: format!("Its genres are {}.", list(&known.genres)),
        nearest: vec![example(Workflow::GenreTrends, known)],
    }
}

/// The words say one thing, a parameter another.
pub(super) fn contradiction(parameter: &str, given: &str, said: &str) -> Problem {
    Problem {
        message: format!("The words of the task say {said}, but the parameter {parameter} says {given}."),
        remedy: "Change one of them so that both say the same, or leave the parameter out.".to_owned(),
        nearest: Vec::new(),
    }
}

pub(super) fn parameter(message: String, names: &str) -> Problem {
    Problem { message, remedy: format!("The parameters are {names}."), nearest: Vec::new() }
}

pub(super) fn not_theirs(release: &str, artist: &str) -> Problem {
    Problem {
        message: format!("“{release}” is not a release of {artist}."),
        remedy: "Name the release with its own artist, or only the release.".to_owned(),
        nearest: Vec::new(),
    }
}

pub(super) fn future(period: Period, known: &Known, workflow: Workflow) -> Problem {
    Problem {
        message: format!(
            "{} is still to come, and there are no figures of days to come.",
            period::in_words(period)
        ),
        remedy: format!("Ask about days before {}.", period::day(known.today)),
        nearest: vec![example(workflow, known)],
    }
}

pub(super) fn nobody_to_choose(releases: bool, workflow: Workflow, known: &Known) -> Problem {
    let what = if releases { "release" } else { "artist" };
    Problem {
        message: format!("The task does not say which {what} it is about."),
        remedy: format!("Name the {what}, or give its id as the parameter {what}Id."),
        nearest: vec![example(workflow, known)],
    }
}

/// Names in a sentence.
pub(super) fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
