"""Logs Insights as boto3 sees it."""

import json
import time

import pytest

from support.errors import refused
from support.waiting import wait_until

CALLS = [
    {"level": "INFO", "tool": "search", "ms": 10, "user": {"id": "a"}},
    {"level": "ERROR", "tool": "search", "ms": 300, "user": {"id": "b"}},
    {"level": "INFO", "tool": "upload", "ms": 20, "user": {"id": "a"}},
    {"level": "ERROR", "tool": "upload", "ms": 40, "user": {"id": "c"}},
]


@pytest.fixture
def ask(logs, group):
    """The rows of a query over the last two hours, without pointers."""

    def rows(query):
        now = int(time.time())
        started = logs.start_query(logGroupName=group, startTime=now - 7200, endTime=now, queryString=query)

        def over():
            answer = logs.get_query_results(queryId=started["queryId"])
            return answer if answer["status"] != "Running" else None

        answer = wait_until(over, query)
        assert answer["status"] == "Complete"
        return [{cell["field"]: cell["value"] for cell in row if cell["field"] != "@ptr"} for row in answer["results"]]

    return rows


@pytest.fixture
def calls(put):
    """Four calls, two minutes apart; says when the first was."""
    return put("one", *((number * 120_000, json.dumps(call)) for number, call in enumerate(CALLS)))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            'filter level = "ERROR" | stats count(*) by tool | sort tool desc',
            [{"tool": "upload", "count(*)": "1"}, {"tool": "search", "count(*)": "1"}],
        ),
        (
            "stats avg(ms) as mean, pct(ms, 50), count_distinct(user.id) as people",
            [{"mean": "92.5", "pct(ms, 50)": "20", "people": "3"}],
        ),
        (
            r"parse @message /\"tool\": \"(?<name>[a-z]+)\"/ | filter name like /^up/ | display name, ms | limit 1",
            [{"name": "upload", "ms": "40"}],
        ),
        (
            "fields concat(tool, '-', user.id) as key, ms / 10 as tens | sort ms asc | limit 2",
            [{"key": "search-a", "tens": "1"}, {"key": "upload-a", "tens": "2"}],
        ),
        ("fields tool | dedup tool", [{"tool": "upload"}, {"tool": "search"}]),
        ("filter ms in [10, 40] and not ispresent(nothing) | stats sum(ms) as total", [{"total": "50"}]),
        ("filter level = 'NONE'", []),
    ],
)
def test_queries(ask, calls, query, expected):
    assert ask(query) == expected


def test_bins_are_named_by_their_beginning(ask, calls):
    for row in ask("stats count(*) as n by bin(2m) as slot"):
        when = time.strptime(row["slot"], "%Y-%m-%d %H:%M:%S.000")
        assert when.tm_min % 2 == 0 and when.tm_sec == 0 and row["n"] == "1"


def test_times_are_those_of_the_events(ask, calls):
    written = [row["@timestamp"] for row in ask("fields @timestamp | sort @timestamp asc")]
    times = [calls // 1000 + number * 120 for number in range(4)]
    assert written == [time.strftime("%Y-%m-%d %H:%M:%S.000", time.gmtime(moment)) for moment in times]


@pytest.mark.parametrize(
    ("query", "start", "end", "words"),
    [
        ("filter a >", 10, 10, "found the end of the query"),
        ("fields a | explode b", 11, 18, "expected a command"),
        ("fields ä | limit 0", 17, 18, "from 1 to 100000"),
        ("anomaly", 0, 7, "does not implement anomaly"),
    ],
)
def test_a_malformed_query_is_refused_with_its_place(logs, group, query, start, end, words):
    with refused("MalformedQueryException", 400) as error:
        logs.start_query(logGroupName=group, startTime=0, endTime=1, queryString=query)
    details = error.value.response["queryCompileError"]
    assert details["location"] == {"startCharOffset": start, "endCharOffset": end}
    assert words in details["message"]


def test_an_expression_that_would_explode_is_refused(logs, group):
    with refused("MalformedQueryException", 400) as error:
        logs.start_query(logGroupName=group, startTime=0, endTime=1, queryString=r"filter @message like /((\w{99}){99}){99}/")
    assert "too large" in str(error.value)


def test_the_end_cannot_be_before_the_start(logs, group):
    with refused("InvalidParameterException", 400):
        logs.start_query(logGroupName=group, startTime=2, endTime=1, queryString="fields @message")


def test_statistics_and_the_record_behind_a_row(logs, group, calls):
    now = int(time.time())
    started = logs.start_query(
        logGroupNames=[group], startTime=now - 7200, endTime=now, queryString="filter tool = 'upload' | sort ms | limit 1"
    )

    def over():
        answer = logs.get_query_results(queryId=started["queryId"])
        return answer if answer["status"] == "Complete" else None

    answer = wait_until(over, "the query to be over")
    statistics = answer["statistics"]
    assert (statistics["recordsScanned"], statistics["recordsMatched"]) == (4.0, 2.0)
    assert statistics["bytesScanned"] == sum(len(json.dumps(call)) for call in CALLS)
    (row,) = answer["results"]
    pointer = next(cell["value"] for cell in row if cell["field"] == "@ptr")
    record = logs.get_log_record(logRecordPointer=pointer)["logRecord"]
    assert (record["ms"], record["user.id"], record["@logStream"]) == ("20", "a", "one")
    with refused("InvalidParameterException", 400):
        logs.stop_query(queryId=started["queryId"])


def test_queries_are_described_page_by_page(logs, group, calls):
    now = int(time.time())
    texts = [f"fields ms | limit {number}" for number in (1, 2, 3)]
    ids = [
        logs.start_query(logGroupName=group, startTime=now - 7200, endTime=now, queryString=text)["queryId"]
        for text in texts
    ]
    for query in ids:
        wait_until(lambda: logs.get_query_results(queryId=query)["status"] == "Complete", "the query to be over")
    first = logs.describe_queries(logGroupName=group, status="Complete", maxResults=2)
    rest = logs.describe_queries(logGroupName=group, status="Complete", maxResults=2, nextToken=first["nextToken"])
    described = first["queries"] + rest["queries"]
    assert [query["queryId"] for query in described] == ids[::-1]
    assert [query["queryString"] for query in described] == texts[::-1]
    assert {query["logGroupName"] for query in described} == {group}
    assert "nextToken" not in rest


def test_a_query_that_runs_is_stopped(logs, group, put):
    """It doubles its text again and again, and searches that: so much for all events that nobody sees its end."""
    put("one", *((number, json.dumps(CALLS[0])) for number in range(100)))
    doubled = [f"fields concat(text{number}, text{number}) as text{number + 1}" for number in range(1, 17)]
    conditions = " or ".join(f"text17 like /[aeiou][0-9][aeiou][0-9]+[A-Z]{number}/" for number in range(10, 40))
    query = " | ".join(["fields concat(@message, @message) as text1", *doubled, f"filter {conditions}"])
    now = int(time.time())
    started = logs.start_query(logGroupName=group, startTime=now - 7200, endTime=now, queryString=query)
    assert logs.get_query_results(queryId=started["queryId"])["status"] == "Running"
    assert logs.stop_query(queryId=started["queryId"])["success"] is True
    answer = logs.get_query_results(queryId=started["queryId"])
    assert (answer["status"], answer["results"]) == ("Cancelled", [])
    with refused("InvalidParameterException", 400):
        logs.stop_query(queryId=started["queryId"])
