"""Clients of CloudWatch, and times that fall on whole periods."""

from datetime import datetime, timedelta, timezone

import pytest

from support.names import unique


@pytest.fixture(scope="session")
def cloudwatch(embedded):
    return embedded.client("cloudwatch")


@pytest.fixture
def namespace():
    """A namespace that no other check uses."""
    return unique("Checks/metrics")


@pytest.fixture
def base():
    """A full hour, between two and three hours ago."""
    return datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0) - timedelta(hours=2)
