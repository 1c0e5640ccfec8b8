"""Access tokens of a real authorization server at the addresses of REST and MCP, and what must not be taken for them."""

import base64
import hashlib
import hmac
import json
import subprocess
import time
import uuid
from dataclasses import dataclass

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec

from support.authorization_server import AuthorizationServer
from support.process import clean_environment
from support.server import Server, serve
from support.typescript import FOLDER
from support.waiting import wait_until

MODERN = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}


@dataclass
class Label:
    """A Patchline that takes the tokens of one authorization server; another one is a stranger."""

    server: Server
    issuer: AuthorizationServer
    stranger: AuthorizationServer

    def list(self, token, **headers):
        """Asks over REST for the list of tools."""
        sent = {"authorization": f"Bearer {token}"} | headers
        return requests.get(f"{self.server.url}/api/tools", headers=sent, timeout=120)

    def mcp(self, token, method="tools/list", path="/mcp", **params):
        """Sends a request over MCP."""
        headers = {
            "authorization": f"Bearer {token}",
            "accept": "application/json, text/event-stream",
            "mcp-protocol-version": "2026-07-28",
            "mcp-method": method,
        }
        if "name" in params:
            headers["mcp-name"] = params["name"]
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params | {"_meta": MODERN}}
        return requests.post(f"{self.server.url}{path}", json=body, headers=headers, timeout=120)

    def reach(self, token):
        """How far a token reaches: the status of REST and of MCP."""
        return self.list(token).status_code, self.mcp(token).status_code


@pytest.fixture(scope="module")
def label(tmp_path_factory):
    directory = tmp_path_factory.mktemp("access-tokens")
    with AuthorizationServer(directory) as issuer, AuthorizationServer(directory) as stranger:
        file = directory / "token-issuers.toml"
        file.write_text(f'[[issuer]]\nissuer = "{issuer.url}"\ndefault_role = "label"\n')
        settings = {"MCP_MOCK_AWS_SERVICES": "true", "MCP_DEMO_MODE": "false", "MCP_TOKEN_ISSUERS": file}
        with serve(settings, directory) as server:
            yield Label(server, issuer, stranger)


def part(value):
    """A part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def read(text):
    """What a part of a token says."""
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


@pytest.mark.parametrize("client", ["weekly-report", "rsa"])
def test_a_token_opens_rest_and_mcp(label, client):
    token = label.issuer.token(label.server.url, client=client)
    assert label.reach(token) == (200, 200)
    called = label.mcp(token, "tools/call", name="list_audio_files", arguments={})
    assert called.json()["result"]["structuredContent"]["files"] == []


@pytest.mark.parametrize("generation", ["v1", "v2"])
@pytest.mark.parametrize("path", ["/mcp", "/mcp/s3"])
def test_official_clients_find_out_by_themselves_where_they_get_a_token(label, generation, path):
    command = ["node", str(FOLDER / "with_token.mjs"), generation, f"{label.server.url}{path}", label.issuer.url]
    done = subprocess.run(command, env=clean_environment({}), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("resource", "rest", "mcp"),
    [
        ("{url}", 200, 200),
        ("{url}/", 200, 200),
        ("{url}/mcp", 401, 200),
        ("{url}/api", 200, 401),
        ("{capitals}/mcp", 401, 200),
        ("{url}/mcp/", 401, 401),
        ("{url}/mcp/s3", 401, 401),
        ("http://127.0.0.1:1/mcp", 401, 401),
        ("https://tickets.example/mcp", 401, 401),
    ],
)
def test_a_token_is_good_at_the_address_that_it_was_asked_for(label, resource, rest, mcp):
    url = label.server.url
    resource = resource.format(url=url, capitals=url.replace("http", "HTTP"))
    assert label.reach(label.issuer.token(resource)) == (rest, mcp)


@pytest.mark.parametrize("client", ["expired", "early", "future", "elsewhere", "nonce", "nobody", "untyped", "no-key"])
def test_what_is_signed_and_wrong_is_not_taken(label, client):
    token = label.issuer.token(label.server.url, client=client)
    refused = label.list(token)
    assert (refused.status_code, label.mcp(token).status_code) == (401, 401)
    assert 'error="invalid_token"' in refused.headers["www-authenticate"]


def test_what_was_signed_by_somebody_else_or_nobody_is_not_taken(label):
    token = label.issuer.token(label.server.url)
    head, claims, signature = token.split(".")
    said = read(head)
    forged = [label.stranger.token(label.server.url), label.issuer.token(label.server.url, client="opaque")]
    for algorithm in ["none", "None", "NONE"]:
        unsigned = part(said | {"alg": algorithm})
        forged += [f"{unsigned}.{claims}.", f"{unsigned}.{claims}.{signature}"]
    for secret in [json.dumps(key).encode() for key in label.issuer.keys()]:
        message = f"{part(said | {'alg': 'HS256'})}.{claims}"
        tag = hmac.new(secret, message.encode(), hashlib.sha256).digest()
        forged.append(f"{message}.{base64.urlsafe_b64encode(tag).rstrip(b'=').decode()}")
    more = part(read(claims) | {"scope": "tools:all", "sub": "somebody-else"})
    forged += [f"{head}.{more}.{signature}", f"{head}.{claims}.", f"{head}.{claims}.{signature[:-4]}", f"{claims}.{head}."]
    for attempt in forged:
        assert label.reach(attempt) == (401, 401), attempt
    assert label.reach(token) == (200, 200)


def test_a_token_that_is_bound_to_a_key_is_not_taken_without_it(label):
    key = ec.generate_private_key(ec.SECP256R1())
    public = jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    proof = jwt.encode(
        {"htm": "POST", "htu": f"{label.issuer.url}/token", "jti": str(uuid.uuid4()), "iat": int(time.time())},
        key,
        algorithm="ES256",
        headers={"typ": "dpop+jwt", "jwk": public},
    )
    token = label.issuer.token(label.server.url, DPoP=proof)
    assert "cnf" in read(token.split(".")[1])
    assert label.reach(token) == (401, 401)


def test_what_a_token_is_not_for_is_refused_with_the_scopes_that_would_do(label):
    token = label.issuer.token(label.server.url, scope="tools:read other:things")
    assert label.reach(token) == (200, 200)
    over_rest = requests.post(
        f"{label.server.url}/api/tools/upload_audio_file", json={}, headers={"authorization": f"Bearer {token}"}, timeout=120
    )
    over_mcp = label.mcp(token, "tools/call", name="upload_audio_file", arguments={})
    for refused in [over_rest, over_mcp]:
        told = refused.headers["www-authenticate"]
        assert refused.status_code == 403 and 'error="insufficient_scope"' in told, refused.text
        assert 'scope="tools:read tools:s3"' in told
    nothing = label.issuer.token(label.server.url, scope="other:things")
    assert label.reach(nothing) == (403, 403)


def test_no_token_is_read_from_an_address_or_beside_a_session(label):
    token = label.issuer.token(label.server.url)
    for path in ["/api/tools", "/mcp"]:
        address = f"{label.server.url}{path}?access_token={token}"
        assert requests.get(address, timeout=120).status_code == 400
        assert requests.get(address, headers={"authorization": f"Bearer {token}"}, timeout=120).status_code == 400
    session = "; ".join(f"{cookie.name}={cookie.value}" for cookie in label.server.person.cookies)
    assert "patchline-" in session
    assert label.list(token, cookie=session).status_code == 400


def test_new_keys_are_taken_without_a_restart_and_old_ones_no_more(label):
    before = label.issuer.token(label.server.url)
    assert label.list(before).status_code == 200
    label.issuer.restart()
    after = label.issuer.token(label.server.url)
    # Where somebody has named a key just now that there is not, keys are not asked for again for half a minute.
    wait_until(lambda: label.list(after).status_code == 200, "the new keys")
    assert label.list(before).status_code == 401
