"""Readers keep their copies, and writers do not overwrite each other."""

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from support.errors import refused


def test_a_reader_with_the_current_copy_gets_304(s3, bucket):
    etag = s3.put_object(Bucket=bucket, Key="a", Body=b"x")["ETag"]
    for call in (s3.get_object, s3.head_object):
        with refused("304", 304):
            call(Bucket=bucket, Key="a", IfNoneMatch=etag)


def test_a_reader_with_an_older_copy_gets_the_object(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    stored = s3.get_object(Bucket=bucket, Key="a", IfNoneMatch='"0123456789abcdef0123456789abcdef"')
    assert stored["Body"].read() == b"x"


def test_a_reader_who_wants_one_content_only_is_told_when_it_changed(s3, bucket):
    etag = s3.put_object(Bucket=bucket, Key="a", Body=b"x")["ETag"]
    assert s3.get_object(Bucket=bucket, Key="a", IfMatch=etag)["Body"].read() == b"x"
    s3.put_object(Bucket=bucket, Key="a", Body=b"y")
    with refused("PreconditionFailed", 412):
        s3.get_object(Bucket=bucket, Key="a", IfMatch=etag)


def test_conditions_on_the_time_of_change(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    changed = s3.head_object(Bucket=bucket, Key="a")["LastModified"]
    with refused("304", 304):
        s3.get_object(Bucket=bucket, Key="a", IfModifiedSince=changed)
    assert s3.get_object(Bucket=bucket, Key="a", IfModifiedSince=changed - timedelta(days=1))
    with refused("PreconditionFailed", 412):
        s3.get_object(Bucket=bucket, Key="a", IfUnmodifiedSince=changed - timedelta(days=1))


def test_a_writer_who_wants_to_be_the_first_is_refused_when_something_is_there(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"first", IfNoneMatch="*")
    with refused("PreconditionFailed", 412):
        s3.put_object(Bucket=bucket, Key="a", Body=b"second", IfNoneMatch="*")
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"first"


def test_a_writer_who_names_what_it_replaces_is_refused_when_that_changed(s3, bucket):
    first = s3.put_object(Bucket=bucket, Key="a", Body=b"1")["ETag"]
    second = s3.put_object(Bucket=bucket, Key="a", Body=b"2", IfMatch=first)["ETag"]
    assert second != first
    with refused("PreconditionFailed", 412):
        s3.put_object(Bucket=bucket, Key="a", Body=b"3", IfMatch=first)
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"2"


def test_replacing_what_is_not_there_is_refused(s3, bucket):
    with pytest.raises(ClientError) as caught:
        s3.put_object(Bucket=bucket, Key="a", Body=b"x", IfMatch='"0123456789abcdef0123456789abcdef"')
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)
