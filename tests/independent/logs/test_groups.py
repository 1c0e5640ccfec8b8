"""Log groups and streams as boto3 sees them."""

import pytest

from support.errors import refused
from support.names import unique


def test_groups_are_paged_and_described(logs):
    prefix = f"/{unique('paged')}"
    names = [f"{prefix}/{number:02}" for number in range(7)]
    for name in reversed(names):
        logs.create_log_group(logGroupName=name)
    pages = logs.get_paginator("describe_log_groups").paginate(
        logGroupNamePrefix=prefix, PaginationConfig={"PageSize": 3}
    )
    found = [group["logGroupName"] for page in pages for group in page["logGroups"]]
    assert found == names


def test_streams_are_paged(logs, group):
    for number in range(5):
        logs.create_log_stream(logGroupName=group, logStreamName=f"s{number}")
    pages = logs.get_paginator("describe_log_streams").paginate(logGroupName=group, PaginationConfig={"PageSize": 2})
    found = [stream["logStreamName"] for page in pages for stream in page["logStreams"]]
    assert found == ["one", "s0", "s1", "s2", "s3", "s4", "two"]


def test_retention_is_shown_and_taken_away(logs, group):
    logs.put_retention_policy(logGroupName=group, retentionInDays=14)
    (described,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert described["retentionInDays"] == 14
    logs.delete_retention_policy(logGroupName=group)
    (described,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert "retentionInDays" not in described


def test_a_second_group_or_stream_of_a_name_is_refused(logs, group):
    with refused("ResourceAlreadyExistsException", 400):
        logs.create_log_group(logGroupName=group)
    with refused("ResourceAlreadyExistsException", 400):
        logs.create_log_stream(logGroupName=group, logStreamName="one")


def test_what_is_not_there_is_not_found(logs, group):
    with refused("ResourceNotFoundException", 400):
        logs.delete_log_group(logGroupName="/none")
    with refused("ResourceNotFoundException", 400):
        logs.delete_log_stream(logGroupName=group, logStreamName="none")
    with refused("ResourceNotFoundException", 400):
        logs.describe_log_streams(logGroupName="/none")


@pytest.mark.parametrize(
    "options",
    [{"kmsKeyId": "key"}, {"tags": {"a": "b"}}, {"logGroupClass": "INFREQUENT_ACCESS"}],
    ids=lambda options: next(iter(options)),
)
def test_options_that_are_missing_here_are_refused_and_nothing_is_made(logs, options):
    name = f"/{unique('refused')}"
    with refused("InvalidParameterException", 400) as error:
        logs.create_log_group(logGroupName=name, **options)
    assert next(iter(options)) in str(error.value)
    assert logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"] == []


def test_operations_that_are_missing_here_are_refused(logs, group):
    with refused("UnknownOperationException", 400):
        logs.describe_metric_filters(logGroupName=group)
    with refused("UnknownOperationException", 400):
        logs.put_metric_filter(
            logGroupName=group, filterName="f", filterPattern="",
            metricTransformations=[{"metricName": "m", "metricNamespace": "n", "metricValue": "1"}],
        )
