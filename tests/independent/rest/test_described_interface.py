"""What the description of the REST interface promises, put to the proof by requests that are made from it.

Schemathesis makes them: some as the description wants them, some with a body that it does not allow. There are a few
for each operation, and they follow from the description alone, so that every run asks the same.
"""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from support.server import BEARER, serve
from support.waiting import wait_until

SETTINGS = {"MCP_DEMO_MODE": "true", "ENABLE_RDS": "true"}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

# Operations that are not asked, and why.
LEFT_OUT = {
    "POST /api/fleet/{server}/drain": "it would take a server away from all requests after it",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serve(SETTINGS, tmp_path_factory.mktemp("described")) as server:
        wait_until(lambda: server.sample_label() == "ready", "the sample label", seconds=300)
        yield server


@pytest.fixture(scope="module")
def described(server):
    return server.http.get(f"{server.url}/api/openapi.json", timeout=120).json()


@pytest.fixture(scope="module")
def operations(described):
    every = [operation.ok() for operation in schemathesis.openapi.from_dict(described).get_all_operations()]
    asked = [operation for operation in every if operation.label not in LEFT_OUT]
    assert len(every) - len(asked) == len(LEFT_OUT), "what is left out exists"
    assert len(asked) > 30
    return asked


def definition(described, operation):
    return described["paths"][operation.path][operation.method.lower()]


def is_sent_as_it_is(case):
    """Clients resolve dots in paths, and leave out empty parts, before they send anything."""
    parts = [str(part) for part in (case.path_parameters or {}).values()]
    return not any(part in ("", ".", "..") or "/" in part for part in parts)


def each_case(operation, mode, examples, check):
    """Has a few requests of an operation checked."""

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        assume(is_sent_as_it_is(case))
        check(case)

    ask()


def ask_with_key(server):
    def check(case):
        case.call_and_validate(
            base_url=server.url, headers=BEARER, checks=CHECKS, allow_redirects=False, timeout=120
        )

    return check


def test_every_answer_is_one_that_is_described(server, operations, subtests):
    for operation in operations:
        with subtests.test(operation=operation.label):
            each_case(operation, GenerationMode.POSITIVE, 6, ask_with_key(server))


def test_bodies_that_are_not_allowed_are_answered_as_described_too(server, described, operations, subtests):
    for operation in operations:
        content = definition(described, operation).get("requestBody", {}).get("content", {})
        if "application/json" in content:
            with subtests.test(operation=operation.label):
                each_case(operation, GenerationMode.NEGATIVE, 6, ask_with_key(server))


def test_nobody_without_a_key_gets_anything(server, described, operations, subtests):
    for operation in operations:
        needed = definition(described, operation).get("security", described["security"])
        if needed == [] or {} in needed:
            continue

        def check(case):
            for headers in ({"Authorization": ""}, {"Authorization": "Bearer somebody-elses-key-or-none"}):
                answer = case.call(base_url=server.url, headers=headers, allow_redirects=False, timeout=120)
                assert answer.status_code == 401, f"{operation.label} {headers}: {answer.status_code}"

        with subtests.test(operation=operation.label):
            each_case(operation, GenerationMode.POSITIVE, 2, check)


def test_what_is_open_to_everybody_is_little(described):
    open_to_all = {
        f"{method.upper()} {path}"
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if operation.get("security", described["security"]) == [] or {} in operation.get("security", [])
    }
    # The metrics are open to this machine only.
    assert open_to_all == {"GET /livez", "GET /readyz", "GET /metrics"}
