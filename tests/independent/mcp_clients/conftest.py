"""A running Patchline with the sample label, in which two artists have the name Mira."""

import pytest

from support.server import serve
from support.waiting import wait_until


@pytest.fixture(scope="session")
def patchline(tmp_path_factory):
    settings = {"MCP_DEMO_MODE": "true", "PATCHLINE_EMBEDDED_AWS_ADDR": "off"}
    with serve(settings, tmp_path_factory.mktemp("mcp")) as server:
        wait_until(lambda: server.sample_label() == "ready", "the sample label", seconds=300)
        yield server


@pytest.fixture(scope="session")
def address(patchline):
    return f"{patchline.url}/mcp"
