//! What changed in an artist's figures and why: the comparison, its parts, unusual days, and how real it looks.

use super::outlook::Outlook;
use crate::components::badge::{Badge, EventBadge, Tone};
use crate::components::date::{Day, short_date};
use crate::components::definitions::Definitions;
use crate::components::format::{counted, grouped, percent, signed_percent};
use crate::components::freshness::FreshnessLine;
use crate::components::icon::Glyph;
use crate::components::labelled_chart::figure;
use crate::components::table::{ScrollingTable, numbers, words};
use crate::components::verdict::{Notes, RiskBadge, VerdictBadge};
use crate::model::analysis::{
    AnomalyRow, ArtistAnalysis, ArtistPerformance, ArtistPeriods, Authenticity, Driver, DriverDimension,
    EventRow, Market, MetricChange, RiskLevel, Verdict,
};
use crate::model::territory::territory_name;
use crate::pages::tools::address::Address;
use leptos::prelude::*;
use serde_json::{Map, Value};

/// All that is said about an artist's figures beyond the figures.
#[component]
pub fn Analysis(
    /// What was found.
    analysis: ArtistAnalysis,
) -> impl IntoView {
    let ArtistAnalysis { performance, forecast } = analysis;
    let ArtistPerformance {
        ref metrics,
        ref drivers,
        ref market,
        ref anomalies,
        ref authenticity,
        ref events,
        ..
    } = performance;
    let known = !metrics.is_empty() && authenticity.risk != RiskLevel::NotEnoughData;
    let ids: Vec<String> = metrics.iter().map(|metric| metric.id.clone()).collect();
    let is_compared = metrics.first().is_some_and(|streams| streams.change.is_some());
    view! {
        <section class="panel" aria-labelledby="what-changed">
            <h2 id="what-changed">
                "What changed and why" <span class="panel-period">{periods(&performance)}</span>
            </h2>
            <p class="craft-headline">{headline(&performance)}</p>
            {left_out(&performance.left_out).map(|words| view! { <p class="notice tone-warning">{words}</p> })}
            <Metrics metrics=metrics.clone() />
            <Definitions ids=ids />
            <p>{market_line(market, is_compared)}</p>
            <LevelLine performance=performance.clone() />
            <Drivers drivers=drivers.clone() />
            {performance.about.from.map(|_| view! { <Logged events=events.clone() /> })}
            <Notes notes=performance.notes.clone() />
            <Source performance=performance.clone() />
        </section>
        <div class="panels is-halves">
            <UnusualDays anomalies=anomalies.clone() known=known />
            <Signs authenticity=authenticity.clone() />
        </div>
        <Outlook performance=performance forecast=forecast />
    }
}

/// The days that are compared, in words.
fn periods(performance: &ArtistPerformance) -> String {
    let about = &performance.about;
    let days = about.from.zip(about.to).zip(about.before_from.zip(about.before_to));
    days.map_or_else(String::new, |((from, to), (before_from, before_to))| {
        format!(
            "{} to {}, against {} to {}",
            short_date(from),
            short_date(to),
            short_date(before_from),
            short_date(before_to)
        )
    })
}

/// Which platforms are in none of the numbers, so that nobody takes the sums of all platforms for these.
fn left_out(platforms: &[String]) -> Option<String> {
    let (first, more) = platforms.split_last()?;
    let names = if more.is_empty() { first.clone() } else { format!("{} and {first}", more.join(", ")) };
    let figures = if more.is_empty() { "its" } else { "their" };
    Some(format!(
        "Without {names}: {figures} figures do not cover the days that are looked at here. The sums at the head of the \
         page are of all platforms."
    ))
}

/// The answer in one sentence.
fn headline(performance: &ArtistPerformance) -> String {
    let name = &performance.about.artist_name;
    let Some(streams) = performance.metrics.first() else {
        return format!("There are no figures of {name} to compare yet.");
    };
    let (Some(change), false) = (streams.change, streams.verdict == Verdict::NotEnoughData) else {
        return format!("There is not enough data to say what changed for {name}.");
    };
    let interval = interval(streams).map_or_else(String::new, |interval| format!(" ({interval})"));
    let real = match streams.verdict {
        Verdict::Proven => "That is more than chance explains.",
        Verdict::NotProven | Verdict::NotEnoughData => {
            "That is not proven: chance explains a change of this size."
        }
    };
    format!("Streams changed by {}{interval} by like weekdays. {real}", signed_percent(change))
}

/// The 95 % interval of a change.
fn interval(metric: &MetricChange) -> Option<String> {
    let (low, high) = metric.low.zip(metric.high)?;
    Some(format!("{} to {}", signed_percent(low), signed_percent(high)))
}

#[component]
fn Metrics(metrics: Vec<MetricChange>) -> impl IntoView {
    let row = |metric: MetricChange| {
        let change = metric.change.map_or_else(|| "–".to_owned(), signed_percent);
        let interval = interval(&metric).unwrap_or_else(|| "–".to_owned());
        view! {
            <tr>
                <th scope="row">{metric.label} <span class="row-note">{metric.unit}</span></th>
                <td class="number">{figure(metric.current)}</td>
                <td class="number">{figure(metric.before)}</td>
                <td class="number">{change}</td>
                <td class="number">{interval}</td>
                <td>
                    <VerdictBadge verdict=metric.verdict />
                </td>
            </tr>
        }
    };
    (!metrics.is_empty()).then(|| {
        view! {
            <ScrollingTable
                label="Metrics of both periods"
                columns=vec![
                    words("Metric"),
                    numbers("Now"),
                    numbers("Before"),
                    numbers("Change"),
                    numbers("95 % interval"),
                    words("Is it real?"),
                ]
            >
                {metrics.into_iter().map(row).collect_view()}
            </ScrollingTable>
        }
    })
}

/// What of the change others had as well.
fn market_line(market: &Market, is_compared: bool) -> String {
    if let Some((shared, own)) = market.shared.zip(market.own) {
        return format!(
            "The {} other artists of the label changed by {} on the same days (median). What is left, {}, is the \
             artist's own.",
            market.peers,
            signed_percent(shared),
            signed_percent(own)
        );
    }
    if !is_compared {
        return "What the market had of it cannot be said where the change itself is not known.".to_owned();
    }
    let others = counted(market.peers.into(), "other artist");
    format!(
        "How much of it the market had as well is not known: only {others} can be compared on these days."
    )
}

#[component]
fn LevelLine(performance: ArtistPerformance) -> impl IntoView {
    performance.level.map(|level| {
        view! {
            <p>
                "Since " <Day date=level.date /> " streams have been on another level: "
                {signed_percent(level.change)} " against the days before."
            </p>
        }
    })
}

#[component]
fn Drivers(drivers: Vec<Driver>) -> impl IntoView {
    let row = |driver: Driver| {
        let (of, name) = match driver.dimension {
            DriverDimension::Platform => ("Platform", driver.name),
            DriverDimension::Territory => ("Territory", territory_name(&driver.name).to_owned()),
        };
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{of}</td>
                <td class="number">{signed(driver.change)}</td>
                <td class="number">{percent(driver.share_of_change)}</td>
            </tr>
        }
    };
    (!drivers.is_empty()).then(|| {
        view! {
            <h3>"Where the change comes from"</h3>
            <ScrollingTable
                label="Parts of the change"
                columns=vec![words("Where"), words("Kind"), numbers("Streams"), numbers("Part of the change")]
            >
                {drivers.into_iter().map(row).collect_view()}
            </ScrollingTable>
        }
    })
}

/// A count with its sign.
fn signed(number: i64) -> String {
    let sign = match number {
        ..=-1 => "\u{2212}",
        0 => "",
        1.. => "+",
    };
    format!("{sign}{}", grouped(number.unsigned_abs()))
}

#[component]
fn Logged(events: Vec<EventRow>) -> impl IntoView {
    if events.is_empty() {
        return view! { <p class="muted">"Nothing is logged in these days: no release, playlist, press, tour or sync."</p> }
            .into_any();
    }
    view! {
        <h3>"Logged in these days"</h3>
        <ul class="craft-events">
            {events
                .into_iter()
                .map(|event| {
                    view! {
                        <li>
                            <Day date=event.date />
                            <EventBadge kind=event.kind />
                            <span>{event.title}</span>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
    .into_any()
}

/// Where it comes from, with the way to the rows themselves.
#[component]
fn Source(performance: ArtistPerformance) -> impl IntoView {
    let rows = rows_of(&performance.about).map(|address| {
        view! {
            <p>
                <a href=address>"Open the rows of the days that are compared"</a>
            </p>
        }
    });
    view! {
        <FreshnessLine freshness=performance.freshness />
        {rows}
    }
}

/// Where the rows of both periods are read as they are stored.
fn rows_of(about: &ArtistPeriods) -> Option<String> {
    let first = about.from?.min(about.before_from?);
    let last = about.to?.max(about.before_to?);
    let artist = &about.artist_id;
    let condition = format!("artistId = \"{artist}\" AND date BETWEEN \"{first}\" AND \"{last}\"");
    let arguments = Map::from_iter([("filterExpression".to_owned(), Value::String(condition))]);
    Some(Address::to_run("scan_analytics_data", &arguments))
}

#[component]
fn UnusualDays(anomalies: Vec<AnomalyRow>, known: bool) -> impl IntoView {
    let row = |anomaly: AnomalyRow| {
        let explained = match anomaly.explained_by.as_deref() {
            None => view! { <Badge tone=Tone::Warning glyph=Glyph::Question word="Nothing explains it" /> }
                .into_any(),
            Some("market") => "All artists of the label moved".into_any(),
            Some("holiday") => "A holiday".into_any(),
            Some(title) => title.to_owned().into_any(),
        };
        view! {
            <tr>
                <th scope="row">
                    <Day date=anomaly.date />
                </th>
                <td class="number">{signed_percent(anomaly.effect)}</td>
                <td class="number">{figure(Some(anomaly.z))}</td>
                <td>{explained}</td>
            </tr>
        }
    };
    let rows = if anomalies.is_empty() {
        let words = if known {
            "No day of both periods is unusual, beyond weekday and market."
        } else {
            "There is not enough data to tell unusual days from usual ones."
        };
        view! { <p class="panel-empty">{words}</p> }.into_any()
    } else {
        view! {
            <ScrollingTable
                label="Days that stand out"
                columns=vec![words("Day"), numbers("Jump"), numbers("Deviations"), words("Explained by")]
            >
                {anomalies.into_iter().map(row).collect_view()}
            </ScrollingTable>
        }
        .into_any()
    };
    view! {
        <section class="panel" aria-labelledby="unusual">
            <h2 id="unusual">"Unusual days"</h2>
            {rows}
        </section>
    }
}

#[component]
fn Signs(authenticity: Authenticity) -> impl IntoView {
    let words = match authenticity.risk {
        RiskLevel::Low => "No jump without an explanation was found.",
        RiskLevel::Medium | RiskLevel::High => {
            "This is a risk and no verdict. Ask the distributor for the streams of these days by playlist and \
             account before you do anything."
        }
        RiskLevel::NotEnoughData => "There are too few days to look for signs.",
    };
    view! {
        <section class="panel" aria-labelledby="signs">
            <h2 id="signs">"Signs of artificial streams"</h2>
            <p>
                <RiskBadge risk=authenticity.risk />
            </p>
            <p>{words}</p>
            <ul class="craft-evidence">
                {authenticity
                    .evidence
                    .into_iter()
                    .map(|sign| view! { <li><strong>{sign.label}</strong> " " {sign.text}</li> })
                    .collect_view()}
            </ul>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn performance(metrics: &serde_json::Value) -> ArtistPerformance {
        serde_json::from_value(json!({
            "artistId": "art_1", "artistName": "Vesper", "from": null, "to": null, "beforeFrom": null,
            "beforeTo": null, "metrics": metrics,
            "trend": { "percentPerDay": null, "low": null, "high": null, "pValue": null, "days": 0,
                       "verdict": "notEnoughData", "method": "" },
            "anomalies": [], "level": null, "drivers": [],
            "market": { "shared": null, "own": null, "peers": 0 }, "events": [],
            "authenticity": { "risk": "notEnoughData", "evidence": [] }, "forecast": null,
            "momentum": { "value": null, "band": "notEnoughData", "peers": 0, "reason": "" },
            "asOf": null, "source": "", "sample": false, "notes": []
        }))
        .expect("a performance")
    }

    fn streams(change: Option<f64>, verdict: &str) -> serde_json::Value {
        json!([{ "id": "streams", "label": "Streams", "unit": "streams", "current": 110.0, "before": 100.0,
                 "change": change, "low": change.map(|change| change - 0.05),
                 "high": change.map(|change| change + 0.05), "verdict": verdict }])
    }

    #[test]
    fn a_platform_that_is_in_none_of_the_numbers_is_named() {
        assert_eq!(left_out(&[]), None);
        let names = |names: &[&str]| left_out(&names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
        assert!(names(&["Deezer"]).is_some_and(|words| words.starts_with("Without Deezer: its figures")));
        let three = names(&["Tidal", "Qobuz", "Deezer"]);
        assert!(
            three.is_some_and(|words| words.starts_with("Without Tidal, Qobuz and Deezer: their figures"))
        );
    }

    #[test]
    fn the_first_sentence_says_what_changed_and_whether_it_is_real() {
        assert_eq!(
            headline(&performance(&streams(Some(0.1), "proven"))),
            "Streams changed by +10.0\u{a0}% (+5.0\u{a0}% to +15.0\u{a0}%) by like weekdays. That is more than chance \
             explains."
        );
        assert!(headline(&performance(&streams(Some(0.1), "notProven"))).contains("not proven"));
        assert!(headline(&performance(&streams(None, "notEnoughData"))).contains("not enough data"));
        assert!(headline(&performance(&json!([]))).contains("no figures"));
    }

    #[test]
    fn the_market_is_told_with_the_reason_where_it_is_not_known() {
        let market = |shared: Option<f64>, peers: u32| Market { shared, own: shared.map(|_| 0.02), peers };
        assert!(
            market_line(&market(Some(0.1), 22), true)
                .contains("22 other artists of the label changed by +10")
        );
        assert!(market_line(&market(None, 1), true).contains("only 1 other artist can be compared"));
        assert!(!market_line(&market(None, 22), false).contains("22"), "too few others are not the reason");
    }

    #[test]
    fn counts_have_their_sign() {
        assert_eq!(
            (signed(-1200).as_str(), signed(5).as_str(), signed(0).as_str()),
            ("\u{2212}1\u{202f}200", "+5", "0")
        );
    }
}
