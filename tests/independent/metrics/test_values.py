"""What is reported comes back: statistics of aligned periods, percentiles, pages."""

from datetime import timedelta

import pytest

from support.errors import refused


def put(cloudwatch, namespace, *data):
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=list(data))


def query(namespace, name, stat, identifier="m1", period=60):
    metric = {"Namespace": namespace, "MetricName": name}
    return {"Id": identifier, "MetricStat": {"Metric": metric, "Period": period, "Stat": stat}}


def ask(cloudwatch, base, *queries, **more):
    return cloudwatch.get_metric_data(
        MetricDataQueries=list(queries), StartTime=base, EndTime=base + timedelta(hours=1),
        ScanBy="TimestampAscending", **more,
    )


def points(result, base):
    return [((time - base).total_seconds(), value) for time, value in zip(result["Timestamps"], result["Values"])]


@pytest.mark.parametrize(
    ("stat", "expected"),
    [("Sum", [(0, 3), (120, 4)]), ("SampleCount", [(0, 2), (120, 1)]), ("Average", [(0, 1.5), (120, 4)]),
     ("Minimum", [(0, 1), (120, 4)]), ("Maximum", [(0, 2), (120, 4)]), ("p50", [(0, 1.5), (120, 4)])],
)
def test_statistics_of_aligned_periods(cloudwatch, namespace, base, stat, expected):
    put(cloudwatch, namespace, *(
        {"MetricName": "calls", "Timestamp": base + timedelta(seconds=offset), "Value": value}
        for offset, value in ((10, 1.0), (50, 2.0), (121, 4.0))
    ))
    answer = ask(cloudwatch, base, query(namespace, "calls", stat))
    assert points(answer["MetricDataResults"][0], base) == expected
    assert answer["MetricDataResults"][0]["StatusCode"] == "Complete"


def test_values_with_counts_and_statistic_sets(cloudwatch, namespace, base):
    put(
        cloudwatch, namespace,
        {"MetricName": "counted", "Timestamp": base, "Values": [1, 2, 3], "Counts": [1, 98, 1]},
        {"MetricName": "summed", "Timestamp": base,
         "StatisticValues": {"SampleCount": 4, "Sum": 8, "Minimum": 1, "Maximum": 3}},
    )
    answer = ask(
        cloudwatch, base, query(namespace, "counted", "p50", "a"), query(namespace, "counted", "Sum", "b"),
        query(namespace, "summed", "Average", "c"), query(namespace, "summed", "p50", "d"),
    )
    assert [result["Values"] for result in answer["MetricDataResults"]] == [[2], [200], [2], []]


def test_get_metric_statistics(cloudwatch, namespace, base):
    put(cloudwatch, namespace, *(
        {"MetricName": "time", "Timestamp": base, "Value": value, "Unit": "Milliseconds",
         "Dimensions": [{"Name": "tool", "Value": "search"}]}
        for value in (5, 15)
    ))
    question = {
        "Namespace": namespace, "MetricName": "time", "Dimensions": [{"Name": "tool", "Value": "search"}],
        "StartTime": base, "EndTime": base + timedelta(hours=1), "Period": 3600,
    }
    simple = cloudwatch.get_metric_statistics(**question, Statistics=["Average", "Maximum"])
    assert simple["Label"] == "time"
    assert simple["Datapoints"] == [{"Timestamp": base, "Average": 10, "Maximum": 15, "Unit": "Milliseconds"}]
    extended = cloudwatch.get_metric_statistics(**question, ExtendedStatistics=["p90"])
    assert extended["Datapoints"][0]["ExtendedStatistics"] == {"p90": 14}


def test_pages(cloudwatch, namespace, base):
    put(cloudwatch, namespace, *(
        {"MetricName": "calls", "Timestamp": base + timedelta(minutes=minute), "Value": minute} for minute in range(20)
    ))
    pages = cloudwatch.get_paginator("get_metric_data").paginate(
        MetricDataQueries=[query(namespace, "calls", "Sum"), query(namespace, "none", "Sum", "m2")],
        StartTime=base, EndTime=base + timedelta(hours=1), ScanBy="TimestampDescending", MaxDatapoints=6,
    )
    values = [value for page in pages for result in page["MetricDataResults"] for value in result["Values"]]
    assert values == list(reversed(range(20)))


def test_expressions(cloudwatch, namespace, base):
    put(
        cloudwatch, namespace,
        {"MetricName": "calls", "Timestamp": base, "Value": 20}, {"MetricName": "errors", "Timestamp": base, "Value": 1},
    )
    hidden = [query(namespace, name, "Sum", name) | {"ReturnData": False} for name in ("calls", "errors")]
    answer = ask(cloudwatch, base, {"Id": "rate", "Expression": "100 * errors / SUM([calls, errors])"}, *hidden)
    assert [result["Id"] for result in answer["MetricDataResults"]] == ["rate"]
    assert answer["MetricDataResults"][0]["Values"] == [pytest.approx(100 / 21)]
    with refused("ValidationError", 400):
        ask(cloudwatch, base, {"Id": "e1", "Expression": "SEARCH('x', 'Sum', 60)"}, *hidden)


def test_listing(cloudwatch, namespace, base):
    for tool in ("search", "upload"):
        put(cloudwatch, namespace, {"MetricName": "calls", "Timestamp": base, "Value": 1,
                                    "Dimensions": [{"Name": "tool", "Value": tool}]})
    listed = cloudwatch.list_metrics(Namespace=namespace)["Metrics"]
    assert listed == [
        {"Namespace": namespace, "MetricName": "calls", "Dimensions": [{"Name": "tool", "Value": tool}]}
        for tool in ("search", "upload")
    ]
    one = cloudwatch.list_metrics(Namespace=namespace, Dimensions=[{"Name": "tool", "Value": "upload"}])
    assert len(one["Metrics"]) == 1


@pytest.mark.parametrize(
    ("datum", "code"),
    [
        ({"Value": float("nan")}, "InvalidParameterValue"),
        ({"Value": float("inf")}, "InvalidParameterValue"),
        ({}, "MissingParameter"),
        ({"Value": 1.0, "Values": [1.0]}, "InvalidParameterCombination"),
        ({"Values": [1.0], "Counts": [1.0, 2.0]}, "InvalidParameterValue"),
        ({"Value": 1.0, "StorageResolution": 5}, "InvalidParameterValue"),
        ({"Value": 1.0, "Unit": "Streams"}, "InvalidParameterValue"),
    ],
    ids=repr,
)
def test_wrong_values_are_refused(cloudwatch, namespace, base, datum, code):
    with refused(code, 400):
        put(cloudwatch, namespace, {"MetricName": "m", "Timestamp": base} | datum)
    assert cloudwatch.list_metrics(Namespace=namespace)["Metrics"] == []


@pytest.mark.parametrize("age", [timedelta(days=-14, minutes=-2), timedelta(hours=2, minutes=2)], ids=str)
def test_times_too_far_away_are_refused(cloudwatch, namespace, base, age):
    from datetime import datetime, timezone

    with refused("InvalidParameterValue", 400):
        put(cloudwatch, namespace, {"MetricName": "m", "Timestamp": datetime.now(timezone.utc) + age, "Value": 1})


def test_what_is_not_implemented_is_refused(cloudwatch, namespace):
    with refused("UnknownOperationException"):
        cloudwatch.list_dashboards()
    with refused("ValidationError", 400):
        cloudwatch.put_metric_data(
            Namespace=namespace, EntityMetricData=[{"MetricData": [{"MetricName": "m", "Value": 1}]}],
            MetricData=[{"MetricName": "m", "Value": 1}],
        )


def test_values_survive_a_crash(own_embedded, namespace, base):
    put(own_embedded.client("cloudwatch"), namespace, {"MetricName": "calls", "Timestamp": base, "Value": 7})
    own_embedded.kill()
    own_embedded.start()
    answer = ask(own_embedded.client("cloudwatch"), base, query(namespace, "calls", "Sum"))
    assert answer["MetricDataResults"][0]["Values"] == [7]
