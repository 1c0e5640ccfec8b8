"""The embedded AWS as a process, and boto3 clients of it."""

import json
from pathlib import Path

import boto3
from botocore.config import Config

from support.disk import enlarge, on_small_disk
from support.process import Process, patchline


class EmbeddedAws:
    """`patchline embedded-aws` over a data directory; starts at once, ends with the `with` block.

    With `disk_size` (such as `64m`) the directory is a disk of that size, which only the process sees and
    which is gone with it. With `address` it answers there again after a restart. `settings` are further
    environment variables.
    """

    def __init__(self, data_directory, disk_size=None, address="127.0.0.1:0", settings=None):
        self.data_directory = Path(data_directory)
        self._disk_size = disk_size
        self._address = address
        self._settings = settings or {}
        self.start()

    def start(self):
        if self._disk_size:
            self.data_directory.mkdir(parents=True, exist_ok=True)
        self._process = Process(
            self._command(),
            {
                # Credentials in the person's home directory must not lead to a real account.
                "MCP_MOCK_AWS_SERVICES": "true",
                "PATCHLINE_DATA_DIR": self.data_directory,
                "PATCHLINE_EMBEDDED_AWS_ADDR": self._address,
                **self._settings,
            },
            self.data_directory.parent / f"{self.data_directory.name}.log",
        )
        answer = json.loads(self._process.first_line())
        self.endpoint = answer["endpoint"]
        self.access_key = answer["accessKeyId"]
        self.secret_key = answer["secretAccessKey"]
        self.region = answer["region"]

    def _command(self):
        command = patchline("embedded-aws")
        return on_small_disk(command, self.data_directory, self._disk_size) if self._disk_size else command

    def enlarge_disk(self, size):
        enlarge(self._process.id, self.data_directory, size)

    def kill(self):
        self._process.kill()

    def stop(self):
        self._process.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def client(self, service, **changes):
        """A boto3 client that tries once, so that no retry hides a failure."""
        settings = {
            "endpoint_url": self.endpoint,
            "aws_access_key_id": self.access_key,
            "aws_secret_access_key": self.secret_key,
            "region_name": self.region,
            "config": Config(
                signature_version=None if service != "s3" else "s3v4",
                s3={"addressing_style": "path"},
                retries={"total_max_attempts": 1},
            ),
        }
        return boto3.session.Session().client(service, **(settings | changes))

    def bytes_on_disk(self):
        return sum(path.stat().st_size for path in self.data_directory.rglob("*") if path.is_file())
