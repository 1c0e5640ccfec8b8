"""CloudWatch, Logs, Bedrock, RDS and STS answer as AWS's documentation says, and as two others do where they do.

moto and MiniStack are judges: where one of them is known to be right, it must agree with what was worked
out by hand. Where it is not, the table of known gaps says what it does instead.
"""

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from comparison.known_gaps import KNOWN_GAPS
from comparison.steps import STEPS
from support.backends import BACKENDS


@pytest.fixture(scope="session", params=BACKENDS)
def backend(request, tmp_path_factory):
    with BACKENDS[request.param](tmp_path_factory.mktemp(request.param)) as running:
        yield running


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_an_answer_is_what_aws_promises(backend, step):
    gap = KNOWN_GAPS.get((backend.name, step.name))
    try:
        answer = step.ask(backend)
    except (ClientError, BotoCoreError) as error:
        assert gap, error
        return
    if gap:
        assert answer != step.expected, f"works by now; take it out of the table of known gaps: {gap}"
    else:
        assert answer == step.expected


def test_the_known_gaps_name_backends_and_steps_that_exist():
    steps = {step.name for step in STEPS}
    assert all(backend in BACKENDS and step in steps for backend, step in KNOWN_GAPS)
    assert len(steps) == len(STEPS), "each step has a name of its own"
