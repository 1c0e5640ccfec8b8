"""A player asks for parts of a file, and gets exactly these."""

import pytest
from botocore.exceptions import ClientError

from support.errors import refused

BODY = bytes(range(200))


@pytest.fixture
def key(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=BODY)
    return "a"


@pytest.mark.parametrize(
    ("asked", "expected", "content_range"),
    [
        ("bytes=0-9", BODY[:10], "bytes 0-9/200"),
        ("bytes=50-", BODY[50:], "bytes 50-199/200"),
        ("bytes=-10", BODY[-10:], "bytes 190-199/200"),
        ("bytes=190-999", BODY[190:], "bytes 190-199/200"),
        ("bytes=199-199", BODY[199:], "bytes 199-199/200"),
    ],
)
def test_a_part_is_answered_with_206(s3, bucket, key, asked, expected, content_range):
    part = s3.get_object(Bucket=bucket, Key=key, Range=asked)
    assert part["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert part["Body"].read() == expected
    assert part["ContentRange"] == content_range
    assert part["ContentLength"] == len(expected)


def test_a_part_behind_the_end_is_refused(s3, bucket, key):
    with refused("InvalidRange", 416) as caught:
        s3.get_object(Bucket=bucket, Key=key, Range="bytes=200-300")
    headers = caught.value.response["ResponseMetadata"]["HTTPHeaders"]
    assert headers["content-range"] == "bytes */200"


def test_no_part_of_an_empty_file_can_be_had(s3, bucket):
    s3.put_object(Bucket=bucket, Key="empty", Body=b"")
    for ask in (s3.get_object, s3.head_object):
        with pytest.raises(ClientError) as caught:
            ask(Bucket=bucket, Key="empty", Range="bytes=0-")
        answer = caught.value.response["ResponseMetadata"]
        assert (answer["HTTPStatusCode"], answer["HTTPHeaders"]["content-range"]) == (416, "bytes */0")


def test_a_reader_can_learn_that_ranges_are_served(s3, bucket, key):
    assert s3.head_object(Bucket=bucket, Key=key)["AcceptRanges"] == "bytes"
