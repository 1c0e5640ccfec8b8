"""Starts a server as a process of its own, watches it, stops it."""

import os
import select
import signal
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

# Settings of the person's own shell that would change what is tested.
FOREIGN = (
    "AWS_",
    "PATCHLINE_",
    "MCP_",
    "ENABLE_",
    "BEDROCK_",
    "S3_",
    "DYNAMODB_",
    "CLOUDWATCH_",
    "RDS_",
    "MAX_CONCURRENT_OPERATIONS",
    "LEPTOS_",
    "RUST_LOG",
)


def clean_environment(additions):
    """The environment without settings of the products under test, and with these."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return inherited | {name: str(value) for name, value in additions.items()}


def patchline(*arguments):
    """The command that starts the Patchline that `scripts/build` made."""
    return [str(ROOT / "scripts/start"), os.environ.get("PATCHLINE_PROFILE", "dev"), *arguments]


class Process:
    """A running server. What it says goes to the file `log`, unless its first line is wanted."""

    def __init__(self, command, environment, log, output_to_log=False):
        self.log = Path(log)
        self._log_file = self.log.open("ab")
        self._process = subprocess.Popen(
            command,
            env=clean_environment(environment),
            stdin=subprocess.DEVNULL,
            stdout=self._log_file if output_to_log else subprocess.PIPE,
            stderr=self._log_file,
            cwd=self.log.parent,
        )

    @property
    def id(self):
        return self._process.pid

    def first_line(self, seconds=180):
        """The first line that the server prints, or why there is none."""
        deadline = time.monotonic() + seconds
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self._process.stdout], [], [], max(0, deadline - time.monotonic()))
            assert ready, self.complaint(f"printed no line within {seconds} s")
            byte = os.read(self._process.stdout.fileno(), 1)
            assert byte, self.complaint("ended before it printed a line")
            line += byte
        return line.decode()

    def check_running(self):
        assert self._process.poll() is None, self.complaint("ended too early")

    def complaint(self, what):
        self._log_file.flush()
        return f"{self._process.args} {what}; its log:\n{self.log.read_text(errors='replace')[-4000:]}"

    def kill(self):
        """Ends it as a crash would: no handler runs."""
        self._process.kill()
        self._process.wait()
        self._close()

    def interrupt(self, seconds=120):
        """Presses Ctrl-C, waits for the end, and answers with the exit code."""
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(seconds)

    def stop(self, seconds=60):
        """Asks it to end, and insists."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._close()

    def _close(self):
        if self._process.stdout:
            self._process.stdout.close()
        self._log_file.close()
