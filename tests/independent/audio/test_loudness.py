"""Loudness, its range and true peak against ffmpeg's `ebur128`, on recordings that people made."""

import math
import re

import pytest

from support.recordings import analyze, ffmpeg

RECORDINGS = ["arovane", "bass", "drum", "guit", "loop", "tabla"]

# Samples that begin at full level: at such an edge the peak between samples is a matter of the filter's length,
# and ffmpeg's is longer than that of BS.1770.
CUT_AT_AN_EDGE = {"loop", "tabla"}


def heard_by_ffmpeg(path):
    told = ffmpeg("-i", path, "-af", "ebur128=metadata=1:peak=true,ametadata=print:file=-", "-f", "null", "-")
    values = {}
    for name, value in re.findall(r"lavfi\.r128\.(\w+)=(\S+)", told):
        values.setdefault(name, []).append(float(value))
    return values


def range_of(short_term):
    """The loudness range of EBU Tech 3342, from short-term values of which the first is at 3 s."""
    loud = [value for value in short_term if value >= -70]
    mean = 10 * math.log10(sum(10 ** (value / 10) for value in loud) / len(loud))
    counted = sorted(value for value in loud if value >= mean - 20)
    return counted[round((len(counted) - 1) * 0.95)] - counted[round((len(counted) - 1) * 0.1)]


@pytest.mark.parametrize("name", RECORDINGS)
def test_ffmpeg_hears_the_same(recording, name):
    path = recording(name)
    ours, theirs = analyze(path), heard_by_ffmpeg(path)
    peak = max(max(values) for key, values in theirs.items() if key.startswith("true_peaks"))
    assert ours["integrated"] == pytest.approx(theirs["I"][-1], abs=0.05)
    assert ours["shortTermMax"] == pytest.approx(max(theirs["S"][29:]), abs=0.05)
    assert ours["momentaryMax"] >= max(theirs["M"]) - 0.05, "looked for every 10 ms, where ffmpeg has a value in 100"
    # Of few values ffmpeg's own range takes other percentiles than the standard does.
    assert ours["range"] == pytest.approx(range_of(theirs["S"][29:]), abs=0.1)
    if name not in CUT_AT_AN_EDGE:
        assert 20 * math.log10(peak) == pytest.approx(ours["truePeak"], abs=0.1)


@pytest.mark.parametrize("name", RECORDINGS)
def test_ffmpeg_hears_the_same_at_every_moment(recording, name):
    path = recording(name)
    ours, theirs = analyze(path), heard_by_ffmpeg(path)
    for mine, other, window in (("momentary", "M", 4), ("shortTerm", "S", 30)):
        pairs = list(zip(ours[mine], theirs[other]))[window - 1:]
        heard = [(our, their) for our, their in pairs if their > -70]
        assert len(heard) > 10, mine
        assert [our for our, _ in heard] == pytest.approx([their for _, their in heard], abs=0.1), mine
