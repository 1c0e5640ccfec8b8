"""Disks that are easily full: a file system in memory, seen by one process only, or files that cannot grow."""

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


def with_small_files(command, mebibytes):
    """The command, run so that no file grows beyond this size; needs no permission on any machine."""
    # Without the trap the kernel ends the process instead of refusing to write. The unit is 512 bytes.
    limit = f"trap '' XFSZ && ulimit -f {mebibytes * 2048}"
    return ["sh", "-c", f'{limit} && exec "$@"', "sh", *command]
