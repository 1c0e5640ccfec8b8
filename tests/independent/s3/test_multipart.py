"""Large files arrive in parts, and an upload that is given up leaves nothing."""

import hashlib
import io

import pytest

from support.errors import refused

MEBIBYTE = 1024 * 1024
PARTS = [bytes([number]) * (5 * MEBIBYTE) for number in (1, 2)] + [b"the end"]


@pytest.fixture
def upload(s3, bucket):
    """The id of a multipart upload that was begun for the key `a`."""
    return s3.create_multipart_upload(
        Bucket=bucket, Key="a", ContentType="audio/wav", Metadata={"isrc": "NOX002600001"}
    )["UploadId"]


def send(s3, bucket, upload, bodies):
    """Uploads these bodies as parts 1, 2, … and returns the list that completion wants."""
    return [
        {
            "PartNumber": number,
            "ETag": s3.upload_part(Bucket=bucket, Key="a", UploadId=upload, PartNumber=number, Body=body)["ETag"],
        }
        for number, body in enumerate(bodies, start=1)
    ]


def complete(s3, bucket, upload, parts):
    return s3.complete_multipart_upload(Bucket=bucket, Key="a", UploadId=upload, MultipartUpload={"Parts": parts})


def test_the_parts_become_one_object(s3, bucket, upload):
    complete(s3, bucket, upload, send(s3, bucket, upload, PARTS))
    stored = s3.get_object(Bucket=bucket, Key="a")
    assert stored["Body"].read() == b"".join(PARTS)
    assert (stored["ContentType"], stored["Metadata"]) == ("audio/wav", {"isrc": "NOX002600001"})
    digests = b"".join(hashlib.md5(part).digest() for part in PARTS)
    assert stored["ETag"] == f'"{hashlib.md5(digests).hexdigest()}-3"'


def test_nothing_is_there_before_completion(s3, bucket, upload):
    send(s3, bucket, upload, PARTS)
    with refused("NoSuchKey", 404):
        s3.get_object(Bucket=bucket, Key="a")
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_parts_can_be_listed_and_sent_again(s3, bucket, upload):
    send(s3, bucket, upload, PARTS)
    again = s3.upload_part(Bucket=bucket, Key="a", UploadId=upload, PartNumber=3, Body=b"better")["ETag"]
    listed = s3.list_parts(Bucket=bucket, Key="a", UploadId=upload)["Parts"]
    assert [part["PartNumber"] for part in listed] == [1, 2, 3]
    assert [part["Size"] for part in listed] == [5 * MEBIBYTE, 5 * MEBIBYTE, 6]
    assert listed[2]["ETag"] == again


def test_parts_may_arrive_in_any_order(s3, bucket, upload):
    etags = {}
    for number in (3, 1, 2):
        answer = s3.upload_part(Bucket=bucket, Key="a", UploadId=upload, PartNumber=number, Body=PARTS[number - 1])
        etags[number] = answer["ETag"]
    complete(s3, bucket, upload, [{"PartNumber": n, "ETag": etags[n]} for n in (1, 2, 3)])
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"".join(PARTS)


def test_an_aborted_upload_is_gone(s3, bucket, upload):
    parts = send(s3, bucket, upload, [b"only part"])
    s3.abort_multipart_upload(Bucket=bucket, Key="a", UploadId=upload)
    for call in (
        lambda: s3.list_parts(Bucket=bucket, Key="a", UploadId=upload),
        lambda: s3.upload_part(Bucket=bucket, Key="a", UploadId=upload, PartNumber=2, Body=b"x"),
        lambda: complete(s3, bucket, upload, parts),
    ):
        with refused("NoSuchUpload", 404):
            call()
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_uploads_under_way_can_be_found(s3, bucket, upload):
    listed = s3.list_multipart_uploads(Bucket=bucket)["Uploads"]
    assert [(entry["Key"], entry["UploadId"]) for entry in listed] == [("a", upload)]
    s3.abort_multipart_upload(Bucket=bucket, Key="a", UploadId=upload)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)


def test_completion_checks_what_it_is_told(s3, bucket, upload):
    parts = send(s3, bucket, upload, PARTS)
    with refused("InvalidPart", 400):
        complete(s3, bucket, upload, parts[:2] + [{"PartNumber": 3, "ETag": parts[0]["ETag"]}])
    with refused("InvalidPart", 400):
        complete(s3, bucket, upload, parts + [{"PartNumber": 4, "ETag": parts[0]["ETag"]}])
    with refused("InvalidPartOrder", 400):
        complete(s3, bucket, upload, list(reversed(parts)))
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_only_the_last_part_may_be_small(s3, bucket, upload):
    parts = send(s3, bucket, upload, [b"small", b"the end"])
    with refused("EntityTooSmall", 400):
        complete(s3, bucket, upload, parts)


def test_a_part_of_the_finished_object_can_be_read_by_its_number(s3, bucket, upload):
    complete(s3, bucket, upload, send(s3, bucket, upload, PARTS))
    part = s3.get_object(Bucket=bucket, Key="a", PartNumber=3)
    assert part["Body"].read() == b"the end"
    assert part["PartsCount"] == 3


def test_the_transfer_manager_of_boto3_sends_a_large_file_and_gets_it_back(s3, bucket):
    body = bytes(range(256)) * (20 * MEBIBYTE // 256)
    s3.upload_fileobj(io.BytesIO(body), bucket, "large.wav", ExtraArgs={"ContentType": "audio/wav"})
    received = io.BytesIO()
    s3.download_fileobj(bucket, "large.wav", received)
    assert received.getvalue() == body


def test_parts_with_another_checksum_than_the_upload_was_begun_with_are_refused(s3, bucket):
    begun = s3.create_multipart_upload(Bucket=bucket, Key="a", ChecksumAlgorithm="SHA256")["UploadId"]
    with refused("InvalidRequest", 400):
        s3.upload_part(
            Bucket=bucket, Key="a", UploadId=begun, PartNumber=1, Body=b"x", ChecksumAlgorithm="CRC32"
        )
