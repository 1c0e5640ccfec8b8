"""What was acknowledged survives a crash."""

from support.tables import create_releases_like_table


def test_items_and_tables_are_there_after_a_crash(own_embedded):
    dynamodb = own_embedded.client("dynamodb")
    table = create_releases_like_table(dynamodb)
    for number in range(50):
        dynamodb.put_item(TableName=table, Item={"releaseId": {"S": f"{number:02}"}, "artistId": {"S": "a"},
                                                 "releaseDate": {"S": "2026-11-22"}})
    own_embedded.kill()
    own_embedded.start()
    dynamodb = own_embedded.client("dynamodb")
    assert len(dynamodb.scan(TableName=table)["Items"]) == 50
    by_artist = dynamodb.query(
        TableName=table, IndexName="by-artist", KeyConditionExpression="artistId = :a",
        ExpressionAttributeValues={":a": {"S": "a"}},
    )
    assert by_artist["Count"] == 50
