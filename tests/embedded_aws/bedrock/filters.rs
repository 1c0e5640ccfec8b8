//! Every operator of the metadata filters over the wire.

use aws_sdk_bedrockagentruntime::types::{FilterAttribute, RetrievalFilter as Filter};
use aws_smithy_types::{Document, Number};
use serde_json::json;

use super::super::code_of;
use super::{Failure, Knowledge, Outcome, vector_search};

fn on(key: &str, value: impl Into<Document>) -> Result<FilterAttribute, Failure> {
    Ok(FilterAttribute::builder().key(key).value(value.into()).build()?)
}

fn number(value: u64) -> Document {
    Document::Number(Number::PosInt(value))
}

fn list(items: &[&str]) -> Document {
    Document::Array(items.iter().map(|item| Document::from(*item)).collect())
}

async fn filled() -> Result<Knowledge, Failure> {
    let knowledge = Knowledge::new().await?;
    for (key, attributes) in [
        ("a", json!({ "topic": "rates", "year": 2024, "places": ["US", "CA"], "checked": true })),
        ("b", json!({ "topic": "rights", "year": 2025, "places": ["DE"], "checked": false })),
        ("c", json!({ "topic": "loudness", "year": 2026, "places": [] })),
        ("d", json!({ "other": "x" })),
    ] {
        knowledge.put_with(key, "A zebra.", &attributes).await?;
    }
    Ok(knowledge)
}

#[tokio::test]
async fn each_operator_finds_what_it_says() -> Outcome {
    let knowledge = filled().await?;
    for (filter, expected) in [
        (Filter::Equals(on("topic", "rates")?), "a"),
        (Filter::Equals(on("checked", true)?), "a"),
        (Filter::NotEquals(on("topic", "rates")?), "bcd"),
        (Filter::GreaterThan(on("year", number(2025))?), "c"),
        (Filter::GreaterThanOrEquals(on("year", number(2025))?), "bc"),
        (Filter::LessThan(on("year", number(2025))?), "a"),
        (Filter::LessThanOrEquals(on("year", number(2025))?), "ab"),
        (Filter::In(on("topic", list(&["rates", "loudness"]))?), "ac"),
        (Filter::NotIn(on("topic", list(&["rates", "loudness"]))?), "b"),
        (Filter::StartsWith(on("topic", "r")?), "ab"),
        (Filter::ListContains(on("places", "DE")?), "b"),
        (Filter::StringContains(on("topic", "oud")?), "c"),
        (Filter::StringContains(on("places", "C")?), "a"),
        (
            Filter::AndAll(vec![
                Filter::StartsWith(on("topic", "r")?),
                Filter::Equals(on("year", number(2025))?),
            ]),
            "b",
        ),
        (
            Filter::OrAll(vec![Filter::Equals(on("other", "x")?), Filter::Equals(on("year", number(2026))?)]),
            "cd",
        ),
    ] {
        assert_eq!(knowledge.filtered("zebra", filter.clone()).await?.concat(), expected, "{filter:?}");
    }
    Ok(())
}

#[tokio::test]
async fn filters_see_what_bedrock_adds() -> Outcome {
    let knowledge = filled().await?;
    let source = on("x-amz-bedrock-kb-source-uri", "s3://patchline-knowledge/c")?;
    assert_eq!(knowledge.filtered("zebra", Filter::Equals(source)).await?, ["c"]);
    Ok(())
}

#[tokio::test]
async fn broken_filters_are_refused() -> Outcome {
    let knowledge = filled().await?;
    let one = Filter::Equals(on("topic", "rates")?);
    for filter in [
        Filter::AndAll(vec![one.clone()]),
        Filter::OrAll(vec![one.clone(); 6]),
        Filter::GreaterThan(on("year", "2025")?),
        Filter::In(on("topic", "rates")?),
        Filter::StartsWith(on("topic", number(1))?),
        Filter::Equals(on("", "rates")?),
    ] {
        let search = aws_sdk_bedrockagentruntime::types::KnowledgeBaseVectorSearchConfiguration::builder();
        let configuration = vector_search(search.number_of_results(5).filter(filter.clone()).build());
        let answer = knowledge.ask("zebra").retrieval_configuration(configuration).send().await;
        assert_eq!(code_of(answer), "ValidationException", "{filter:?}");
    }
    Ok(())
}
