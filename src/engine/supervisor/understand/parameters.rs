//! The parameters of a task, parsed once.

use super::period::Period;
use super::refusal;
use crate::model::identifier::{ArtistId, ReleaseId};
use crate::model::task::{Problem, Workflow};
use jiff::civil::Date;
use serde_json::Value;
use std::collections::BTreeMap;
use std::str::FromStr;

/// What the parameters of a task say.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Parameters {
    pub(super) workflow: Option<Workflow>,
    pub(super) artists: Vec<ArtistId>,
    pub(super) release: Option<ReleaseId>,
    pub(super) period: Option<Period>,
    pub(super) before: Option<Period>,
    pub(super) territory: Option<String>,
    pub(super) genre: Option<String>,
    pub(super) file: Option<String>,
}

/// All that there are.
const NAMES: &str = "workflow, artistId, artistIds, releaseId, from, to, compareFrom, compareTo, territory, genre and fileName";

impl Parameters {
    /// Reads them.
    ///
    /// # Errors
    /// What is wrong with the first that is.
    pub(super) fn read(given: &BTreeMap<String, Value>) -> Result<Self, Problem> {
        let mut read = Self::default();
        let (mut from, mut to, mut before_from, mut before_to) = (None, None, None, None);
        for (name, value) in given.iter().filter(|(_, value)| !value.is_null()) {
            match name.as_str() {
                "artistIds" => {
                    let list = value.as_array().ok_or_else(|| wrong(name, value, "a list of ids"))?;
                    for id in list {
                        read.artists.push(parsed(name, id, "an id of an artist")?);
                    }
                }
                "artistId" => read.artists.push(parsed(name, value, "the id of an artist")?),
                "releaseId" => read.release = Some(parsed(name, value, "the id of a release")?),
                "from" => from = Some(parsed(name, value, "a day such as 2026-10-01")?),
                "to" => to = Some(parsed(name, value, "a day such as 2026-10-31")?),
                "compareFrom" => before_from = Some(parsed(name, value, "a day such as 2026-09-01")?),
                "compareTo" => before_to = Some(parsed(name, value, "a day such as 2026-09-30")?),
                "genre" => read.genre = Some(text(name, value)?),
                "fileName" => read.file = Some(text(name, value)?),
                "territory" => {
                    let said = text(name, value)?;
                    let code = super::places::code(&said);
                    let code = code.ok_or_else(|| wrong(name, value, "a country's name or its ISO code"))?;
                    read.territory = Some(code.to_owned());
                }
                "workflow" => {
                    let id = text(name, value)?;
                    let found = Workflow::ALL.into_iter().find(|workflow| workflow.id() == id);
                    read.workflow = Some(found.ok_or_else(|| wrong(name, value, "the id of a workflow"))?);
                }
                _ => return Err(refusal::parameter(format!("There is no parameter {name}."), NAMES)),
            }
        }
        read.artists.dedup();
        read.period = period("from", "to", from, to)?;
        read.before = period("compareFrom", "compareTo", before_from, before_to)?;
        Ok(read)
    }
}

fn period(first: &str, last: &str, from: Option<Date>, to: Option<Date>) -> Result<Option<Period>, Problem> {
    match (from, to) {
        (None, None) => Ok(None),
        (Some(from), Some(to)) if from <= to => Ok(Some(Period { from, to })),
        (Some(from), Some(to)) => Err(refusal::parameter(
            format!("The parameter {first} ({from}) is after the parameter {last} ({to})."),
            NAMES,
        )),
        _ => {
            Err(refusal::parameter(format!("Of the parameters {first} and {last} only one is given."), NAMES))
        }
    }
}

fn wrong(name: &str, value: &Value, wanted: &str) -> Problem {
    let given: String = value.to_string().chars().take(80).collect();
    refusal::parameter(format!("The parameter {name} is {given}, which is not {wanted}."), NAMES)
}

fn text(name: &str, value: &Value) -> Result<String, Problem> {
    let text = value.as_str().map(str::trim).filter(|text| !text.is_empty() && text.len() <= 1024);
    text.map(str::to_owned).ok_or_else(|| wrong(name, value, "a text"))
}

fn parsed<T: FromStr>(name: &str, value: &Value, wanted: &str) -> Result<T, Problem> {
    let text = value.as_str().map(str::trim);
    text.and_then(|text| text.parse().ok()).ok_or_else(|| wrong(name, value, wanted))
}
