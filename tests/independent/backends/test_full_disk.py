"""A full disk: every door says so, nothing half is kept, nothing that was there is lost."""

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from backends.contents import wave_file
from backends.steps import AUDIO, change, upload
from support import label
from support.backends import embedded
from support.server import serve
from support.waiting import wait_until

MEBIBYTE = 1024 * 1024
DISK = 48 * MEBIBYTE


@pytest.fixture
def small_disk(tmp_path):
    with embedded(tmp_path, disk_size=DISK) as backend:
        label.create(backend)
        yield backend


@pytest.fixture
def server(small_disk, tmp_path):
    with serve(small_disk.environment(), tmp_path) as running:
        yield running


def fill(backend):
    """Stores ever smaller files, then ever smaller items, until neither takes even the smallest.

    The database writes over the part of its log that it has folded away, so it has room when files have none left.
    """
    s3, dynamodb = backend.client("s3"), backend.client("dynamodb")
    s3.create_bucket(Bucket="filler")
    label.create_table(dynamodb, "filler", "id", None, {})
    for size in (4 * MEBIBYTE, 256 * 1024, 4096, 1):
        until_refused(lambda number: s3.put_object(Bucket="filler", Key=f"{size}/{number}", Body=bytes(size)))
    for size in (256 * 1024, 4096, 1):
        until_refused(
            lambda number: dynamodb.put_item(
                TableName="filler", Item={"id": {"S": f"{size}/{number}"}, "content": {"S": "f" * size}}
            )
        )


def until_refused(store):
    for number in range(20_000):
        try:
            store(number)
        except ClientError as error:
            assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 507, error
            return
        except ConnectionClosedError:
            # It may close the connection while the rest of the file is still being sent.
            return
    raise AssertionError("the disk takes more than it can hold")


def refused_because_the_disk_is_full(answer):
    status, body = answer
    assert status == 503, body
    error = body["error"]
    assert error["kind"] == "unavailable"
    assert "the disk is full" in error["message"], error
    assert error["remedy"] and error["requestId"]
    return True


def recorded_refusals(backend):
    """The operations that the audit log says were refused."""
    pages = backend.client("dynamodb").get_paginator("scan").paginate(TableName="patchline-audit")
    records = [record for page in pages for record in page["Items"]]
    return {record["operation"]["S"] for record in records if record["decision"]["S"] == "denied"}


def release(server):
    status, body = server.call("query_release_data", {"releaseId": "rel_1"})
    assert status == 200, body
    return body["result"]["rows"][0]


def test_an_upload_that_does_not_fit_leaves_nothing_behind(server):
    recording = wave_file(samples=DISK)
    sent = server.http.put(f"{server.url}/upload/audio?fileName=masters/long.wav", data=recording, timeout=120)
    assert refused_because_the_disk_is_full((sent.status_code, sent.json()))
    assert "masters/long.wav" in sent.json()["error"]["message"]

    _, listed = server.call("list_audio_files", {"bucketName": AUDIO})
    assert listed["result"]["files"] == []
    status, stored = server.call("upload_audio_file", upload("masters/short.wav"))
    assert status == 200, stored


def play(server, name):
    played = server.http.get(f"{server.url}/media/{AUDIO}/{name}", timeout=120)
    assert played.status_code == 200, played.text
    return played.content


def test_a_change_is_refused_and_made_when_there_is_room_again(server, small_disk):
    status, stored = server.call("upload_audio_file", upload("masters/kept.wav"))
    assert status == 200, stored
    fill(small_disk)
    assert refused_because_the_disk_is_full(server.call("update_release_data", change("rel_1", 1, releaseDate="2027-04-02")))
    assert refused_because_the_disk_is_full(server.call("upload_audio_file", upload("masters/late.wav")))
    unchanged = release(server)
    assert (unchanged["releaseDate"], unchanged["version"]) == ("2027-03-05", 1)
    assert play(server, "masters/kept.wav") == wave_file()

    small_disk.enlarge_disk(2 * DISK)
    wait_until(
        lambda: {"update_release_data", "upload_audio_file"} <= recorded_refusals(small_disk),
        "the records of what was refused",
    )
    status, changed = server.call("update_release_data", change("rel_1", 1, releaseDate="2027-04-02"))
    assert status == 200, changed
    assert release(server)["releaseDate"] == "2027-04-02"
    assert play(server, "masters/kept.wav") == wave_file()
