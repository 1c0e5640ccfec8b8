"""The log of a running Patchline is CloudWatch Logs: boto3 finds in it what the tool and the page find."""

import json
import time

import pytest

from support.embedded import EmbeddedAws
from support.ports import free_port
from support.server import serve
from support.waiting import wait_until

GROUP = "/patchline/application"
ERRORS = 'filter level="ERROR" | stats count(*) by tool, bin(5m)'
FAILED = 3


class Running(EmbeddedAws):
    """The embedded AWS inside a Patchline that somebody else has started."""

    def __init__(self, address, data_directory):
        self.endpoint = f"http://{address}"
        stored = json.loads((data_directory / "credentials.json").read_text())
        self.access_key, self.secret_key = stored["access_key_id"], stored["secret_access_key"]
        self.region = "us-east-1"


@pytest.fixture(scope="module")
def patchline(tmp_path_factory):
    """A Patchline on which some calls have failed, and its embedded AWS."""
    directory = tmp_path_factory.mktemp("own-log")
    address = f"127.0.0.1:{free_port()}"
    settings = {
        "MCP_MOCK_AWS_SERVICES": "true",
        "MCP_DEMO_MODE": "false",
        "PATCHLINE_EMBEDDED_AWS_ADDR": address,
        "AWS_REGION": "us-east-1",
    }
    with serve(settings, directory) as server:
        for number in range(FAILED):
            status, _ = server.call("get_audio_file", {"fileName": f"missing-{number}.wav"})
            assert status == 404
        server.call("list_audio_files", {})
        yield server, Running(address, directory / "patchline-data").client("logs")


def by_rest(server, query):
    status, answer = server.call("query_performance_logs", {"query": query})
    assert status == 200, answer
    return answer["result"]["rows"]


def by_boto3(logs, query):
    now = int(time.time())
    started = logs.start_query(logGroupName=GROUP, startTime=now - 3600, endTime=now, queryString=query)

    def over():
        answer = logs.get_query_results(queryId=started["queryId"])
        return answer if answer["status"] == "Complete" else None

    answer = wait_until(over, query)
    return [{cell["field"]: cell["value"] for cell in row} for row in answer["results"]]


def as_boto3_writes_it(row):
    """A row of the tool, whose cells are typed, in the texts of Logs Insights."""
    day, clock = row["bin(5m)"].removesuffix("Z").split("T")
    return {"tool": row["tool"], "bin(5m)": f"{day} {clock}.000", "count(*)": str(row["count(*)"])}


def written(server):
    """The rows once all failed calls are in the log, which is written in batches."""
    rows = by_rest(server, ERRORS)
    return rows if sum(row["count(*)"] for row in rows) == FAILED else None


def test_boto3_gets_the_rows_of_the_tool(patchline):
    server, logs = patchline
    rows = wait_until(lambda: written(server), "the failed calls in the log")
    assert {row["tool"] for row in rows} == {"get_audio_file"}
    in_order = lambda rows: sorted(rows, key=lambda row: (row["tool"], row["bin(5m)"]))
    assert in_order(by_boto3(logs, ERRORS)) == in_order([as_boto3_writes_it(row) for row in rows])


def test_the_page_has_these_rows_too(patchline):
    server, logs = patchline
    wait_until(lambda: written(server), "the failed calls in the log")
    page = server.person.get(f"{server.url}/logs", params={"query": ERRORS, "range": "1h", "run": "1"}, timeout=120)
    assert page.status_code == 200
    assert "get_audio_file" in page.text and "Over time" in page.text
    assert f"{FAILED} of " in page.text
    assert sum(int(row["count(*)"]) for row in by_boto3(logs, ERRORS)) == FAILED
