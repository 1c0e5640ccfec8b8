//! Where the streams are going: the trend so far, and what may come.

use crate::engine::tools::music::{counted, verdict};
use crate::model::analysis::{Forecast, ForecastDay, Trend, Verdict};
use crate::music::analysis::daily::Daily;
use crate::music::analysis::forecast::{self, HORIZON};
use crate::music::analysis::trend;
use jiff::civil::Date;

/// How a trend is calculated.
const TREND_METHOD: &str = "Theil–Sen slope of ln(1 + streams) without weekdays and holidays; Mann–Kendall test with \
    Hamed and Rao's correction for memory or a more cautious one, 5 %";

/// The trend up to a day.
pub(super) fn trend(streams: &Daily, to: Date) -> Trend {
    let Some(found) = trend::trend(streams, to) else {
        let from = crate::music::analysis::daily::after(to, 1 - trend::TREND_DAYS);
        return Trend { days: counted(streams.between(from, to).days_with_data()), ..no_trend() };
    };
    Trend {
        percent_per_day: Some(100.0 * found.per_day),
        low: Some(100.0 * found.low),
        high: Some(100.0 * found.high),
        p_value: found.p_value,
        days: counted(found.days),
        verdict: verdict(found.verdict),
        method: match found.bridged {
            0 => TREND_METHOD.to_owned(),
            bridged => format!("{TREND_METHOD}; {bridged} days without figures or on holidays bridged"),
        },
    }
}

/// No trend for want of days.
pub(super) fn no_trend() -> Trend {
    Trend {
        percent_per_day: None,
        low: None,
        high: None,
        p_value: None,
        days: 0,
        verdict: Verdict::NotEnoughData,
        method: TREND_METHOD.to_owned(),
    }
}

/// The next days.
pub(super) fn forecast(streams: &Daily) -> Option<Forecast> {
    let found = forecast::forecast(streams)?;
    let how = if found.naive {
        "The last week again, which missed less than damped Holt–Winters"
    } else {
        "Damped Holt–Winters on ln(1 + streams) with a season of a week"
    };
    let day = |(date, range): &(Date, forecast::Range)| ForecastDay {
        date: *date,
        low: range.low,
        middle: range.middle,
        high: range.high,
    };
    Some(Forecast {
        days: found.days.iter().map(day).collect(),
        low: found.sum.low,
        middle: found.sum.middle,
        high: found.sum.high,
        mase: found.mase,
        naive_mase: found.naive_mase,
        method: format!(
            "{how}; 10th to 90th percentile from {} forecasts of {HORIZON} days that were made for the past",
            found.trials
        ),
    })
}
