"""What every independent check may ask for: a running embedded AWS and clients of it."""

import pytest

from support.embedded import EmbeddedAws
from support.names import unique


@pytest.fixture(scope="session")
def embedded(tmp_path_factory):
    """One embedded AWS for all checks that leave it as they found it."""
    with EmbeddedAws(tmp_path_factory.mktemp("embedded-aws")) as running:
        yield running


@pytest.fixture
def own_embedded(tmp_path):
    """An embedded AWS of this check alone, to be killed and started again."""
    with EmbeddedAws(tmp_path / "data") as running:
        yield running


@pytest.fixture(scope="session")
def s3(embedded):
    return embedded.client("s3")


@pytest.fixture(scope="session")
def dynamodb(embedded):
    return embedded.client("dynamodb")


@pytest.fixture
def bucket(s3):
    """The name of a new, empty bucket."""
    name = unique("bucket")
    s3.create_bucket(Bucket=name)
    return name
