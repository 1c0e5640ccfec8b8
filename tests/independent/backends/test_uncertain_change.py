"""No answer comes to a change: nobody knows whether it was made, and nobody says that they do."""

import pytest

from backends.steps import change
from support.troubled import hangs, loses_answers

UNCERTAIN = "The change may have been made, or not."


def phases(account, request_id):
    """What is on record of a call: the phases, and how it ended."""
    pages = account.client("dynamodb").get_paginator("scan").paginate(TableName="patchline-audit")
    records = [record for page in pages for record in page["Items"] if record["requestId"]["S"] == request_id]
    records.sort(key=lambda record: record["id"]["S"])
    return [(record["phase"]["S"], record.get("error", {}).get("S")) for record in records]


@pytest.mark.parametrize("trouble, version, title", [(hangs, 1, "Nattlys"), (loses_answers, 2, "Nattlys II")])
def test_a_change_without_an_answer_is_called_uncertain(account, way, server, trouble, version, title):
    way.trouble_only(trouble, "UpdateItem", "releases")
    answer = server.http.post(
        f"{server.url}/api/tools/update_release_data", json=change("rel_1", 1, title="Nattlys II"), timeout=120
    )
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["retry-after"]) > 0
    error = answer.json()["error"]
    assert error["kind"] == "unavailable"
    assert error["message"].startswith("The table releases was asked, but without success"), error
    assert UNCERTAIN in error["message"], error
    assert "Look at what is stored" in error["remedy"], error
    expected = [("intent", None), ("outcome", f"unavailable: {error['message']}")]
    assert phases(account, error["requestId"]) == expected

    # What the remedy tells to look at is there to be looked at, and tells which of the two it was.
    status, body = server.call("query_release_data", {"releaseId": "rel_1"})
    assert status == 200, body
    stored = body["result"]["rows"][0]
    assert (stored["title"], stored["version"]) == (title, version)

    way.trouble = None
    status, changed = server.call("update_release_data", change("rel_1", version, title="Nattlys III"))
    assert status == 200, changed
