"""Items come back exactly as they were written."""

from decimal import Decimal

import pytest

from support.errors import refused

ITEM = {
    "releaseId": {"S": "rel_1"},
    "title": {"S": "Nattlys – 夜光 🎧"},
    "version": {"N": "3"},
    "sample": {"BOOL": False},
    "note": {"NULL": True},
    "cover": {"B": bytes(range(256))},
    "genres": {"SS": ["ambient", "folk"]},
    "ratings": {"NS": ["1", "2.5"]},
    "tracks": {"L": [{"M": {"number": {"N": "1"}, "title": {"S": ""}}}, {"L": []}]},
    "credits": {"M": {"empty": {"M": {}}}},
}


def sorted_sets(item):
    return {
        name: {kind: sorted(value) if kind in ("SS", "NS") else value for kind, value in attribute.items()}
        for name, attribute in item.items()
    }


def test_every_type_survives(dynamodb, releases):
    dynamodb.put_item(TableName=releases, Item=ITEM)
    stored = dynamodb.get_item(TableName=releases, Key={"releaseId": {"S": "rel_1"}}, ConsistentRead=True)["Item"]
    assert sorted_sets(stored) == sorted_sets(ITEM)


@pytest.mark.parametrize(
    "number",
    [
        "0", "-1", "0.1", "12345678901234567890123456789012345678", "0.00000000000000000000000000000000000001",
        "9007199254740993", "-99999999999999999999999999999999999999", "3.14159265358979323846264338327950288",
    ],
)
def test_numbers_keep_38_digits(dynamodb, releases, number):
    dynamodb.put_item(TableName=releases, Item={"releaseId": {"S": "n"}, "number": {"N": number}})
    stored = dynamodb.get_item(TableName=releases, Key={"releaseId": {"S": "n"}})["Item"]["number"]["N"]
    assert Decimal(stored) == Decimal(number)


def test_counting_does_not_lose_digits(dynamodb, releases):
    key = {"releaseId": {"S": "n"}}
    dynamodb.put_item(TableName=releases, Item=key | {"streams": {"N": "9007199254740992"}})
    answer = dynamodb.update_item(
        TableName=releases, Key=key, UpdateExpression="ADD streams :one",
        ExpressionAttributeValues={":one": {"N": "1"}}, ReturnValues="UPDATED_NEW",
    )
    assert answer["Attributes"]["streams"]["N"] == "9007199254740993"


def test_a_number_of_39_digits_is_refused(dynamodb, releases):
    with refused("ValidationException", 400):
        dynamodb.put_item(TableName=releases, Item={"releaseId": {"S": "n"}, "number": {"N": "1" * 39}})


def test_what_is_not_there_is_not_an_error(dynamodb, releases):
    assert "Item" not in dynamodb.get_item(TableName=releases, Key={"releaseId": {"S": "never"}})


def test_only_the_wished_attributes_come_back(dynamodb, releases):
    dynamodb.put_item(TableName=releases, Item=ITEM)
    answer = dynamodb.get_item(
        TableName=releases, Key={"releaseId": {"S": "rel_1"}},
        ProjectionExpression="#t, tracks[0].#n", ExpressionAttributeNames={"#t": "title", "#n": "number"},
    )
    assert answer["Item"] == {"title": ITEM["title"], "tracks": {"L": [{"M": {"number": {"N": "1"}}}]}}


def test_an_item_without_its_key_is_refused(dynamodb, releases):
    with refused("ValidationException", 400):
        dynamodb.put_item(TableName=releases, Item={"title": {"S": "no key"}})


def test_an_item_of_more_than_400_kilobytes_is_refused(dynamodb, releases):
    with refused("ValidationException", 400):
        dynamodb.put_item(
            TableName=releases, Item={"releaseId": {"S": "big"}, "text": {"S": "x" * (400 * 1024)}}
        )


def test_an_update_says_what_changed(dynamodb, releases):
    dynamodb.put_item(TableName=releases, Item=ITEM)
    answer = dynamodb.update_item(
        TableName=releases, Key={"releaseId": {"S": "rel_1"}},
        UpdateExpression="SET title = :t, version = version + :one REMOVE note",
        ExpressionAttributeValues={":t": {"S": "New"}, ":one": {"N": "1"}}, ReturnValues="ALL_NEW",
    )
    assert (answer["Attributes"]["title"], answer["Attributes"]["version"]) == ({"S": "New"}, {"N": "4"})
    assert "note" not in answer["Attributes"]


def test_items_are_written_and_read_in_batches(dynamodb, days):
    items = [{"artistId": {"S": "a"}, "day": {"S": f"{day:02}"}} for day in range(25)]
    answer = dynamodb.batch_write_item(RequestItems={days: [{"PutRequest": {"Item": item}} for item in items]})
    assert answer["UnprocessedItems"] == {}
    read = dynamodb.batch_get_item(RequestItems={days: {"Keys": items}})["Responses"][days]
    assert sorted(item["day"]["S"] for item in read) == [item["day"]["S"] for item in items]
    with refused("ValidationException", 400):
        dynamodb.batch_write_item(RequestItems={days: [{"PutRequest": {"Item": item}} for item in items + items]})
