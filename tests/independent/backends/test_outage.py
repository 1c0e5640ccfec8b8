"""AWS cannot be reached: every door says so and when to try again, nothing is changed, nothing is lost."""

import pytest

from backends.steps import change, upload
from support import label
from support.backends import Backend
from support.embedded import EmbeddedAws
from support.ports import free_port
from support.server import serve
from support.waiting import wait_until


@pytest.fixture
def aws(tmp_path):
    """An AWS that comes back at the same address."""
    with EmbeddedAws(tmp_path / "data", address=f"127.0.0.1:{free_port()}") as running:
        yield running


@pytest.fixture
def backend(aws):
    backend = Backend("embedded", aws.endpoint, aws.access_key, aws.secret_key, aws.region)
    label.create(backend)
    return backend


@pytest.fixture
def server(backend, tmp_path):
    with serve(backend.environment(), tmp_path) as running:
        yield running


def by_rest(server, tool, arguments):
    answer = server.http.post(f"{server.url}/api/tools/{tool}", json=arguments, timeout=120)
    return answer, answer.json()["error"]


def records(backend):
    pages = backend.client("dynamodb").get_paginator("scan").paginate(TableName="patchline-audit")
    return [item for page in pages for item in page["Items"]]


def test_a_call_during_an_outage_is_told_to_wait_and_recorded_later(aws, backend, server):
    person = server.person
    aws.kill()
    answer, error = by_rest(server, "query_artist_data", {"artistId": "art_1"})
    assert (answer.status_code, answer.headers.get("retry-after")) == (503, "6"), answer.text
    assert error["kind"] == "unavailable"
    assert "table artists cannot be reached" in error["message"]
    assert error["remedy"] and error["requestId"]

    answer, error = by_rest(server, "update_release_data", change("rel_1", 1, title="Never"))
    assert (answer.status_code, answer.headers.get("retry-after")) == (503, "6"), answer.text
    assert error["message"].startswith("Nothing was changed")

    answer, error = by_rest(server, "upload_audio_file", upload("masters/never.wav"))
    assert (answer.status_code, answer.headers.get("retry-after")) == (503, "6"), answer.text

    # Who asks for a page stands in the store, too.
    page = person.get(f"{server.url}/artists", headers={"Accept": "text/html"}, timeout=120)
    assert page.status_code == 503
    assert "cannot be reached" in page.text
    form = {"tool": "query_artist_data", "arguments": "{}"}
    script = person.post(f"{server.url}/fn/run-tool", data=form, headers={"Accept": "application/json"}, timeout=120)
    assert (script.status_code, script.headers.get("retry-after")) == (503, "6"), script.text
    assert script.json()["kind"] == "unavailable"

    aws.start()
    for tool in ("query_artist_data", "update_release_data", "upload_audio_file"):
        refused = wait_until(
            lambda: [
                record
                for record in records(backend)
                if (record["operation"]["S"], record["phase"]["S"]) == (tool, "outcome")
            ],
            f"the record of {tool}, which failed",
        )
        assert refused[0]["error"]["S"].startswith("unavailable: "), refused
    status, body = server.call("query_release_data", {"releaseId": "rel_1"})
    assert (status, body["result"]["rows"][0]["title"], body["result"]["rows"][0]["version"]) == (200, "Nattlys", 1)
    status, body = server.call("list_audio_files", {})
    assert (status, body["result"]["files"]) == (200, [])
