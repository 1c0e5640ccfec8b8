"""The command-line tool `aws`, pointed at an AWS of the tests."""

import os
import subprocess
import sys
from pathlib import Path

from support.process import clean_environment

PROGRAMS = Path(sys.executable).parent


def shell_environment(account):
    """In which `aws` of these checks is found, and finds the account and nothing else."""
    nothing = os.devnull
    return clean_environment({
        "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
        "AWS_ENDPOINT_URL": account.endpoint,
        "AWS_ACCESS_KEY_ID": account.access_key,
        "AWS_SECRET_ACCESS_KEY": account.secret_key,
        "AWS_DEFAULT_REGION": account.region,
        "AWS_CONFIG_FILE": nothing,
        "AWS_SHARED_CREDENTIALS_FILE": nothing,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
        "PYTHONUTF8": "1",
    })


def aws(account, *arguments, code=0):
    """What `aws` prints with these arguments, when it ends with this code."""
    run = subprocess.run(
        ["aws", *arguments], env=shell_environment(account), capture_output=True, text=True, encoding="utf-8",
        timeout=300,
    )
    assert run.returncode == code, run.stderr
    return run.stdout if code == 0 else run.stderr


def carry_out(account, command):
    """Does what a person does who pastes a command into a shell."""
    run = subprocess.run(
        ["sh", "-ec", command], env=shell_environment(account), capture_output=True, text=True, timeout=300
    )
    assert run.returncode == 0, f"{command}: {run.stderr}"
