"""Objects come back as they were stored, and are gone when they were deleted."""

import hashlib

from support.errors import refused
from support.names import unique


def test_an_object_comes_back_with_its_type_and_metadata(s3, bucket):
    body = bytes(range(256)) * 1000
    s3.put_object(
        Bucket=bucket, Key="masters/one.wav", Body=body, ContentType="audio/wav",
        CacheControl="private", Metadata={"isrc": "NOX002600001", "take": "2"},
    )
    stored = s3.get_object(Bucket=bucket, Key="masters/one.wav")
    assert stored["Body"].read() == body
    assert stored["ContentType"] == "audio/wav"
    assert stored["CacheControl"] == "private"
    assert stored["Metadata"] == {"isrc": "NOX002600001", "take": "2"}
    assert stored["ContentLength"] == len(body)


def test_the_etag_of_a_plain_upload_is_the_md5_of_its_bytes(s3, bucket):
    answer = s3.put_object(Bucket=bucket, Key="a", Body=b"patchline")
    assert answer["ETag"] == f'"{hashlib.md5(b"patchline").hexdigest()}"'
    assert s3.head_object(Bucket=bucket, Key="a")["ETag"] == answer["ETag"]


def test_an_empty_object_is_an_object(s3, bucket):
    s3.put_object(Bucket=bucket, Key="empty", Body=b"")
    assert s3.get_object(Bucket=bucket, Key="empty")["Body"].read() == b""


def test_head_says_the_same_as_get_without_the_bytes(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"12345", Metadata={"k": "v"})
    head = s3.head_object(Bucket=bucket, Key="a")
    assert (head["ContentLength"], head["Metadata"]) == (5, {"k": "v"})


def test_a_second_put_replaces_everything(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"old", Metadata={"old": "yes"})
    s3.put_object(Bucket=bucket, Key="a", Body=b"new")
    stored = s3.get_object(Bucket=bucket, Key="a")
    assert (stored["Body"].read(), stored["Metadata"]) == (b"new", {})


def test_a_deleted_object_is_gone_and_deleting_it_again_is_no_error(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    s3.delete_object(Bucket=bucket, Key="a")
    with refused("NoSuchKey", 404):
        s3.get_object(Bucket=bucket, Key="a")
    s3.delete_object(Bucket=bucket, Key="a")


def test_many_objects_are_deleted_at_once(s3, bucket):
    for key in ("a", "b", "c"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "a"}, {"Key": "c"}, {"Key": "never"}]})
    assert {entry["Key"] for entry in answer["Deleted"]} == {"a", "c", "never"}
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["b"]


def test_a_missing_bucket_is_told_from_a_missing_key(s3, bucket):
    with refused("NoSuchBucket", 404):
        s3.get_object(Bucket=unique("nowhere"), Key="a")
    with refused("NoSuchBucket", 404):
        s3.put_object(Bucket=unique("nowhere"), Key="a", Body=b"x")
    with refused("NoSuchKey", 404):
        s3.get_object(Bucket=bucket, Key="a")


def test_a_bucket_with_content_cannot_be_deleted(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    with refused("BucketNotEmpty", 409):
        s3.delete_bucket(Bucket=bucket)
    s3.delete_object(Bucket=bucket, Key="a")
    s3.delete_bucket(Bucket=bucket)
    with refused("404", 404):
        s3.head_bucket(Bucket=bucket)
