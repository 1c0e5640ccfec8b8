"""The disk takes no more, on every machine: files that cannot grow stand for it, since that needs no mount.

What takes no more is then told as it is: for a file that there is no room, for a table, whose database knows full disks
only, that it cannot be written. `test_full_disk.py` fills a real one, where mounts are allowed.
"""

import pytest
from botocore.exceptions import ClientError

from backends.steps import AUDIO, change, upload, wave_file
from support import label
from support.backends import Backend
from support.disk import with_small_files
from support.embedded import EmbeddedAws
from support.ports import free_port
from support.server import serve
from support.waiting import wait_until

MEBIBYTE = 1024 * 1024
# Less than a part of an upload, more than the log of a database that is written out in time.
LARGEST = 6


class FullAws(EmbeddedAws):
    """An embedded AWS whose files cannot grow, until it is given room; then it is back at the same address."""

    has_room = False

    def _command(self):
        command = super()._command()
        return command if self.has_room else with_small_files(command, LARGEST)

    def give_room(self):
        self.kill()
        self.has_room = True
        self.start()


@pytest.fixture
def aws(tmp_path):
    with FullAws(tmp_path / "data", address=f"127.0.0.1:{free_port()}") as running:
        yield running


@pytest.fixture
def backend(aws):
    backend = Backend("full", aws.endpoint, aws.access_key, aws.secret_key, aws.region)
    label.create(backend)
    return backend


def fill(dynamodb):
    """Writes ever smaller items until not even the smallest fits."""
    label.create_table(dynamodb, "filler", "id", None, {})
    written = 0
    for size in (300_000, 20_000, 1_000, 1):
        while written < 20_000:
            try:
                dynamodb.put_item(TableName="filler", Item={"id": {"S": f"{size}-{written}"}, "x": {"S": size * "x"}})
            except ClientError as error:
                assert error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500, error
                break
            written += 1


def release(server):
    status, body = server.call("query_release_data", {"releaseId": "rel_1"})
    assert status == 200, body
    return body["result"]["rows"][0]


def refusals(backend):
    pages = backend.client("dynamodb").get_paginator("scan").paginate(TableName="patchline-audit")
    return [item["error"]["S"] for page in pages for item in page["Items"] if "error" in item]


def test_an_upload_that_does_not_fit_is_told_and_leaves_nothing_behind(backend, tmp_path):
    with serve(backend.environment(), tmp_path) as server:
        recording = wave_file(samples=8 * MEBIBYTE)
        sent = server.http.put(f"{server.url}/upload/audio?fileName=masters/long.wav", data=recording, timeout=120)
        assert sent.status_code == 503, sent.text
        error = sent.json()["error"]
        assert "the disk is full" in error["message"] and "masters/long.wav" in error["message"], error
        wait_until(lambda: f"unavailable: {error['message']}" in refusals(backend), "the record of it")

        s3 = backend.client("s3")
        wait_until(lambda: "Uploads" not in s3.list_multipart_uploads(Bucket=AUDIO), "the end of its parts")
        status, stored = server.call("upload_audio_file", upload("masters/short.wav"))
        assert status == 200, stored
        status, listed = server.call("list_audio_files", {"bucketName": AUDIO})
        assert [entry["fileName"] for entry in listed["result"]["files"]] == ["masters/short.wav"]


def play(server, name):
    played = server.http.get(f"{server.url}/media/{AUDIO}/{name}", timeout=120)
    assert played.status_code == 200, played.text
    return played.content


def test_a_change_that_does_not_fit_is_refused_and_made_when_there_is_room(aws, backend, tmp_path):
    recording = wave_file()
    with serve(backend.environment(), tmp_path) as server:
        status, stored = server.call("upload_audio_file", upload("masters/kept.wav"))
        assert status == 200, stored
        fill(backend.client("dynamodb"))

        status, refused = server.call("update_release_data", change("rel_1", 1, releaseDate="2027-04-02"))
        error = refused["error"]
        assert (status, error["kind"]) == (503, "unavailable"), refused
        assert error["message"].startswith("Nothing was changed, because the audit log cannot be written."), refused
        assert "table patchline-audit" in error["message"] and error["remedy"], refused
        unchanged = release(server)
        assert (unchanged["releaseDate"], unchanged["version"]) == ("2027-03-05", 1)
        assert play(server, "masters/kept.wav") == recording

        aws.give_room()
        wait_until(lambda: f"unavailable: {error['message']}" in refusals(backend), "the record of the refused change")
        assert (release(server)["releaseDate"], release(server)["version"]) == ("2027-03-05", 1)
        assert play(server, "masters/kept.wav") == recording
        status, changed = server.call("update_release_data", change("rel_1", 1, releaseDate="2027-04-02"))
        assert status == 200, changed
        assert release(server)["releaseDate"] == "2027-04-02"
