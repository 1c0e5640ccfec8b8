"""A running Patchline, and its tools over REST."""

from contextlib import contextmanager

import requests

from support.ports import free_port
from support.process import Process, patchline
from support.waiting import wait_until


class Server:
    def __init__(self, url, process):
        self.url, self._process = url, process

    def sample_label(self):
        """How far the sample label is."""
        return requests.get(f"{self.url}/readyz", timeout=5).json()["sampleLabel"]

    def call(self, tool, arguments, key=""):
        """The HTTP status and the JSON of a call of a tool, with an idempotency key if there is one."""
        headers = {"Idempotency-Key": key} if key else {}
        answer = requests.post(f"{self.url}/api/tools/{tool}", json=arguments, headers=headers, timeout=30)
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
        return requests.get(f"{url}/readyz", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False
