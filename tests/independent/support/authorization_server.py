"""A real authorization server, and the tokens that it gives out."""

import requests

from support.ports import free_port
from support.process import Process
from support.typescript import FOLDER
from support.waiting import wait_until


class AuthorizationServer:
    """`oidc-provider`, in Node. Each start signs with other keys."""

    def __init__(self, directory):
        self._directory, self._port, self._process = directory, free_port(), None
        self.url = f"http://127.0.0.1:{self._port}"

    def __enter__(self):
        self._start()
        return self

    def __exit__(self, *_):
        self._process.stop()

    def restart(self):
        """Starts it again: the keys from before are gone."""
        self._process.stop()
        self._start()

    def token(self, resource, scope="tools:all", client="weekly-report", **headers):
        """A token of a client for an address."""
        form = {"grant_type": "client_credentials", "scope": scope, "resource": resource}
        answer = requests.post(
            f"{self.url}/token", data=form, auth=(client, f"secret-of-{client}"), headers=headers, timeout=120
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]

    def keys(self):
        """Its public keys, as it publishes them."""
        return requests.get(f"{self.url}/jwks", timeout=120).json()["keys"]

    def _start(self):
        command = ["node", str(FOLDER / "authorization_server.mjs"), str(self._port)]
        log = self._directory / f"authorization-server-{self._port}.log"
        self._process = Process(command, {}, log, output_to_log=True)
        wait_until(self._answers, f"{log} tells why it does not answer")

    def _answers(self):
        self._process.check_running()
        try:
            return requests.get(f"{self.url}/.well-known/openid-configuration", timeout=30).status_code == 200
        except (requests.ConnectionError, requests.Timeout):
            return False
