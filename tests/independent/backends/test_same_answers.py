"""The tools give the same answers on every backend: the embedded AWS does what two others do.

Patchline runs as it would against a real account: only `AWS_ENDPOINT_URL` and the key differ.
"""

import functools
import json

import pytest

from backends.known_gaps import KNOWN_GAPS
from backends.steps import STEPS
from support import label
from support.backends import BACKENDS
from support.server import serve

# Differ from backend to backend or from call to call, and rightly so.
VOLATILE = {
    "requestId", "durationMicros", "versionId", "lastModified", "updatedAt", "updatedBy", "nextCursor",
    "downloadUrl", "downloadUrlExpiresAt", "scannedCount", "resources",
}


def stable(value):
    if isinstance(value, dict):
        return {name: stable(part) for name, part in sorted(value.items()) if name not in VOLATILE}
    return [stable(part) for part in value] if isinstance(value, list) else value


@pytest.fixture(scope="session")
def answers(tmp_path_factory):
    """The answers to all steps on a backend: its name → step → (status, JSON). Each runs once."""

    @functools.cache
    def of(name):
        try:
            return run_all_steps(name, tmp_path_factory.mktemp(name))
        except Exception as error:  # Told to every check of this backend, without another start.
            return error

    def answer(name, step):
        known = of(name)
        if isinstance(known, Exception):
            raise known
        return known[step.name]

    return answer


def run_all_steps(name, directory):
    with BACKENDS[name](directory) as backend:
        label.create(backend)
        with serve(backend.environment(), directory) as server:
            return {step.name: server.call(step.tool, step.arguments, step.key) for step in STEPS}


def problem(step, answer, reference):
    """What is wrong with an answer, or nothing."""
    status, body = answer
    outcome = "ok" if status == 200 else body.get("error", {}).get("kind")
    if outcome != step.expect:
        return f"expected {step.expect}, got {status} {json.dumps(body, ensure_ascii=False)}"
    text = json.dumps(body.get("result"), ensure_ascii=False)
    if step.shows not in text and step.expect == "ok":
        return f"{step.shows!r} is missing in {text}"
    if step.hides and step.hides in text:
        return f"{step.hides!r} must not be in {text}"
    if step.expect == "ok" and stable(body["result"]) != stable(reference[1].get("result")):
        return f"{text} differs from the embedded AWS's {json.dumps(reference[1], ensure_ascii=False)}"
    return None


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_tool_gives_the_same_answer(answers, backend, step):
    found = problem(step, answers(backend, step), answers("embedded", step))
    gap = KNOWN_GAPS.get((backend, step.name))
    if gap:
        assert found, f"works by now; take it out of the table of known gaps: {gap}"
    else:
        assert found is None, found


def test_the_known_gaps_name_backends_and_steps_that_exist():
    steps = {step.name for step in STEPS}
    assert all(backend in BACKENDS and step in steps for backend, step in KNOWN_GAPS)
    assert len(steps) == len(STEPS), "each step has a name of its own"
