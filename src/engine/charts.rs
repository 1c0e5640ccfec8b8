//! Draws figures over time as option trees of ECharts, which pages hand to the browser as they are. Colours
//! are names of the style sheet's tokens, so a chart follows the theme without being drawn anew.

use crate::model::analysis::{Forecast, ForecastDay};
use crate::model::chart::LabelledLines;
use crate::model::performance::{Line, PerformanceChart, PerformanceView};
use crate::model::release_insights::{CurveDay, ReleaseInsights};
use charming::Chart;
use charming::component::{Axis, DataZoom, DataZoomType, Grid, Legend, LegendType};
use charming::datatype::{CompositeValue, NumericValue};
use charming::element::{
    AxisLabel, AxisLine, AxisPointer, AxisPointerType, AxisType, Color, Emphasis, ItemStyle, LineStyle,
    LineStyleType, Padding, SplitLine, Symbol, TextStyle, Tooltip, Trigger,
};
use charming::series::{Bar, Line as Curve};
use jiff::civil::Date;

/// How many colours there are for series.
const COLOURS: usize = 8;

/// Every chart of the page of performance.
pub fn of_performance(view: &PerformanceView) -> Vec<PerformanceChart> {
    let curves = [
        ("latency", &view.latency, "ms"),
        ("calls", &view.calls, ""),
        ("saturation", &view.saturation, "%"),
        ("aws-calls", &view.aws_calls, ""),
    ];
    let bars = [("errors", &view.errors), ("aws-retries", &view.aws_retries)];
    let curves = curves.into_iter().map(|(id, lines, unit)| (id, self::curves(view, lines, unit)));
    let bars = bars.into_iter().map(|(id, lines)| (id, self::bars(view, lines)));
    let drawn = curves.chain(bars).filter_map(|(id, chart)| {
        let option = serde_json::to_string(&chart);
        let option = option.inspect_err(|error| tracing::error!(%error, id, "a chart cannot be drawn"));
        Some(PerformanceChart { id: id.to_owned(), option: option.ok()? })
    });
    drawn.collect()
}

/// The days of a forecast: what is expected, and the range around it.
pub fn of_forecast(forecast: &Forecast) -> LabelledLines {
    let labels = forecast.days.iter().map(|day| day.date.strftime("%-d %b").to_string()).collect();
    let line = |name: &str, before: bool, of: fn(&ForecastDay) -> f64| Line {
        name: name.to_owned(),
        values: forecast.days.iter().map(|day| Some(of(day).round())).collect(),
        before,
    };
    let lines = vec![
        line("Expected", false, |day| day.middle),
        line("Low (10 of 100)", true, |day| day.low),
        line("High (90 of 100)", true, |day| day.high),
    ];
    of_labels("Day", labels, lines)
}

/// A release's curve beside the usual one of the artist.
pub fn of_release(insights: &ReleaseInsights) -> LabelledLines {
    let line = |name: &str, before: bool, days: &[CurveDay]| Line {
        name: name.to_owned(),
        values: days.iter().map(|day| day.uplift.map(as_float)).collect(),
        before,
    };
    let longest = if insights.usual.len() > insights.curve.len() { &insights.usual } else { &insights.curve };
    let labels = longest.iter().map(|day| day.day.to_string()).collect();
    let mut lines = vec![line("This release", false, &insights.curve)];
    if !insights.usual.is_empty() {
        lines.push(line("Earlier releases, median", true, &insights.usual));
    }
    of_labels("Day since the release", labels, lines)
}

#[expect(clippy::cast_precision_loss, reason = "streams lie far below 2^53")]
fn as_float(streams: i64) -> f64 {
    streams as f64
}

/// Artists' streams by week on one scale.
pub fn of_comparison(weeks: &[Date], lines: Vec<Line>) -> LabelledLines {
    let labels = weeks.iter().map(|week| week.strftime("%-d %b").to_string()).collect();
    of_labels("Week from", labels, lines)
}

/// Lines over steps that have names, as an option tree. Lines of the time before are dashed.
pub fn of_labels(head: &str, labels: Vec<String>, lines: Vec<Line>) -> LabelledLines {
    let axis = Axis::new()
        .type_(AxisType::Category)
        .axis_label(AxisLabel::new().color(quiet()))
        .axis_line(AxisLine::new().show(false))
        .data(labels.clone());
    let frame = base().x_axis(axis).y_axis(value_axis("")).grid(grid().bottom(8));
    let chart = lines.iter().enumerate().fold(frame, |chart, (index, line)| {
        let values: Vec<CompositeValue> = line.values.iter().copied().map(CompositeValue::from).collect();
        chart.series(curve(line, index).data(values))
    });
    let option = serde_json::to_string(&chart)
        .inspect_err(|error| tracing::error!(%error, head, "a chart cannot be drawn"));
    LabelledLines { head: head.to_owned(), labels, lines, option: option.unwrap_or_default() }
}

fn curves(view: &PerformanceView, lines: &[Line], unit: &str) -> Chart {
    lines
        .iter()
        .enumerate()
        .fold(frame(unit), |chart, (index, line)| chart.series(curve(line, index).data(points(view, line))))
}

/// A line without its figures.
fn curve(line: &Line, index: usize) -> Curve {
    let style = LineStyle::new().width(2).color(colour(index));
    let style = if line.before { style.type_(LineStyleType::Dashed) } else { style };
    Curve::new()
        .name(line.name.as_str())
        // A single value between gaps has no line to be seen by.
        .show_symbol(true)
        .symbol(Symbol::Circle)
        .symbol_size(4)
        .line_style(style)
        .item_style(ItemStyle::new().color(colour(index)))
        .emphasis(Emphasis::new().disabled(true))
}

fn bars(view: &PerformanceView, lines: &[Line]) -> Chart {
    lines.iter().enumerate().fold(frame(""), |chart, (index, line)| {
        let bar = Bar::new()
            .name(line.name.as_str())
            .stack("all")
            .item_style(ItemStyle::new().color(colour(index)))
            .emphasis(Emphasis::new().disabled(true))
            .data(points(view, line));
        chart.series(bar)
    })
}

/// Moments with their values; a gap is a moment without one.
fn points(view: &PerformanceView, line: &Line) -> Vec<CompositeValue> {
    let points = view.starts.iter().zip(&line.values).map(|(start, value)| {
        let moment = CompositeValue::Number(NumericValue::Integer(start * 1000));
        CompositeValue::Array(vec![moment, CompositeValue::from(*value)])
    });
    points.collect()
}

fn quiet() -> Color {
    Color::Value("var(--text-quiet)".to_owned())
}

fn line_colour() -> Color {
    Color::Value("var(--line)".to_owned())
}

/// The place of the drawing. At the right there is room for the time at the slider's end.
fn grid() -> Grid {
    Grid::new().left(8).right(44).top(40).contain_label(true)
}

/// The axis of the figures.
fn value_axis(unit: &str) -> Axis {
    let label = AxisLabel::new().color(quiet());
    let label = if unit.is_empty() { label } else { label.formatter(format!("{{value}} {unit}").as_str()) };
    Axis::new()
        .type_(AxisType::Value)
        .axis_label(label)
        .split_line(SplitLine::new().line_style(LineStyle::new().color(line_colour())))
}

/// Axes over time, legend, pointer and zoom, in the colours of the page.
fn frame(unit: &str) -> Chart {
    let time = Axis::new()
        .type_(AxisType::Time)
        .axis_label(AxisLabel::new().color(quiet()))
        .axis_line(AxisLine::new().show(false));
    base().grid(grid().bottom(56)).x_axis(time).y_axis(value_axis(unit).min(0)).data_zoom(
        DataZoom::new()
            .type_(DataZoomType::Slider)
            .bottom(8)
            .border_color(line_colour())
            .filler_color(Color::Value("var(--signal-wash)".to_owned()))
            .brush_select(false)
            .text_style(TextStyle::new().color(quiet())),
    )
}

/// Legend and pointer.
fn base() -> Chart {
    Chart::new()
        .animation(false)
        .tooltip(
            Tooltip::new()
                .trigger(Trigger::Axis)
                .axis_pointer(AxisPointer::new().type_(AxisPointerType::Line))
                .background_color(Color::Value("var(--surface-raised)".to_owned()))
                .border_color(line_colour())
                .padding(Padding::Single(8.0)),
        )
        .legend(
            Legend::new()
                .type_(LegendType::Scroll)
                .left(0)
                .top(0)
                .text_style(TextStyle::new().color(Color::Value("var(--text)".to_owned()))),
        )
}

fn colour(index: usize) -> Color {
    Color::Value(format!("var(--series-{})", index % COLOURS + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn figures_become_points_and_gaps_stay_gaps() {
        let line = Line { name: "p50".to_owned(), values: vec![Some(12.5), None], before: false };
        let earlier = Line { name: "p95, before".to_owned(), before: true, ..line.clone() };
        let view =
            PerformanceView { starts: vec![600, 660], latency: vec![line, earlier], ..Default::default() };
        let charts = of_performance(&view);
        assert_eq!(charts.len(), 6);
        let latency: Value = serde_json::from_str(&charts[0].option).expect("an option tree");
        assert_eq!(latency["series"][0]["data"], json!([[600_000, 12.5], [660_000, null]]));
        assert_eq!(latency["series"][0]["type"], "line");
        assert_eq!(latency["series"][1]["lineStyle"]["type"], "dashed");
        assert_eq!(latency["yAxis"]["axisLabel"]["formatter"], "{value} ms");
        assert_eq!(latency["dataZoom"][0]["type"], "slider");
    }

    #[test]
    fn steps_with_names_are_drawn_without_a_zoom_and_gaps_stay_gaps() {
        let line = Line { name: "This".to_owned(), values: vec![Some(-2.0), None], before: false };
        let drawn = of_labels("Day", vec!["1".to_owned(), "2".to_owned()], vec![line]);
        let option: Value = serde_json::from_str(&drawn.option).expect("an option tree");
        assert_eq!(option["xAxis"]["data"], json!(["1", "2"]));
        assert_eq!(option["series"][0]["data"], json!([-2.0, null]));
        assert!(option["dataZoom"].as_array().is_none_or(Vec::is_empty));
        assert!(drawn.has_figures());
    }
}
