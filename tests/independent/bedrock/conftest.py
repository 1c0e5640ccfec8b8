"""The knowledge base of an embedded AWS, and the clients that manage, search and write."""

import pytest

from support.knowledge import BUCKET


@pytest.fixture(scope="session")
def agent(embedded):
    return embedded.client("bedrock-agent")


@pytest.fixture(scope="session")
def knowledge(embedded):
    return embedded.client("bedrock-agent-runtime")


@pytest.fixture(scope="session")
def models(embedded):
    return embedded.client("bedrock-runtime")


@pytest.fixture
def documents(s3):
    """Puts documents into the knowledge base's bucket, which is empty again afterwards."""
    existing = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    if BUCKET not in existing:
        s3.create_bucket(Bucket=BUCKET)

    def put(key, content):
        s3.put_object(Bucket=BUCKET, Key=key, Body=content)

    yield put
    for entry in s3.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        s3.delete_object(Bucket=BUCKET, Key=entry["Key"])
