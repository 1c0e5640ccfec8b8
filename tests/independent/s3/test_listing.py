"""Listings are complete, in order, and never tied to how keys would look as file names."""

import pytest

from support.errors import refused


def put(s3, bucket, *keys):
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())


def keys(answer):
    return [entry["Key"] for entry in answer.get("Contents", [])]


def test_keys_are_listed_in_the_order_of_their_bytes(s3, bucket):
    names = ["b", "a", "Z", "ä", "a/b", "a b", "a-b", "10", "9", "\N{MUSICAL SYMBOL G CLEF}", "\uff5e"]
    put(s3, bucket, *names)
    assert keys(s3.list_objects_v2(Bucket=bucket)) == sorted(names, key=str.encode)


def test_a_listing_names_size_and_etag(s3, bucket):
    etag = s3.put_object(Bucket=bucket, Key="a", Body=b"12345")["ETag"]
    (entry,) = s3.list_objects_v2(Bucket=bucket)["Contents"]
    assert (entry["Size"], entry["ETag"]) == (5, etag)
    assert entry["LastModified"] == s3.head_object(Bucket=bucket, Key="a")["LastModified"]


def test_a_prefix_narrows_the_listing(s3, bucket):
    put(s3, bucket, "masters/1", "masters/2", "mastersheet", "other")
    assert keys(s3.list_objects_v2(Bucket=bucket, Prefix="masters/")) == ["masters/1", "masters/2"]
    assert keys(s3.list_objects_v2(Bucket=bucket, Prefix="none")) == []


def test_a_delimiter_folds_what_lies_deeper(s3, bucket):
    put(s3, bucket, "a", "a/1", "a/2", "a/x/3", "b/1", "c")
    top = s3.list_objects_v2(Bucket=bucket, Delimiter="/")
    assert keys(top) == ["a", "c"]
    assert [entry["Prefix"] for entry in top["CommonPrefixes"]] == ["a/", "b/"]
    below = s3.list_objects_v2(Bucket=bucket, Prefix="a/", Delimiter="/")
    assert keys(below) == ["a/1", "a/2"]
    assert [entry["Prefix"] for entry in below["CommonPrefixes"]] == ["a/x/"]


def test_pages_follow_each_other_without_gap_or_repetition(s3, bucket):
    names = [f"{number:03}" for number in range(23)]
    put(s3, bucket, *names)
    pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 10}))
    assert [len(keys(page)) for page in pages] == [10, 10, 3]
    assert [key for page in pages for key in keys(page)] == names
    assert [page["IsTruncated"] for page in pages] == [True, True, False]


def test_folded_prefixes_count_and_are_paged_too(s3, bucket):
    put(s3, bucket, *(f"{folder}/{number}" for folder in "abcde" for number in range(4)))
    pages = list(
        s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": 2})
    )
    found = [[entry["Prefix"] for entry in page["CommonPrefixes"]] for page in pages]
    assert found == [["a/", "b/"], ["c/", "d/"], ["e/"]]


def test_a_listing_can_start_behind_a_key(s3, bucket):
    put(s3, bucket, "a", "b", "c")
    assert keys(s3.list_objects_v2(Bucket=bucket, StartAfter="a")) == ["b", "c"]


def test_the_older_listing_gives_the_same(s3, bucket):
    put(s3, bucket, "a/1", "b", "c")
    first = s3.list_objects(Bucket=bucket, Delimiter="/", MaxKeys=2)
    assert keys(first) == ["b"]
    assert [entry["Prefix"] for entry in first["CommonPrefixes"]] == ["a/"]
    assert first["IsTruncated"]
    assert keys(s3.list_objects(Bucket=bucket, Delimiter="/", Marker=first["NextMarker"])) == ["c"]


@pytest.mark.parametrize(
    "key",
    [
        "Ólafur – “Ljós” ♫.wav", "日本語/曲.wav", "a+b c&d=e?f#g%20h", "a//b", "./a", "../a", "a/../b", "/a", "a/",
        ".", "..", "CON", "line\nbreak", "x" * 1024, "ü" * 512,
    ],
)
def test_any_key_of_up_to_1024_bytes_is_only_a_name(s3, bucket, key):
    s3.put_object(Bucket=bucket, Key=key, Body=b"content")
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"content"
    assert keys(s3.list_objects_v2(Bucket=bucket)) == [key]
    s3.delete_object(Bucket=bucket, Key=key)
    assert keys(s3.list_objects_v2(Bucket=bucket)) == []


def test_a_longer_key_is_refused(s3, bucket):
    with refused("KeyTooLongError", 400):
        s3.put_object(Bucket=bucket, Key="x" * 1025, Body=b"x")


def test_a_key_may_be_the_beginning_of_another(s3, bucket):
    put(s3, bucket, "a", "a/b", "a/b/c")
    assert keys(s3.list_objects_v2(Bucket=bucket)) == ["a", "a/b", "a/b/c"]
    s3.delete_object(Bucket=bucket, Key="a/b")
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"a"
    assert s3.get_object(Bucket=bucket, Key="a/b/c")["Body"].read() == b"a/b/c"


def test_the_buckets_of_the_account_are_listed(s3, bucket):
    assert bucket in [entry["Name"] for entry in s3.list_buckets()["Buckets"]]
