"""Tables are made, described, found and deleted."""

from support.errors import refused
from support.names import unique


def test_a_table_is_described_as_it_was_made(dynamodb, releases):
    table = dynamodb.describe_table(TableName=releases)["Table"]
    assert table["TableStatus"] == "ACTIVE"
    assert table["KeySchema"] == [{"AttributeName": "releaseId", "KeyType": "HASH"}]
    (index,) = table["GlobalSecondaryIndexes"]
    assert (index["IndexName"], index["Projection"]) == ("by-artist", {"ProjectionType": "ALL"})
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"


def test_tables_are_listed_in_pages(dynamodb, releases, days):
    pages = dynamodb.get_paginator("list_tables").paginate(PaginationConfig={"PageSize": 1})
    names = [name for page in pages for name in page["TableNames"]]
    assert {releases, days} <= set(names)
    assert names == sorted(set(names))


def test_the_same_table_cannot_be_made_twice(dynamodb, releases):
    with refused("ResourceInUseException", 400):
        dynamodb.create_table(
            TableName=releases, BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "releaseId", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "releaseId", "KeyType": "HASH"}],
        )


def test_a_missing_table_is_an_error_of_its_own(dynamodb):
    for call in (
        lambda name: dynamodb.describe_table(TableName=name),
        lambda name: dynamodb.get_item(TableName=name, Key={"id": {"S": "a"}}),
        lambda name: dynamodb.scan(TableName=name),
        lambda name: dynamodb.delete_table(TableName=name),
    ):
        with refused("ResourceNotFoundException", 400) as caught:
            call(unique("nowhere"))
        assert isinstance(caught.value, dynamodb.exceptions.ResourceNotFoundException)


def test_a_deleted_table_takes_its_items_along(dynamodb, days):
    dynamodb.put_item(TableName=days, Item={"artistId": {"S": "a"}, "day": {"S": "1"}})
    dynamodb.delete_table(TableName=days)
    dynamodb.get_waiter("table_not_exists").wait(TableName=days, WaiterConfig={"Delay": 1})
    assert days not in dynamodb.list_tables()["TableNames"]
