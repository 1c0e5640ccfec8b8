"""A Patchline, the account that it works with, and the way between them, on which troubles can be made."""

import pytest

from support import label
from support.backends import Backend, embedded
from support.server import serve
from support.troubled import way_to


@pytest.fixture
def account(tmp_path):
    """A label's account."""
    with embedded(tmp_path) as backend:
        label.create(backend)
        yield backend


@pytest.fixture
def way(account):
    """The way to it."""
    with way_to(account.endpoint) as way:
        yield way


@pytest.fixture
def server(account, way, tmp_path):
    """A Patchline that reaches the account by this way only."""
    troubled = Backend("troubled", way.endpoint, account.access_key, account.secret_key, account.region)
    with serve(troubled.environment(), tmp_path) as running:
        yield running
