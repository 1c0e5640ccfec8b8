//! How many records a query matches over time: the query that counts them, and its bars.

use super::time::{TimeRange, from_insights};
use crate::model::logs::{Histogram, HistogramBar, LogTable};
use jiff::Timestamp;
use std::collections::HashMap;

/// The widths that a bar may have, in seconds.
const WIDTHS: [u32; 13] = [1, 10, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800];

/// The most bars that a histogram has, unless even the widest are too many.
const MOST_BARS: i64 = 60;

/// The most bars that are ever made: ten years of weeks.
const MAX_BARS: usize = 520;

/// The column of counts.
const COUNT: &str = "matching";

/// The width of the bars for a range, in seconds.
pub(crate) fn bin_seconds(range: TimeRange) -> u32 {
    let [.., widest] = WIDTHS;
    let fits = |width: &&u32| range.seconds() / i64::from(**width) < MOST_BARS;
    WIDTHS.iter().find(fits).copied().unwrap_or(widest)
}

/// The query that counts what `query` matches: its stages up to the first that changes which rows there
/// are, then the count. `None` when it begins with such a stage in a way that cannot be counted, for
/// instance with a `source` command.
pub(crate) fn counting_query(query: &str, bin_seconds: u32) -> Option<String> {
    let mut kept = Vec::new();
    for stage in stages(query) {
        match command(stage).as_str() {
            "fields" | "filter" | "parse" => kept.push(stage.trim()),
            "stats" | "sort" | "limit" | "dedup" | "display" | "" => break,
            // What it does to the rows before it is not known.
            _ => return None,
        }
    }
    let counting = format!("stats count(*) as {COUNT} by bin({})", width(bin_seconds));
    kept.push(&counting);
    Some(kept.join("\n| "))
}

/// A width in the words of Insights.
fn width(seconds: u32) -> String {
    match seconds {
        day if day.is_multiple_of(86_400) => format!("{}d", day / 86_400),
        hour if hour.is_multiple_of(3600) => format!("{}h", hour / 3600),
        minute if minute.is_multiple_of(60) => format!("{}m", minute / 60),
        second => format!("{second}s"),
    }
}

/// The stages of a query: split at each `|` outside texts, regular expressions, quoted names and
/// comments.
fn stages(query: &str) -> Vec<&str> {
    let mut stages = Vec::new();
    let (mut begin, mut inside, mut escaped) = (0, None, false);
    for (at, c) in query.char_indices() {
        match inside {
            Some('\n') => {
                if c == '\n' {
                    inside = None;
                }
                continue;
            }
            Some(end) => {
                if escaped {
                    escaped = false;
                } else if c == '\\' {
                    escaped = true;
                } else if c == end {
                    inside = None;
                }
                continue;
            }
            None => {}
        }
        match c {
            '"' | '\'' | '`' => inside = Some(c),
            '#' => inside = Some('\n'),
            '/' if expects_expression(&query[begin..at]) => inside = Some('/'),
            '|' => {
                stages.push(&query[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    stages.push(&query[begin..]);
    stages
}

/// Whether a `/` after this part of a stage begins a regular expression.
fn expects_expression(stage: &str) -> bool {
    let before = stage.trim_end().to_ascii_lowercase();
    command(stage) == "parse" || ["like", "=~", "(", ","].iter().any(|end| before.ends_with(end))
}

/// The command that a stage begins with, in lower case; empty for a stage without any.
fn command(stage: &str) -> String {
    let line = stage.lines().map(str::trim_start).find(|line| !line.is_empty() && !line.starts_with('#'));
    let letters = line.unwrap_or_default().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_');
    letters.collect::<String>().to_ascii_lowercase()
}

/// The bars of a counted table, with a bar of zero wherever nothing matched.
pub(crate) fn bars(table: &LogTable, range: TimeRange, bin_seconds: u32) -> Histogram {
    let width = i64::from(bin_seconds.max(1));
    let mut counts: HashMap<i64, u64> = HashMap::new();
    for row in &table.rows {
        let time =
            row.iter().find(|(name, _)| name.starts_with("bin(")).and_then(|(_, value)| value.as_str());
        let time = time.and_then(|text| text.parse::<Timestamp>().ok().or_else(|| from_insights(text)));
        let count = row.get(COUNT).and_then(serde_json::Value::as_u64);
        if let (Some(time), Some(count)) = (time, count) {
            *counts.entry(time.as_second().div_euclid(width)).or_default() += count;
        }
    }
    let first = range.from.as_second().div_euclid(width);
    let last = (range.to.as_millisecond() - 1).div_euclid(width * 1000);
    let bars = (first..=last).take(MAX_BARS).filter_map(|bin| {
        let time = Timestamp::from_second(bin * width).ok()?.to_string();
        Some(HistogramBar { time, count: counts.get(&bin).copied().unwrap_or_default() })
    });
    Histogram { bin_seconds, bars: bars.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::logs::LogTable;
    use serde_json::{Value, json};

    fn range(from: &str, to: &str) -> TimeRange {
        TimeRange { from: from.parse().expect("a time"), to: to.parse().expect("a time") }
    }

    #[test]
    fn what_matches_is_counted_before_it_is_grouped_or_cut() {
        let query = "fields tool, durationMs / 1000 as seconds\n| filter level = \"ERROR|WARN\" | stats count(*) by tool";
        assert_eq!(
            counting_query(query, 300).as_deref(),
            Some(
                "fields tool, durationMs / 1000 as seconds\n| filter level = \"ERROR|WARN\"\n\
                 | stats count(*) as matching by bin(5m)"
            )
        );
        assert_eq!(
            counting_query("sort @timestamp desc", 1).as_deref(),
            Some("stats count(*) as matching by bin(1s)")
        );
        assert_eq!(counting_query("", 7200).as_deref(), Some("stats count(*) as matching by bin(2h)"));
    }

    #[test]
    fn bars_in_regular_expressions_and_comments_do_not_separate() {
        let query = "filter @message like /a|b\\/c|d/ # or | not\n| filter tool like 'x|y' | limit 5";
        let counted = counting_query(query, 60).expect("it can be counted");
        assert!(
            counted.starts_with(
                "filter @message like /a|b\\/c|d/ # or | not\n| filter tool like 'x|y'\n| stats"
            )
        );
    }

    #[test]
    fn a_stage_that_is_not_known_is_not_guessed_at() {
        assert_eq!(counting_query("filter a = 1 | pattern @message", 60), None);
    }

    #[test]
    fn there_are_at_most_sixty_bars() {
        assert_eq!(bin_seconds(range("2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z")), 300);
        assert_eq!(bin_seconds(range("2026-11-24T09:00:00Z", "2026-11-24T09:00:30Z")), 1);
        assert_eq!(bin_seconds(range("2026-10-24T09:00:00Z", "2026-11-24T09:00:00Z")), 43_200 * 2);
    }

    #[test]
    fn gaps_are_bars_of_zero() {
        let rows = [json!({ "bin(5m)": "2026-11-24T09:05:00Z", "matching": 4 })];
        let rows = rows.iter().filter_map(Value::as_object).cloned().collect();
        let table = LogTable { rows, ..LogTable::default() };
        let histogram = bars(&table, range("2026-11-24T09:01:00Z", "2026-11-24T09:15:00Z"), 300);
        let counts: Vec<_> = histogram.bars.iter().map(|bar| (bar.time.as_str(), bar.count)).collect();
        assert_eq!(
            counts,
            [("2026-11-24T09:00:00Z", 0), ("2026-11-24T09:05:00Z", 4), ("2026-11-24T09:10:00Z", 0)]
        );
    }
}
