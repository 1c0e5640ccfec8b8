"""A call that a TypeScript client takes back is stopped, while the client stays."""

import pytest

from support import label
from support.backends import Backend, embedded
from support.server import serve
from support.troubled import hangs, way_to
from support.typescript import WAYS, talking
from support.waiting import wait_until


@pytest.fixture(scope="module")
def account(tmp_path_factory):
    with embedded(tmp_path_factory.mktemp("account")) as backend:
        label.create(backend)
        yield backend


@pytest.fixture(scope="module")
def way_there(account):
    with way_to(account.endpoint) as way:
        yield way


@pytest.fixture(scope="module")
def server(account, way_there, tmp_path_factory):
    """A Patchline that asks for artists in vain."""
    reached = Backend("hanging", way_there.endpoint, account.access_key, account.secret_key, account.region)
    with serve(reached.environment(), tmp_path_factory.mktemp("patchline")) as running:
        way_there.trouble_only(hangs, "GetItem", "artists")
        yield running


def abandoned(account):
    pages = account.client("dynamodb").get_paginator("scan").paginate(TableName="patchline-audit")
    errors = [record.get("error", {}).get("S", "") for page in pages for record in page["Items"]]
    return [error for error in errors if error.startswith("abandoned: ")]


@pytest.mark.parametrize("way", WAYS)
def test_a_call_that_is_taken_back_is_stopped(account, way_there, server, way):
    before = len(abandoned(account))
    way_there.holds.clear()
    with talking("a_call_is_taken_back", way, f"{server.url}/mcp") as client:
        assert way_there.holds.wait(180), "the call reached AWS"
        client.stdin.write("take it back\n")
        assert client.stdout.readline() == "taken back\n"
        wait_until(lambda: len(abandoned(account)) > before, "the record of an abandoned call")
        client.stdin.close()
        assert client.wait(120) == 0
