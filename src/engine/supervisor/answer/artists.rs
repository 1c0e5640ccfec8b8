//! An artist's figures: how they do, why they changed, whether they are real.

use super::draft::{Draft, label, listed, numbers, said, task, texts, words};
use super::format::Form;
use super::in_territory;
use super::node::Node;
use crate::model::task::{Line, Piece};

/// How many anomalies, events and drivers are told in words; tables have more.
const MOST_TOLD: usize = 5;

/// How the artist does against the time before, and whether it is proven.
pub(super) fn performance(result: &Node<'_>, draft: &mut Draft) {
    in_territory::tell(result, draft);
    draft.headline(main_metric(result).and_then(|metric| performance_line(result, &metric)));
    draft.headline(no_figures(result));
    figures(result, draft);
    trend(result, draft);
    level(result, draft);
    anomalies(result, draft);
    drivers(result, draft);
    market(result, draft);
    draft.finding(momentum(result));
    draft.finding(risk(result));
    forecast(result, draft);
    performance_advice(result, draft);
}

/// Why the figures changed: what all artists share, and what is this one's own.
pub(super) fn explanation(result: &Node<'_>, draft: &mut Draft) {
    in_territory::tell(result, draft);
    draft.headline(main_metric(result).and_then(|metric| explanation_line(result, &metric)));
    draft.headline(no_figures(result));
    market(result, draft);
    drivers(result, draft);
    events(result, draft);
    anomalies(result, draft);
    level(result, draft);
    trend(result, draft);
    figures(result, draft);
    let is_unexplained = unexplained(result).next().is_some();
    if is_unexplained {
        draft.advise(
            said(
                "Log what happened on the days that nothing explains: playlist, press, show, advertisement.",
            ),
            said("Without it the next look at these figures will call the same days unexplained."),
            task(result, "artistId", "Are the streams of ", " real?"),
        );
    }
    not_proven_advice(result, draft);
}

/// Whether the streams look artificial. Never an accusation: signs and what to do next.
pub(super) fn authenticity(result: &Node<'_>, draft: &mut Draft) {
    draft.headline(risk(result).map(Line));
    let evidence = result.get("authenticity").map(|found| found.list("evidence")).unwrap_or_default();
    let columns = vec![texts("Sign"), numbers("Measured"), numbers("Limit"), texts("What it says")];
    draft.table("Signs of artificial streaming", columns, &evidence, |row| {
        vec![
            row.cell("label", Form::Text),
            row.cell("measured", Form::Measured),
            row.cell("limit", Form::Measured),
            row.cell("text", Form::Note),
        ]
    });
    anomalies(result, draft);
    events(result, draft);
    drivers(result, draft);
    let is_suspicious = result
        .get("authenticity")
        .is_some_and(|found| found.is("risk", "medium") || found.is("risk", "high"));
    if is_suspicious {
        draft.advise(
            said("Ask the distributor for the report of the service by track, territory and playlist."),
            said("Signs are not proof, and only the service knows which accounts listened."),
            None,
        );
        draft.advise(
            said("Ask the artist and whoever promotes them which campaigns ran on these days, without accusing anybody."),
            said("A playlist or a show that nobody logged looks the same as a bought stream."),
            task(result, "artistId", "Why did the streams of ", " change?"),
        );
        draft.advise(
            said("Stop promotion by parties that promise numbers of streams."),
            said("Services charge the label for artificial streams and may take the track down."),
            Some("What do services charge for artificial streams?".to_owned()),
        );
    }
}

/// The metric that the question is about: streams, where they are among them.
pub(super) fn main_metric<'a>(result: &Node<'a>) -> Option<Node<'a>> {
    let metrics = result.list("metrics");
    let streams = metrics.iter().find(|metric| metric.is("id", "streams")).cloned();
    streams.or_else(|| metrics.into_iter().next())
}

fn performance_line(result: &Node<'_>, metric: &Node<'_>) -> Option<Line> {
    let mut pieces =
        vec![result.quote("artistName")?, words(": "), metric.show("current", form_of(metric))?, words(" ")];
    pieces.push(metric.get("label").and_then(|label| label.quoted(Form::Spelled))?);
    pieces.extend(period(result, "from", "to").unwrap_or_default());
    match metric.show("change", Form::Change) {
        Some(change) => {
            pieces.extend([words(", "), change]);
            pieces.extend(period_against(result).unwrap_or_default());
            pieces.push(words(verdict(metric)));
        }
        None if metric.number("before").is_some() => {
            pieces.push(words("; what is known of the days before allows no comparison."));
        }
        None => pieces.push(words("; there is nothing before to compare it with.")),
    }
    pieces.extend(authentic(result).map(words));
    Some(Line(pieces))
}

fn explanation_line(result: &Node<'_>, metric: &Node<'_>) -> Option<Line> {
    let mut pieces = vec![
        result.quote("artistName")?,
        words(": "),
        metric.get("label")?.quoted(Form::Spelled)?,
        words(" "),
    ];
    pieces.push(metric.show("change", Form::Change)?);
    pieces.extend(period_against(result).unwrap_or_default());
    let market = result.get("market");
    if let Some((shared, own)) =
        market.and_then(|market| market.show("shared", Form::Change).zip(market.show("own", Form::Change)))
    {
        pieces.extend([
            words("; "),
            shared,
            words(" is shared by the label's other artists, "),
            own,
            words(" is their own"),
        ]);
    }
    let driver = result.list("drivers").into_iter().next();
    let is_most = |driver: &Node<'_>| driver.number("shareOfChange").is_some_and(|share| share > 0.5);
    if let Some(name) = driver.filter(is_most).as_ref().and_then(named) {
        pieces.extend([words("; most of it comes from "), name]);
    }
    pieces.push(words(verdict(metric)));
    Some(Line(pieces))
}

/// That there is nothing to say, where nothing can be compared.
fn no_figures(result: &Node<'_>) -> Option<Line> {
    Some(Line(vec![
        result.quote("artistName")?,
        words(": there are not enough figures to compare the two periods."),
    ]))
}

/// Whether the streams look real, as a sentence; none where it was not looked at.
fn authentic(result: &Node<'_>) -> Option<&'static str> {
    match result.get("authenticity")?.text("risk")? {
        "low" => Some(" No sign of artificial streaming was found."),
        "medium" => Some(" Some signs of artificial streaming need a closer look."),
        "high" => Some(" There are strong signs of artificial streaming."),
        _ => Some(" Whether the streams are real cannot be told yet."),
    }
}

/// ` from … to …`.
pub(super) fn period(node: &Node<'_>, from: &str, to: &str) -> Option<Vec<Piece>> {
    Some(vec![words(" from "), node.show(from, Form::Day)?, words(" to "), node.show(to, Form::Day)?])
}

/// ` against … to …`.
pub(super) fn period_against(result: &Node<'_>) -> Option<Vec<Piece>> {
    let (from, to) = (result.show("beforeFrom", Form::Day)?, result.show("beforeTo", Form::Day)?);
    Some(vec![words(" against "), from, words(" to "), to])
}

pub(super) fn verdict(node: &Node<'_>) -> &'static str {
    match node.text("verdict") {
        Some("proven") => "; the change is proven.",
        Some("notProven") => "; the change is not proven: it may be chance.",
        _ => "; there is not enough data to say whether it is more than chance.",
    }
}

fn form_of(metric: &Node<'_>) -> Form {
    let says = |name: &str| {
        let text = metric.text(name).unwrap_or_default().to_ascii_lowercase();
        ["ratio", "rate", "share", "percent"].iter().any(|word| text.contains(word))
    };
    if says("unit") || says("id") { Form::Percent } else { Form::Measured }
}

fn figures(result: &Node<'_>, draft: &mut Draft) {
    let metrics = result.list("metrics");
    figures_table("Figures of both periods", &metrics, draft);
    for metric in metrics {
        draft.finding(interval(&metric));
    }
}

/// Metrics in both periods, each with its change.
pub(super) fn figures_table(title: &str, metrics: &[Node<'_>], draft: &mut Draft) {
    let columns = vec![
        texts("Figure"),
        numbers("Now"),
        numbers("Before"),
        numbers("Change"),
        numbers("At least"),
        numbers("At most"),
        texts("Proven"),
    ];
    draft.table(title, columns, metrics, |metric| {
        let form = form_of(metric);
        vec![
            metric.cell("label", Form::Text),
            metric.cell("current", form),
            metric.cell("before", form),
            metric.cell("change", Form::Change),
            metric.cell("low", Form::Change),
            metric.cell("high", Form::Change),
            metric.cell("verdict", Form::Spelled),
        ]
    });
}

/// The change of a metric with its interval, in words.
pub(super) fn interval(metric: &Node<'_>) -> Option<Vec<Piece>> {
    let certain = match metric.text("verdict")? {
        "proven" => "proven",
        "notProven" => "not proven",
        _ => return None,
    };
    Some(vec![
        metric.quote("label")?,
        words(": "),
        metric.show("change", Form::Change)?,
        words(", most likely between "),
        metric.show("low", Form::Change)?,
        words(" and "),
        metric.show("high", Form::Change)?,
        words(format!("; {certain}.")),
    ])
}

fn trend(result: &Node<'_>, draft: &mut Draft) {
    let Some(trend) = result.get("trend") else { return };
    let line = || {
        let mut pieces =
            vec![words("Trend: "), trend.show("percentPerDay", Form::PercentChange)?, words(" a day")];
        if let Some((low, high)) =
            trend.show("low", Form::PercentChange).zip(trend.show("high", Form::PercentChange))
        {
            pieces.extend([words(", most likely between "), low, words(" and "), high]);
        }
        pieces.extend([words(", over "), trend.show("days", Form::Whole)?, words(" days")]);
        pieces.push(words(match trend.text("verdict") {
            Some("proven") => "; proven",
            Some("notProven") => "; not proven",
            _ => "; not enough data to prove it",
        }));
        if let Some(method) = trend.quote("method") {
            pieces.extend([words(" ("), method, words(")")]);
        }
        pieces.push(words("."));
        Some(pieces)
    };
    draft.finding(line());
}

fn level(result: &Node<'_>, draft: &mut Draft) {
    draft.finding(result.get("level").and_then(|level| {
        Some(vec![
            words("The level moved by "),
            level.show("change", Form::Change)?,
            words(" around "),
            level.show("date", Form::Day)?,
            words(" and stayed there."),
        ])
    }));
}

fn anomalies(result: &Node<'_>, draft: &mut Draft) {
    let found = result.list("anomalies");
    for anomaly in found.iter().take(MOST_TOLD) {
        draft.finding(anomaly_line(anomaly));
    }
    if found.len() > MOST_TOLD {
        draft.finding(
            result
                .show("anomalies", Form::Count)
                .map(|count| vec![count, words(" days stand out in all; the step's result has the others.")]),
        );
    }
}

fn anomaly_line(anomaly: &Node<'_>) -> Option<Vec<Piece>> {
    let mut pieces = vec![
        anomaly.show("date", Form::Day)?,
        words(" stands out: "),
        anomaly.show("effect", Form::Change)?,
        words(" against what was to be expected"),
    ];
    match anomaly.text("explainedBy") {
        Some("holiday") => pieces.push(words("; it was a holiday.")),
        Some("market") => pieces.push(words("; all artists moved on that day.")),
        Some(_) => pieces.extend([words("; explained by: "), anomaly.quote("explainedBy")?, words(".")]),
        None => pieces.push(words("; nothing that is logged explains it.")),
    }
    Some(pieces)
}

fn unexplained<'a>(result: &Node<'a>) -> impl Iterator<Item = Node<'a>> {
    result.list("anomalies").into_iter().filter(|anomaly| anomaly.text("explainedBy").is_none())
}

fn drivers(result: &Node<'_>, draft: &mut Draft) {
    parts_table("Where the change comes from", &result.list("drivers"), draft);
}

/// What a change is made of.
pub(super) fn parts_table(title: &str, parts: &[Node<'_>], draft: &mut Draft) {
    let columns =
        vec![texts("Part"), texts("Name"), numbers("Change in streams"), numbers("Share of the change")];
    draft.table(title, columns, parts, |driver| {
        vec![
            match driver.text("dimension") {
                Some("platform") => label("Service"),
                Some("territory") => label("Territory"),
                _ => driver.cell("dimension", Form::Spelled),
            },
            driver.cell("name", form_of_name(driver)),
            driver.cell("change", Form::SignedWhole),
            driver.cell("shareOfChange", Form::Percent),
        ]
    });
}

fn named(driver: &Node<'_>) -> Option<Piece> {
    driver.get("name")?.quoted(form_of_name(driver))
}

/// A part of the market is named by its code, which people know by its name.
fn form_of_name(driver: &Node<'_>) -> Form {
    let is_known = driver.get("name").is_some_and(|name| Form::Territory.write(&name).is_some());
    if driver.is("dimension", "territory") && is_known { Form::Territory } else { Form::Text }
}

fn market(result: &Node<'_>, draft: &mut Draft) {
    draft.finding(result.get("market").and_then(|market| {
        let mut pieces = vec![
            words("Of the change, "),
            market.show("shared", Form::Change)?,
            words(" is shared by the label's other artists and "),
            market.show("own", Form::Change)?,
            words(" is their own"),
        ];
        if let Some(peers) = market.show("peers", Form::Whole) {
            pieces.extend([words(", measured against "), peers, words(" others")]);
        }
        pieces.push(words("."));
        Some(pieces)
    }));
}

fn events(result: &Node<'_>, draft: &mut Draft) {
    for event in result.list("events").into_iter().take(MOST_TOLD) {
        draft.finding((|| {
            Some(vec![event.show("date", Form::Day)?, words(": "), event.quote("title")?, words(".")])
        })());
    }
}

/// How fast the artist grows against peers.
fn momentum(node: &Node<'_>) -> Option<Vec<Piece>> {
    let momentum = node.get("momentum").filter(|momentum| momentum.value.is_object())?;
    if momentum.is("band", "notEnoughData") {
        return Some(vec![words("Momentum: not enough data. "), momentum.quote("reason")?]);
    }
    let mut pieces = vec![words("Momentum: "), momentum.show("value", Form::Measured)?, words(", ")];
    pieces.push(momentum.get("band")?.quoted(Form::Spelled)?);
    if let Some(peers) = momentum.show("peers", Form::Whole) {
        pieces.extend([words(", against "), peers, words(" peers")]);
    }
    pieces.push(words("."));
    Some(pieces)
}

/// The risk that streams are artificial, with the signs that speak for it.
fn risk(result: &Node<'_>) -> Option<Vec<Piece>> {
    let authenticity = result.get("authenticity")?;
    let name = result.quote("artistName").unwrap_or_else(|| words("This artist"));
    let text = match authenticity.text("risk")? {
        "low" => ": no sign of artificial streaming was found in these figures",
        "medium" => ": some signs of artificial streaming; look closer before money is spent on this growth",
        "high" => ": strong signs of artificial streaming; look into it now",
        "notEnoughData" => ": not enough data to tell whether the streams are real",
        _ => return None,
    };
    let mut pieces = vec![name, words(text)];
    let signs: Vec<Piece> =
        authenticity.list("evidence").iter().filter_map(|row| row.quote("label")).take(3).collect();
    if !signs.is_empty() {
        pieces.push(words(". Signs: "));
        pieces.extend(listed(signs));
    }
    pieces.push(words("."));
    Some(pieces)
}

fn forecast(result: &Node<'_>, draft: &mut Draft) {
    let Some(forecast) = result.get("forecast") else { return };
    let columns = vec![numbers("Low"), numbers("Middle"), numbers("High")];
    draft.table(
        "Streams of the next four weeks, as expected",
        columns,
        std::slice::from_ref(&forecast),
        |row| ["low", "middle", "high"].map(|name| row.cell(name, Form::Whole)).to_vec(),
    );
    let line = || {
        let (own, naive) =
            (forecast.show("mase", Form::Measured)?, forecast.show("naiveMase", Form::Measured)?);
        let mut pieces = vec![
            words("In trials on past days, smoothing missed by "),
            own,
            words(" of what weeks usually differ by, and repeating the last week by "),
            naive,
        ];
        if let Some(method) = forecast.quote("method") {
            pieces.extend([words(" ("), method, words(")")]);
        }
        pieces.push(words("."));
        Some(pieces)
    };
    draft.finding(line());
}

fn performance_advice(result: &Node<'_>, draft: &mut Draft) {
    let metric = main_metric(result);
    let is_down =
        metric.as_ref().and_then(|metric| metric.number("change")).is_some_and(|change| change < 0.0);
    let is_proven = metric.as_ref().is_some_and(|metric| metric.is("verdict", "proven"));
    let suspicious = result
        .get("authenticity")
        .is_some_and(|found| found.is("risk", "medium") || found.is("risk", "high"));
    if suspicious {
        draft.advise(
            said("Look into whether these streams are real before anything is spent on them."),
            said("There are signs of artificial streaming, and services charge the label for it."),
            task(result, "artistId", "Are the streams of ", " real?"),
        );
    }
    if is_down && is_proven {
        let reason = metric.as_ref().and_then(interval).map(Line).unwrap_or_default();
        draft.advise(
            said("Find out why it fell."),
            reason,
            task(result, "artistId", "Why did the streams of ", " change?"),
        );
    }
    let rises =
        result.get("momentum").is_some_and(|found| found.is("band", "high") || found.is("band", "explosive"));
    if rises && !suspicious {
        let reason = momentum(result).map(Line).unwrap_or_default();
        draft.advise(
            said("Use the momentum: set the next release while it lasts."),
            reason,
            task(result, "artistId", "What is the best release date for ", "?"),
        );
    }
    not_proven_advice(result, draft);
}

fn not_proven_advice(result: &Node<'_>, draft: &mut Draft) {
    let metric = main_metric(result).filter(|metric| metric.is("verdict", "notProven"));
    if let Some(metric) = metric {
        draft.advise(
            said("Change nothing because of this figure yet; look again when there are more days."),
            interval(&metric).map(Line).unwrap_or_default(),
            None,
        );
    }
}
