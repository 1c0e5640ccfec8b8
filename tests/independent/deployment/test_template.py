"""The template of CloudFormation, as AWS's own linter reads it."""

import subprocess
import sys
from pathlib import Path

import pytest

from support.process import ROOT

LINTER = Path(sys.executable).with_name("cfn-lint")
TEMPLATE = ROOT / "deploy/patchline.template.json"


def complaints(template):
    run = subprocess.run([LINTER, "--regions", "eu-north-1", "us-east-1", "--", template], capture_output=True, text=True)
    return run.returncode, run.stdout


def test_the_linter_of_cloudformation_has_nothing_to_say():
    assert complaints(TEMPLATE) == (0, "")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [('"BillingMode"', '"BilingMode"'), ('"Ref": "Vpc"', '"Ref": "Network"'), ('"KeyType": "HASH"', '"KeyType": "HUSH"')],
)
def test_and_it_would_have_if_something_was_wrong(tmp_path, right, wrong):
    text = TEMPLATE.read_text()
    assert right in text
    broken = tmp_path / "broken.template.json"
    broken.write_text(text.replace(right, wrong, 1))
    code, told = complaints(broken)
    assert code != 0 and wrong.split('"')[-2] in told, told
