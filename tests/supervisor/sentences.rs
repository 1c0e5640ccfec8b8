//! The sentences of `sentences.toml`, and what is wrong with an understanding of one of them. The tests of the reader
//! and the measurements of the product have this as a part of themselves, so that both count the same mistakes.

use super::{
    ArtistId, Known, KnownArtist, KnownRelease, Period, ReleaseId, Role, TaskRequest, Understanding,
    Understood, Workflow,
};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

const SENTENCES: &str = include_str!("sentences.toml");

/// All of them, with the label that they are about.
#[derive(Deserialize)]
pub(crate) struct Sentences {
    today: Date,
    genres: Vec<String>,
    artists: Vec<Artist>,
    releases: Vec<Release>,
    #[serde(rename = "sentences")]
    pub(crate) all: Vec<Sentence>,
}

#[derive(Deserialize)]
struct Artist {
    id: ArtistId,
    name: String,
    apart: String,
    genre: String,
}

#[derive(Deserialize)]
struct Release {
    id: ReleaseId,
    title: String,
    artist: ArtistId,
    date: Date,
}

/// A sentence, and what it means.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sentence {
    pub(crate) task: String,
    #[serde(default)]
    parameters: BTreeMap<String, Value>,
    role: Option<Role>,
    pub(crate) workflow: Option<Workflow>,
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
    refused: bool,
}

impl Sentences {
    /// Reads them, with what there is to be understood by name.
    ///
    /// # Errors
    /// When they have another form.
    pub(crate) fn parse() -> Result<(Self, Known), toml::de::Error> {
        let all: Self = toml::from_str(SENTENCES)?;
        let artists = all.artists.iter().map(|artist| KnownArtist {
            artist_id: artist.id.clone(),
            name: artist.name.clone(),
            told_apart: artist.apart.clone(),
            genre: artist.genre.clone(),
        });
        let releases = all.releases.iter().map(|release| KnownRelease {
            release_id: release.id.clone(),
            title: release.title.clone(),
            artist_id: release.artist.clone(),
            release_date: Some(release.date),
        });
        let known = Known {
            artists: artists.collect(),
            releases: releases.collect(),
            genres: all.genres.clone(),
            today: all.today,
        };
        Ok((all, known))
    }
}

impl Sentence {
    /// The request that has it.
    pub(crate) fn request(&self) -> TaskRequest {
        TaskRequest {
            task: self.task.clone(),
            parameters: self.parameters.clone(),
            music_industry_role: self.role,
        }
    }

    /// What is wrong with an understanding; none where it is right.
    pub(crate) fn mistake(&self, understanding: &Understanding) -> Option<String> {
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
        let right = understood.workflow == workflow
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
    pub(crate) fn is_wrong_artist(&self, understanding: &Understanding) -> bool {
        let Understanding::Clear(understood) = understanding else { return false };
        understood.artists.iter().any(|id| !self.artists.iter().any(|wanted| wanted == id.as_str()))
    }
}
