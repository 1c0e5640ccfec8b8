"""The three backends that the tools are run on: the embedded AWS, moto and MiniStack."""

import sys
from contextlib import contextmanager
from pathlib import Path

import boto3
import requests
from botocore.config import Config

from support.embedded import EmbeddedAws
from support.ports import free_port
from support.process import Process
from support.waiting import wait_until

PROGRAMS = Path(sys.executable).parent


class Backend:
    """Where an AWS answers, and with which key."""

    def __init__(self, name, endpoint, access_key="test", secret_key="test", region="us-east-1"):
        self.name, self.endpoint, self.region = name, endpoint, region
        self.access_key, self.secret_key = access_key, secret_key

    def client(self, service):
        return boto3.session.Session().client(
            service, endpoint_url=self.endpoint, region_name=self.region,
            aws_access_key_id=self.access_key, aws_secret_access_key=self.secret_key,
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
        )

    def environment(self):
        """What points Patchline at it, as at a real account."""
        return {
            "MCP_MOCK_AWS_SERVICES": "false",
            "MCP_DEMO_MODE": "false",
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
        }


@contextmanager
def embedded(directory, disk_size=None):
    with EmbeddedAws(directory / "data", disk_size) as running:
        backend = Backend("embedded", running.endpoint, running.access_key, running.secret_key, running.region)
        backend.enlarge_disk = running.enlarge_disk
        yield backend


@contextmanager
def moto(directory):
    port = free_port()
    with served([str(PROGRAMS / "moto_server"), "-H", "127.0.0.1", "-p", str(port)], {}, port, directory, "moto") as backend:
        yield backend


@contextmanager
def ministack(directory):
    port = free_port()
    environment = {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": port,
        "TMPDIR": directory,
        "STATE_DIR": directory / "state",
        "S3_DATA_DIR": directory / "s3",
        "LOG_LEVEL": "WARNING",
    }
    with served([str(PROGRAMS / "ministack")], environment, port, directory, "ministack") as backend:
        yield backend


BACKENDS = {"embedded": embedded, "moto": moto, "ministack": ministack}


@contextmanager
def served(command, environment, port, directory, name):
    process = Process(command, environment, directory / f"{name}.log", output_to_log=True)
    endpoint = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(endpoint, process), f"{name} to answer at {endpoint}")
        yield Backend(name, endpoint)
    finally:
        process.stop()


def answers(endpoint, process):
    process.check_running()
    try:
        return requests.get(endpoint, timeout=30).status_code < 500
    except (requests.ConnectionError, requests.Timeout):
        return False
