"""Runs checks that are written for the TypeScript clients, in Node."""

import subprocess
from contextlib import contextmanager

from support.process import ROOT, clean_environment
from support.server import KEY

FOLDER = ROOT / "tests/independent/mcp_clients/typescript"
CHECKS = sorted(path.stem for path in FOLDER.glob("checks/*.mjs"))
WAYS = ["v1", "v2-legacy", "v2-auto", "v2-2026-07-28"]


def run(check, way, address):
    """Runs a check to its end. Why it failed, Node writes to its errors."""
    done = subprocess.run(
        command(check, way, address), env=clean_environment({"PATCHLINE_KEY": KEY}), capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr


@contextmanager
def talking(check, way, address):
    """Runs a check that is told when to go on, with a line to its standard input; its lines are answers."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    with subprocess.Popen(command(check, way, address), env=clean_environment({"PATCHLINE_KEY": KEY}), **pipes) as node:
        try:
            yield node
        finally:
            node.kill()


def command(check, way, address):
    return ["node", str(FOLDER / "check.mjs"), way, address, check]
