//! Where an artist is going: trend, momentum among the label's artists, and the next four weeks.

use crate::components::format::{counted, signed_percent};
use crate::components::labelled_chart::{LabelledChart, figure};
use crate::components::verdict::{BandBadge, VerdictBadge};
use crate::model::analysis::{ArtistPerformance, Forecast, MomentumValue, Trend};
use crate::model::chart::LabelledLines;
use leptos::prelude::*;

/// Trend, momentum, forecast.
#[component]
pub fn Outlook(
    /// What was found.
    performance: ArtistPerformance,
    /// The forecast as a chart; none where there is none.
    forecast: Option<LabelledLines>,
) -> impl IntoView {
    let ArtistPerformance { trend, momentum, forecast: found, .. } = performance;
    view! {
        <div class="panels is-halves">
            <section class="panel" aria-labelledby="trend">
                <h2 id="trend">"Trend"</h2>
                <p>
                    <VerdictBadge verdict=trend.verdict />
                </p>
                <p>{trend_in_words(&trend)}</p>
                <p class="muted">{trend.method.clone()} "."</p>
            </section>
            <MomentumPanel momentum=momentum />
        </div>
        <section class="panel" aria-labelledby="forecast">
            <h2 id="forecast">"The next 28 days"</h2>
            {match found.zip(forecast) {
                Some((found, chart)) => view! { <Expected found=found chart=chart /> }.into_any(),
                None => {
                    view! {
                        <p class="panel-empty">
                            "Not enough data: a forecast is only made where it could be tried on the past."
                        </p>
                    }
                        .into_any()
                }
            }}
        </section>
    }
}

/// The trend as a sentence.
fn trend_in_words(trend: &Trend) -> String {
    let days = counted(trend.days.into(), "day");
    let per_day = |percent: f64| Percent(percent).to_string();
    match (trend.percent_per_day, trend.low.zip(trend.high)) {
        (Some(percent), Some((low, high))) => format!(
            "{} a day over {days} (95 % interval {} to {}).",
            per_day(percent),
            per_day(low),
            per_day(high)
        ),
        (Some(percent), None) => format!("{} a day over {days}.", per_day(percent)),
        (None, _) => format!("Too few days one after another are known to say: {days} with figures."),
    }
}

/// A percentage to two decimals with its sign.
struct Percent(f64);

impl std::fmt::Display for Percent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = match self.0 {
            value if value <= -0.005 => "\u{2212}",
            value if value >= 0.005 => "+",
            _ => "",
        };
        write!(formatter, "{sign}{:.2}\u{a0}%", self.0.abs())
    }
}

/// How growth is beside that of similar artists, in words; `value` counts deviations from what is usual among them.
fn against_peers(value: f64) -> &'static str {
    match value {
        value if value >= 2.0 => "clearly faster than most of",
        value if value > 1.0 => "faster than most of",
        value if value >= -1.0 => "about as fast as most of",
        value if value >= -2.0 => "more slowly than most of",
        _ => "clearly more slowly than most of",
    }
}

#[component]
fn MomentumPanel(momentum: MomentumValue) -> impl IntoView {
    let peers = counted(momentum.peers.into(), "peer");
    let value = momentum.value.map(|value| {
        let similar = counted(momentum.peers.into(), "similar artist");
        view! { <p>{format!("Grows {} {similar}.", against_peers(value))}</p> }
    });
    let missing = momentum.value.is_none().then(|| view! { <p>{peers} " with figures."</p> });
    view! {
        <section class="panel" aria-labelledby="momentum">
            <h2 id="momentum">"Momentum"</h2>
            <p>
                <BandBadge band=momentum.band />
            </p>
            {value}
            {missing}
            <p class="muted">{momentum.reason}</p>
        </section>
    }
}

#[component]
fn Expected(found: Forecast, chart: LabelledLines) -> impl IntoView {
    let better = found.mase.zip(found.naive_mase).map(|(own, naive)| {
        format!(
            "Tried on the past it missed by {} of what \u{201c}as a week before\u{201d} misses; repeating the last week \
             missed by {}.",
            figure(Some(own)),
            figure(Some(naive))
        )
    });
    let range = (found.middle > 0.0).then(|| {
        format!(
            " ({} to {} around it)",
            signed_percent(found.low / found.middle - 1.0),
            signed_percent(found.high / found.middle - 1.0)
        )
    });
    view! {
        <p>
            "Together about " <strong>{figure(Some(found.middle))}</strong> " streams; in 80 of 100 cases between "
            {figure(Some(found.low))} " and " {figure(Some(found.high))} {range} "."
        </p>
        {better.map(|text| view! { <p>{text}</p> })}
        <LabelledChart title="Streams expected" chart=chart />
        <p class="muted">{found.method} "."</p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::analysis::Verdict;

    #[test]
    fn a_trend_is_told_with_its_interval_or_as_unknown() {
        let trend = Trend {
            percent_per_day: Some(0.4),
            low: Some(-0.001),
            high: Some(0.8),
            p_value: None,
            days: 90,
            verdict: Verdict::NotProven,
            method: String::new(),
        };
        assert_eq!(
            trend_in_words(&trend),
            "+0.40\u{a0}% a day over 90 days (95 % interval 0.00\u{a0}% to +0.80\u{a0}%)."
        );
        let short = Trend { percent_per_day: None, days: 21, ..trend };
        assert_eq!(
            trend_in_words(&short),
            "Too few days one after another are known to say: 21 days with figures."
        );
    }
}
