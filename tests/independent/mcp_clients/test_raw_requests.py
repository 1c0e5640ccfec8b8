"""Requests that no client would send, over a real connection."""

import json

import pytest
import requests

from support.server import BEARER

MODERN = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}


def post(address, body, **headers):
    base = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
    named = BEARER | {name.replace("_", "-"): value for name, value in headers.items()}
    body = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return requests.post(address, data=body, headers=base | named, timeout=120)


def request(method, **params):
    return {"jsonrpc": "2.0", "id": 7, "method": method, "params": params | {"_meta": MODERN}}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('{"jsonrpc": "2.0"', -32700),
        ('{"jsonrpc":"2.0","id":1,"method":"tools/list","id":2}', -32600),
        ('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","name":"b"}}', -32600),
        ("[]", -32600),
        ("[" * 100_000, -32700),
    ],
)
def test_what_cannot_be_read_in_one_way_only_is_refused(address, body, code):
    answer = post(address, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


def test_a_header_that_disagrees_with_the_body_is_refused(address):
    call = request("tools/call", name="list_audio_files", arguments={})
    answer = post(address, call, mcp_protocol_version="2026-07-28", mcp_method="tools/call", mcp_name="get_contract")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, -32020)


def test_an_unknown_revision_is_answered_with_those_that_are_known(address):
    asked = request("tools/list")
    asked["params"]["_meta"] = MODERN | {"io.modelcontextprotocol/protocolVersion": "2099-01-01"}
    answer = post(address, asked, mcp_protocol_version="2099-01-01", mcp_method="tools/list")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, -32022)
    assert {"2026-07-28", "2025-11-25"} <= set(error["data"]["supported"])


def test_an_unknown_session_is_not_found(address):
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    assert post(address, asked, mcp_session_id="made-up", mcp_protocol_version="2025-11-25").status_code == 404
    deleted = requests.delete(address, headers=BEARER | {"mcp-session-id": "made-up"}, timeout=120)
    assert deleted.status_code == 404


def test_five_megabytes_are_too_large(address):
    asked = request("tools/call", name="x", arguments={"a": "b" * 5_000_000})
    assert post(address, asked, mcp_protocol_version="2026-07-28").status_code == 413


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:1", "null"])
def test_pages_of_other_sites_are_refused(address, origin):
    answer = post(address, request("tools/list"), origin=origin, mcp_protocol_version="2026-07-28")
    assert answer.status_code == 403


def test_another_name_for_this_machine_is_refused(address):
    answer = post(address, request("tools/list"), host="evil.example", mcp_protocol_version="2026-07-28")
    assert 400 <= answer.status_code < 500


def test_a_wrong_key_is_refused(address):
    answer = post(address, request("tools/list"), Authorization="Bearer nonsense")
    assert answer.status_code == 401 and answer.headers["www-authenticate"].startswith("Bearer")


def test_without_a_key_nobody_is_let_in(address):
    answer = requests.post(address, json=request("tools/list"), timeout=120)
    assert answer.status_code == 401 and answer.headers["www-authenticate"].startswith("Bearer")
