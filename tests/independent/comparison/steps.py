"""Questions to CloudWatch, Bedrock, RDS and STS, and the answers that AWS's documentation promises.

Each step makes what it needs under a name of its own, asks, and gives back what can be compared: no
times of the clock, no ids. A refusal is the code of the error. `expected` was worked out by hand.
"""

import json
import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Callable

from botocore.exceptions import ClientError

from support import knowledge
from support.names import unique
from support.waiting import wait_until

ACCOUNT = "000000000000"
DAY = 24 * 60 * 60 * 1000


@dataclass
class Step:
    name: str
    ask: Callable[[Any], Any]
    expected: Any


def refusal(call, **parameters):
    try:
        call(**parameters)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "accepted"


# Metrics. The base is a full hour, two to three hours ago.

def base():
    return datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0) - timedelta(hours=2)


def reported(backend, values, begin):
    """A metric with (seconds after the base, value), in a namespace of its own."""
    namespace = f"Checks/{unique('n')}"
    cloudwatch = backend.client("cloudwatch")
    cloudwatch.put_metric_data(
        Namespace=namespace,
        MetricData=[{"MetricName": "m", "Timestamp": begin + timedelta(seconds=after), "Value": float(value)}
                    for after, value in values],
    )
    return cloudwatch, namespace


def metric_data(backend, values, *queries, offset=0, period=300):
    begin = base()
    cloudwatch, namespace = reported(backend, values, begin)
    stat = lambda name: {"Metric": {"Namespace": namespace, "MetricName": "m"}, "Period": period, "Stat": name}
    answer = cloudwatch.get_metric_data(
        MetricDataQueries=[
            {"Id": identifier, "MetricStat": stat(text)} if kind == "stat" else {"Id": identifier, "Expression": text}
            for identifier, kind, text in queries
        ],
        StartTime=begin + timedelta(seconds=offset), EndTime=begin + timedelta(hours=1), ScanBy="TimestampAscending",
    )
    return {
        result["Id"]: [[(moment - begin).total_seconds(), round(value, 6)]
                       for moment, value in zip(result["Timestamps"], result["Values"])]
        for result in answer["MetricDataResults"]
    }


def sums(backend):
    return metric_data(backend, [(0, 1), (299, 2), (300, 10)], ("s", "stat", "Sum"), ("a", "stat", "Average"))


def aligned(backend):
    return metric_data(backend, [(0, 1), (299, 2), (300, 10)], ("s", "stat", "Sum"), offset=-60)


def percentiles(backend):
    values = [(number % 60, number) for number in range(1, 101)]
    return metric_data(backend, values, ("p", "stat", "p90"), ("q", "stat", "p50"))


def arithmetic(backend):
    return metric_data(backend, [(0, 3), (300, 5)], ("m", "stat", "Sum"), ("e", "expression", "m * 2 + 1"))["e"]


def unknown_function(backend):
    return refusal(
        lambda: metric_data(backend, [(0, 3)], ("m", "stat", "Sum"), ("e", "expression", "FOO(m)"))
    )


def not_a_number(backend):
    return refusal(
        backend.client("cloudwatch").put_metric_data, Namespace="Checks/nan",
        MetricData=[{"MetricName": "m", "Value": float("nan")}],
    )


def too_old(backend):
    return refusal(
        backend.client("cloudwatch").put_metric_data, Namespace="Checks/old",
        MetricData=[{"MetricName": "m", "Value": 1.0, "Timestamp": datetime.now(timezone.utc) - timedelta(days=20)}],
    )


def alarm(backend, **changes):
    cloudwatch, namespace = reported(
        backend, [(-60, 9), (-120, 1), (-180, 9)], datetime.now(timezone.utc)
    )
    name = unique("alarm")
    definition = {
        "AlarmName": name, "Namespace": namespace, "MetricName": "m", "Statistic": "Sum", "Period": 60,
        "EvaluationPeriods": 3, "DatapointsToAlarm": 2, "Threshold": 5.0, "ComparisonOperator": "GreaterThanThreshold",
    }
    cloudwatch.put_metric_alarm(**definition | changes)
    found = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]
    kept = {member: found.get(member) for member in definition}
    return {"kept": kept == definition | changes, "state": found["StateValue"]}


# Logs.

def logged(backend, *messages):
    """A group with a stream of messages, a second after the other; the client, the group and the first time."""
    logs, group = backend.client("logs"), f"/{unique('group')}"
    begin = (int(time.time()) - 600) * 1000
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    logs.put_log_events(
        logGroupName=group, logStreamName="s",
        logEvents=[{"timestamp": begin + number * 1000, "message": message} for number, message in enumerate(messages)],
    )
    return logs, group


CALLS = [json.dumps(call) for call in (
    {"level": "INFO", "tool": "take 10", "ms": 10}, {"level": "ERROR", "tool": "take 2", "ms": 300},
    {"level": "ERROR", "tool": "take 10", "ms": 40},
)]


def read(backend):
    logs, group = logged(backend, "a", "b", "c")
    read = {"logGroupName": group, "logStreamName": "s", "startFromHead": True, "limit": 2}
    first = logs.get_log_events(**read)
    second = logs.get_log_events(**read, nextToken=first["nextForwardToken"])
    return [[event["message"] for event in page["events"]] for page in (first, second)]


def filtered(backend, pattern, *messages):
    logs, group = logged(backend, *messages)
    return [event["message"] for event in logs.filter_log_events(logGroupName=group, filterPattern=pattern)["events"]]


def put(backend, *ages):
    logs, group = logged(backend, "first")
    now = int(time.time() * 1000)
    answers = {}

    def call():
        answers.update(logs.put_log_events(
            logGroupName=group, logStreamName="s",
            logEvents=[{"timestamp": now - age, "message": "x"} for age in ages],
        ))

    return refusal(call), answers.get("rejectedLogEventsInfo")


def insights(backend, query):
    logs, group = logged(backend, *CALLS)
    now = int(time.time())
    started = logs.start_query(logGroupName=group, startTime=now - 3600, endTime=now, queryString=query)

    def over():
        answer = logs.get_query_results(queryId=started["queryId"])
        return answer if answer["status"] not in ("Running", "Scheduled") else None

    answer = wait_until(over, query)
    return [{cell["field"]: cell["value"] for cell in row if cell["field"] != "@ptr"} for row in answer["results"]]


def malformed(backend):
    logs, group = logged(backend, "x")
    return refusal(logs.start_query, logGroupName=group, startTime=0, endTime=1, queryString="fields a | blend b")


# Bedrock. The embedded AWS has a knowledge base from the start; elsewhere one is made.

def knowledge_base(backend):
    """The ids of a knowledge base and its data source, and the bucket that it reads."""
    s3 = backend.client("s3")
    if backend.name == "embedded":
        if knowledge.BUCKET not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
            s3.create_bucket(Bucket=knowledge.BUCKET)
        return knowledge.BASE, knowledge.SOURCE, knowledge.BUCKET
    agent, bucket = backend.client("bedrock-agent"), unique("documents")
    s3.create_bucket(Bucket=bucket)
    model = f"arn:aws:bedrock:{backend.region}::foundation-model/amazon.titan-embed-text-v2:0"
    base = agent.create_knowledge_base(
        name=unique("base"), roleArn=f"arn:aws:iam::{ACCOUNT}:role/knowledge",
        knowledgeBaseConfiguration={
            "type": "VECTOR", "vectorKnowledgeBaseConfiguration": {"embeddingModelArn": model},
        },
    )["knowledgeBase"]["knowledgeBaseId"]
    source = agent.create_data_source(
        knowledgeBaseId=base, name="documents",
        dataSourceConfiguration={"type": "S3", "s3Configuration": {"bucketArn": f"arn:aws:s3:::{bucket}"}},
    )["dataSource"]["dataSourceId"]
    return base, source, bucket


def retrieved(backend, question, documents, **options):
    """The names and texts of what is found among documents: (name, text, attributes)."""
    base, source, bucket = knowledge_base(backend)
    s3, folder = backend.client("s3"), unique("folder")
    for name, text, attributes in documents:
        s3.put_object(Bucket=bucket, Key=f"{folder}/{name}", Body=text)
        if attributes:
            sheet = json.dumps({"metadataAttributes": attributes})
            s3.put_object(Bucket=bucket, Key=f"{folder}/{name}.metadata.json", Body=sheet)
    agent = backend.client("bedrock-agent")
    job = {"knowledgeBaseId": base, "dataSourceId": source}
    job["ingestionJobId"] = agent.start_ingestion_job(**job)["ingestionJob"]["ingestionJobId"]
    wait_until(lambda: agent.get_ingestion_job(**job)["ingestionJob"]["status"] == "COMPLETE", "the documents to be read")
    found = backend.client("bedrock-agent-runtime").retrieve(
        knowledgeBaseId=base, retrievalQuery={"text": question},
        retrievalConfiguration={"vectorSearchConfiguration": {"numberOfResults": 10} | options},
    )["retrievalResults"]
    place = f"s3://{bucket}/{folder}/"
    return sorted((result["location"]["s3Location"]["uri"].removeprefix(place), result["content"]["text"])
                  for result in found)


def missing_base(backend):
    runtime = backend.client("bedrock-agent-runtime")
    return refusal(runtime.retrieve, knowledgeBaseId="NONE000000", retrievalQuery={"text": "x"})


# RDS and STS.

def missing_instance(backend):
    return refusal(backend.client("rds").describe_db_instances, DBInstanceIdentifier="none")


def small_page(backend):
    return refusal(backend.client("rds").describe_db_instances, MaxRecords=5)


def unknown_filter(backend):
    return refusal(backend.client("rds").describe_db_instances, Filters=[{"Name": "colour", "Values": ["red"]}])


def described_instance(backend):
    """Which members an instance has, and of which kind; of those that every engine has."""
    rds = backend.client("rds")
    if not rds.describe_db_instances()["DBInstances"]:
        rds.create_db_instance(
            DBInstanceIdentifier="ledger", DBInstanceClass="db.t3.micro", Engine="postgres", AllocatedStorage=20,
            MasterUsername="someone", MasterUserPassword="a-long-password",
        )
    instance = rds.describe_db_instances()["DBInstances"][0]
    members = ("DBInstanceIdentifier", "DBInstanceClass", "Engine", "DBInstanceStatus", "DBInstanceArn", "MultiAZ",
               "AllocatedStorage", "EngineVersion", "StorageEncrypted", "DeletionProtection")
    return {member: type(instance.get(member)).__name__ for member in members}


def statement(backend):
    client = backend.client("rds-data")
    answer = client.execute_statement(
        resourceArn=f"arn:aws:rds:{backend.region}:{ACCOUNT}:cluster:patchline-ledger",
        secretArn=f"arn:aws:secretsmanager:{backend.region}:{ACCOUNT}:secret:ledger-reader",
        sql="SELECT 40 + :two, 'x'", parameters=[{"name": "two", "value": {"longValue": 2}}],
    )
    return answer.get("records")


def caller(backend):
    answer = backend.client("sts").get_caller_identity()
    return sorted(member for member in answer if member != "ResponseMetadata"), answer["Arn"].split(":")[:3]


STEPS = [
    Step("metrics: sum and average of periods", sums,
         {"s": [[0, 3], [300, 10]], "a": [[0, 1.5], [300, 10]]}),
    Step("metrics: periods begin at multiples of their length", aligned, {"s": [[0, 3], [300, 10]]}),
    Step("metrics: percentiles", percentiles, {"p": [[0, 90.1]], "q": [[0, 50.5]]}),
    Step("metrics: arithmetic", arithmetic, [[0, 7], [300, 11]]),
    Step("metrics: a function that there is not", unknown_function, "ValidationError"),
    Step("metrics: a value that is no number", not_a_number, "InvalidParameterValue"),
    Step("metrics: a value of three weeks ago", too_old, "InvalidParameterValue"),
    Step("alarms: two of three values breach", alarm, {"kept": True, "state": "ALARM"}),
    Step("alarms: three of three must breach", lambda backend: alarm(backend, DatapointsToAlarm=3),
         {"kept": True, "state": "OK"}),
    Step("logs: a stream page by page", read, [["a", "b"], ["c"]]),
    Step("logs: terms", lambda backend: filtered(backend, "ERROR -slow", "ERROR a", "ERROR slow", "a"), ["ERROR a"]),
    Step("logs: one of several terms", lambda backend: filtered(backend, "?one ?two", "one", "two", "three"),
         ["one", "two"]),
    Step("logs: JSON patterns", lambda backend: filtered(backend, "{ $.ms > 30 && $.level = \"ERROR\" }", *CALLS),
         [CALLS[1], CALLS[2]]),
    Step("logs: events out of order", lambda backend: put(backend, 0, 1000)[0], "InvalidParameterException"),
    Step("logs: an event of three weeks ago", lambda backend: put(backend, 21 * DAY, 0),
         ("accepted", {"tooOldLogEventEndIndex": 1})),
    Step("insights: fields and limit", lambda backend: insights(backend, "fields @message | limit 1"),
         [{"@message": CALLS[2]}]),
    Step("insights: filter", lambda backend: insights(backend, "filter ms > 30 and level = 'ERROR' | fields ms"),
         [{"ms": "40"}, {"ms": "300"}]),
    Step("insights: stats", lambda backend: insights(backend, "stats count(*) as n, sum(ms) by tool | sort n desc"),
         [{"tool": "take 10", "n": "2", "sum(ms)": "50"}, {"tool": "take 2", "n": "1", "sum(ms)": "300"}]),
    Step("insights: parse",
         lambda backend: insights(backend, r"parse @message /\"tool\": \"take (?<take>\d+)/ | display take"),
         [{"take": "10"}, {"take": "2"}, {"take": "10"}]),
    Step("insights: the natural order of texts",
         lambda backend: insights(backend, "fields tool | sort tool | display tool | limit 2"),
         [{"tool": "take 2"}, {"tool": "take 10"}]),
    Step("insights: dedup", lambda backend: insights(backend, "fields tool | dedup tool"),
         [{"tool": "take 10"}, {"tool": "take 2"}]),
    Step("insights: a query that is wrong", malformed, "MalformedQueryException"),
    Step("bedrock: what a question finds",
         lambda backend: retrieved(backend, "okapi", [
             ("okapi.txt", "An okapi sleeps five minutes.", {}), ("gnu.txt", "A gnu sleeps longer.", {}),
         ]),
         [("okapi.txt", "An okapi sleeps five minutes.")]),
    Step("bedrock: what a filter leaves out",
         lambda backend: retrieved(
             backend, "quagga",
             [(f"{year}.txt", f"A quagga in {year}.", {"year": year}) for year in (2024, 2025, 2026)],
             filter={"greaterThan": {"key": "year", "value": 2025}},
         ),
         [("2026.txt", "A quagga in 2026.")]),
    Step("bedrock: a knowledge base that there is not", missing_base, "ResourceNotFoundException"),
    Step("rds: the members of an instance", described_instance, {
        "DBInstanceIdentifier": "str", "DBInstanceClass": "str", "Engine": "str", "DBInstanceStatus": "str",
        "DBInstanceArn": "str", "MultiAZ": "bool", "AllocatedStorage": "int", "EngineVersion": "str",
        "StorageEncrypted": "bool", "DeletionProtection": "bool",
    }),
    Step("rds: an instance that is not there", missing_instance, "DBInstanceNotFound"),
    Step("rds: a page that is too small", small_page, "InvalidParameterValue"),
    Step("rds: a filter that there is not", unknown_filter, "InvalidParameterValue"),
    Step("rds-data: a statement with a parameter", statement, [[{"longValue": 42}, {"stringValue": "x"}]]),
    Step("sts: the caller", caller, (["Account", "Arn", "UserId"], ["arn", "aws", "iam"])),
]
