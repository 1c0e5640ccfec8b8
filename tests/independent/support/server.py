"""A running Patchline, its tools over REST for whoever has the key, and its pages for a person who has signed in."""

import re
from contextlib import contextmanager
from functools import cached_property

import requests

from support.ports import free_port
from support.process import Process, patchline
from support.waiting import wait_until

KEY = "the-key-of-programs-in-checks"
BEARER = {"Authorization": f"Bearer {KEY}"}
PASSWORD = "a password of the checks"


class Server:
    def __init__(self, url, process):
        self.url, self._process = url, process

    @cached_property
    def http(self):
        """A program with the key."""
        session = requests.Session()
        session.headers.update(BEARER)
        return session

    @cached_property
    def person(self):
        """The admin, signed in as people do: with the link of the first start, or as the demo offers it."""
        session = requests.Session()
        demo = session.post(f"{self.url}/sign-in", data={"demo": "admin"}, allow_redirects=False, timeout=120)
        if demo.status_code != 303:
            link = wait_until(lambda: re.search(r"/welcome\?link=(\S+)", self._process.log.read_text()), "the link")
            form = {"link": link[1], "name": "Ada", "email": "ada@label.example", "password": PASSWORD}
            made = session.post(f"{self.url}/welcome", data=form, allow_redirects=False, timeout=120)
            assert made.status_code == 303, made.text
        return session

    def sample_label(self):
        """How far the sample label is."""
        return requests.get(f"{self.url}/readyz", timeout=120).json()["sampleLabel"]

    def call(self, tool, arguments, key=""):
        """The HTTP status and the JSON of a call of a tool, with an idempotency key if there is one."""
        headers = {"Idempotency-Key": key} if key else {}
        answer = self.http.post(f"{self.url}/api/tools/{tool}", json=arguments, headers=headers, timeout=120)
        return answer.status_code, answer.json()

    def interrupt(self):
        """Presses Ctrl-C, waits for the end, and answers with the exit code."""
        return self._process.interrupt()

    def kill(self):
        """Ends it as a crash would."""
        self._process.kill()


@contextmanager
def serve(environment, directory):
    """`patchline serve` with these settings, on a free port."""
    address = f"127.0.0.1:{free_port()}"
    settings = {
        "PATCHLINE_ADDR": address,
        "PATCHLINE_DATA_DIR": directory / "patchline-data",
        "PATCHLINE_BOOTSTRAP_KEY": KEY,
        "MCP_RATE_LIMIT": 100_000,
        "MCP_BURST_LIMIT": 10_000,
    }
    process = Process(patchline("serve"), settings | environment, directory / "patchline.log", output_to_log=True)
    try:
        wait_until(lambda: is_ready(f"http://{address}", process), f"{process.log} tells why it is not ready")
        yield Server(f"http://{address}", process)
    finally:
        process.stop()


def is_ready(url, process):
    process.check_running()
    try:
        return requests.get(f"{url}/readyz", timeout=30).status_code == 200
    except (requests.ConnectionError, requests.Timeout):
        return False
