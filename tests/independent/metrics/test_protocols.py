"""The same operations in CBOR, which boto3 does not choose by itself; and bodies that are compressed."""

import gzip
import json

import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials


def signed(embedded, path, body, headers):
    request = AWSRequest("POST", embedded.endpoint + path, data=body, headers=headers)
    SigV4Auth(Credentials(embedded.access_key, embedded.secret_key), "monitoring", embedded.region).add_auth(request)
    return requests.post(embedded.endpoint + path, data=request.data, headers=dict(request.headers), timeout=120)


def json_call(embedded, operation, body, **headers):
    headers = {"X-Amz-Target": f"GraniteServiceVersion20100801.{operation}",
               "Content-Type": "application/x-amz-json-1.0"} | headers
    return signed(embedded, "/", body, headers)


def test_cbor_by_hand(embedded):
    path = "/service/GraniteServiceVersion20100801/operation/ListMetrics"
    headers = {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor", "Accept": "application/cbor"}
    # {_ } and {}: maps without and with a length.
    for body in (b"\xbf\xff", b"\xa0"):
        answer = signed(embedded, path, body, headers)
        assert answer.status_code == 200, answer.content
        assert answer.headers["content-type"] == "application/cbor"
        assert answer.headers["smithy-protocol"] == "rpc-v2-cbor"
        assert b"Metrics" in answer.content


def test_an_error_in_json_has_shape_and_code(embedded):
    answer = json_call(embedded, "PutMetricData", json.dumps({"Namespace": "x"}))
    assert answer.status_code == 400
    assert answer.json()["__type"] == "MissingRequiredParameterException"
    assert answer.headers["x-amzn-query-error"] == "MissingParameter;Sender"


def test_a_body_that_is_no_json_is_refused(embedded):
    answer = json_call(embedded, "ListMetrics", "{")
    assert (answer.status_code, answer.json()["__type"]) == (400, "SerializationException")


def test_compressed_bodies(embedded, namespace):
    body = {"Namespace": namespace, "MetricData": [{"MetricName": "m", "Value": 1.0}]}
    answer = json_call(embedded, "PutMetricData", gzip.compress(json.dumps(body).encode()), **{"Content-Encoding": "gzip"})
    assert answer.status_code == 200, answer.text
    bomb = gzip.compress(bytes(64 * 1024 * 1024))
    assert len(bomb) < 1024 * 1024
    answer = json_call(embedded, "PutMetricData", bomb, **{"Content-Encoding": "gzip"})
    assert answer.status_code == 413
    answer = json_call(embedded, "PutMetricData", "{}", **{"Content-Encoding": "br"})
    assert answer.status_code == 400


def test_boto3_compresses_by_itself(embedded, namespace):
    cloudwatch = embedded.client("cloudwatch", config=Config(request_min_compression_size_bytes=1))
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=[{"MetricName": "m", "Value": 1.0}])
    assert len(cloudwatch.list_metrics(Namespace=namespace)["Metrics"]) == 1
