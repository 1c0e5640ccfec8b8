//! A metric over time: one statistic for each period.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::error::MetricsError;
use super::metric::{Metric, Unit};
use super::statistics::{Statistic, Summary, period_of};
use super::store::Store;
use super::value::Fields;

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// How long anything is kept: 15 months of AWS, 455 days.
pub(super) const RETENTION: i64 = 455 * DAY;

/// From one second to another, the latter excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    from: i64,
    to: i64,
}

impl Window {
    /// Reads the members `StartTime` and `EndTime`.
    pub(super) fn read(fields: &mut Fields) -> Result<Self, MetricsError> {
        let start = fields.required_time("StartTime")?;
        let end = fields.required_time("EndTime")?;
        Self::between(start, end).ok_or_else(|| {
            MetricsError::InvalidParameterValue(
                "The parameter StartTime must be less than the parameter EndTime.".to_owned(),
            )
        })
    }

    /// None unless `start` is before `end`.
    pub(super) fn between(start: Timestamp, end: Timestamp) -> Option<Self> {
        let to = end.as_second() + i64::from(end.subsec_nanosecond() > 0);
        (start < end).then_some(Self { from: start.as_second(), to })
    }

    /// The periods of this length that begin in the window; the first one may begin before it, as AWS
    /// rounds the start down. Begin of the first and end of the last.
    pub(super) fn whole_periods(self, period: i64) -> (i64, i64) {
        (period_of(self.from, period), period_of(self.to - 1, period) + period)
    }

    /// How many periods that are.
    pub(super) fn count(self, period: i64) -> i64 {
        let (from, to) = self.whole_periods(period);
        (to - from) / period
    }
}

/// Reads the member `Period`: 1, 5, 10, 20, 30 or a multiple of 60 seconds.
pub(super) fn read_period(fields: &mut Fields) -> Result<i64, MetricsError> {
    let period = fields.integer("Period")?.ok_or_else(|| fields.missing("Period"))?;
    if matches!(period, 1 | 5 | 10 | 20 | 30) || (period > 0 && period <= RETENTION && period % MINUTE == 0) {
        return Ok(period);
    }
    Err(MetricsError::InvalidParameterValue(format!(
        "The parameter {} must be 1, 5, 10, 20, 30 or a multiple of 60, not {period}.",
        fields.name_of("Period")
    )))
}

/// Whether CloudWatch still tells periods of this length at this time apart: details fade with age.
pub(super) fn is_kept(period: i64, time: i64, now: i64) -> bool {
    let finest = match now - time {
        ..=10_800 => 1,
        age if age <= 15 * DAY => MINUTE,
        age if age <= 63 * DAY => 5 * MINUTE,
        _ => HOUR,
    };
    period % finest == 0
}

/// Which statistic of which metric, for periods of which length.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SeriesQuery {
    pub(super) metric: Metric,
    /// In seconds.
    pub(super) period: i64,
    pub(super) statistic: Statistic,
    pub(super) unit: Option<Unit>,
}

impl SeriesQuery {
    /// Reads a `MetricStat`.
    pub(super) fn read(mut fields: Fields) -> Result<Self, MetricsError> {
        let mut metric_fields = fields.structure("Metric")?.ok_or_else(|| fields.missing("Metric"))?;
        let metric = Metric::read(&mut metric_fields)?;
        metric_fields.finish()?;
        let period = read_period(&mut fields)?;
        let name = fields.required_text("Stat", 255)?;
        let statistic = Statistic::named(&name).ok_or_else(|| {
            MetricsError::Validation(format!(
                "the embedded AWS knows the statistics SampleCount, Sum, Average, Minimum, Maximum and \
                 percentiles from p0 to p100, not {name}"
            ))
        })?;
        let unit = Unit::read(&mut fields)?;
        fields.finish()?;
        Ok(Self { metric, period, statistic, unit })
    }

    /// The statistic by the beginning of its period, where there is one. Blocks on the disk.
    pub(super) fn run(
        &self,
        store: &Store,
        window: Window,
        now: Timestamp,
    ) -> Result<BTreeMap<i64, f64>, MetricsError> {
        let (from, to) = window.whole_periods(self.period);
        let mut found = BTreeMap::new();
        let mut close = |(begin, all): (i64, Summary)| {
            if let Some(value) = all.value(&self.statistic)
                && is_kept(self.period, begin, now.as_second())
            {
                found.insert(begin, value);
            }
        };
        // Samples come in order of time, so that those of one period at a time are held.
        let mut current: Option<(i64, Summary)> = None;
        store.each_sample(&self.metric, from, to, self.unit, |sample| {
            let begin = period_of(sample.time, self.period);
            if let Some(ended) = current.take_if(|(running, _)| *running != begin) {
                close(ended);
            }
            current.get_or_insert_with(|| (begin, Summary::default())).1.add(&sample);
        })?;
        current.into_iter().for_each(close);
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(from: i64, to: i64) -> Window {
        Window { from, to }
    }

    #[test]
    fn a_window_takes_whole_periods() {
        assert_eq!(window(61, 240).whole_periods(60), (60, 240));
        assert_eq!(window(60, 241).whole_periods(60), (60, 300));
        assert_eq!(window(100, 101).count(300), 1);
    }

    #[test]
    fn details_fade_with_age() {
        let now = 100 * DAY;
        assert!(is_kept(1, now - 3 * HOUR, now));
        assert!(!is_kept(30, now - 3 * HOUR - 1, now));
        assert!(is_kept(60, now - 15 * DAY, now));
        assert!(!is_kept(60, now - 16 * DAY, now));
        assert!(is_kept(300, now - 63 * DAY, now));
        assert!(!is_kept(300, now - 64 * DAY, now));
        assert!(is_kept(3600, 0, now));
    }

    #[test]
    fn an_end_before_the_start_is_no_window() {
        let second = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(Window::between(second(5), second(5)), None);
        assert_eq!(Window::between(second(5), second(6)), Some(window(5, 6)));
    }
}
