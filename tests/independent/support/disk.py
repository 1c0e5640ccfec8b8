"""A disk that is easily full: a file system in memory, seen by one process only."""

import os
import shutil
import subprocess

import pytest


def enlarge(process_id, directory, size):
    """Gives the disk that this process sees another size, as an administrator would."""
    into = ["nsenter", "--mount", f"--target={process_id}"]
    into += [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
    subprocess.run(into + ["mount", "-o", f"remount,size={size}", "tmpfs", str(directory)], check=True)


def on_small_disk(command, directory, size):
    """The command, run with a file system of this size at the directory; skips the check where that is not allowed."""
    own_mounts = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    mount = f'mount -t tmpfs -o size={size},mode=700 tmpfs "$0"'
    if not shutil.which("unshare") or subprocess.run(
        own_mounts + ["sh", "-c", mount, str(directory)], capture_output=True
    ).returncode:
        pytest.skip("this machine lets nobody mount a file system of their own")
    return own_mounts + ["sh", "-c", f'{mount} && exec "$@"', str(directory), *command]
