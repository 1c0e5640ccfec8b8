"""What the embedded DynamoDB does not do it refuses; it never agrees and forgets."""

import json

import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from support.errors import refused
from support.names import unique

KEY = {"releaseId": {"S": "one"}}


def call(embedded, operation, body):
    """A signed call that boto3 itself would not make."""
    request = AWSRequest(
        "POST", embedded.endpoint, data=json.dumps(body),
        headers={"X-Amz-Target": f"DynamoDB_20120810.{operation}", "Content-Type": "application/x-amz-json-1.0"},
    )
    credentials = Credentials(embedded.access_key, embedded.secret_key)
    SigV4Auth(credentials, "dynamodb", embedded.region).add_auth(request)
    return requests.post(embedded.endpoint, data=request.data, headers=dict(request.headers), timeout=120)


def test_an_unknown_operation_is_named_as_such(embedded):
    answer = call(embedded, "MakeCoffee", {})
    assert answer.status_code == 400
    assert answer.json()["__type"].endswith("UnknownOperationException")


def test_an_operation_that_is_missing_here_is_refused(dynamodb, releases):
    with refused("UnknownOperationException", 400):
        dynamodb.describe_continuous_backups(TableName=releases)


def test_a_body_that_is_not_json_is_refused(embedded):
    request = AWSRequest(
        "POST", embedded.endpoint, data="{",
        headers={"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0"},
    )
    SigV4Auth(Credentials(embedded.access_key, embedded.secret_key), "dynamodb", embedded.region).add_auth(request)
    answer = requests.post(embedded.endpoint, data=request.data, headers=dict(request.headers), timeout=120)
    assert answer.status_code == 400
    assert answer.json()["__type"].endswith("SerializationException")


def test_the_old_form_of_a_condition_is_refused_instead_of_ignored(dynamodb, releases):
    dynamodb.put_item(TableName=releases, Item=KEY | {"version": {"N": "1"}})
    with refused("ValidationException", 400):
        dynamodb.put_item(
            TableName=releases, Item=KEY | {"version": {"N": "9"}},
            Expected={"version": {"Value": {"N": "5"}, "Exists": True}},
        )
    assert dynamodb.get_item(TableName=releases, Key=KEY)["Item"]["version"] == {"N": "1"}


@pytest.mark.parametrize(
    "old",
    [
        {"KeyConditions": {"releaseId": {"AttributeValueList": [{"S": "one"}], "ComparisonOperator": "EQ"}}},
        {
            "KeyConditionExpression": "releaseId = :r", "ExpressionAttributeValues": {":r": {"S": "one"}},
            "QueryFilter": {"version": {"AttributeValueList": [{"N": "1"}], "ComparisonOperator": "GT"}},
        },
    ],
    ids=["KeyConditions", "QueryFilter"],
)
def test_the_old_forms_of_a_query_are_refused_instead_of_ignored(dynamodb, releases, old):
    with refused("ValidationException", 400):
        dynamodb.query(TableName=releases, **old)


def test_a_table_that_is_to_be_encrypted_with_a_key_is_refused_instead_of_left_as_it_is(dynamodb, releases):
    key = {"Enabled": True, "SSEType": "KMS"}
    name = unique("table")
    with refused("ValidationException", 400):
        dynamodb.create_table(
            TableName=name, BillingMode="PAY_PER_REQUEST", SSESpecification=key,
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        )
    with refused("ResourceNotFoundException", 400):
        dynamodb.describe_table(TableName=name)
    with refused("ValidationException", 400):
        dynamodb.update_table(TableName=releases, SSESpecification=key)
