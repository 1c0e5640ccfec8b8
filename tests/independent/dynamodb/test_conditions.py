"""Two people change the same release: the second is told, and nothing is overwritten."""

from support.errors import refused

KEY = {"releaseId": {"S": "rel_1"}}


def set_title(dynamodb, table, title, version, **more):
    return dynamodb.update_item(
        TableName=table, Key=KEY, UpdateExpression="SET title = :title, version = :next",
        ConditionExpression="version = :seen",
        ExpressionAttributeValues={
            ":title": {"S": title}, ":seen": {"N": str(version)}, ":next": {"N": str(version + 1)},
        },
        **more,
    )


def test_an_update_of_the_version_that_was_seen_succeeds_once(dynamodb, releases):
    dynamodb.put_item(TableName=releases, Item=KEY | {"version": {"N": "1"}})
    set_title(dynamodb, releases, "first", 1)
    with refused("ConditionalCheckFailedException", 400) as caught:
        set_title(dynamodb, releases, "second", 1)
    assert isinstance(caught.value, dynamodb.exceptions.ConditionalCheckFailedException)
    assert dynamodb.get_item(TableName=releases, Key=KEY)["Item"]["title"] == {"S": "first"}


def test_the_refusal_can_carry_what_is_there_now(dynamodb, releases):
    dynamodb.put_item(TableName=releases, Item=KEY | {"version": {"N": "7"}})
    with refused("ConditionalCheckFailedException") as caught:
        set_title(dynamodb, releases, "late", 1, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert caught.value.response["Item"]["version"] == {"N": "7"}


def test_an_update_of_what_is_not_there_makes_nothing(dynamodb, releases):
    with refused("ConditionalCheckFailedException"):
        set_title(dynamodb, releases, "ghost", 1)
    assert "Item" not in dynamodb.get_item(TableName=releases, Key=KEY)


def test_a_first_write_wins(dynamodb, releases):
    put = {"TableName": releases, "ConditionExpression": "attribute_not_exists(releaseId)"}
    dynamodb.put_item(Item=KEY | {"title": {"S": "first"}}, **put)
    with refused("ConditionalCheckFailedException"):
        dynamodb.put_item(Item=KEY | {"title": {"S": "second"}}, **put)


def test_a_delete_can_be_conditional(dynamodb, releases):
    dynamodb.put_item(TableName=releases, Item=KEY | {"version": {"N": "2"}})
    with refused("ConditionalCheckFailedException"):
        dynamodb.delete_item(
            TableName=releases, Key=KEY, ConditionExpression="version = :v",
            ExpressionAttributeValues={":v": {"N": "1"}},
        )
    assert "Item" in dynamodb.get_item(TableName=releases, Key=KEY)


def test_a_condition_that_cannot_be_read_is_refused(dynamodb, releases):
    with refused("ValidationException", 400):
        dynamodb.put_item(TableName=releases, Item=KEY, ConditionExpression="version ==== 1")
    with refused("ValidationException", 400):
        dynamodb.put_item(TableName=releases, Item=KEY, ConditionExpression="version = :undefined")
