"""The analysis of artists as a process that calculates what it is asked, and series that others published."""

import json
import os
import subprocess
from pathlib import Path

import numpy
import pytest
import statsmodels.api as statsmodels


class Calculator:
    """Answers a question for each line."""

    def __init__(self, process):
        self._process = process

    def __call__(self, ask, **arguments):
        question = {"ask": ask} | arguments
        self._process.stdin.write(json.dumps(question, default=lambda values: values.tolist()) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"no answer to {question}"
        return json.loads(answer)


@pytest.fixture(scope="session")
def calculate():
    """The calculator, which `tests/independent/run` has built."""
    folder = os.environ["PATCHLINE_EXAMPLES"]
    command = [str(Path(folder) / "statistics")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Calculator(process)
        process.stdin.close()
        process.wait(120)


def noise(length, memory, seed):
    """An autoregressive walk."""
    steps = numpy.random.default_rng(seed).normal(0, 0.02, length)
    walk = numpy.zeros(length)
    for day in range(1, length):
        walk[day] = memory * walk[day - 1] + steps[day]
    return walk


def series():
    days = numpy.arange(120)
    week = numpy.tile([0.0, 0.02, 0.05, 0.1, 0.2, 0.15, -0.05], 18)[:120]
    co2 = statsmodels.datasets.co2.load_pandas().data["co2"].interpolate()
    return {
        "nile": statsmodels.datasets.nile.load_pandas().data["volume"].to_numpy(),
        "sunspots": statsmodels.datasets.sunspots.load_pandas().data["SUNACTIVITY"].to_numpy(),
        "co2": co2.to_numpy()[:600],
        "white noise": noise(120, 0.0, 1),
        "memory": noise(120, 0.6, 2),
        "growth": 9.9 + 0.004 * days + week + noise(120, 0.6, 3),
        "wave": 9.9 + 0.16 * numpy.sin(2 * numpy.pi * days / 72) + noise(120, 0.6, 4),
        "ties": numpy.round(noise(60, 0.3, 5), 2),
    }


SERIES = series()


@pytest.fixture(params=SERIES, ids=lambda name: name.replace(" ", "-"))
def values(request):
    """Each of the series in turn."""
    return numpy.asarray(SERIES[request.param], dtype=float)
