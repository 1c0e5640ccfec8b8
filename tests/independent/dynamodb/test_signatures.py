"""Only who knows the secret gets in, here too."""

from datetime import datetime, timedelta, timezone

import botocore.auth
import pytest
import requests
from botocore.exceptions import ClientError

from support.errors import refused


def test_a_wrong_secret_is_refused(embedded):
    with refused("InvalidSignatureException", 400):
        embedded.client("dynamodb", aws_secret_access_key="x" * 40).list_tables()


def test_an_unknown_access_key_is_refused(embedded):
    with refused("UnrecognizedClientException", 400):
        embedded.client("dynamodb", aws_access_key_id="AKIA0000000000000000").list_tables()


def test_a_request_signed_long_ago_is_refused(embedded, monkeypatch):
    long_ago = datetime.now(timezone.utc).replace(tzinfo=None) - timedelta(hours=1)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda *_, **__: long_ago)
    with pytest.raises(ClientError) as caught:
        embedded.client("dynamodb").list_tables()
    assert caught.value.response["Error"]["Code"] == "InvalidSignatureException"
    assert "signature" in caught.value.response["Error"]["Message"].lower()


def test_a_request_without_signature_is_refused(embedded):
    answer = requests.post(
        embedded.endpoint, data="{}", timeout=120,
        headers={"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0"},
    )
    assert answer.status_code == 400
    assert answer.json()["__type"].endswith("MissingAuthenticationTokenException")


def test_a_body_changed_under_way_is_refused(embedded):
    client = embedded.client("dynamodb")
    client.meta.events.register(
        "before-send.dynamodb.ListTables",
        lambda request, **_: setattr(request, "body", request.body.replace(b"1", b"2")),
    )
    with refused("InvalidSignatureException", 400):
        client.list_tables(Limit=1)
