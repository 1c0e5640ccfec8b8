"""A crash of Patchline during an upload leaves no half file, no part and no byte of it."""

import json

import pytest

from backends.steps import AUDIO, upload, wave_file
from support.backends import Backend
from support.halfway import half_a_stream
from support.ports import free_port
from support.server import serve
from support.waiting import wait_until

ADDRESS = "/upload/audio?fileName=masters/long.wav"


class Label:
    """A Patchline with its own embedded AWS, in a folder that outlives it."""

    def __init__(self, directory):
        self._directory = directory
        self._data = directory / "patchline-data"
        self._port = f"127.0.0.1:{free_port()}"

    def serve(self):
        settings = {
            "MCP_MOCK_AWS_SERVICES": "true", "MCP_DEMO_MODE": "false", "ENABLE_BEDROCK": "false",
            "PATCHLINE_EMBEDDED_AWS_ADDR": self._port,
        }
        return serve(settings, self._directory)

    def s3(self):
        key = json.loads((self._data / "credentials.json").read_text())
        backend = Backend("embedded", f"http://{self._port}", key["access_key_id"], key["secret_access_key"])
        return backend.client("s3")

    def content(self):
        """The bytes of all files and parts, and of what is just arriving."""
        files = [path for folder in ("blobs", "incoming") for path in (self._data / "s3" / folder).rglob("*")]
        return sum(path.stat().st_size for path in files if path.is_file())


def unfinished(s3):
    return s3.list_multipart_uploads(Bucket=AUDIO).get("Uploads", [])


def audio_files(server):
    status, listed = server.call("list_audio_files", {"bucketName": AUDIO})
    assert status == 200, listed
    return [entry["fileName"] for entry in listed["result"]["files"]]


@pytest.fixture
def label(tmp_path):
    return Label(tmp_path)


def test_what_a_killed_upload_left_is_gone_after_the_next_start(label):
    with label.serve() as server:
        status, stored = server.call("upload_audio_file", upload("masters/short.wav"))
        assert status == 200, stored
        before = label.content()
        s3 = label.s3()
        with half_a_stream(f"{server.url}{ADDRESS}", wave_file(), mebibytes=40):
            wait_until(lambda: unfinished(s3), "the upload in parts")
            upload_id = unfinished(s3)[0]["UploadId"]
            parts = {"Bucket": AUDIO, "Key": "masters/long.wav", "UploadId": upload_id}
            wait_until(lambda: len(s3.list_parts(**parts).get("Parts", [])) == 2, "two of its parts")
            server.kill()
        assert label.content() > before, "there is something to remove"

    with label.serve() as server:
        assert unfinished(label.s3()) == []
        assert label.content() == before
        assert audio_files(server) == ["masters/short.wav"]


def test_a_sender_who_goes_away_leaves_nothing_either(label):
    with label.serve() as server:
        before = label.content()
        s3 = label.s3()
        with half_a_stream(f"{server.url}{ADDRESS}", wave_file(), mebibytes=40):
            wait_until(lambda: unfinished(s3), "the upload in parts")
        wait_until(lambda: not unfinished(s3), "the end of the upload")
        wait_until(lambda: label.content() == before, "its bytes to leave the disk")
        assert audio_files(server) == []
