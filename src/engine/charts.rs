//! Draws figures over time as option trees of ECharts, which pages hand to the browser as they are. Colours
//! are names of the style sheet's tokens, so a chart follows the theme without being drawn anew.

use crate::model::performance::{Line, PerformanceChart, PerformanceView};
use charming::Chart;
use charming::component::{Axis, DataZoom, DataZoomType, Grid, Legend, LegendType};
use charming::datatype::{CompositeValue, NumericValue};
use charming::element::{
    AxisLabel, AxisLine, AxisPointer, AxisPointerType, AxisType, Color, Emphasis, ItemStyle, LineStyle,
    LineStyleType, Padding, SplitLine, Symbol, TextStyle, Tooltip, Trigger,
};
use charming::series::{Bar, Line as Curve};

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

fn curves(view: &PerformanceView, lines: &[Line], unit: &str) -> Chart {
    lines.iter().enumerate().fold(frame(unit), |chart, (index, line)| {
        let style = LineStyle::new().width(2).color(colour(index));
        let style = if line.before { style.type_(LineStyleType::Dashed) } else { style };
        let curve = Curve::new()
            .name(line.name.as_str())
            // A single value between gaps has no line to be seen by.
            .show_symbol(true)
            .symbol(Symbol::Circle)
            .symbol_size(4)
            .line_style(style)
            .item_style(ItemStyle::new().color(colour(index)))
            .emphasis(Emphasis::new().disabled(true))
            .data(points(view, line));
        chart.series(curve)
    })
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

/// Axes, legend, pointer and zoom, in the colours of the page.
fn frame(unit: &str) -> Chart {
    let quiet = || Color::Value("var(--text-quiet)".to_owned());
    let line = || Color::Value("var(--line)".to_owned());
    let label = || AxisLabel::new().color(quiet());
    let values =
        if unit.is_empty() { label() } else { label().formatter(format!("{{value}} {unit}").as_str()) };
    Chart::new()
        .animation(false)
        // At the right there is room for the time at the slider's end.
        .grid(Grid::new().left(8).right(44).top(40).bottom(56).contain_label(true))
        .tooltip(
            Tooltip::new()
                .trigger(Trigger::Axis)
                .axis_pointer(AxisPointer::new().type_(AxisPointerType::Line))
                .background_color(Color::Value("var(--surface-raised)".to_owned()))
                .border_color(line())
                .padding(Padding::Single(8.0)),
        )
        .legend(
            Legend::new()
                .type_(LegendType::Scroll)
                .left(0)
                .top(0)
                .text_style(TextStyle::new().color(Color::Value("var(--text)".to_owned()))),
        )
        .x_axis(Axis::new().type_(AxisType::Time).axis_label(label()).axis_line(AxisLine::new().show(false)))
        .y_axis(
            Axis::new()
                .type_(AxisType::Value)
                .min(0)
                .axis_label(values)
                .split_line(SplitLine::new().line_style(LineStyle::new().color(line()))),
        )
        .data_zoom(
            DataZoom::new()
                .type_(DataZoomType::Slider)
                .bottom(8)
                .border_color(line())
                .filler_color(Color::Value("var(--signal-wash)".to_owned()))
                .brush_select(false)
                .text_style(TextStyle::new().color(quiet())),
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
}
