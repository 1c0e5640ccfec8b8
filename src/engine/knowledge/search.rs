//! Searches a knowledge base: understands the question, asks Bedrock for more than is needed, puts the
//! passages in order, and works out what is a sum.

use super::calculation::{Calculation, Plan};
use super::entry::{Entry, Tier};
use super::passage::{ENTRY, KIND, Passage};
use super::question::Question;
use super::rank::{Hit, Ranking, rank};
use super::retrieve::{Condition, retrieve, was_not_done};
use crate::engine::catalog::Catalog;
use crate::engine::spending::{ModelError, Purse};
use jiff::Timestamp;
use jiff::civil::Date;

/// What is searched.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// The knowledge base.
    pub base: String,
    /// The question.
    pub question: String,
    /// The day that a question is about which names none.
    pub today: Date,
    /// Only entries of this jurisdiction, and those that hold worldwide.
    pub jurisdiction: Option<String>,
    /// Only entries of this topic.
    pub topic: Option<String>,
    /// Only entries from sources of this weight.
    pub tier: Option<Tier>,
    /// Only entries, or only documents.
    pub only: Option<Only>,
}

/// One of the two kinds of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// Entries.
    Entries,
    /// Other documents.
    Documents,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The question, as it was understood.
    pub question: Question,
    /// The passages in order, and whether they answer.
    pub ranking: Ranking,
    /// The result of a sum, where the question asks for one.
    pub calculation: Option<Calculation>,
}

impl Found {
    /// The addresses of the documents that the answer comes from: those of the sum, else of the best.
    pub(super) fn sources(&self, most: usize) -> Vec<String> {
        let mut uris: Vec<String> = Vec::new();
        for hit in &self.ranking.hits {
            if !uris.contains(&hit.passage.uri) && uris.len() < most {
                uris.push(hit.passage.uri.clone());
            }
        }
        uris
    }
}

/// Searches a knowledge base. The purse pays for the embeddings of the question.
///
/// # Errors
/// What AWS says; also when the purse has not enough left.
pub async fn search(
    catalog: &Catalog,
    search: &Search,
    purse: &Purse,
    now: Timestamp,
) -> Result<Found, ModelError> {
    let asked = Asked { catalog, search, purse, now };
    let question = Question::read(&search.question, search.today);
    let passages = asked.passages(conditions(search)).await?;
    let mut ranking = rank(&question, passages);
    let plan = Plan::of(&question).filter(|_| search.only != Some(Only::Documents));
    let calculation = match plan {
        Some(plan) => calculate(&asked, &question, plan, &mut ranking).await?,
        None => None,
    };
    Ok(Found { question, ranking, calculation })
}

/// A search, and who pays for it.
struct Asked<'a> {
    catalog: &'a Catalog,
    search: &'a Search,
    purse: &'a Purse,
    now: Timestamp,
}

impl Asked<'_> {
    /// The passages that fulfil these conditions, the best first. For each request Bedrock makes embeddings of
    /// the question anew.
    async fn passages(&self, conditions: Vec<Condition>) -> Result<Vec<Passage>, ModelError> {
        let Search { base, question, .. } = self.search;
        let embedding = self.purse.begin_embedding(question.len(), self.now).await?;
        match retrieve(self.catalog, base, question, conditions).await {
            Ok(passages) => {
                embedding.settle().await;
                Ok(passages)
            }
            Err(error) => {
                if was_not_done(&error) {
                    embedding.give_back().await;
                }
                Err(error.into())
            }
        }
    }
}

fn conditions(search: &Search) -> Vec<Condition> {
    let mut conditions = Vec::new();
    if let Some(jurisdiction) = &search.jurisdiction {
        let places = vec![jurisdiction.clone(), "worldwide".to_owned()];
        conditions.push(Condition::IsOneOf("jurisdiction", places));
    }
    if let Some(topic) = &search.topic {
        conditions.push(Condition::Is("topic", topic.clone()));
    }
    if let Some(tier) = search.tier {
        conditions.push(Condition::Is("tier", tier.word().to_owned()));
    }
    match search.only {
        Some(Only::Entries) => conditions.push(Condition::Is(KIND, ENTRY.to_owned())),
        // Not every document has a kind: other programs may have added some.
        Some(Only::Documents) => conditions.push(Condition::IsNot(KIND, ENTRY.to_owned())),
        None => {}
    }
    conditions
}

/// Works out a sum with the rows of the knowledge base that the filters let through, and puts those rows
/// first.
async fn calculate(
    asked: &Asked<'_>,
    question: &Question,
    plan: Plan,
    ranking: &mut Ranking,
) -> Result<Option<Calculation>, ModelError> {
    let series = plan.series().map(str::to_owned).to_vec();
    let mut conditions = conditions(asked.search);
    conditions.push(Condition::IsOneOf("series", series));
    let rows = asked.passages(conditions).await?;
    let in_force = |entry: &Entry| question.days.iter().any(|day| entry.effect.contains(*day));
    let rows: Vec<(Passage, Entry)> =
        rows.into_iter().filter_map(|row| row.entry().filter(in_force).map(|entry| (row, entry))).collect();
    let entries: Vec<&Entry> = rows.iter().map(|(_, entry)| entry).collect();
    let Some(calculation) = plan.carry_out(&entries) else { return Ok(None) };
    for id in calculation.sources.iter().rev() {
        let known =
            ranking.hits.iter().position(|hit| hit.entry.as_ref().is_some_and(|entry| entry.id == *id));
        let hit = match known {
            Some(place) => ranking.hits.remove(place),
            None => match rows.iter().find(|(_, entry)| entry.id == *id) {
                Some((passage, entry)) => Hit {
                    passage: passage.clone(),
                    entry: Some(entry.clone()),
                    relevance: 1.0,
                    coverage: 1.0,
                    in_force: true,
                },
                None => continue,
            },
        };
        ranking.hits.insert(0, hit);
    }
    ranking.is_known = true;
    Ok(Some(calculation))
}
