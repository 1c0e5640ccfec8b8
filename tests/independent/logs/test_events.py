"""Events: written by AWS's rules, read in both directions, filtered."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from support.errors import refused

DAY = 24 * 60 * 60 * 1000


def messages(answer):
    return [event["message"] for event in answer["events"]]


def test_events_are_read_page_by_page(logs, group, put):
    put("one", *((number, f"m{number}") for number in range(7)))
    read = {"logGroupName": group, "logStreamName": "one", "limit": 3}
    first = logs.get_log_events(**read, startFromHead=True)
    second = logs.get_log_events(**read, nextToken=first["nextForwardToken"], startFromHead=True)
    third = logs.get_log_events(**read, nextToken=second["nextForwardToken"], startFromHead=True)
    assert messages(first) + messages(second) + messages(third) == [f"m{number}" for number in range(7)]
    end = logs.get_log_events(**read, nextToken=third["nextForwardToken"], startFromHead=True)
    assert (messages(end), end["nextForwardToken"]) == ([], third["nextForwardToken"])
    back = logs.get_log_events(**read, nextToken=third["nextBackwardToken"])
    assert messages(back) == ["m3", "m4", "m5"]


def test_without_a_direction_the_latest_events_come(logs, group, put):
    put("one", *((number, f"m{number}") for number in range(5)))
    answer = logs.get_log_events(logGroupName=group, logStreamName="one", limit=2)
    assert messages(answer) == ["m3", "m4"]


def test_events_of_one_time_keep_their_order(logs, group, put):
    put("one", *((0, f"m{number}") for number in range(20)))
    put("one", *((0, f"n{number}") for number in range(20)))
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, PaginationConfig={"PageSize": 7})
    found = [message for page in pages for message in messages(page)]
    assert found == [f"m{number}" for number in range(20)] + [f"n{number}" for number in range(20)]


@pytest.mark.parametrize(
    "events",
    [
        [(0, "later"), (-1, "earlier")],
        [(-DAY - 10_000, "a day before"), (0, "now")],
        [(0, "x" * 1_048_551)],
        [(0, "x")] * 10_001,
        [(0, "x" * 1000)] * 1100,
    ],
    ids=["order", "span", "size of one", "count", "size of all"],
)
def test_batches_against_the_rules_are_refused_whole(logs, group, events):
    now = int(time.time() * 1000)
    with refused("InvalidParameterException", 400):
        logs.put_log_events(
            logGroupName=group, logStreamName="one",
            logEvents=[{"timestamp": now + after, "message": message} for after, message in events],
        )
    assert logs.filter_log_events(logGroupName=group)["events"] == []


def test_events_too_old_or_too_new_are_named_and_left_out(logs, group):
    now = int(time.time() * 1000)
    logs.put_retention_policy(logGroupName=group, retentionInDays=5)
    answer = logs.put_log_events(
        logGroupName=group, logStreamName="one",
        logEvents=[
            {"timestamp": now + after, "message": "x"}
            for after in (-20 * DAY, -16 * DAY, -8 * DAY, -1000, 0, DAY)
        ],
    )
    assert answer["rejectedLogEventsInfo"] == {
        "tooOldLogEventEndIndex": 2, "expiredLogEventEndIndex": 3, "tooNewLogEventStartIndex": 5,
    }
    assert len(logs.filter_log_events(logGroupName=group)["events"]) == 2


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("", "abcd"),
        ("ERROR", "abc"),
        ("ERROR archive", "a"),
        ("ERROR -archive", "bc"),
        ("?WARN ?archive", "ad"),
        ('"not found"', "c"),
        ('{ $.level = "ERROR" && ($.ms > 100 || $.tool = "s*") }', "ab"),
        ("{ $.user IS NULL }", "b"),
        ("{ $.user NOT EXISTS }", "a"),
        ("{ $.tags[0] = first }", "a"),
    ],
)
def test_patterns(logs, group, put, pattern, found):
    put("one",
        (0, '{"level": "ERROR", "ms": 120, "tool": "archive", "tags": ["first"]}'),
        (1, '{"level": "ERROR", "ms": 20, "tool": "search", "user": null}'))
    begin = put("two", (2, "ERROR not found"), (3, "WARN slow"))
    answer = logs.filter_log_events(logGroupName=group, filterPattern=pattern)
    assert "".join("abcd"[event["timestamp"] - begin] for event in answer["events"]) == found


def test_a_pattern_that_is_wrong_is_refused_with_its_place(logs, group):
    with refused("InvalidParameterException", 400) as error:
        logs.filter_log_events(logGroupName=group, filterPattern="{ $.level > high }")
    assert "character 16: expected a number" in str(error.value)


def test_writing_while_the_stream_is_deleted_writes_or_finds_nothing(logs, group):
    def put(_):
        try:
            logs.put_log_events(
                logGroupName=group, logStreamName="gone", logEvents=[{"timestamp": int(time.time() * 1000), "message": "x"}]
            )
        except ClientError as error:
            return error.response["Error"]["Code"]
        return "taken"

    with ThreadPoolExecutor(4) as pool:
        for _ in range(25):
            logs.create_log_stream(logGroupName=group, logStreamName="gone")
            answers = pool.map(put, range(8))
            logs.delete_log_stream(logGroupName=group, logStreamName="gone")
            assert set(answers) <= {"taken", "ResourceNotFoundException"}


def test_acknowledged_events_survive_a_crash(own_embedded):
    logs = own_embedded.client("logs")
    logs.create_log_group(logGroupName="/crash")
    logs.create_log_stream(logGroupName="/crash", logStreamName="s")
    now = int(time.time() * 1000)
    for number in range(50):
        logs.put_log_events(
            logGroupName="/crash", logStreamName="s", logEvents=[{"timestamp": now + number, "message": f"m{number}"}]
        )
    own_embedded.kill()
    own_embedded.start()
    events = own_embedded.client("logs").filter_log_events(logGroupName="/crash")["events"]
    assert [event["message"] for event in events] == [f"m{number}" for number in range(50)]
