//! From the words of a task to what is to be done: the workflow, and whom, when and where it is about.
//!
//! Names, files, periods, places and genres are found first and taken out of the text; what the other words are
//! about is weighed. What is not understood does nothing; of changes, only that of a release is understood, and it is
//! made when a person has approved it. Where several things could be meant, the person is asked.

mod change;
mod concepts;
mod files;
mod genres;
mod lexicon;
mod names;
mod not_looked_at;
mod parameters;
mod period;
mod places;
mod refusal;
mod score;
mod stem;
mod subjects;
#[cfg(test)]
pub(super) mod tests;
mod text;
mod weights;

pub use change::{Attribute, ReleaseChange};
pub(in crate::engine::supervisor) use not_looked_at::not_looked_at;
pub use period::Period;
pub(in crate::engine::supervisor) use places::name as territory_name;
pub(in crate::engine::supervisor) use text::folded;

use crate::model::identifier::{ArtistId, ReleaseId};
use crate::model::task::{LONGEST_TASK, Problem, Question, TaskRequest, Workflow};
use crate::model::tool::{Choice, ChoiceOption};
use concepts::Concept;
use files::FileKind;
use jiff::ToSpan;
use jiff::civil::Date;
use names::Names;
use parameters::Parameters;
use period::Direction;
use score::Verdict;
use std::collections::BTreeMap;
use text::Text;

/// An artist whom the person may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownArtist {
    /// The id.
    pub artist_id: ArtistId,
    /// The name, which others may have, too.
    pub name: String,
    /// What tells namesakes apart; may be empty.
    pub told_apart: String,
    /// The genre.
    pub genre: String,
}

/// A release that the person may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRelease {
    /// The id.
    pub release_id: ReleaseId,
    /// The title, which others may have, too.
    pub title: String,
    /// The main artist.
    pub artist_id: ArtistId,
    /// The day of release, where it is fixed.
    pub release_date: Option<Date>,
}

/// What words are compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The artists whom the person may see.
    pub artists: Vec<KnownArtist>,
    /// The releases that the person may see.
    pub releases: Vec<KnownRelease>,
    /// The label's genres.
    pub genres: Vec<String>,
    /// Today where the label is.
    pub today: Date,
}

/// What came of reading a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Understanding {
    /// It is clear what is to be done.
    Clear(Box<Understood>),
    /// Several things could be meant; the choice's argument is the parameter that settles it.
    Ask(Question),
    /// Nothing can be done, and why.
    Not(Problem),
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Understood {
    /// The workflow.
    pub workflow: Workflow,
    /// The artists that it is about.
    pub artists: Vec<ArtistId>,
    /// The releases that it is about.
    pub releases: Vec<ReleaseId>,
    /// The days that it is about; none where nothing was said.
    pub period: Option<Period>,
    /// The days that they are compared with.
    pub before: Option<Period>,
    /// ISO 3166-1 alpha-2.
    pub territory: Option<String>,
    /// Those that are named beside it: one is looked at, and these are said to be left out.
    pub further_territories: Vec<String>,
    /// Whether it asks in which territories, and names none.
    pub by_territory: bool,
    /// One of the label's genres.
    pub genre: Option<String>,
    /// The name of a file.
    pub file: Option<String>,
    /// What is to become of a release; none where the task changes nothing.
    pub change: Option<ReleaseChange>,
    /// The question's own words.
    pub topic: String,
    /// What was understood, in one line for people.
    pub line: String,
}

/// How many words may stand beside a name that is nearly all that was said.
const MOST_BARE: usize = 2;

/// What was found in the words before they are weighed.
struct Findings {
    text: Text,
    names: Names,
    territories: Vec<&'static str>,
    genres: Vec<String>,
    strange_genres: Vec<String>,
    file: Option<String>,
    /// The text without what was taken for a period, which is read again once the direction is known.
    before_periods: Text,
    is_week: bool,
    compares_periods: bool,
}

/// Reads a task.
pub fn understand(request: &TaskRequest, known: &Known) -> Understanding {
    let read = read(request, known);
    match read {
        Ok(understood) => Understanding::Clear(Box::new(understood)),
        Err(other) => other,
    }
}

fn read(request: &TaskRequest, known: &Known) -> Result<Understood, Understanding> {
    let task = request.task.trim();
    let characters = task.chars().count();
    if characters > LONGEST_TASK {
        return Err(Understanding::Not(refusal::too_long(characters, known)));
    }
    let given = Parameters::read(&request.parameters).map_err(Understanding::Not)?;
    if given.workflow.is_none_or(|workflow| workflow == Workflow::ChangeRelease) {
        if let Some(changed) = change::read(task, &given, known) {
            return changed;
        }
        if given.workflow.is_some() {
            return Err(change::nothing_ordered(known));
        }
    }
    let findings = find(task, known);
    if findings.text.tokens.is_empty() && findings.file.is_none() && given.workflow.is_none() {
        return Err(Understanding::Not(refusal::empty(known)));
    }
    if lexicon::orders_a_change(&findings.text) {
        return Err(Understanding::Not(refusal::change(known)));
    }
    let workflow = match given.workflow {
        Some(workflow) => workflow,
        None => workflow(&findings, &given, known)?,
    };
    let subjects = subjects::settle(workflow, &findings.names, &given, known)?;
    let (period, before) = periods(workflow, &findings, &given, known)?;
    let territory = territory(workflow, &findings, &given)?;
    let genre = genre(workflow, &findings, &given, known)?;
    let file = file(&findings, &given)?;
    let further =
        findings.territories.iter().filter(|code| territory.as_deref().is_some_and(|one| one != **code));
    let further_territories = further.map(|code| (*code).to_owned()).collect();
    let by_territory = territory.is_none() && asks_where(workflow, &findings.text);
    let mut understood = Understood {
        workflow,
        artists: subjects.artists,
        releases: subjects.releases,
        period,
        before,
        territory,
        further_territories,
        by_territory,
        genre,
        file,
        change: None,
        topic: task.to_owned(),
        line: String::new(),
    };
    understood.line = line(&understood, known);
    Ok(understood)
}

fn find(task: &str, known: &Known) -> Findings {
    let (file, rest) = files::take(task);
    let mut text = Text::read(&rest);
    let names = names::take(&mut text, known);
    let territories = places::take(&mut text);
    let (genres, strange_genres) = genres::take(&mut text, &known.genres);
    lexicon::correct(&mut text);
    let before_periods = text.clone();
    let periods = period::read(&text, known.today, Direction::Past);
    for place in periods.places {
        text.take(place..place + 1);
    }
    Findings {
        text,
        names,
        territories,
        genres,
        strange_genres,
        file,
        before_periods,
        is_week: periods.is_week,
        compares_periods: periods.before.is_some(),
    }
}

/// The workflow that the words, and what they name, speak for.
fn workflow(findings: &Findings, given: &Parameters, known: &Known) -> Result<Workflow, Understanding> {
    let mut found = lexicon::concepts(&findings.text);
    let mut has = |concept: Concept, is_there: bool| {
        if is_there {
            found.insert(concept, 1);
        }
    };
    let Findings { names, file, .. } = findings;
    let artists = names.artists.len().max(given.artists.len());
    let has_release = !names.releases.is_empty() || given.release.is_some();
    let kind = file.as_deref().or(given.file.as_deref()).and_then(files::kind);
    let upcoming = names
        .releases
        .iter()
        .flat_map(|mention| &mention.those)
        .any(|at| known.releases[*at].release_date.is_some_and(|day| day > known.today));
    let stranger = artists == 0 && !has_release && !names.strangers.is_empty();
    has(Concept::HasArtist, artists > 0);
    has(Concept::HasArtists, artists > 1);
    has(Concept::HasStranger, stranger);
    has(Concept::HasRelease, has_release);
    has(Concept::HasUpcoming, upcoming);
    has(Concept::HasGenre, !findings.genres.is_empty() || given.genre.is_some());
    has(Concept::HasTerritory, !findings.territories.is_empty() || given.territory.is_some());
    has(Concept::HasAudio, kind == Some(FileKind::Audio));
    has(Concept::HasDocument, kind == Some(FileKind::Other));
    has(Concept::HasWeek, findings.is_week);
    has(Concept::HasComparison, findings.compares_periods && artists == 1);
    has(Concept::Bare, findings.text.tokens.iter().filter(|token| !token.taken).count() <= MOST_BARE);
    has(Concept::NoArtist, artists == 0 && !has_release && !stranger);
    has(Concept::NoRelease, !has_release);
    has(Concept::NoSubject, artists == 0 && !has_release);
    decide(&found, known)
}

fn decide(found: &BTreeMap<Concept, usize>, known: &Known) -> Result<Workflow, Understanding> {
    match score::weigh(found) {
        Verdict::Clear(workflow) => Ok(workflow),
        Verdict::Nothing(near) => Err(Understanding::Not(refusal::not_understood(&near, known))),
        Verdict::Near(one, other) => {
            let option = |workflow: Workflow| ChoiceOption {
                value: workflow.id().to_owned(),
                title: workflow.label().to_owned(),
            };
            let choice = Choice {
                argument: "workflow".to_owned(),
                replaces: "task".to_owned(),
                options: vec![option(one), option(other)],
            };
            let text = "The words could mean two things. Which one do you mean?".to_owned();
            Err(Understanding::Ask(Question { text, choice }))
        }
    }
}

/// Whether a workflow looks at figures, at records, or plans what is to come.
fn direction(workflow: Workflow) -> Direction {
    match workflow {
        Workflow::ReleaseDate | Workflow::WaterfallPlan | Workflow::PromotionPlan => Direction::Future,
        Workflow::PerformanceLogs | Workflow::SystemHealth | Workflow::AssetAccess => Direction::Records,
        _ => Direction::Past,
    }
}

/// Whether trends are asked for by territory: `what countries is folk picking up in`, but not `worldwide`.
fn asks_where(workflow: Workflow, text: &Text) -> bool {
    let is_whole = text.tokens.iter().any(|token| matches!(token.word.as_str(), "worldwide" | "globally"));
    workflow == Workflow::GenreTrends && !is_whole && lexicon::concepts(text).contains_key(&Concept::Where)
}

/// Whether a workflow compares a period with the one before.
fn compares(workflow: Workflow) -> bool {
    matches!(workflow, Workflow::ArtistPerformance | Workflow::ExplainChange | Workflow::StreamAuthenticity)
}

/// What is meant where no days are named and the records would otherwise have no beginning.
fn usual_period(workflow: Workflow, today: Date) -> Option<Period> {
    let back = match workflow {
        Workflow::PerformanceLogs => 1,
        Workflow::AssetAccess => 7,
        Workflow::WeeklyReport => {
            let yesterday = today.yesterday().ok()?;
            return Some(Period { from: today.saturating_sub(7.days()), to: yesterday });
        }
        _ => return None,
    };
    Some(Period { from: today.saturating_sub(back.days()), to: today })
}

type Periods = (Option<Period>, Option<Period>);

fn periods(
    workflow: Workflow,
    findings: &Findings,
    given: &Parameters,
    known: &Known,
) -> Result<Periods, Understanding> {
    if matches!(workflow, Workflow::Knowledge | Workflow::ContractSummary | Workflow::ReleaseInsights) {
        return Ok((given.period, given.before));
    }
    let direction = direction(workflow);
    let named = period::read(&findings.before_periods, known.today, direction);
    let differ = |name: &str, given: Option<Period>, said: Option<Period>| match (given, said) {
        (Some(given), Some(said)) if given != said => {
            let problem = refusal::contradiction(name, &period::in_words(given), &period::in_words(said));
            Err(Understanding::Not(problem))
        }
        _ => Ok(given.or(said)),
    };
    let period = differ("from", given.period, named.period)?;
    let before = differ("compareFrom", given.before, named.before)?;
    if let Some(future) = period.filter(|period| direction != Direction::Future && period.from > known.today)
    {
        return Err(Understanding::Not(refusal::future(future, known, workflow)));
    }
    let period = period.or_else(|| usual_period(workflow, known.today));
    let usual = || match given.period {
        Some(given) => period::just_before(given),
        None => named.usual_before,
    };
    Ok((period, before.or_else(|| usual().filter(|_| compares(workflow)))))
}

fn territory(
    workflow: Workflow,
    findings: &Findings,
    given: &Parameters,
) -> Result<Option<String>, Understanding> {
    let said = findings.territories.first().map(|code| (*code).to_owned());
    match (&given.territory, said) {
        (Some(given), Some(said)) if *given != said => {
            let name = |code: &str| places::name(code).unwrap_or("another country").to_owned();
            Err(Understanding::Not(refusal::contradiction("territory", &name(given), &name(&said))))
        }
        // The knowledge base reads the country of a question itself.
        (given, _) if workflow == Workflow::Knowledge => Ok(given.clone()),
        (given, said) => Ok(given.clone().or(said)),
    }
}

fn genre(
    workflow: Workflow,
    findings: &Findings,
    given: &Parameters,
    known: &Known,
) -> Result<Option<String>, Understanding> {
    let asked = given.genre.as_deref();
    let known_genre = asked.map(|said| {
        let found = genres::known(said, &known.genres);
        found.ok_or_else(|| Understanding::Not(refusal::unknown_genre(said, known)))
    });
    let of_parameter = known_genre.transpose()?.map(str::to_owned);
    let needs_one = workflow == Workflow::GenreTrends && findings.genres.is_empty() && of_parameter.is_none();
    if let Some(said) = findings.strange_genres.iter().find(|said| needs_one && !is_another_word(said)) {
        return Err(Understanding::Not(refusal::unknown_genre(said, known)));
    }
    let speaks_of_genres = matches!(workflow, Workflow::GenreTrends | Workflow::Breakouts);
    let said = findings.genres.first().cloned().filter(|_| speaks_of_genres);
    match (of_parameter, said) {
        (Some(given), Some(said)) if given != said => {
            Err(Understanding::Not(refusal::contradiction("genre", &given, &said)))
        }
        (given, said) => Ok(given.or(said)),
    }
}

/// Genres whose names mean something else in a question about places.
fn is_another_word(said: &str) -> bool {
    matches!(text::folded(said).as_str(), "country" | "house" | "metal" | "trap")
}

fn file(findings: &Findings, given: &Parameters) -> Result<Option<String>, Understanding> {
    match (&given.file, &findings.file) {
        (Some(given), Some(said)) if !given.to_lowercase().ends_with(&said.to_lowercase()) => {
            Err(Understanding::Not(refusal::contradiction("fileName", given, said)))
        }
        (given, said) => Ok(given.clone().or_else(|| said.clone())),
    }
}

/// What was understood, in one line.
fn line(understood: &Understood, known: &Known) -> String {
    let mut parts: Vec<String> = Vec::new();
    let titles: Vec<String> = understood
        .releases
        .iter()
        .filter_map(|id| known.releases.iter().find(|release| release.release_id == *id))
        .map(|release| release.title.clone())
        .collect();
    let names: Vec<String> = understood
        .artists
        .iter()
        .filter_map(|id| known.artists.iter().find(|artist| artist.artist_id == *id))
        .map(|artist| {
            if artist.told_apart.is_empty() {
                artist.name.clone()
            } else {
                format!("{} ({})", artist.name, artist.told_apart)
            }
        })
        .collect();
    parts.extend([titles, names].iter().filter(|list| !list.is_empty()).map(|list| refusal::list(list)));
    parts.extend(understood.genre.clone());
    parts.extend(understood.territory.as_deref().map(|code| places::name(code).unwrap_or(code).to_owned()));
    parts.extend(understood.by_territory.then(|| "by territory".to_owned()));
    parts.extend(understood.file.clone());
    if let Some(period) = understood.period {
        let before = understood.before.map(|before| format!(" against {}", period::in_words(before)));
        parts.push(format!("{}{}", period::in_words(period), before.unwrap_or_default()));
    }
    let label = understood.workflow.label();
    if parts.is_empty() { label.to_owned() } else { format!("{label}: {}", parts.join(", ")) }
}
