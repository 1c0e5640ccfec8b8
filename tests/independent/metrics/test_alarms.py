"""Alarms: put, evaluated, set by hand, deleted."""

from datetime import datetime, timedelta, timezone

import pytest

from support.errors import refused
from support.names import unique


@pytest.fixture
def alarm(cloudwatch, namespace):
    """An alarm over more than five errors in one of the last two minutes; its name."""
    name = unique("alarm")
    cloudwatch.put_metric_alarm(**definition(name, namespace))
    yield name
    cloudwatch.delete_alarms(AlarmNames=[name])


def definition(name, namespace):
    return {
        "AlarmName": name, "Namespace": namespace, "MetricName": "errors", "Statistic": "Sum", "Period": 60,
        "EvaluationPeriods": 2, "DatapointsToAlarm": 1, "Threshold": 5.0,
        "ComparisonOperator": "GreaterThanThreshold",
    }


def described(cloudwatch, name):
    return cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]


def report(cloudwatch, namespace, value):
    now = datetime.now(timezone.utc)
    cloudwatch.put_metric_data(
        Namespace=namespace,
        MetricData=[{"MetricName": "errors", "Timestamp": now - timedelta(minutes=ago), "Value": value} for ago in (1, 2, 3)],
    )


def test_an_alarm_follows_its_metric(cloudwatch, namespace, alarm):
    assert described(cloudwatch, alarm)["StateValue"] == "INSUFFICIENT_DATA"
    report(cloudwatch, namespace, 1)
    assert described(cloudwatch, alarm)["StateValue"] == "OK"
    report(cloudwatch, namespace, 9)
    ringing = described(cloudwatch, alarm)
    assert ringing["StateValue"] == "ALARM"
    assert "greater than the threshold (5.0)" in ringing["StateReason"]
    assert ringing["AlarmArn"].endswith(f":alarm:{alarm}")
    assert isinstance(ringing["StateUpdatedTimestamp"], datetime)


def test_what_is_missing_is_treated_as_asked(cloudwatch, namespace, alarm):
    for treatment, state in (("breaching", "ALARM"), ("notBreaching", "OK"), ("ignore", "OK")):
        cloudwatch.put_metric_alarm(**definition(alarm, namespace), TreatMissingData=treatment)
        assert described(cloudwatch, alarm)["StateValue"] == state, treatment


@pytest.mark.parametrize(("needed", "state"), [(1, "ALARM"), (2, "ALARM"), (3, "OK")])
def test_so_many_of_the_latest_values_must_breach(cloudwatch, namespace, alarm, needed, state):
    now = datetime.now(timezone.utc)
    cloudwatch.put_metric_data(
        Namespace=namespace,
        MetricData=[{"MetricName": "errors", "Timestamp": now - timedelta(minutes=ago), "Value": value}
                    for ago, value in ((1, 9), (2, 1), (3, 9))],
    )
    cloudwatch.put_metric_alarm(**definition(alarm, namespace) | {"EvaluationPeriods": 3, "DatapointsToAlarm": needed})
    assert described(cloudwatch, alarm)["StateValue"] == state


@pytest.mark.parametrize(
    ("operator", "state"),
    [("GreaterThanOrEqualToThreshold", "ALARM"), ("GreaterThanThreshold", "OK"), ("LessThanThreshold", "OK"),
     ("LessThanOrEqualToThreshold", "ALARM")],
)
def test_a_value_on_the_threshold(cloudwatch, namespace, alarm, operator, state):
    report(cloudwatch, namespace, 5)
    cloudwatch.put_metric_alarm(**definition(alarm, namespace) | {"ComparisonOperator": operator})
    assert described(cloudwatch, alarm)["StateValue"] == state


def test_a_percentile_is_watched(cloudwatch, namespace, alarm):
    now = datetime.now(timezone.utc)
    cloudwatch.put_metric_data(
        Namespace=namespace,
        MetricData=[{"MetricName": "errors", "Timestamp": now - timedelta(minutes=ago), "Values": list(range(1, 101))}
                    for ago in (1, 2, 3)],
    )
    of_percentile = {name: value for name, value in definition(alarm, namespace).items() if name != "Statistic"}
    for percentile, state in (("p90", "ALARM"), ("p50", "OK")):
        cloudwatch.put_metric_alarm(**of_percentile | {"ExtendedStatistic": percentile, "Threshold": 80.0})
        assert described(cloudwatch, alarm)["StateValue"] == state, percentile


def test_actions_are_kept_where_none_is_to_run(cloudwatch, namespace, alarm):
    topic = "arn:aws:sns:us-east-1:000000000000:topic"
    cloudwatch.put_metric_alarm(**definition(alarm, namespace), ActionsEnabled=False, AlarmActions=[topic])
    kept = described(cloudwatch, alarm)
    assert (kept["ActionsEnabled"], kept["AlarmActions"], kept["OKActions"]) == (False, [topic], [])
    found = cloudwatch.describe_alarms(ActionPrefix="arn:aws:sns")["MetricAlarms"]
    assert [one["AlarmName"] for one in found] == [alarm]


def test_an_unknown_alarm_is_not_found(cloudwatch):
    with refused("ResourceNotFound", 404):
        cloudwatch.set_alarm_state(AlarmName="none", StateValue="OK", StateReason="x")
    with refused("ResourceNotFound", 404):
        cloudwatch.delete_alarms(AlarmNames=["none"])


def test_actions_and_expressions_are_refused(cloudwatch, namespace):
    with refused("ValidationError", 400):
        cloudwatch.put_metric_alarm(
            **definition(unique("alarm"), namespace), AlarmActions=["arn:aws:sns:us-east-1:000000000000:topic"]
        )
    with refused("UnknownOperationException"):
        cloudwatch.put_composite_alarm(AlarmName="c", AlarmRule="TRUE")
    with refused("UnknownOperationException"):
        cloudwatch.describe_alarm_history()
