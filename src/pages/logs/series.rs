//! From the rows of a query to lines or bars over time, where the query groups by time.

use super::grouping::{self, Step};
use crate::components::time_chart::{Drawing, Series, Timeline};
use crate::model::logs::{Histogram, LogColumn, LogColumnKind, LogTable};
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The most series that can be told apart.
const MOST_SERIES: usize = 8;

/// The most steps of time that are drawn.
const MOST_SLOTS: i64 = 400;

/// The series of those that are not among the largest.
const OTHERS: &str = "all others";

/// The chart of a table. None unless it has one column of times in steps, at least one of figures, and at
/// most one whose values name the series. What stands behind `by` names series even where it looks like a
/// number, as the code of a status does.
pub(super) fn timeline(table: &LogTable, query: &str, range: (&str, &str)) -> Option<Timeline> {
    let keys = grouping::keys(query);
    let is_key = |column: &LogColumn| keys.iter().any(|key| key.is(&column.name));
    let mut times = table.columns.iter().filter(|column| column.kind == LogColumnKind::Time);
    let (Some(time), None) = (times.next(), times.next()) else { return None };
    let names = |column: &&LogColumn| match column.kind {
        LogColumnKind::Time => false,
        LogColumnKind::Text if keys.is_empty() => true,
        LogColumnKind::Text | LogColumnKind::Number => is_key(column),
    };
    let names: Vec<_> = table.columns.iter().filter(names).collect();
    let is_measure = |column: &&LogColumn| column.kind == LogColumnKind::Number && !is_key(column);
    let numbers: Vec<_> = table.columns.iter().filter(is_measure).collect();
    let measure = *numbers.first()?;
    // Rows of single records have times, too, but nothing that was counted or measured in a step of time.
    let of_key = keys.iter().find(|key| key.is(&time.name)).and_then(|key| key.step);
    let step = of_key
        .or_else(|| Step::of(&time.name))
        .or_else(|| query.contains("bin(").then(|| common_step(table, &time.name))?)?;
    let additive = numbers.iter().all(|column| is_sum(&column.name, query));
    let measures = match names[..] {
        [] => by_column(table, &time.name, &numbers)?,
        [name] => by_name(table, &time.name, &name.name, &measure.name)?,
        _ => return None,
    };
    let measures = largest(measures, additive);
    let starts = slots(&measures, step, range)?;
    let series = measures
        .into_iter()
        .map(|(name, points)| Some(Series { values: aligned(&points, &starts, additive)?, name }))
        .collect::<Option<Vec<_>>>()?;
    Some(Timeline {
        starts,
        width_seconds: step.seconds(),
        series,
        drawing: if additive { Drawing::Stacked } else { Drawing::Lines },
        unit: unit(&measure.name),
    })
}

/// The chart of the matching records.
pub(super) fn matches(histogram: &Histogram) -> Timeline {
    let bars = histogram
        .bars
        .iter()
        .filter_map(|bar| Some((bar.time.parse::<Timestamp>().ok()?, as_float(bar.count))));
    let (starts, values): (Vec<Timestamp>, Vec<_>) = bars.map(|(start, count)| (start, Some(count))).unzip();
    Timeline {
        starts,
        width_seconds: histogram.bin_seconds.max(1),
        series: vec![Series { name: "matching records".to_owned(), values }],
        drawing: Drawing::Stacked,
        unit: "",
    }
}

/// The unit that the name of a column tells: Patchline writes durations in milliseconds.
pub(super) fn unit(column: &str) -> &'static str {
    let counts = column.starts_with("count");
    if !counts && (column.contains("durationMs") || column.ends_with("Ms")) { "ms" } else { "" }
}

/// A count as a length. Counts on a chart are far below 2⁵².
#[expect(clippy::cast_precision_loss, reason = "a drawing has less than 52 bits")]
fn as_float(count: u64) -> f64 {
    count as f64
}

type Points = BTreeMap<i64, f64>;

/// A series for each column. None where several rows are of one time: something else tells them apart, and
/// a chart would show one of them.
fn by_column(table: &LogTable, time: &str, numbers: &[&LogColumn]) -> Option<Vec<(String, Points)>> {
    let points = |column: &LogColumn| {
        let mut points = Points::new();
        for row in &table.rows {
            if let (Some(at), Some(value)) =
                (second(row, time), row.get(&column.name).and_then(Value::as_f64))
                && points.insert(at, value).is_some()
            {
                return None;
            }
        }
        Some(points)
    };
    numbers.iter().map(|column| Some((column.name.clone(), points(column)?))).collect()
}

/// A series for each value of a column; none where several rows of one are of the same time.
fn by_name(table: &LogTable, time: &str, name: &str, measure: &str) -> Option<Vec<(String, Points)>> {
    let mut series: Vec<(String, Points)> = Vec::new();
    for row in &table.rows {
        let (Some(at), Some(value)) = (second(row, time), row.get(measure).and_then(Value::as_f64)) else {
            continue;
        };
        let named = match row.get(name) {
            Some(Value::String(text)) if !text.is_empty() => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => "(none)".to_owned(),
        };
        let known = series.iter().position(|(known, _)| *known == named);
        let index = known.unwrap_or_else(|| {
            series.push((named, Points::new()));
            series.len() - 1
        });
        if let Some((_, points)) = series.get_mut(index)
            && points.insert(at, value).is_some()
        {
            return None;
        }
    }
    Some(series)
}

/// The series with the largest sums, largest first. Sums of the others are one more series; other figures
/// cannot be put together, so those series are left to the table.
fn largest(mut series: Vec<(String, Points)>, additive: bool) -> Vec<(String, Points)> {
    let sum = |points: &Points| points.values().sum::<f64>();
    series.sort_by(|(_, a), (_, b)| sum(b).total_cmp(&sum(a)));
    if series.len() > MOST_SERIES {
        let rest = series.split_off(if additive { MOST_SERIES - 1 } else { MOST_SERIES });
        if additive {
            let mut others = Points::new();
            for (at, value) in rest.into_iter().flat_map(|(_, points)| points) {
                *others.entry(at).or_default() += value;
            }
            series.push((OTHERS.to_owned(), others));
        }
    }
    series
}

/// The beginnings of all steps: over the whole range where that is not too many, else from the first that
/// has a value to the last.
fn slots(series: &[(String, Points)], step: Step, (from, to): (&str, &str)) -> Option<Vec<Timestamp>> {
    let seconds = series.iter().flat_map(|(_, points)| points.keys().copied());
    let first = Timestamp::from_second(seconds.clone().min()?).ok()?;
    let last = Timestamp::from_second(seconds.max()?).ok()?;
    let at = |slot: i64| step.after(first, slot);
    // How many steps until a condition no longer holds, at most one more than can be drawn.
    let count =
        |holds: &dyn Fn(i64) -> bool| (0..MOST_SLOTS).take_while(|slot| holds(*slot)).fold(0, |n, _| n + 1);
    let between = count(&|slot| at(slot).is_some_and(|start| start < last));
    let end_of_range = |text: &str| text.parse::<Timestamp>().ok();
    let before =
        end_of_range(from).map_or(0, |from| count(&|slot| at(-slot).is_some_and(|start| start > from)));
    let after = end_of_range(to)
        .map_or(0, |to| count(&|slot| at(between + slot + 1).is_some_and(|start| start < to)));
    let (before, after) = if before + between + after < MOST_SLOTS { (before, after) } else { (0, 0) };
    if between >= MOST_SLOTS {
        return None;
    }
    (-before..=between + after).map(at).collect()
}

/// The values of the steps. Where nothing was counted a sum is zero; other figures are not known there.
/// None where a value lies in no step: a chart without it would be wrong.
fn aligned(points: &Points, starts: &[Timestamp], additive: bool) -> Option<Vec<Option<f64>>> {
    let nothing = additive.then_some(0.0);
    let values: Vec<_> = starts.iter().map(|start| points.get(&start.as_second()).copied()).collect();
    let all_found = values.iter().flatten().count() == points.len();
    all_found.then(|| values.into_iter().map(|value| value.or(nothing)).collect())
}

fn second(row: &Map<String, Value>, time: &str) -> Option<i64> {
    Some(row.get(time)?.as_str()?.parse::<Timestamp>().ok()?.as_second())
}

/// The longest step that all times of a column are whole multiples of, from the first of them.
fn common_step(table: &LogTable, time: &str) -> Option<Step> {
    let mut seconds: Vec<i64> = table.rows.iter().filter_map(|row| second(row, time)).collect();
    seconds.sort_unstable();
    seconds.dedup();
    let gaps = seconds.windows(2).filter_map(|pair| u32::try_from(pair.last()? - pair.first()?).ok());
    let common = gaps.fold(0, greatest_common_divisor);
    (common > 0).then_some(Step::Seconds(common))
}

fn greatest_common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Whether a column counts or adds up, so that steps without a row are zero and series can be stacked.
fn is_sum(column: &str, query: &str) -> bool {
    let sums = |function: &str| matches!(function.trim(), "count" | "sum");
    if let Some((function, _)) = column.split_once('(') {
        return sums(function);
    }
    let text = query.to_ascii_lowercase();
    let alias = format!(" as {}", column.to_ascii_lowercase());
    text.match_indices(&alias).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default().trim_end();
        let mut depth = 0_i32;
        let opening = before.char_indices().rev().find(|(_, c)| {
            depth += i32::from(*c == ')') - i32::from(*c == '(');
            *c == '(' && depth == 0
        });
        let Some((opening, _)) = opening.filter(|_| before.ends_with(')')) else { return false };
        let call = before.get(..opening).unwrap_or_default();
        sums(call.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const RANGE: (&str, &str) = ("2026-11-24T09:00:00Z", "2026-11-24T09:30:00Z");

    fn table(columns: &[(&str, LogColumnKind)], rows: &[Value]) -> LogTable {
        let columns = columns.iter().map(|(name, kind)| LogColumn { name: (*name).to_owned(), kind: *kind });
        LogTable {
            columns: columns.collect(),
            rows: rows.iter().filter_map(Value::as_object).cloned().collect(),
            truncated: false,
        }
    }

    #[test]
    fn counts_by_tool_and_time_are_stacked_with_zeros_between() {
        let columns = [
            ("tool", LogColumnKind::Text),
            ("bin(5m)", LogColumnKind::Time),
            ("count(*)", LogColumnKind::Number),
        ];
        let rows = [
            json!({ "tool": "a", "bin(5m)": "2026-11-24T09:05:00Z", "count(*)": 1 }),
            json!({ "tool": "b", "bin(5m)": "2026-11-24T09:05:00Z", "count(*)": 4 }),
            json!({ "tool": "b", "bin(5m)": "2026-11-24T09:15:00Z", "count(*)": 2 }),
        ];
        let chart = timeline(&table(&columns, &rows), "", RANGE).expect("a chart");
        assert_eq!(chart.drawing, Drawing::Stacked);
        assert_eq!(chart.starts.len(), 6, "the whole range: {:?}", chart.starts);
        assert_eq!(chart.starts[0].to_string(), "2026-11-24T09:00:00Z");
        let values: Vec<_> =
            chart.series.iter().map(|series| (series.name.as_str(), series.values.clone())).collect();
        let known = |values: [f64; 6]| values.map(Some).to_vec();
        assert_eq!(
            values,
            [("b", known([0.0, 4.0, 0.0, 2.0, 0.0, 0.0])), ("a", known([0.0, 1.0, 0.0, 0.0, 0.0, 0.0]))]
        );
    }

    #[test]
    fn means_are_lines_with_gaps_and_a_unit() {
        let columns = [("bin(5m)", LogColumnKind::Time), ("avg(durationMs)", LogColumnKind::Number)];
        let rows = [json!({ "bin(5m)": "2026-11-24T09:05:00Z", "avg(durationMs)": 12.5 })];
        let chart = timeline(&table(&columns, &rows), "", RANGE).expect("a chart");
        assert_eq!((chart.drawing, chart.unit), (Drawing::Lines, "ms"));
        assert_eq!(chart.series[0].values[..2], [None, Some(12.5)]);
    }

    #[test]
    fn an_alias_of_a_count_is_a_sum_and_one_of_a_mean_is_not() {
        let query = "stats count(*) as calls, avg(abs(durationMs)) as meanMs by bin(1h)";
        assert!(is_sum("calls", query) && is_sum("count(*)", "") && is_sum("sum(bytes)", ""));
        assert!(!is_sum("meanMs", query) && !is_sum("call", "fields call") && !is_sum("pct(x, 95)", ""));
    }

    #[test]
    fn single_records_and_several_names_make_no_chart() {
        let columns = [("@timestamp", LogColumnKind::Time), ("durationMs", LogColumnKind::Number)];
        let rows = [json!({ "@timestamp": "2026-11-24T09:05:00Z", "durationMs": 3 })];
        assert_eq!(timeline(&table(&columns, &rows), "fields @timestamp, durationMs", RANGE), None);
        let columns = [
            ("a", LogColumnKind::Text),
            ("b", LogColumnKind::Text),
            ("bin(5m)", LogColumnKind::Time),
            ("count(*)", LogColumnKind::Number),
        ];
        assert_eq!(timeline(&table(&columns, &rows), "", RANGE), None);
        assert_eq!(timeline(&LogTable::default(), "stats count(*) by bin(5m)", RANGE), None);
    }

    #[test]
    fn of_many_series_the_largest_are_kept_and_sums_of_the_rest_put_together() {
        let series = |count: u32| {
            (0..count).map(|n| (format!("s{n}"), Points::from([(0, f64::from(n))]))).collect::<Vec<_>>()
        };
        let stacked = largest(series(12), true);
        assert_eq!(stacked.len(), MOST_SERIES);
        assert_eq!(stacked.first().map(|(name, _)| name.as_str()), Some("s11"));
        assert_eq!(stacked.last(), Some(&(OTHERS.to_owned(), Points::from([(0, 10.0)]))));
        assert_eq!(largest(series(12), false).last().map(|(name, _)| name.clone()), Some("s4".to_owned()));
    }

    #[test]
    fn a_step_with_a_name_of_its_own_is_found_from_the_times() {
        let columns = [("when", LogColumnKind::Time), ("n", LogColumnKind::Number)];
        let rows = [
            json!({ "when": "2026-11-24T09:10:00Z", "n": 3 }),
            json!({ "when": "2026-11-24T09:00:00Z", "n": 1 }),
        ];
        let chart = timeline(&table(&columns, &rows), "stats count(*) as n by bin(10m) as when", RANGE);
        assert_eq!(chart.map(|chart| chart.width_seconds), Some(600));
    }

    #[test]
    fn a_sparse_step_with_a_name_of_its_own_is_as_long_as_the_query_says() {
        let columns = [("t", LogColumnKind::Time), ("n", LogColumnKind::Number)];
        let rows = [
            json!({ "t": "2026-11-24T09:00:00Z", "n": 1 }),
            json!({ "t": "2026-11-24T09:10:00Z", "n": 2 }),
            json!({ "t": "2026-11-24T09:25:00Z", "n": 4 }),
        ];
        let known = [1.0, 0.0, 2.0, 0.0, 0.0, 4.0].map(Some).to_vec();
        let query = "stats count(*) as n by bin(5m) as t";
        let chart = timeline(&table(&columns, &rows), query, RANGE).expect("a chart");
        assert_eq!((chart.width_seconds, &chart.series[0].values), (300, &known));
        // Where the query does not say it, all times still are on the chart.
        let query = "fields bin(5m) as t | stats count(*) as n by t";
        let chart = timeline(&table(&columns, &rows), query, RANGE).expect("a chart");
        assert_eq!((chart.width_seconds, &chart.series[0].values), (300, &known));
    }

    #[test]
    fn months_are_drawn_at_their_first_days() {
        let columns = [("bin(1mo)", LogColumnKind::Time), ("count(*)", LogColumnKind::Number)];
        let rows = [
            json!({ "bin(1mo)": "2026-01-01T00:00:00Z", "count(*)": 31 }),
            json!({ "bin(1mo)": "2026-02-01T00:00:00Z", "count(*)": 28 }),
            json!({ "bin(1mo)": "2026-04-01T00:00:00Z", "count(*)": 30 }),
        ];
        let range = ("2025-12-15T00:00:00Z", "2026-04-20T00:00:00Z");
        let query = "stats count(*) by bin(1mo)";
        let chart = timeline(&table(&columns, &rows), query, range).expect("a chart");
        let days: Vec<_> = chart.starts.iter().map(|start| start.strftime("%m-%d").to_string()).collect();
        assert_eq!(days, ["12-01", "01-01", "02-01", "03-01", "04-01"]);
        assert_eq!(chart.series[0].values, [0.0, 31.0, 28.0, 0.0, 30.0].map(Some));
    }

    #[test]
    fn numbers_behind_by_name_the_series() {
        let columns = [
            ("statusCode", LogColumnKind::Number),
            ("bin(5m)", LogColumnKind::Time),
            ("count(*)", LogColumnKind::Number),
        ];
        let rows = [
            json!({ "statusCode": 200, "bin(5m)": "2026-11-24T09:05:00Z", "count(*)": 7 }),
            json!({ "statusCode": 404, "bin(5m)": "2026-11-24T09:05:00Z", "count(*)": 2 }),
        ];
        let query = "stats count(*) by statusCode, bin(5m)";
        let chart = timeline(&table(&columns, &rows), query, RANGE).expect("a chart");
        let drawn: Vec<_> =
            chart.series.iter().map(|series| (series.name.as_str(), series.values[1])).collect();
        assert_eq!(drawn, [("200", Some(7.0)), ("404", Some(2.0))]);
        // Without the query nothing tells which number is a name, so nothing is drawn.
        assert_eq!(timeline(&table(&columns, &rows), "", RANGE), None);
    }
}
