"""A small label in any backend: the tables and buckets that an operator makes, and some records.

Written by hand from the documented layout, so that a mistake in the product's own set-up shows.
"""

TABLES = {
    "artists": ("artistId", None, {}),
    "releases": ("releaseId", None, {"by-artist": ("artistId", "releaseDate")}),
    "analytics": ("artistId", "dayPlatform", {}),
    "patchline-audit": ("logHour", "id", {}),
    "patchline-audit-checkpoints": ("log", "id", {}),
    "patchline-settings": ("name", None, {}),
    "patchline-idempotency": ("id", None, {}),
    "patchline-long-calls": ("owner", "id", {}),
    "patchline-tasks": ("owner", "id", {}),
    "patchline-automation": ("owner", "id", {"by-watch": ("watch", "dueAt")}),
    "patchline-waivers": ("release", "finding", {}),
    "patchline-splits": ("release", None, {}),
    "patchline-rollups": ("artistId", "name", {}),
    "patchline-contracts-terms": ("contract", None, {}),
    "patchline-recordings": ("id", None, {"by_day": ("day", "processedAt")}),
    "patchline-recording-reports": ("id", None, {}),
    "patchline-uploads": ("id", None, {}),
    "patchline-imports": ("kind", "id", {}),
    "patchline-limits": ("id", None, {}),
    "patchline-users": ("id", None, {}),
    "patchline-keys": ("id", None, {"by-owner": ("owner", "id")}),
    "patchline-sessions": ("id", None, {"by-user": ("user", "id")}),
}
BUCKETS = ("patchline-audio", "patchline-artwork", "patchline-contracts")

ARTISTS = [
    {
        "artistId": {"S": f"art_{number}"}, "name": {"S": name}, "genre": {"S": genre}, "country": {"S": "NO"},
        "signedOn": {"S": "2024-02-01"}, "biography": {"S": "Invented for a check."}, "events": {"L": []},
        "sample": {"BOOL": False}, "version": {"N": "1"},
    }
    for number, (name, genre) in enumerate([("Ásta Lind", "folk"), ("白波通り", "indie pop"), ("Mira", "folk")], start=1)
]

RELEASES = [
    {
        "releaseId": {"S": f"rel_{number}"}, "artistId": {"S": artist}, "title": {"S": title}, "kind": {"S": "single"},
        "status": {"S": "scheduled"}, "releaseDate": {"S": date}, "genre": {"S": "folk"},
        "upc": {"S": upc}, "pLine": {"S": "2026 Check Records"}, "cLine": {"S": "2026 Check Records"},
        "tracks": {
            "L": [
                {
                    "M": {
                        "trackId": {"S": f"trk_{number}"}, "number": {"N": "1"}, "title": {"S": title},
                        "isrc": {"S": f"XX0NL260000{number}"}, "durationSeconds": {"N": "200"},
                        "explicit": {"BOOL": False}, "composers": {"L": [{"S": "Somebody"}]},
                    }
                }
            ]
        },
        "sample": {"BOOL": False}, "version": {"N": "1"},
    }
    for number, (artist, title, date, upc) in enumerate(
        [
            ("art_1", "Nattlys", "2027-03-05", "200000000004"),
            ("art_1", "Vinter", "2027-01-15", "200000000011"),
            ("art_2", "夜光", "2027-02-12", "200000000028"),
        ],
        start=1,
    )
]

ANALYTICS = [
    {
        "artistId": {"S": artist}, "dayPlatform": {"S": f"2026-11-{day:02}#{platform}"},
        "date": {"S": f"2026-11-{day:02}"}, "platform": {"S": platform}, "streams": {"N": str(day * 100)},
        "listeners": {"N": str(day * 60)}, "saves": {"N": str(day)}, "followers": {"N": str(1000 + day)},
        "territories": {"M": {"NO": {"N": str(day * 100)}}}, "source": {"S": "check"},
    }
    for artist in ("art_1", "art_2")
    for day in range(1, 11)
    for platform in ("spotify", "appleMusic")
]


def create(backend):
    """Makes tables, buckets and records in a backend."""
    dynamodb, s3 = backend.client("dynamodb"), backend.client("s3")
    for name, (partition, sort, indexes) in TABLES.items():
        create_table(dynamodb, name, partition, sort, indexes)
    for bucket in BUCKETS:
        s3.create_bucket(Bucket=bucket)
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for table, items in (("artists", ARTISTS), ("releases", RELEASES), ("analytics", ANALYTICS)):
        for item in items:
            dynamodb.put_item(TableName=table, Item=item)


def create_table(dynamodb, name, partition, sort, indexes):
    def schema(hash_key, range_key):
        keys = [{"AttributeName": hash_key, "KeyType": "HASH"}]
        return keys + ([{"AttributeName": range_key, "KeyType": "RANGE"}] if range_key else [])

    attributes = {partition, sort, *(key for keys in indexes.values() for key in keys)} - {None}
    more = {
        "GlobalSecondaryIndexes": [
            {"IndexName": index, "KeySchema": schema(*keys), "Projection": {"ProjectionType": "ALL"}}
            for index, keys in indexes.items()
        ]
    }
    dynamodb.create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST", KeySchema=schema(partition, sort),
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in sorted(attributes)],
        **(more if indexes else {}),
    )
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
