"""All or nothing."""

from support.errors import refused

ONE, TWO = {"releaseId": {"S": "one"}}, {"releaseId": {"S": "two"}}


def put(table, key, **more):
    return {"Put": {"TableName": table, "Item": key | {"version": {"N": "1"}}} | more}


def test_all_writes_happen(dynamodb, releases):
    dynamodb.transact_write_items(TransactItems=[put(releases, ONE), put(releases, TWO)])
    answer = dynamodb.transact_get_items(
        TransactItems=[{"Get": {"TableName": releases, "Key": key}} for key in (ONE, TWO)]
    )
    assert [entry["Item"]["releaseId"]["S"] for entry in answer["Responses"]] == ["one", "two"]


def test_one_failed_condition_undoes_the_rest_and_is_named(dynamodb, releases):
    dynamodb.put_item(TableName=releases, Item=TWO)
    with refused("TransactionCanceledException", 400) as caught:
        dynamodb.transact_write_items(
            TransactItems=[
                put(releases, ONE),
                {
                    "ConditionCheck": {
                        "TableName": releases, "Key": TWO, "ConditionExpression": "attribute_not_exists(releaseId)",
                    }
                },
            ]
        )
    reasons = caught.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed"]
    assert "Item" not in dynamodb.get_item(TableName=releases, Key=ONE)


def test_writing_one_item_twice_in_a_transaction_is_refused(dynamodb, releases):
    with refused("ValidationException", 400):
        dynamodb.transact_write_items(TransactItems=[put(releases, ONE), put(releases, ONE)])


def test_a_repeated_request_with_the_same_token_is_done_once(dynamodb, releases):
    dynamodb.put_item(TableName=releases, Item=ONE | {"streams": {"N": "0"}})
    add = {
        "Update": {
            "TableName": releases, "Key": ONE, "UpdateExpression": "ADD streams :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }
    }
    for _ in range(2):
        dynamodb.transact_write_items(TransactItems=[add], ClientRequestToken="token-of-this-check-0001")
    assert dynamodb.get_item(TableName=releases, Key=ONE)["Item"]["streams"] == {"N": "1"}
