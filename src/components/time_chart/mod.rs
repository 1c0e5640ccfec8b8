//! Figures over time as a chart: bars that add up, or lines. Drawn on the server, read out under the
//! pointer in the browser.

mod geometry;
pub mod read_out;

use super::format::decimal;
use crate::model::written_time::{clock, clock_with_seconds, day_and_clock, day_and_month, short_day, utc};
use geometry::{HEIGHT, WIDTH};
use jiff::Timestamp;
use leptos::prelude::*;
use read_out::ReadOut;

/// Right of this a name has no room on a small screen.
const LATE: f64 = 0.86;

/// How figures are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawing {
    /// As bars on each other, for figures that add up.
    Stacked,
    /// As lines, for others.
    Lines,
}

/// A row of figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What they are of.
    pub name: String,
    /// A figure for each step of time; none where it is not known.
    pub values: Vec<Option<f64>>,
}

/// Figures over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// Where each step begins, oldest first.
    pub starts: Vec<Timestamp>,
    /// How long a step is, in seconds; of months about.
    pub width_seconds: u32,
    /// The figures.
    pub series: Vec<Series>,
    /// How they are drawn.
    pub drawing: Drawing,
    /// Their unit; empty for counts.
    pub unit: &'static str,
}

impl Timeline {
    /// A step in words: `24 Nov, 09:30 to 09:35 UTC`.
    fn step_in_words(&self, slot: usize) -> String {
        let Some(start) = self.starts.get(slot) else { return String::new() };
        let width = i64::from(self.width_seconds);
        let Ok(end) = Timestamp::from_second(start.as_second() + width) else { return String::new() };
        if width % 86_400 == 0 {
            return short_day(utc(*start).date());
        }
        let clock = if width < 60 { clock_with_seconds } else { clock };
        let (start, end) = (utc(*start), utc(end));
        format!("{}, {} to {} UTC", day_and_month(start.date()), clock(start.time()), clock(end.time()))
    }

    fn figure(&self, value: f64) -> String {
        if self.unit.is_empty() { decimal(value) } else { format!("{}\u{a0}{}", decimal(value), self.unit) }
    }

    /// What the drawing shows, for those who cannot see it.
    fn in_words(&self, label: &str) -> String {
        let series = self.series.len();
        let stacked = self.drawing == Drawing::Stacked;
        let top = geometry::largest(&self.series, stacked);
        let (Some(first), Some(last)) = (self.starts.first(), self.starts.last()) else {
            return label.to_owned();
        };
        let of_slot = |slot: usize| {
            let one = |series: &Series| series.values.get(slot).copied().flatten();
            let values = self.series.iter().filter_map(one);
            if stacked { values.sum::<f64>() } else { values.fold(0.0, f64::max) }
        };
        let peak = (0..self.starts.len()).max_by(|a, b| of_slot(*a).total_cmp(&of_slot(*b))).unwrap_or(0);
        let rows = if series == 1 { String::new() } else { format!(" {series} series.") };
        let moment = |time: &Timestamp| day_and_clock(utc(*time));
        format!(
            "{label} from {} to {} UTC.{rows} Highest: {} in {}.",
            moment(first),
            moment(last),
            self.figure(top),
            self.step_in_words(peak)
        )
    }
}

/// The class of the colour of a series.
fn colour(index: usize) -> String {
    format!("series-{}", index % 8 + 1)
}

/// The chart.
#[component]
pub fn TimeChart(
    /// What it shows: `Matching records`.
    #[prop(into)]
    label: String,
    /// The figures.
    timeline: Timeline,
    /// Half as high, for a chart that only leads on to others.
    #[prop(optional)]
    low: bool,
    /// Called with both ends of a step that was clicked.
    #[prop(optional, into)]
    pick: Option<Callback<(Timestamp, Timestamp)>>,
) -> impl IntoView {
    let stacked = timeline.drawing == Drawing::Stacked;
    let marks =
        geometry::axis(geometry::largest(&timeline.series, stacked), stacked && timeline.unit.is_empty());
    let top = marks.last().copied().unwrap_or(1.0);
    let summary = timeline.in_words(&label);
    let names = geometry::names(&timeline.starts, timeline.width_seconds);
    let legend = (timeline.series.len() > 1).then(|| legend(&timeline));
    view! {
        <figure class="chart time-chart" class:is-low=low>
            {legend}
            <div class="chart-frame">
                <div class="chart-scale" aria-hidden="true">
                    {marks
                        .iter()
                        .map(|mark| view! { <span style=format!("--at: {:.4}", mark / top)>{decimal(*mark)}</span> })
                        .collect_view()}
                </div>
                <div class="chart-plot">
                    {marks
                        .iter()
                        .map(|mark| view! { <span class="chart-line" style=format!("--at: {:.4}", mark / top)></span> })
                        .collect_view()}
                    <svg
                        viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                        preserveAspectRatio="none"
                        role="img"
                        aria-label=summary
                        inner_html=drawing(&timeline, top)
                    ></svg>
                    <ReadOut timeline=timeline pick=pick />
                </div>
                <div class="chart-calendar" aria-hidden="true">
                    {names
                        .into_iter()
                        .map(|(at, name)| {
                            let late = (at > LATE).then_some("is-late");
                            view! { <span class=late style=format!("--at: {at:.4}")>{name}</span> }
                        })
                        .collect_view()}
                </div>
            </div>
        </figure>
    }
}

fn legend(timeline: &Timeline) -> impl IntoView + use<> {
    let names = timeline.series.iter().enumerate().map(|(index, series)| {
        view! { <span class=format!("legend-series {}", colour(index))>{series.name.clone()}</span> }
    });
    view! { <figcaption class="chart-legend">{names.collect_view()}</figcaption> }
}

/// The paths as one text. Nothing in it is from outside: numbers and class names.
fn drawing(timeline: &Timeline, top: f64) -> String {
    let path = |index: usize, class: &str, path: &str| {
        format!(r#"<path class="{class} {}" d="{path}"></path>"#, colour(index))
    };
    match timeline.drawing {
        Drawing::Stacked => {
            let stacks = geometry::stacks(&timeline.series, top);
            stacks.iter().enumerate().map(|(index, stack)| path(index, "time-bars", stack)).collect()
        }
        Drawing::Lines => {
            let lines = timeline.series.iter().enumerate().map(|(index, series)| {
                let line = path(index, "time-line", &geometry::line(&series.values, top));
                line + &path(index, "time-dots", &geometry::dots(&series.values, top))
            });
            lines.collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drawing_is_told_in_words() {
        let starts = ["2026-11-24T09:30:00Z", "2026-11-24T09:35:00Z"];
        let timeline = Timeline {
            starts: starts.iter().map(|start| start.parse().expect("a time")).collect(),
            width_seconds: 300,
            series: vec![
                Series { name: "a".to_owned(), values: vec![Some(1.0), Some(2.0)] },
                Series { name: "b".to_owned(), values: vec![None, Some(4.5)] },
            ],
            drawing: Drawing::Stacked,
            unit: "ms",
        };
        assert_eq!(
            timeline.in_words("Times"),
            "Times from 24 Nov 2026, 09:30 to 24 Nov 2026, 09:35 UTC. 2 series. Highest: 6.5\u{a0}ms in 24 Nov, \
             09:35 to 09:40 UTC."
        );
        let drawn = drawing(&timeline, 8.0);
        assert!(drawn.contains("time-bars series-1") && drawn.contains("time-bars series-2"), "{drawn}");
    }
}
