"""Queries and scans give exactly what they were asked for, in order, page by page."""

import pytest

from support.errors import refused


@pytest.fixture
def filled(dynamodb, releases):
    for number in range(12):
        dynamodb.put_item(
            TableName=releases,
            Item={
                "releaseId": {"S": f"rel_{number:02}"},
                "artistId": {"S": "art_a" if number % 2 == 0 else "art_b"},
                "releaseDate": {"S": f"2026-{12 - number:02}-01"},
                "streams": {"N": str(number)},
            },
        )
    dynamodb.put_item(TableName=releases, Item={"releaseId": {"S": "without-artist"}})
    return releases


def by_artist(dynamodb, table, **more):
    return dynamodb.query(
        TableName=table, IndexName="by-artist", KeyConditionExpression="artistId = :a",
        ExpressionAttributeValues={":a": {"S": "art_a"}} | more.pop("values", {}), **more,
    )


def ids(answer):
    return [item["releaseId"]["S"] for item in answer["Items"]]


def test_the_index_gives_an_artists_releases_by_date(dynamodb, filled):
    newest_last = ["rel_10", "rel_08", "rel_06", "rel_04", "rel_02", "rel_00"]
    assert ids(by_artist(dynamodb, filled)) == newest_last
    assert ids(by_artist(dynamodb, filled, ScanIndexForward=False)) == newest_last[::-1]


def test_a_range_of_dates_narrows_the_index(dynamodb, filled):
    answer = dynamodb.query(
        TableName=filled, IndexName="by-artist",
        KeyConditionExpression="artistId = :a AND releaseDate BETWEEN :from AND :to",
        ExpressionAttributeValues={":a": {"S": "art_a"}, ":from": {"S": "2026-04-01"}, ":to": {"S": "2026-08-01"}},
    )
    assert ids(answer) == ["rel_08", "rel_06", "rel_04"]


def test_a_filter_counts_what_it_looked_at(dynamodb, filled):
    answer = by_artist(dynamodb, filled, FilterExpression="streams > :s", values={":s": {"N": "5"}})
    assert ids(answer) == ["rel_10", "rel_08", "rel_06"]
    assert (answer["Count"], answer["ScannedCount"]) == (3, 6)


def test_the_index_follows_a_change_of_its_keys(dynamodb, filled):
    dynamodb.update_item(
        TableName=filled, Key={"releaseId": {"S": "rel_00"}}, UpdateExpression="SET artistId = :b",
        ExpressionAttributeValues={":b": {"S": "art_b"}},
    )
    assert "rel_00" not in ids(by_artist(dynamodb, filled))


def test_pages_of_a_query_follow_each_other(dynamodb, filled):
    first = by_artist(dynamodb, filled, Limit=4)
    assert len(first["Items"]) == 4
    second = by_artist(dynamodb, filled, Limit=4, ExclusiveStartKey=first["LastEvaluatedKey"])
    assert ids(first) + ids(second) == ids(by_artist(dynamodb, filled))
    assert "LastEvaluatedKey" not in second


def test_pages_of_a_scan_cover_the_table_once(dynamodb, filled):
    pages = list(dynamodb.get_paginator("scan").paginate(TableName=filled, PaginationConfig={"PageSize": 5}))
    found = [one for page in pages for one in ids(page)]
    assert len(pages) >= 3
    assert sorted(found) == [f"rel_{number:02}" for number in range(12)] + ["without-artist"]


def test_the_segments_of_a_parallel_scan_cover_the_table_once(dynamodb, filled):
    found = []
    for segment in range(3):
        pages = dynamodb.get_paginator("scan").paginate(TableName=filled, Segment=segment, TotalSegments=3)
        found += [one for page in pages for one in ids(page)]
    assert sorted(found) == [f"rel_{number:02}" for number in range(12)] + ["without-artist"]


def test_a_page_ends_at_one_megabyte(dynamodb, days):
    for number in range(4):
        dynamodb.put_item(
            TableName=days,
            Item={"artistId": {"S": "a"}, "day": {"S": str(number)}, "text": {"S": "x" * 390_000}},
        )
    first = dynamodb.query(
        TableName=days, KeyConditionExpression="artistId = :a", ExpressionAttributeValues={":a": {"S": "a"}}
    )
    assert 2 <= len(first["Items"]) <= 3
    assert "LastEvaluatedKey" in first


def test_a_query_needs_the_whole_partition_key(dynamodb, filled):
    with refused("ValidationException", 400):
        dynamodb.query(
            TableName=filled, KeyConditionExpression="begins_with(releaseId, :r)",
            ExpressionAttributeValues={":r": {"S": "rel"}},
        )


def test_an_index_that_does_not_exist_is_an_error(dynamodb, filled):
    with refused("ValidationException", 400):
        dynamodb.query(
            TableName=filled, IndexName="by-genre", KeyConditionExpression="genre = :g",
            ExpressionAttributeValues={":g": {"S": "folk"}},
        )


def test_partiql_reads_the_same_items(dynamodb, filled):
    answer = dynamodb.execute_statement(
        Statement=f'SELECT releaseId FROM "{filled}" WHERE releaseId = ?', Parameters=[{"S": "rel_03"}]
    )
    assert ids(answer) == ["rel_03"]
