"""A fresh table for each check that asks for one."""

import pytest

from support.tables import create_days_like_table, create_releases_like_table


@pytest.fixture
def releases(dynamodb):
    return create_releases_like_table(dynamodb)


@pytest.fixture
def days(dynamodb):
    return create_days_like_table(dynamodb)
