"""The same calls give the same answers as moto gives, where moto does as AWS does.

It is right about groups, streams and reading events. It ignores JSON patterns and most of Logs
Insights, so those are not compared.
"""

import time

import pytest
from botocore.exceptions import ClientError

from support.backends import BACKENDS

# Differ rightly: times of writing, ids, tokens, and what AWS says beyond what moto knows.
VOLATILE = {
    "ResponseMetadata", "creationTime", "ingestionTime", "eventId", "nextToken", "nextForwardToken", "nextBackwardToken",
    "arn", "logGroupArn", "lastIngestionTime", "uploadSequenceToken", "nextSequenceToken", "storedBytes", "kmsKeyId",
    "deletionProtectionEnabled", "searchedLogStreams", "logGroupClass", "metricFilterCount",
}


def stable(value):
    if isinstance(value, dict):
        return {name: stable(part) for name, part in sorted(value.items()) if name not in VOLATILE}
    return [stable(part) for part in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Clients of both, in which the same groups, streams and events were made."""
    begin = int(time.time()) * 1000 - 60_000
    with BACKENDS["embedded"](tmp_path_factory.mktemp("e")) as ours, BACKENDS["moto"](tmp_path_factory.mktemp("m")) as moto:
        clients = ours.client("logs"), moto.client("logs")
        for client in clients:
            for group in ("/app/a", "/app/b", "/other"):
                client.create_log_group(logGroupName=group)
            client.put_retention_policy(logGroupName="/app/b", retentionInDays=30)
            for stream in ("one", "two"):
                client.create_log_stream(logGroupName="/app/a", logStreamName=stream)
            for number in range(6):
                client.put_log_events(
                    logGroupName="/app/a", logStreamName=("one", "two")[number % 2],
                    logEvents=[{"timestamp": begin + number * 1000, "message": f"number {number} is {'even odd'.split()[number % 2]}"}],
                )
        yield begin, clients


CALLS = {
    "groups": ("describe_log_groups", {}),
    "groups by prefix": ("describe_log_groups", {"logGroupNamePrefix": "/app"}),
    "groups that are not there": ("describe_log_groups", {"logGroupNamePrefix": "/none"}),
    "streams": ("describe_log_streams", {"logGroupName": "/app/a"}),
    "streams backwards": ("describe_log_streams", {"logGroupName": "/app/a", "descending": True}),
    "streams by prefix": ("describe_log_streams", {"logGroupName": "/app/a", "logStreamNamePrefix": "t"}),
    "a stream from its head": ("get_log_events", {"logGroupName": "/app/a", "logStreamName": "one", "startFromHead": True}),
    "the latest of a stream": ("get_log_events", {"logGroupName": "/app/a", "logStreamName": "two", "limit": 2}),
    # AWS always interleaves streams since 2019, and moto only when asked.
    "all events": ("filter_log_events", {"logGroupName": "/app/a", "interleaved": True}),
    "events of a stream": ("filter_log_events", {"logGroupName": "/app/a", "logStreamNames": ["two"]}),
    "events with a term": ("filter_log_events", {"logGroupName": "/app/a", "filterPattern": "odd"}),
    "events with a phrase": ("filter_log_events", {"logGroupName": "/app/a", "filterPattern": '"number 3"'}),
}


@pytest.mark.parametrize("name", CALLS)
def test_the_same_answer(two, name):
    operation, parameters = CALLS[name]
    ours, moto = (getattr(client, operation)(**parameters) for client in two[1])
    assert stable(ours) == stable(moto)


REFUSALS = {
    "a group twice": ("create_log_group", {"logGroupName": "/app/a"}),
    "a stream twice": ("create_log_stream", {"logGroupName": "/app/a", "logStreamName": "one"}),
    "no such group": ("delete_log_group", {"logGroupName": "/none"}),
    "no such stream": ("get_log_events", {"logGroupName": "/app/a", "logStreamName": "none"}),
    "retention of no group": ("put_retention_policy", {"logGroupName": "/none", "retentionInDays": 7}),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_the_same_refusal(two, name):
    operation, parameters = REFUSALS[name]
    codes = []
    for client in two[1]:
        with pytest.raises(ClientError) as refused:
            getattr(client, operation)(**parameters)
        codes.append(refused.value.response["Error"]["Code"])
    assert codes[0] == codes[1]
