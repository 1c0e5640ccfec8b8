"""Where MiniStack is known to be right, the embedded CloudWatch says the same: aligned periods, p99."""

from datetime import timedelta

import pytest

from support.backends import ministack

STATISTICS = ("SampleCount", "Sum", "Average", "Minimum", "Maximum", "p50", "p90", "p99", "p99.9")
NAMESPACE = "Checks/same"


@pytest.fixture(scope="session")
def other(tmp_path_factory):
    with ministack(tmp_path_factory.mktemp("ministack")) as backend:
        yield backend.client("cloudwatch")


def report(client, base):
    """Values in every minute of half an hour, with gaps, counts and a statistic set of equal values."""
    for minute in range(0, 30, 3):
        values = [float((minute * 7 + number * 13) % 101) for number in range(20)]
        counts = [float(1 + number % 3) for number in range(20)]
        client.put_metric_data(
            Namespace=NAMESPACE,
            MetricData=[{"MetricName": "time", "Timestamp": base + timedelta(minutes=minute, seconds=17),
                         "Values": values, "Counts": counts}],
        )
    client.put_metric_data(
        Namespace=NAMESPACE,
        MetricData=[{"MetricName": "time", "Timestamp": base + timedelta(minutes=1),
                     "StatisticValues": {"SampleCount": 5, "Sum": 35, "Minimum": 7, "Maximum": 7}}],
    )


def ask(client, base, period):
    metric = {"Namespace": NAMESPACE, "MetricName": "time"}
    answer = client.get_metric_data(
        MetricDataQueries=[
            {"Id": f"m{place}", "MetricStat": {"Metric": metric, "Period": period, "Stat": stat}}
            for place, stat in enumerate(STATISTICS)
        ],
        StartTime=base, EndTime=base + timedelta(hours=1), ScanBy="TimestampAscending",
    )
    return {
        stat: dict(zip(result["Timestamps"], result["Values"]))
        for stat, result in zip(STATISTICS, answer["MetricDataResults"])
    }


def test_statistics_and_percentiles_are_the_same(own_embedded, other, base):
    ours = own_embedded.client("cloudwatch")
    for client in (ours, other):
        report(client, base)
    for period in (60, 300, 900):
        mine, theirs = ask(ours, base, period), ask(other, base, period)
        for stat in STATISTICS:
            assert mine[stat].keys() == theirs[stat].keys(), (stat, period)
            assert mine[stat], "agreeing on nothing is no agreement"
            assert mine[stat] == pytest.approx(theirs[stat]), (stat, period)
            assert all(time.timestamp() % period == 0 for time in mine[stat])
