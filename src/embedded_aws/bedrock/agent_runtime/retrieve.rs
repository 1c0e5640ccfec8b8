//! `Retrieve`: the passages that fit a question, with where they come from.
//!
//! `HYBRID` ranks by words (BM25 with the trade's synonyms) and by meaning (an embedding), as is the
//! default; `SEMANTIC` by meaning alone. Where the embedding model is not built in, both rank by words.

use serde_json::{Map, Value, json};

use crate::embedded_aws::bedrock::faults::{internal_error, invalid};
use crate::embedded_aws::bedrock::knowledge_base::{Hit, KnowledgeBase};
use crate::embedded_aws::bedrock::paging::page;
use crate::embedded_aws::bedrock::request::Fields;
use crate::embedded_aws::bedrock::search::{Filter, SearchKind};
use crate::embedded_aws::fault::Fault;

/// `numberOfResults`
const RESULTS: std::ops::RangeInclusive<usize> = 1..=100;
const DEFAULT_RESULTS: usize = 5;
/// The longest question, in characters.
const LONGEST_QUESTION: usize = 20_000;

/// How passages are searched.
pub(super) struct Search {
    /// How many passages are wanted.
    pub(super) results: usize,
    kind: SearchKind,
    filter: Option<Filter>,
}

/// Answers `Retrieve`.
pub(in crate::embedded_aws::bedrock) async fn retrieve(
    base: &KnowledgeBase,
    body: &Value,
) -> Result<Value, Fault> {
    let fields = Fields::of(body, &["retrievalQuery", "retrievalConfiguration", "nextToken"])?;
    let query = fields.required_object("retrievalQuery", &["text", "type"])?;
    if let Some(kind) = query.text("type")?.filter(|kind| *kind != "TEXT") {
        return Err(invalid(format!("retrievalQuery.type must be TEXT, not {kind}")));
    }
    let question = question_of(&query)?;
    let search = Search::of(&fields)?;
    let hits = search.run(base, question).await?;
    let configuration = fields.get("retrievalConfiguration").map(Value::to_string).unwrap_or_default();
    let request = [base.declaration().id.as_str(), question, &configuration];
    let page = page(hits, search.results, fields.text("nextToken")?, &request)?;
    let results: Vec<Value> = page.items.iter().map(result_json).collect();
    let mut answer = json!({ "retrievalResults": results });
    if let (Some(token), Some(answer)) = (page.next_token, answer.as_object_mut()) {
        answer.insert("nextToken".to_owned(), token.into());
    }
    Ok(answer)
}

/// The question of a query or an input.
pub(super) fn question_of<'a>(fields: &Fields<'a>) -> Result<&'a str, Fault> {
    let question = fields.required_text("text")?;
    let length = question.trim().chars().count();
    if length == 0 || length > LONGEST_QUESTION {
        return Err(invalid(format!("{} must have 1 to {LONGEST_QUESTION} characters", fields.name("text"))));
    }
    Ok(question)
}

impl Search {
    /// Reads `retrievalConfiguration`.
    pub(super) fn of(fields: &Fields<'_>) -> Result<Self, Fault> {
        let default = Self { results: DEFAULT_RESULTS, kind: SearchKind::default(), filter: None };
        let Some(outer) = fields.object("retrievalConfiguration", &["vectorSearchConfiguration"])? else {
            return Ok(default);
        };
        let known = ["numberOfResults", "overrideSearchType", "filter"];
        let Some(config) = outer.object("vectorSearchConfiguration", &known)? else { return Ok(default) };
        let kind = match config.text("overrideSearchType")? {
            None | Some("HYBRID") => SearchKind::Hybrid,
            Some("SEMANTIC") => SearchKind::Semantic,
            Some(kind) => {
                return Err(invalid(format!(
                    "{} must be HYBRID or SEMANTIC, not {kind}",
                    config.name("overrideSearchType")
                )));
            }
        };
        let filter = config.get("filter").map(Filter::parse).transpose();
        Ok(Self {
            results: config.integer("numberOfResults", RESULTS)?.unwrap_or(DEFAULT_RESULTS),
            kind,
            filter: filter.map_err(|error| invalid(format!("{}: {error}", config.name("filter"))))?,
        })
    }

    /// All passages that fit, the best first.
    pub(super) async fn run(&self, base: &KnowledgeBase, question: &str) -> Result<Vec<Hit>, Fault> {
        let snapshot = base.snapshot().await?;
        let (question, kind, filter) = (question.to_owned(), self.kind, self.filter.clone());
        let found =
            tokio::task::spawn_blocking(move || snapshot.search(&question, kind, filter.as_ref())).await;
        match found {
            Ok(Ok(hits)) => Ok(hits),
            Ok(Err(error)) => Err(internal_error(error.to_string())),
            Err(error) => Err(internal_error(error.to_string())),
        }
    }
}

fn result_json(hit: &Hit) -> Value {
    let mut result = reference_json(hit);
    if let Some(result) = result.as_object_mut() {
        result.insert("score".to_owned(), hit.score.into());
    }
    result
}

/// A passage with where it comes from, as results and citations have it.
pub(super) fn reference_json(hit: &Hit) -> Value {
    let metadata: Map<String, Value> =
        hit.metadata().iter().map(|(name, value)| (name.clone(), value.to_json())).collect();
    json!({
        "content": { "type": "TEXT", "text": hit.text() },
        "location": { "type": "S3", "s3Location": { "uri": hit.uri() } },
        "metadata": metadata,
    })
}
