"""What arrives broken is not stored."""

import base64
import hashlib
import zlib

import pytest

from support.errors import refused


def base64_of(digest):
    return base64.b64encode(digest).decode()


def crc32(body):
    return base64_of(zlib.crc32(body).to_bytes(4, "big"))


def test_the_checksum_of_the_client_is_kept_and_told(s3, bucket):
    answer = s3.put_object(Bucket=bucket, Key="a", Body=b"sound", ChecksumAlgorithm="CRC32")
    assert answer["ChecksumCRC32"] == crc32(b"sound")
    head = s3.head_object(Bucket=bucket, Key="a", ChecksumMode="ENABLED")
    assert head["ChecksumCRC32"] == crc32(b"sound")


@pytest.mark.parametrize(("algorithm", "digest"), [("SHA256", hashlib.sha256), ("SHA1", hashlib.sha1)])
def test_other_algorithms_are_computed_too(s3, bucket, algorithm, digest):
    answer = s3.put_object(Bucket=bucket, Key="a", Body=b"sound", ChecksumAlgorithm=algorithm)
    assert answer[f"Checksum{algorithm}"] == base64_of(digest(b"sound").digest())


@pytest.mark.parametrize(
    "claim",
    [
        {"ChecksumSHA256": base64_of(hashlib.sha256(b"other").digest())},
        {"ChecksumCRC32": crc32(b"other")},
        {"ContentMD5": base64_of(hashlib.md5(b"other").digest())},
    ],
    ids=lambda claim: next(iter(claim)),
)
def test_a_body_that_does_not_match_its_checksum_is_refused(s3, bucket, claim):
    with refused("BadDigest", 400):
        s3.put_object(Bucket=bucket, Key="a", Body=b"sound", **claim)
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_a_refused_body_does_not_replace_what_was_there(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"good")
    with refused("BadDigest", 400):
        s3.put_object(Bucket=bucket, Key="a", Body=b"sound", ChecksumCRC32=crc32(b"other"))
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"good"
