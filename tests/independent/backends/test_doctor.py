"""`patchline doctor` says what an account lacks, and the command that it prints mends it."""

import re
import shlex
import subprocess

import pytest

from support import label
from support.backends import BACKENDS
from support.process import clean_environment, patchline

BUCKET = "patchline-contracts"


def examined(backend, directory):
    """What the doctor says of each thing that it examined: its line, by the thing's name."""
    settings = backend.environment() | {"PATCHLINE_DATA_DIR": directory / "unused"}
    run = subprocess.run(
        patchline("doctor"), env=clean_environment(settings), cwd=directory, capture_output=True, text=True, timeout=120
    )
    lines = [line for line in run.stdout.splitlines() if line]
    assert lines, run.stderr
    return {re.split(r"  +", line, maxsplit=1)[1].split(":")[0]: line for line in lines}, run.returncode


def carry_out(backend, command):
    """Does what `aws s3api put-bucket-versioning` does with these arguments."""
    words = shlex.split(command)
    assert words[:3] == ["aws", "s3api", "put-bucket-versioning"], command
    options = dict(zip(words[3::2], words[4::2]))
    name, _, value = options["--versioning-configuration"].partition("=")
    backend.client("s3").put_bucket_versioning(Bucket=options["--bucket"], VersioningConfiguration={name: value})


# moto answers GetBucketVersioning in a form that the SDK for Rust does not read.
@pytest.mark.parametrize("name", [name for name in BACKENDS if name != "moto"])
@pytest.mark.parametrize("status", ["never", "Suspended"])
def test_a_bucket_that_keeps_no_versions_is_found_and_mended(tmp_path, name, status):
    with BACKENDS[name](tmp_path) as backend:
        label.create(backend)
        s3 = backend.client("s3")
        if status == "never":
            s3.delete_bucket(Bucket=BUCKET)
            s3.create_bucket(Bucket=BUCKET)
        else:
            s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": status})
        lines, code = examined(backend, tmp_path)
        line = lines[f"bucket {BUCKET}"]
        assert line.startswith(f"missing  bucket {BUCKET}: keeps no versions"), line
        assert code == 1
        assert lines["bucket patchline-audio"] == "ok       bucket patchline-audio"

        carry_out(backend, line[line.index("aws s3api"):])
        lines, _ = examined(backend, tmp_path)
        assert lines[f"bucket {BUCKET}"] == f"ok       bucket {BUCKET}"


def test_a_bucket_that_is_missing_is_made_with_versions(tmp_path):
    with BACKENDS["moto"](tmp_path) as backend:
        lines, code = examined(backend, tmp_path)
        assert code == 1
        line = lines[f"bucket {BUCKET}"]
        assert f"aws s3api create-bucket --bucket {BUCKET} && aws s3api put-bucket-versioning --bucket {BUCKET} " in line
