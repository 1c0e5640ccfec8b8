"""Contracts keep every version: nothing that was signed can be overwritten or lost by a delete."""

import pytest

from support.errors import refused


@pytest.fixture
def versioned(s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    return bucket


def put(s3, bucket, body):
    return s3.put_object(Bucket=bucket, Key="a", Body=body)["VersionId"]


def test_versioning_is_off_until_it_is_switched_on(s3, bucket):
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    assert "VersionId" not in s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"


def test_an_older_version_stays_readable(s3, versioned):
    first, second = put(s3, versioned, b"first"), put(s3, versioned, b"second")
    assert first != second
    newest = s3.get_object(Bucket=versioned, Key="a")
    assert (newest["Body"].read(), newest["VersionId"]) == (b"second", second)
    assert s3.get_object(Bucket=versioned, Key="a", VersionId=first)["Body"].read() == b"first"
    assert s3.head_object(Bucket=versioned, Key="a", VersionId=first)["ContentLength"] == 5


def test_what_was_there_before_versioning_has_the_version_null(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"before")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    put(s3, bucket, b"after")
    assert s3.get_object(Bucket=bucket, Key="a", VersionId="null")["Body"].read() == b"before"


def test_a_delete_only_hides(s3, versioned):
    first = put(s3, versioned, b"first")
    answer = s3.delete_object(Bucket=versioned, Key="a")
    assert answer["DeleteMarker"] is True
    with refused("NoSuchKey", 404):
        s3.get_object(Bucket=versioned, Key="a")
    assert "Contents" not in s3.list_objects_v2(Bucket=versioned)
    assert s3.get_object(Bucket=versioned, Key="a", VersionId=first)["Body"].read() == b"first"

    s3.delete_object(Bucket=versioned, Key="a", VersionId=answer["VersionId"])
    assert s3.get_object(Bucket=versioned, Key="a")["Body"].read() == b"first"


def test_the_history_is_listed_newest_first(s3, versioned):
    first, second = put(s3, versioned, b"1"), put(s3, versioned, b"2")
    marker = s3.delete_object(Bucket=versioned, Key="a")["VersionId"]
    third = put(s3, versioned, b"3")
    history = s3.list_object_versions(Bucket=versioned)
    assert [(entry["VersionId"], entry["IsLatest"]) for entry in history["Versions"]] == [
        (third, True), (second, False), (first, False),
    ]
    assert [(entry["VersionId"], entry["IsLatest"]) for entry in history["DeleteMarkers"]] == [(marker, False)]


def test_deleting_a_version_by_its_id_is_final(s3, versioned):
    first, second = put(s3, versioned, b"1"), put(s3, versioned, b"2")
    s3.delete_object(Bucket=versioned, Key="a", VersionId=second)
    newest = s3.get_object(Bucket=versioned, Key="a")
    assert (newest["Body"].read(), newest["VersionId"]) == (b"1", first)
    with refused("NoSuchVersion", 404):
        s3.get_object(Bucket=versioned, Key="a", VersionId=second)


def test_a_bucket_is_not_empty_while_old_versions_are_there(s3, versioned):
    put(s3, versioned, b"1")
    s3.delete_object(Bucket=versioned, Key="a")
    with refused("BucketNotEmpty", 409):
        s3.delete_bucket(Bucket=versioned)
