"""Tables made for one check."""

from support.names import unique


def create_releases_like_table(dynamodb):
    """A table with a key and an index by artist and date, as the label's releases have."""
    name = unique("table")
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": attribute, "AttributeType": "S"} for attribute in ("releaseId", "artistId", "releaseDate")
        ],
        KeySchema=[{"AttributeName": "releaseId", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-artist",
                "KeySchema": [
                    {"AttributeName": "artistId", "KeyType": "HASH"},
                    {"AttributeName": "releaseDate", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    return name


def create_days_like_table(dynamodb):
    """A table with a partition and a sort key, as the label's analytics have."""
    name = unique("table")
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "artistId", "AttributeType": "S"},
            {"AttributeName": "day", "AttributeType": "S"},
        ],
        KeySchema=[
            {"AttributeName": "artistId", "KeyType": "HASH"},
            {"AttributeName": "day", "KeyType": "RANGE"},
        ],
    )
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    return name
