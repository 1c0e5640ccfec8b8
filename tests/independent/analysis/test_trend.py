"""Tests for trends and slopes: the same as pymannkendall's and scipy's."""

import numpy
import pymannkendall
import pytest
from scipy import stats


def test_the_plain_test_is_that_of_pymannkendall(calculate, values):
    ours, theirs = calculate("mannKendall", values=values), pymannkendall.original_test(values)
    assert (ours["score"], ours["variance"]) == (theirs.s, theirs.var_s)
    assert ours["z"] == pytest.approx(theirs.z, abs=1e-9)
    assert ours["pValue"] == pytest.approx(theirs.p, abs=1e-12)


def test_the_correction_for_memory_is_that_of_pymannkendall(calculate, values):
    ours = calculate("hamedRao", values=values)
    with numpy.errstate(invalid="ignore"):
        theirs = pymannkendall.hamed_rao_modification_test(values)
    assert ours["score"] == theirs.s
    assert ours["variance"] == pytest.approx(theirs.var_s, rel=1e-9)
    if theirs.var_s > 0:
        assert ours["z"] == pytest.approx(theirs.z, abs=1e-9)
    else:
        assert ours["z"] is None


def test_the_slope_and_its_interval_are_those_of_scipy(calculate, values):
    x = numpy.arange(len(values), dtype=float)
    ours, theirs = calculate("theilSen", x=x, y=values), stats.theilslopes(values, x)
    assert ours["slope"] == pytest.approx(theirs.slope, abs=1e-12)
    assert ours["intercept"] == pytest.approx(theirs.intercept, abs=1e-9)
    assert (ours["low"], ours["high"]) == pytest.approx((theirs.low_slope, theirs.high_slope), abs=1e-12)


def test_a_slope_over_days_with_gaps_is_that_of_scipy(calculate, values):
    kept = numpy.arange(len(values)) % 5 != 2
    x, y = numpy.arange(len(values), dtype=float)[kept], values[kept]
    ours, theirs = calculate("theilSen", x=x, y=y), stats.theilslopes(y, x)
    assert ours["slope"] == pytest.approx(theirs.slope, abs=1e-12)


def test_ranks_and_distributions_are_those_of_scipy(calculate, values):
    assert calculate("ranks", values=values) == list(stats.rankdata(values))
    for z in (-6.5, -2.8, -1.0, 0.0, 0.3, 1.96, 2.82, 2.84, 5.0):
        ours = calculate("normal", z=z)
        assert ours["below"] == pytest.approx(stats.norm.cdf(z), rel=1e-12)
        assert ours["twoSided"] == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-11)
        assert ours["back"] == pytest.approx(z, abs=1e-9)
    for freedom in (1.0, 2.0, 3.7, 6.2, 27.0, 200.0):
        ours = calculate("studentQuantile", probability=0.975, freedom=freedom)
        assert ours == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-9)
