"""AWS answers late, with faults, or with "too many requests": each is told as what it is, and nothing is lost."""

import pytest
import requests

from backends.steps import change, upload, wave_file
from support.troubled import fails, hangs, stalls, throttles
from support.waiting import wait_until

AWAY = "cannot be reached at the moment"
TOO_MANY = "because the account's limit is reached"
# Before an upload is written down its place among those of the same person is asked for.
NO_PLACE = "How many uploads are under way in your name is not known just now"
TROUBLES = [(hangs, AWAY), (fails, AWAY), (throttles, TOO_MANY)]


def call(server, tool, arguments):
    return server.http.post(f"{server.url}/api/tools/{tool}", json=arguments, timeout=120)


def told(answer, *words):
    """The error of a call that may be tried again, and says so in one of these words."""
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["retry-after"]) > 0
    error = answer.json()["error"]
    assert error["kind"] == "unavailable"
    assert any(part in error["message"] for part in words), error
    assert "Try again" in error["remedy"], error
    return error


def outcomes(account, request_id):
    pages = account.client("dynamodb").get_paginator("scan").paginate(TableName="patchline-audit")
    records = [record for page in pages for record in page["Items"]]
    return [
        record for record in records
        if (record["requestId"]["S"], record["phase"]["S"]) == (request_id, "outcome")
    ]


@pytest.mark.parametrize("trouble, words", TROUBLES, ids=lambda value: getattr(value, "__name__", ""))
def test_each_trouble_is_told_and_over_when_it_is_over(account, way, server, trouble, words):
    person = server.person
    way.trouble = trouble
    refused = [
        told(call(server, "query_release_data", {"releaseId": "rel_1"}), words),
        told(call(server, "list_audio_files", {}), words),
        told(call(server, "update_release_data", change("rel_1", 1, title="Never")), words),
        told(call(server, "upload_audio_file", upload("masters/never.wav")), words, NO_PLACE),
        told(
            server.http.put(f"{server.url}/upload/audio?fileName=never.wav", data=wave_file(), timeout=120),
            words,
            NO_PLACE,
        ),
    ]
    named = ["table releases", "bucket patchline-audio"] + 3 * ["table patchline-audit"]
    for error, name in zip(refused, named, strict=True):
        assert name in error["message"] or error["message"].startswith(NO_PLACE), error
    for error in refused[2:]:
        assert error["message"].startswith(("Nothing was changed", NO_PLACE)), error
    if trouble is not hangs:  # What a page waits for may take a minute.
        assert person.get(f"{server.url}/artists", headers={"Accept": "text/html"}, timeout=120).status_code == 503
    assert requests.get(f"{server.url}/readyz", timeout=120).status_code == 503

    way.trouble = None
    for error in refused:
        recorded = wait_until(lambda: outcomes(account, error["requestId"]), f"the record of {error}")
        assert [record["error"]["S"] for record in recorded] == [f"unavailable: {error['message']}"]
    wait_until(lambda: requests.get(f"{server.url}/readyz", timeout=120).status_code == 200, "readiness")
    status, changed = server.call("update_release_data", change("rel_1", 1, title="Nattlys II"))
    assert status == 200, changed
    status, listed = server.call("list_audio_files", {})
    assert (status, listed["result"]["files"]) == (200, [])


def test_a_file_that_stops_coming_is_given_up_and_told_as_cut_off(account, way, server):
    text = b"A clause of a long contract.\n" * 200_000
    account.client("s3").put_object(Bucket="patchline-contracts", Key="art_1/long.txt", Body=text, ContentType="text/plain")
    address = f"{server.url}/media/patchline-contracts/art_1/long.txt"
    assert server.http.get(address, timeout=120).content == text

    way.trouble = stalls
    answer = server.http.get(address, stream=True, timeout=120)
    assert answer.status_code == 200
    # Not this program's own patience, which would be another error: the connection was ended.
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        for _ in answer.iter_content(65_536):
            pass
    assert way.holds.is_set(), "the other half is still being kept back"

    way.trouble = None
    assert server.http.get(address, timeout=120).content == text
