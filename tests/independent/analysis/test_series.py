"""Series of days: the same as numpy's, pandas' and statsmodels'."""

import numpy
import pandas
import pytest
from scipy import stats
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.holtwinters import ExponentialSmoothing
from statsmodels.tsa.stattools import acf

LEVEL, TREND, SEASON, DAMPING = 0.3, 0.1, 0.2, 0.9


def test_autocorrelations_are_those_of_statsmodels(calculate, values):
    ours = calculate("autocorrelations", values=values, lags=20)
    assert ours == pytest.approx(list(acf(values, nlags=20, fft=False)), abs=1e-12)


def test_order_statistics_are_those_of_numpy(calculate, values):
    deviation = numpy.median(numpy.abs(values - numpy.median(values)))
    assert calculate("deviation", values=values) == pytest.approx(deviation, abs=1e-12)
    assert deviation == pytest.approx(stats.median_abs_deviation(values), abs=1e-12)
    for part in (0.05, 0.1, 0.5, 0.9, 0.99):
        ours = calculate("quantile", values=values, part=part)
        assert ours == pytest.approx(numpy.quantile(values, part), rel=1e-12)


def test_cosines_are_those_of_numpy(calculate, values):
    one, other = values[:50], values[-50:]
    expected = one @ other / (numpy.linalg.norm(one) * numpy.linalg.norm(other))
    assert calculate("cosine", one=one, other=other) == pytest.approx(expected, abs=1e-12)


def test_medians_of_weekdays_are_those_of_pandas(calculate, values):
    days = pandas.Series(values, index=pandas.date_range("2026-03-04", periods=len(values)))
    days.iloc[5:60:11] = numpy.nan
    expected = days.groupby(days.index.day_of_week).median()
    known = [None if numpy.isnan(value) else value for value in days]
    ours = calculate("weekdayMedians", first="2026-03-04", values=known)
    assert ours == pytest.approx(list(expected), abs=1e-12)


def test_the_best_split_leaves_least_of_all(calculate, values):
    shortest = 14
    squares = {
        place: numpy.var(values[:place]) * place + numpy.var(values[place:]) * (len(values) - place)
        for place in range(shortest, len(values) - shortest + 1)
    }
    best = min(squares, key=squares.get)
    ours = calculate("bestSplit", values=values, shortest=shortest)
    assert ours["squares"] == pytest.approx(squares[best], rel=1e-9)
    assert squares[ours["place"]] == pytest.approx(squares[best], rel=1e-9)


def test_smoothing_is_that_of_statsmodels(calculate, values):
    begin = {"level": values[:7].mean(), "trend": 0.01, "season": list(values[:7] - values[:7].mean())}
    known = {
        "trend": "add",
        "damped_trend": True,
        "seasonal": "add",
        "seasonal_periods": 7,
        "initialization_method": "known",
        "initial_level": begin["level"],
        "initial_trend": begin["trend"],
        "initial_seasonal": begin["season"],
    }
    weights = [LEVEL, TREND, SEASON, DAMPING]
    ours = calculate("holtWinters", values=values, weights=weights, ahead=28, **begin)

    smoothed = ExponentialSmoothing(values, **known).fit(
        smoothing_level=LEVEL,
        smoothing_trend=TREND,
        smoothing_seasonal=SEASON,
        damping_trend=DAMPING,
        optimized=False,
    )
    assert ours["squares"] == pytest.approx(smoothed.sse, rel=1e-9)
    assert ours["level"] == pytest.approx(smoothed.level[-1], rel=1e-9)
    assert ours["trend"] == pytest.approx(smoothed.trend[-1], rel=1e-9, abs=1e-12)

    # ExponentialSmoothing forecasts the newest day's place in the season without what that day taught. The
    # same model as a state space (where the trend's weight is multiplied by the level's) does not.
    as_state_space = ETSModel(values, error="add", **known).smooth([LEVEL, LEVEL * TREND, SEASON, DAMPING])
    expected = as_state_space.forecast(28)
    assert ours["expected"] == pytest.approx(list(expected), rel=1e-9, abs=1e-12)
    elsewhere = numpy.arange(28) % 7 != 6
    assert expected[elsewhere] == pytest.approx(smoothed.forecast(28)[elsewhere], rel=1e-9, abs=1e-12)


def test_the_scale_of_the_error_is_the_mean_step_of_a_week(calculate, values):
    streams = numpy.abs(values) * 1000
    expected = numpy.mean(numpy.abs(streams[7:] - streams[:-7]))
    assert calculate("scale", values=streams) == pytest.approx(expected, rel=1e-9)
