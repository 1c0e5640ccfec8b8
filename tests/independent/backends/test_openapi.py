"""The description of the REST interface is one that tools of others can read."""

import pytest
from openapi_spec_validator import validate

from support.server import serve

SETTINGS = {"MCP_MOCK_AWS_SERVICES": "true", "MCP_DEMO_MODE": "false", "ENABLE_RDS": "true"}


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    with serve(SETTINGS, tmp_path_factory.mktemp("openapi")) as server:
        yield server.http.get(f"{server.url}/api/openapi.json", timeout=120).json()


def operations(described):
    return [operation for path in described["paths"].values() for operation in path.values()]


def test_it_is_valid(described):
    validate(described)


def test_every_operation_has_a_name_of_its_own(described):
    names = [operation["operationId"] for operation in operations(described)]
    assert len(names) == len(set(names)) > 30


def test_every_success_says_what_comes(described):
    for operation in operations(described):
        successes = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
        # Nothing comes with 204, as HTTP has it.
        told = [status == "204" or answer.get("content") for status, answer in successes.items()]
        assert told and all(told), operation["operationId"]
