//! DynamoDB: tables, conditions, queries and transactions through the real client.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::error::TransactionCanceledException;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, ComparisonOperator, Condition, ExpectedAttributeValue,
    KeySchemaElement, KeyType, Put, ScalarAttributeType, TimeToLiveSpecification, TransactWriteItem,
};

use super::{Fixture, Outcome, code_of, dynamodb_client};

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

/// A table `artists` with the keys `id` and `kind`.
pub(super) async fn create_table(client: &Client) -> Outcome {
    let attribute = |name: &str| {
        AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build()
    };
    let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
    client
        .create_table()
        .table_name("artists")
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute("id")?)
        .attribute_definitions(attribute("kind")?)
        .key_schema(key("id", KeyType::Hash)?)
        .key_schema(key("kind", KeyType::Range)?)
        .send()
        .await?;
    Ok(())
}

pub(super) async fn put(client: &Client, id: &str, kind: &str) -> Outcome {
    client.put_item().table_name("artists").item("id", text(id)).item("kind", text(kind)).send().await?;
    Ok(())
}

async fn fixture() -> Result<(Fixture, Client), Box<dyn std::error::Error>> {
    let fixture = Fixture::new().await?;
    let client = dynamodb_client(&fixture.aws);
    create_table(&client).await?;
    Ok((fixture, client))
}

#[tokio::test]
async fn what_is_put_can_be_got_and_queried_in_order() -> Outcome {
    let (_fixture, client) = fixture().await?;
    for kind in ["b", "a", "c"] {
        put(&client, "1", kind).await?;
    }
    put(&client, "2", "a").await?;
    let got =
        client.get_item().table_name("artists").key("id", text("1")).key("kind", text("b")).send().await?;
    assert!(got.item().is_some());
    let query = client
        .query()
        .table_name("artists")
        .key_condition_expression("id = :id AND kind > :kind")
        .expression_attribute_values(":id", text("1"))
        .expression_attribute_values(":kind", text("a"))
        .send()
        .await?;
    let kinds: Vec<_> = query.items().iter().filter_map(|item| item.get("kind")).collect();
    assert_eq!(kinds, [&text("b"), &text("c")]);
    Ok(())
}

#[tokio::test]
async fn a_condition_that_does_not_hold_is_its_own_error() -> Outcome {
    let (_fixture, client) = fixture().await?;
    put(&client, "1", "a").await?;
    let again = client
        .put_item()
        .table_name("artists")
        .item("id", text("1"))
        .item("kind", text("a"))
        .condition_expression("attribute_not_exists(id)")
        .send()
        .await;
    assert!(matches!(&again, Err(error)
        if error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception)));
    Ok(())
}

#[tokio::test]
async fn a_transaction_is_all_or_nothing() -> Outcome {
    let (_fixture, client) = fixture().await?;
    put(&client, "1", "a").await?;
    let write = |id: &str| -> Result<TransactWriteItem, aws_sdk_dynamodb::error::BuildError> {
        let put = Put::builder()
            .table_name("artists")
            .item("id", text(id))
            .item("kind", text("a"))
            .condition_expression("attribute_not_exists(id)")
            .build()?;
        Ok(TransactWriteItem::builder().put(put).build())
    };
    let both =
        client.transact_write_items().transact_items(write("2")?).transact_items(write("1")?).send().await;
    let reasons = match both.map_err(aws_sdk_dynamodb::error::SdkError::into_service_error) {
        Err(TransactWriteItemsError::TransactionCanceledException(reasons)) => Some(reasons),
        _ => None,
    };
    let codes: Vec<String> = reasons
        .iter()
        .flat_map(TransactionCanceledException::cancellation_reasons)
        .filter_map(|r| r.code().map(str::to_owned))
        .collect();
    assert_eq!(codes, ["None", "ConditionalCheckFailed"]);
    assert_eq!(client.scan().table_name("artists").send().await?.count(), 1);
    Ok(())
}

#[tokio::test]
async fn legacy_parameters_are_refused_and_not_ignored() -> Outcome {
    let (_fixture, client) = fixture().await?;
    put(&client, "1", "a").await?;
    let expected = ExpectedAttributeValue::builder().exists(false).build();
    let write = client.put_item().table_name("artists").item("id", text("1")).item("kind", text("a"));
    assert_eq!(code_of(write.expected("id", expected).send().await), "ValidationException");
    let condition = Condition::builder()
        .comparison_operator(ComparisonOperator::Eq)
        .attribute_value_list(text("1"))
        .build()?;
    let query = client.query().table_name("artists").key_conditions("id", condition);
    assert_eq!(code_of(query.send().await), "ValidationException");
    let read = client.get_item().table_name("artists").key("id", text("1")).key("kind", text("a"));
    assert_eq!(code_of(read.attributes_to_get("id").send().await), "ValidationException");
    Ok(())
}

#[tokio::test]
async fn an_operation_that_is_not_there_is_unknown() -> Outcome {
    let (_fixture, client) = fixture().await?;
    assert_eq!(code_of(client.list_backups().send().await), "UnknownOperationException");
    assert_eq!(code_of(client.describe_table().table_name("none").send().await), "ResourceNotFoundException");
    Ok(())
}

#[tokio::test]
async fn a_body_of_more_than_sixteen_mebibytes_is_refused() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let item = client.put_item().table_name("artists").item("id", text("1")).item("kind", text("a"));
    let result = item.item("large", text(&"x".repeat(17 * 1024 * 1024))).send().await;
    assert_eq!(code_of(result), "RequestEntityTooLargeException");
    Ok(())
}

#[tokio::test]
async fn items_whose_time_is_over_go_away() -> Outcome {
    let (fixture, client) = fixture().await?;
    let expiry = TimeToLiveSpecification::builder().attribute_name("expires").enabled(true).build()?;
    client.update_time_to_live().table_name("artists").time_to_live_specification(expiry).send().await?;
    for (id, expires) in [("old", "1000000000"), ("new", "4000000000")] {
        let item = client.put_item().table_name("artists").item("id", text(id)).item("kind", text("a"));
        item.item("expires", AttributeValue::N(expires.to_owned())).send().await?;
    }
    let Fixture { directory, aws } = fixture;
    aws.close().await;
    drop(client);

    // The first sweep comes at the start.
    let aws = super::open(directory.path()).await?;
    let client = dynamodb_client(&aws);
    let left = async {
        loop {
            let scan = client.scan().table_name("artists").send().await?;
            if scan.count() == 1 {
                return Ok::<_, Box<dyn std::error::Error>>(scan.items().to_vec());
            }
            tokio::task::yield_now().await;
        }
    };
    let left = tokio::time::timeout(std::time::Duration::from_mins(1), left).await??;
    assert_eq!(left.first().and_then(|item| item.get("id")), Some(&text("new")));
    Ok(())
}
