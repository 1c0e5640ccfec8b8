"""A fresh log group with two streams for each check that asks for one."""

import time

import pytest

from support.names import unique


@pytest.fixture(scope="session")
def logs(embedded):
    return embedded.client("logs")


@pytest.fixture
def group(logs):
    name = f"/{unique('group')}"
    logs.create_log_group(logGroupName=name)
    for stream in ("one", "two"):
        logs.create_log_stream(logGroupName=name, logStreamName=stream)
    return name


@pytest.fixture
def put(logs, group):
    """Puts (milliseconds after the first event, message) into a stream, and says when the first was."""
    begin = int(time.time()) * 1000 - 3_600_000

    def put_events(stream, *events):
        logs.put_log_events(
            logGroupName=group, logStreamName=stream,
            logEvents=[{"timestamp": begin + after, "message": message} for after, message in events],
        )
        return begin

    return put_events
