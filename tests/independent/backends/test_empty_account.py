"""An account in which nothing is: Patchline says what is missing, makes none of it, and its own commands do."""

import subprocess

import pytest
import requests

from support import label
from support.backends import Backend, embedded
from support.command_line import carry_out
from support.ports import free_port
from support.process import Process, clean_environment, patchline
from support.troubled import denies, way_to
from support.waiting import wait_until

# Bedrock is no part of what is made with a command.
SETTINGS = {"ENABLE_BEDROCK": "false"}


@pytest.fixture
def bare(tmp_path):
    """An account with credentials and nothing else."""
    with embedded(tmp_path) as backend:
        yield backend


def contents(account):
    """The names of everything that is in an account."""
    tables = account.client("dynamodb").list_tables()["TableNames"]
    buckets = [bucket["Name"] for bucket in account.client("s3").list_buckets()["Buckets"]]
    groups = [group["logGroupName"] for group in account.client("logs").describe_log_groups()["logGroups"]]
    return tables + buckets + groups


def doctor(account, directory):
    """What the doctor says: whether something is missing, and what of each thing."""
    settings = account.environment() | SETTINGS | {"PATCHLINE_DATA_DIR": directory / "unused"}
    run = subprocess.run(
        patchline("doctor"), env=clean_environment(settings), cwd=directory, capture_output=True, text=True, timeout=120
    )
    assert run.stdout, run.stderr
    lines = [line.split(maxsplit=1) for line in run.stdout.splitlines() if line]
    told = [(state, *rest.partition(": ")[::2]) for state, rest in lines]
    return run.returncode, {what: (state, problem) for state, what, problem in told}


def test_the_doctor_names_all_that_is_missing_and_makes_nothing(bare, tmp_path):
    code, told = doctor(bare, tmp_path)
    assert code == 1
    wanted = [f"table {name}" for name in label.TABLES] + [f"bucket {name}" for name in label.BUCKETS]
    for name in [*wanted, "log group /patchline/application"]:
        state, problem = told[name]
        assert (state, problem.split(". Make it: aws ")[0]) == ("missing", "does not exist"), told[name]
    assert contents(bare) == []


def test_what_the_doctor_prints_makes_what_is_missing(bare, tmp_path):
    # A key alone; an index and a time of expiry; a bucket with versions; a log group that forgets.
    made = [
        "table artists", "table patchline-sessions", "bucket patchline-contracts", "log group /patchline/application",
    ]
    _, told = doctor(bare, tmp_path)
    for name in made:
        carry_out(bare, told[name][1].split("Make it: ")[1])
    _, after = doctor(bare, tmp_path)
    assert {name: after[name][0] for name in made} == dict.fromkeys(made, "ok")
    assert sorted(contents(bare)) == sorted(name.split()[-1] for name in made)
    sessions = bare.client("dynamodb").describe_table(TableName="patchline-sessions")["Table"]
    assert [index["IndexName"] for index in sessions["GlobalSecondaryIndexes"]] == ["by-user"]


def test_a_permission_that_is_missing_is_named_as_iam_has_it(bare, tmp_path):
    with way_to(bare.endpoint) as way:
        way.trouble = denies
        denied = Backend("denied", way.endpoint, bare.access_key, bare.secret_key, bare.region)
        code, told = doctor(denied, tmp_path)
    assert code == 1
    assert told["table artists"][1].startswith("the permission dynamodb:DescribeTable is missing"), told
    assert told["bucket patchline-audio"][1].startswith("the permission s3:ListBucket is missing"), told
    assert told["log group /patchline/application"][1].startswith(
        "the permission logs:DescribeLogGroups is missing"
    ), told


def test_a_start_makes_nothing_either_and_is_not_ready(bare, tmp_path):
    address = f"127.0.0.1:{free_port()}"
    settings = bare.environment() | SETTINGS
    settings |= {"PATCHLINE_ADDR": address, "PATCHLINE_DATA_DIR": tmp_path / "unused"}
    process = Process(patchline("serve"), settings, tmp_path / "patchline.log", output_to_log=True)
    try:
        status, reason = wait_until(lambda: readiness(address, process), f"{process.log} tells why there is no answer")
        assert (status, "does not exist" in reason) == (503, True), reason
    finally:
        process.stop()
    assert contents(bare) == []


def readiness(address, process):
    """The status of `/readyz` with its reason, once there is an answer."""
    process.check_running()
    try:
        answer = requests.get(f"http://{address}/readyz", timeout=30)
    except (requests.ConnectionError, requests.Timeout):
        return None
    return answer.status_code, answer.text
