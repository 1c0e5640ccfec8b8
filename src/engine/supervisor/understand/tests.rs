//! The sentences of `tests/supervisor/sentences.toml`, and what must never happen.

use super::*;
use crate::model::role::Role;
use crate::model::workflow::{Need, WORKFLOWS};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

const SENTENCES: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/supervisor/sentences.toml"));

#[derive(Deserialize)]
pub(in crate::engine::supervisor) struct Sentences {
    today: Date,
    genres: Vec<String>,
    artists: Vec<Artist>,
    releases: Vec<Release>,
    #[serde(rename = "sentences")]
    pub(in crate::engine::supervisor) all: Vec<Sentence>,
}

#[derive(Deserialize)]
struct Artist {
    id: String,
    name: String,
    apart: String,
    genre: String,
}

#[derive(Deserialize)]
struct Release {
    id: String,
    title: String,
    artist: String,
    date: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::engine::supervisor) struct Sentence {
    pub(in crate::engine::supervisor) task: String,
    #[serde(default)]
    parameters: BTreeMap<String, Value>,
    role: Option<Role>,
    workflow: Option<Workflow>,
    #[serde(default)]
    artists: Vec<String>,
    #[serde(default)]
    releases: Vec<String>,
    from: Option<Date>,
    to: Option<Date>,
    before_from: Option<Date>,
    before_to: Option<Date>,
    territory: Option<String>,
    genre: Option<String>,
    file: Option<String>,
    ask: Option<String>,
    #[serde(default)]
    change: BTreeMap<String, String>,
    #[serde(default)]
    refused: bool,
}

impl Sentences {
    pub(in crate::engine::supervisor) fn read() -> (Self, Known) {
        let all: Sentences = toml::from_str(SENTENCES).expect("the sentences are TOML");
        let known = Known {
            artists: all
                .artists
                .iter()
                .map(|artist| KnownArtist {
                    artist_id: artist.id.parse().expect("an id"),
                    name: artist.name.clone(),
                    told_apart: artist.apart.clone(),
                    genre: artist.genre.clone(),
                })
                .collect(),
            releases: all
                .releases
                .iter()
                .map(|release| KnownRelease {
                    release_id: release.id.parse().expect("an id"),
                    title: release.title.clone(),
                    artist_id: release.artist.parse().expect("an id"),
                    release_date: Some(release.date),
                })
                .collect(),
            genres: all.genres.clone(),
            today: all.today,
        };
        (all, known)
    }
}

impl Sentence {
    pub(in crate::engine::supervisor) fn request(&self) -> TaskRequest {
        TaskRequest {
            task: self.task.clone(),
            parameters: self.parameters.clone(),
            music_industry_role: self.role,
        }
    }

    /// What is wrong with an understanding; none where it is right.
    fn mistake(&self, understanding: &Understanding) -> Option<String> {
        match (understanding, self.workflow, &self.ask) {
            (Understanding::Not(_), None, None) if self.refused => None,
            (Understanding::Ask(question), None, Some(argument)) => {
                (question.choice.argument != *argument).then(|| format!("asks {}", question.choice.argument))
            }
            (Understanding::Clear(understood), Some(workflow), _) => self.difference(understood, workflow),
            (Understanding::Clear(understood), None, _) => Some(format!("understood {}", understood.line)),
            (Understanding::Ask(question), _, _) => Some(format!("asks: {}", question.text)),
            (Understanding::Not(problem), _, _) => Some(format!("refuses: {}", problem.message)),
        }
    }

    fn difference(&self, understood: &Understood, workflow: Workflow) -> Option<String> {
        let artists: Vec<&str> = understood.artists.iter().map(ArtistId::as_str).collect();
        let releases: Vec<&str> = understood.releases.iter().map(ReleaseId::as_str).collect();
        let period = |wanted: (Option<Date>, Option<Date>), found: Option<Period>| {
            wanted.0.is_none() || (wanted == (found.map(|period| period.from), found.map(|period| period.to)))
        };
        let change: BTreeMap<String, String> = understood
            .change
            .iter()
            .map(|change| (change.attribute.id().to_owned(), change.value.clone()))
            .collect();
        let right = understood.workflow == workflow
            && change == self.change
            && artists == self.artists
            && releases == self.releases
            && understood.territory == self.territory
            && understood.genre == self.genre
            && understood.file == self.file
            && period((self.from, self.to), understood.period)
            && period((self.before_from, self.before_to), understood.before);
        (!right).then(|| format!("understood {}", understood.line))
    }

    /// Whether an artist was taken for another.
    fn is_wrong_artist(&self, understanding: &Understanding) -> bool {
        let Understanding::Clear(understood) = understanding else { return false };
        understood.artists.iter().any(|id| !self.artists.iter().any(|wanted| wanted == id.as_str()))
    }
}

#[test]
fn sentences_mean_what_people_mean_by_them() {
    let (all, known) = Sentences::read();
    let mut mistakes = Vec::new();
    for sentence in &all.all {
        let understanding = understand(&sentence.request(), &known);
        assert!(!sentence.is_wrong_artist(&understanding), "the wrong artist: {}", sentence.task);
        mistakes.extend(sentence.mistake(&understanding).map(|wrong| format!("{}: {wrong}", sentence.task)));
    }
    let count = all.all.len();
    assert!(count >= 120);
    assert!(mistakes.len() * 20 <= count, "{} of {count}:\n{}", mistakes.len(), mistakes.join("\n"));
}

#[test]
fn sentences_that_are_offered_begin_their_workflow() {
    let (_, known) = Sentences::read();
    for entry in &WORKFLOWS {
        let name = match entry.need {
            None => "Germany",
            Some(Need::Artist) => "Harbour Lanterns",
            Some(Need::Release) => "Midnight Atlas",
            Some(Need::File) => "masters/night-drive.wav",
            Some(Need::Contract) => "licence-agreement.md",
            Some(Need::Question) => "What is a mechanical royalty?",
        };
        for sentence in entry.sentences {
            let task = sentence.with(name);
            let request =
                TaskRequest { task: task.clone(), parameters: BTreeMap::new(), music_industry_role: None };
            let understood = understand(&request, &known);
            let workflow = match &understood {
                Understanding::Clear(understood) => Some(understood.workflow),
                Understanding::Ask(_) | Understanding::Not(_) => None,
            };
            assert_eq!(workflow, Some(entry.workflow), "{task}: {understood:?}");
        }
    }
}

#[test]
fn each_workflow_has_six_sentences() {
    let (all, _) = Sentences::read();
    for workflow in Workflow::ALL {
        let count = all.all.iter().filter(|sentence| sentence.workflow == Some(workflow)).count();
        assert!(count >= 6, "{workflow:?} has {count}");
    }
}

#[test]
fn the_examples_that_are_offered_are_understood() {
    let (_, known) = Sentences::read();
    for workflow in Workflow::ALL {
        let task = refusal::example(workflow, &known);
        let request = TaskRequest { task, parameters: BTreeMap::new(), music_industry_role: None };
        match understand(&request, &known) {
            Understanding::Clear(understood) => assert_eq!(understood.workflow, workflow, "{}", request.task),
            other => panic!("{}: {other:?}", request.task),
        }
    }
}

#[test]
fn a_text_that_is_too_long_is_refused_before_it_is_read() {
    let (_, known) = Sentences::read();
    let request =
        TaskRequest { task: "Mira ".repeat(20_000), parameters: BTreeMap::new(), music_industry_role: None };
    assert!(matches!(understand(&request, &known), Understanding::Not(_)));
}

proptest! {
    #[test]
    fn no_text_is_too_strange(task in any::<String>()) {
        let (_, known) = Sentences::read();
        let request = TaskRequest { task, parameters: BTreeMap::new(), music_industry_role: None };
        understand(&request, &known);
    }

    #[test]
    fn words_of_tasks_in_any_order_never_panic(words in prop::collection::vec("[a-zA-Z0-9'\"&.,-]{0,9}|week|last|q3|from|to|mira|2026-10|Undertow|since|end|of|march", 0..30)) {
        let (_, known) = Sentences::read();
        let request = TaskRequest { task: words.join(" "), parameters: BTreeMap::new(), music_industry_role: None };
        understand(&request, &known);
    }
}
