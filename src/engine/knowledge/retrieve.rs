//! Asks Bedrock for passages.

use super::passage::Passage;
use crate::engine::aws::{AwsFailure, FailureKind};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::model::tool::AwsResource;
use aws_sdk_bedrockagentruntime::types::{
    FilterAttribute, KnowledgeBaseQuery, KnowledgeBaseRetrievalConfiguration, KnowledgeBaseRetrievalResult,
    KnowledgeBaseVectorSearchConfiguration, RetrievalFilter, RetrievalResultLocation,
};
use aws_smithy_types::{Document, Number};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// The most passages that Bedrock gives at once.
const PASSAGES: i32 = 100;

/// The attribute by which Bedrock itself names where a document lies.
const SOURCE: &str = "x-amz-bedrock-kb-source-uri";

/// A condition on the attributes of documents.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    /// The attribute is this text.
    Is(&'static str, String),
    /// The attribute is not this text, or is missing.
    IsNot(&'static str, String),
    /// The attribute is one of these texts.
    IsOneOf(&'static str, Vec<String>),
}

impl Condition {
    /// The document lies at one of these addresses.
    pub(super) fn lies_at(uris: Vec<String>) -> Self {
        Self::IsOneOf(SOURCE, uris)
    }

    fn filter(self) -> Result<RetrievalFilter, aws_smithy_types::error::operation::BuildError> {
        let attribute = |key: &str, value: Document| FilterAttribute::builder().key(key).value(value).build();
        Ok(match self {
            Self::Is(key, text) => RetrievalFilter::Equals(attribute(key, Document::String(text))?),
            Self::IsNot(key, text) => RetrievalFilter::NotEquals(attribute(key, Document::String(text))?),
            Self::IsOneOf(key, texts) => {
                let texts = texts.into_iter().map(Document::String).collect();
                RetrievalFilter::In(attribute(key, Document::Array(texts))?)
            }
        })
    }
}

/// How passages are searched: so many, fulfilling all of these conditions.
pub(super) fn configuration(
    base: &str,
    passages: i32,
    conditions: Vec<Condition>,
) -> Result<KnowledgeBaseRetrievalConfiguration, CatalogError> {
    let unsuitable = |error: &dyn std::fmt::Display| CatalogError::Unreadable {
        what: "filter for the knowledge base",
        id: base.to_owned(),
        detail: error.to_string(),
    };
    let mut filters: Vec<RetrievalFilter> = conditions
        .into_iter()
        .map(Condition::filter)
        .collect::<Result<_, _>>()
        .map_err(|error| unsuitable(&error))?;
    // Bedrock takes a group of two conditions or more only.
    let filter = if filters.len() > 1 { Some(RetrievalFilter::AndAll(filters)) } else { filters.pop() };
    let search = KnowledgeBaseVectorSearchConfiguration::builder()
        .number_of_results(passages)
        .set_filter(filter)
        .build();
    Ok(KnowledgeBaseRetrievalConfiguration::builder().vector_search_configuration(search).build())
}

/// Passages that have something of a question, the best first.
pub(super) async fn retrieve(
    catalog: &Catalog,
    base: &str,
    question: &str,
    conditions: Vec<Condition>,
) -> Result<Vec<Passage>, CatalogError> {
    let answer = catalog
        .aws
        .knowledge
        .retrieve()
        .knowledge_base_id(base)
        .retrieval_query(KnowledgeBaseQuery::builder().text(question).build())
        .retrieval_configuration(configuration(base, PASSAGES, conditions)?)
        .send()
        .await
        .map_err(|error| AwsFailure::from_sdk(resource("Retrieve", base), &error))?;
    Ok(answer.retrieval_results.into_iter().map(passage).collect())
}

/// Whether a failure says that no model did anything, so that nothing is charged.
pub(super) fn was_not_done(error: &CatalogError) -> bool {
    let CatalogError::Aws(failure) = error else { return false };
    matches!(
        failure.kind,
        FailureKind::NotFound
            | FailureKind::NoResource
            | FailureKind::Denied
            | FailureKind::Invalid
            | FailureKind::Throttled
    ) || !failure.may_have_arrived()
}

/// A knowledge base or model that is asked.
pub(crate) fn resource(action: &str, name: &str) -> AwsResource {
    AwsResource { service: "bedrock".to_owned(), action: format!("bedrock:{action}"), name: name.to_owned() }
}

fn passage(result: KnowledgeBaseRetrievalResult) -> Passage {
    Passage {
        text: result.content.map(|content| content.text).unwrap_or_default(),
        score: result.score.unwrap_or_default(),
        uri: result.location.as_ref().map(uri).unwrap_or_default(),
        attributes: attributes(result.metadata.unwrap_or_default()),
    }
}

/// Where a document lies: in S3, or wherever else Bedrock has read it.
pub(super) fn uri(location: &RetrievalResultLocation) -> String {
    let s3 = location.s3_location.as_ref().and_then(|place| place.uri.clone());
    let web = || location.web_location.as_ref().and_then(|place| place.url.clone());
    s3.or_else(web).unwrap_or_default()
}

/// Attributes as JSON.
pub(super) fn attributes(metadata: HashMap<String, Document>) -> BTreeMap<String, Value> {
    metadata.into_iter().map(|(name, value)| (name, json(value))).collect()
}

fn json(document: Document) -> Value {
    match document {
        Document::Object(members) => {
            Value::Object(members.into_iter().map(|(name, value)| (name, json(value))).collect())
        }
        Document::Array(items) => Value::Array(items.into_iter().map(json).collect()),
        Document::Number(Number::PosInt(number)) => number.into(),
        Document::Number(Number::NegInt(number)) => number.into(),
        Document::Number(Number::Float(number)) => number.into(),
        Document::String(text) => text.into(),
        Document::Bool(flag) => flag.into(),
        Document::Null => Value::Null,
    }
}
