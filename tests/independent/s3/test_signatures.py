"""Only who knows the secret gets in."""

from datetime import datetime, timedelta, timezone

import botocore.auth
import pytest
from botocore.exceptions import ClientError

from support.errors import refused


def test_a_wrong_secret_is_refused(embedded, bucket):
    stranger = embedded.client("s3", aws_secret_access_key="x" * 40)
    with refused("SignatureDoesNotMatch", 403):
        stranger.list_objects_v2(Bucket=bucket)
    with refused("SignatureDoesNotMatch", 403):
        stranger.put_object(Bucket=bucket, Key="a", Body=b"x")


def test_an_unknown_access_key_is_refused(embedded, bucket):
    stranger = embedded.client("s3", aws_access_key_id="AKIA0000000000000000")
    with refused("InvalidAccessKeyId", 403):
        stranger.list_objects_v2(Bucket=bucket)


def test_a_request_signed_long_ago_is_refused(embedded, bucket, monkeypatch):
    long_ago = datetime.now(timezone.utc).replace(tzinfo=None) - timedelta(hours=1)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda *_, **__: long_ago)
    with pytest.raises(ClientError) as caught:
        embedded.client("s3").list_objects_v2(Bucket=bucket)
    assert caught.value.response["Error"]["Code"] == "RequestTimeTooSkewed"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
