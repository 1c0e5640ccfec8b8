//! Whom and what a task is about: the names in its words and the ids in its parameters, brought together.

use super::names::{Mention, Names};
use super::parameters::Parameters;
use super::{Known, KnownArtist, KnownRelease, Understanding, refusal};
use crate::model::identifier::{ArtistId, ReleaseId};
use crate::model::task::{Question, Workflow};
use crate::model::tool::{Choice, ChoiceOption};

/// The most that are offered to choose from.
const MOST_OPTIONS: usize = 30;

/// Whom and what a task is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Subjects {
    pub(super) artists: Vec<ArtistId>,
    pub(super) releases: Vec<ReleaseId>,
}

/// What a workflow has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    Artist,
    Release,
    Either,
}

fn needs(workflow: Workflow) -> Needs {
    match workflow {
        Workflow::ArtistPerformance
        | Workflow::CompareArtists
        | Workflow::ExplainChange
        | Workflow::StreamAuthenticity => Needs::Artist,
        Workflow::ReleaseInsights
        | Workflow::WaterfallPlan
        | Workflow::PromotionPlan
        | Workflow::ChangeRelease => Needs::Release,
        Workflow::ReleaseDate => Needs::Either,
        _ => Needs::Nothing,
    }
}

/// Whether names matter to a workflow at all.
pub(super) fn matter(workflow: Workflow) -> bool {
    !matches!(workflow, Workflow::Knowledge | Workflow::SystemHealth | Workflow::PerformanceLogs)
}

/// Brings them together.
///
/// # Errors
/// A question where several could be meant, or a refusal where nobody is or words and parameters differ.
pub(super) fn settle(
    workflow: Workflow,
    names: &Names,
    given: &Parameters,
    known: &Known,
) -> Result<Subjects, Understanding> {
    let resolver = Resolver { workflow, known };
    let release = given.release.as_ref().map(|id| resolver.release(id)).transpose()?;
    let artists = given.artists.iter().map(|id| resolver.artist(id)).collect::<Result<Vec<_>, _>>()?;
    if !matter(workflow) {
        let releases = release.map(|release| release.release_id.clone()).into_iter().collect();
        return Ok(Subjects { artists: ids(&artists), releases });
    }
    resolver.strangers(names, &artists, release)?;
    let releases = resolver.releases(names, &artists, release)?;
    let artists = resolver.artists(names, artists, &releases)?;
    resolver.complete(artists, releases)
}

struct Resolver<'a> {
    workflow: Workflow,
    known: &'a Known,
}

fn ids(artists: &[&KnownArtist]) -> Vec<ArtistId> {
    artists.iter().map(|artist| artist.artist_id.clone()).collect()
}

fn refused(problem: crate::model::task::Problem) -> Understanding {
    Understanding::Not(problem)
}

impl<'a> Resolver<'a> {
    fn artist(&self, id: &ArtistId) -> Result<&'a KnownArtist, Understanding> {
        let found = self.known.artists.iter().find(|artist| artist.artist_id == *id);
        found.ok_or_else(|| refused(refusal::unknown_id("artist", id.as_str())))
    }

    fn release(&self, id: &ReleaseId) -> Result<&'a KnownRelease, Understanding> {
        let found = self.known.releases.iter().find(|release| release.release_id == *id);
        found.ok_or_else(|| refused(refusal::unknown_id("release", id.as_str())))
    }

    /// Names that nobody has: passed over only where the task is about somebody known and compares nobody.
    fn strangers(
        &self,
        names: &Names,
        artists: &[&KnownArtist],
        release: Option<&KnownRelease>,
    ) -> Result<(), Understanding> {
        let Some(said) = names.strangers.first() else { return Ok(()) };
        let found = !(names.artists.is_empty() && names.releases.is_empty() && artists.is_empty())
            || release.is_some();
        let compares = self.workflow == Workflow::CompareArtists && artists.is_empty();
        let about_somebody = needs(self.workflow) != Needs::Nothing
            || matches!(self.workflow, Workflow::Earnings | Workflow::ContractSummary);
        if about_somebody && (!found || compares) {
            let releases = needs(self.workflow) == Needs::Release;
            return Err(refused(refusal::unknown_name(said, releases, self.workflow, self.known)));
        }
        Ok(())
    }

    fn releases(
        &self,
        names: &Names,
        artists: &[&KnownArtist],
        given: Option<&'a KnownRelease>,
    ) -> Result<Vec<&'a KnownRelease>, Understanding> {
        let mut found: Vec<&KnownRelease> = Vec::new();
        for mention in &names.releases {
            let all: Vec<&KnownRelease> = mention.those.iter().map(|at| &self.known.releases[*at]).collect();
            if let Some(given) = given {
                if !all.iter().any(|release| release.release_id == given.release_id) {
                    let said = format!("“{}”", mention.said);
                    return Err(refused(refusal::contradiction("releaseId", &given.title, &said)));
                }
                continue;
            }
            let theirs = self.of_named_artists(&all, names, artists);
            if theirs.is_empty() {
                let artist = names.artists.first().map_or_else(
                    || artists.first().map_or_else(String::new, |artist| artist.name.clone()),
                    |artist| artist.said.clone(),
                );
                return Err(refused(refusal::not_theirs(&mention.said, &artist)));
            }
            if theirs.len() > 1 || !mention.sure {
                return Err(self.which_release(&mention.said, &theirs, mention.sure));
            }
            found.extend(theirs);
        }
        if let Some(given) = given {
            let said = names.artists.iter().find(|mention| !self.may_mean(mention, &given.artist_id));
            let other = said.filter(|_| self.workflow != Workflow::CompareArtists);
            if let Some(mention) = other {
                return Err(refused(refusal::contradiction("releaseId", &given.title, &mention.said)));
            }
            if !artists.is_empty() && !artists.iter().any(|artist| artist.artist_id == given.artist_id) {
                return Err(refused(refusal::not_theirs(&given.title, &artists[0].name)));
            }
            found.push(given);
        }
        Ok(found)
    }

    fn may_mean(&self, mention: &Mention, id: &ArtistId) -> bool {
        mention.those.iter().any(|at| self.known.artists[*at].artist_id == *id)
    }

    /// Of releases of one title, those of the artists that are named; all where none is.
    fn of_named_artists(
        &self,
        all: &[&'a KnownRelease],
        names: &Names,
        artists: &[&KnownArtist],
    ) -> Vec<&'a KnownRelease> {
        if names.artists.is_empty() && artists.is_empty() {
            return all.to_vec();
        }
        let is_theirs = |release: &&&KnownRelease| {
            names.artists.iter().any(|mention| self.may_mean(mention, &release.artist_id))
                || artists.iter().any(|artist| artist.artist_id == release.artist_id)
        };
        all.iter().filter(is_theirs).copied().collect()
    }

    fn artists(
        &self,
        names: &Names,
        given: Vec<&'a KnownArtist>,
        releases: &[&KnownRelease],
    ) -> Result<Vec<&'a KnownArtist>, Understanding> {
        let mut found: Vec<&KnownArtist> = Vec::new();
        for mention in &names.artists {
            let all: Vec<&KnownArtist> = mention.those.iter().map(|at| &self.known.artists[*at]).collect();
            let with = |ids: &dyn Fn(&ArtistId) -> bool| -> Vec<&'a KnownArtist> {
                all.iter().filter(|artist| ids(&artist.artist_id)).copied().collect()
            };
            let as_given = with(&|id| given.iter().any(|artist| artist.artist_id == *id));
            let as_released = with(&|id| releases.iter().any(|release| release.artist_id == *id));
            let one = match (as_given.as_slice(), as_released.as_slice(), all.as_slice()) {
                ([one], _, _) | ([], [one], _) => one,
                ([], _, [one]) if mention.sure => one,
                _ => return Err(self.which_artist(&mention.said, &all, mention.sure)),
            };
            if !found.iter().any(|artist| artist.artist_id == one.artist_id) {
                found.push(one);
            }
        }
        for artist in given {
            let is_there = found.iter().any(|known| known.artist_id == artist.artist_id);
            if !is_there && !found.is_empty() && self.workflow != Workflow::CompareArtists {
                return Err(refused(refusal::contradiction("artistId", &artist.name, &found[0].name)));
            }
            if !is_there {
                found.push(artist);
            }
        }
        Ok(found)
    }

    /// Puts in what follows from the rest, and asks for what is missing.
    fn complete(
        &self,
        mut artists: Vec<&'a KnownArtist>,
        mut releases: Vec<&'a KnownRelease>,
    ) -> Result<Subjects, Understanding> {
        for release in &releases {
            let named = artists.iter().any(|artist| artist.artist_id == release.artist_id);
            if !named && let Ok(artist) = self.artist(&release.artist_id) {
                artists.push(artist);
            }
        }
        let needs = needs(self.workflow);
        if artists.is_empty() && matches!(needs, Needs::Artist | Needs::Either) {
            match self.known.artists.as_slice() {
                [only] => artists.push(only),
                all => {
                    return Err(self.ask_artist(
                        "Which artist do you mean?".to_owned(),
                        &all.iter().collect::<Vec<_>>(),
                    ));
                }
            }
        }
        if releases.is_empty() && needs == Needs::Release {
            let all: Vec<&KnownRelease> = self
                .known
                .releases
                .iter()
                .filter(|release| {
                    artists.is_empty() || artists.iter().any(|artist| artist.artist_id == release.artist_id)
                })
                .collect();
            match all.as_slice() {
                [only] => releases.push(only),
                all => return Err(self.ask_release("Which release do you mean?".to_owned(), all)),
            }
            return self.complete(artists, releases);
        }
        let releases = releases.iter().map(|release| release.release_id.clone()).collect();
        Ok(Subjects { artists: ids(&artists), releases })
    }

    fn which_artist(&self, said: &str, all: &[&KnownArtist], sure: bool) -> Understanding {
        let text = if sure {
            format!("Several artists are called {said}. Which one do you mean?")
        } else {
            format!("No artist is called “{said}” exactly. Do you mean one of these?")
        };
        self.ask_artist(text, all)
    }

    fn which_release(&self, said: &str, all: &[&KnownRelease], sure: bool) -> Understanding {
        let text = if sure {
            format!("Several releases are called {said}. Which one do you mean?")
        } else {
            format!("No release is called “{said}” exactly. Do you mean one of these?")
        };
        self.ask_release(text, all)
    }

    fn ask_artist(&self, text: String, all: &[&KnownArtist]) -> Understanding {
        let options = all.iter().map(|artist| ChoiceOption {
            value: artist.artist_id.to_string(),
            title: titled(&artist.name, &artist.told_apart),
        });
        self.ask(text, "artistId", options.collect())
    }

    fn ask_release(&self, text: String, all: &[&KnownRelease]) -> Understanding {
        let options = all.iter().map(|release| {
            let artist = self.known.artists.iter().find(|artist| artist.artist_id == release.artist_id);
            let artist = artist.map_or_else(String::new, |artist| titled(&artist.name, &artist.told_apart));
            ChoiceOption { value: release.release_id.to_string(), title: titled(&release.title, &artist) }
        });
        self.ask(text, "releaseId", options.collect())
    }

    fn ask(&self, text: String, argument: &str, options: Vec<ChoiceOption>) -> Understanding {
        if options.is_empty() || options.len() > MOST_OPTIONS {
            let releases = argument == "releaseId";
            return refused(refusal::nobody_to_choose(releases, self.workflow, self.known));
        }
        let choice = Choice { argument: argument.to_owned(), replaces: "task".to_owned(), options };
        Understanding::Ask(Question { text, choice })
    }
}

fn titled(name: &str, apart: &str) -> String {
    if apart.is_empty() { name.to_owned() } else { format!("{name} ({apart})") }
}
