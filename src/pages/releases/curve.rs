//! What a release did, against the artist's own earlier releases.

use crate::components::date::short_date;
use crate::components::definitions::Definitions;
use crate::components::format::{grouped, percent, signed_percent};
use crate::components::freshness::FreshnessLine;
use crate::components::kpi::{Kpi, KpiRow};
use crate::components::labelled_chart::{LabelledChart, figure};
use crate::components::table::{ScrollingTable, numbers, words};
use crate::components::verdict::Notes;
use crate::model::analytics::Freshness;
use crate::model::release_insights::{CurveBasis, DrawnInsights, PastRelease, ReleaseInsights};
use jiff::civil::Date;
use leptos::prelude::*;

/// The metrics that are shown, by their names in the dictionary.
const COUNTED: [&str; 7] =
    ["day1", "week1", "day28", "percentile", "frontLoad", "decayPerWeek", "halfLifeWeeks"];

/// The curve, its sums, and the releases before.
#[component]
pub fn ReleaseCurve(
    /// What was found.
    drawn: DrawnInsights,
) -> impl IntoView {
    let DrawnInsights { insights, chart } = drawn;
    let (from, chart_title) = match insights.basis {
        CurveBasis::Tracks => {
            ("From the tracks' own figures.", "Streams of its tracks, by day since the release")
        }
        CurveBasis::Artist => (
            "From the artist's figures, because no source tells those of its tracks.",
            "Streams above the usual level, by day since the release",
        ),
    };
    let sums = sums(&insights);
    let ReleaseInsights { past, as_of, source, sample, notes, .. } = insights;
    let freshness = Freshness { as_of: as_of.and_then(|day| day.parse().ok()), source, sample };
    view! {
        <section class="panel" aria-labelledby="effect">
            <h2 id="effect">"What it did"</h2>
            <p class="muted">{from}</p>
            {sums}
            <Definitions ids=COUNTED.map(str::to_owned).to_vec() />
            <h3>"Day by day"</h3>
            <LabelledChart title=chart_title chart=chart />
            <Past past=past />
            <Notes notes=notes />
            <FreshnessLine freshness=freshness />
        </section>
    }
}

/// The sums of the first days, and how they fade.
fn sums(insights: &ReleaseInsights) -> impl IntoView + use<> {
    let &ReleaseInsights { basis, day1, week1, day28, decay_per_week, front_load, .. } = insights;
    let unit = match basis {
        CurveBasis::Tracks => "streams of its tracks",
        CurveBasis::Artist => "streams above the usual level",
    };
    let load = front_load.map(|part| format!("{} of the 28 days in the first week", percent(part)));
    let (rank, decay) = (rank(insights), decay(insights));
    view! {
        <KpiRow>
            <Kpi label="First day" value=above(day1)>
                {unit}
            </Kpi>
            <Kpi label="First week" value=above(week1)>
                {rank}
            </Kpi>
            <Kpi label="First 28 days" value=above(day28)>
                {load}
            </Kpi>
            <Kpi label="Decay" value=decay_per_week.map_or_else(|| "–".to_owned(), signed_percent)>
                {decay}
            </Kpi>
        </KpiRow>
    }
}

/// How its first week stands among those of the artist's earlier releases.
fn rank(insights: &ReleaseInsights) -> String {
    let Some(part) = insights.percentile else {
        return "Not enough earlier releases to compare".to_owned();
    };
    let compared = insights.past.iter().filter(|release| release.week1.is_some()).count();
    format!("First week above {} of the artist's {compared} earlier ones", percent(part))
}

/// How fast it fades.
fn decay(insights: &ReleaseInsights) -> String {
    let Some(decay) = insights.decay_per_week else {
        return "How fast it fades is not known".to_owned();
    };
    let by_week = format!("{} from week to week", signed_percent(decay));
    match insights.half_life_weeks {
        Some(weeks) => format!("{by_week}; half is left after {} weeks", figure(Some(weeks))),
        None => by_week,
    }
}

/// Streams, which may be below the usual level; a dash where they are not known.
fn above(streams: Option<i64>) -> String {
    match streams {
        None => "–".to_owned(),
        Some(number) if number < 0 => format!("\u{2212}{}", grouped(number.unsigned_abs())),
        Some(number) => grouped(number.unsigned_abs()),
    }
}

#[component]
fn Past(past: Vec<PastRelease>) -> impl IntoView {
    if past.is_empty() {
        return view! { <p class="panel-empty">"The artist has no earlier release."</p> }.into_any();
    }
    let row = |release: PastRelease| {
        let day = release.release_date.parse::<Date>().map_or(release.release_date, short_date);
        view! {
            <tr>
                <th scope="row">
                    <a href=format!("/releases/{}", release.release_id)>{release.title}</a>
                </th>
                <td>{day}</td>
                <td class="number">{above(release.day1)}</td>
                <td class="number">{above(release.week1)}</td>
                <td class="number">{above(release.day28)}</td>
            </tr>
        }
    };
    view! {
        <h3>"The artist's earlier releases"</h3>
        <ScrollingTable
            label="Earlier releases of the artist"
            columns=vec![
                words("Release"),
                words("Came out"),
                numbers("First day"),
                numbers("First week"),
                numbers("28 days"),
            ]
            short=true
        >
            {past.into_iter().map(row).collect_view()}
        </ScrollingTable>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_a_dash_and_less_than_usual_has_its_sign() {
        assert_eq!(above(None), "–");
        assert_eq!(above(Some(-1200)), "\u{2212}1\u{202f}200");
        assert_eq!(above(Some(1200)), "1\u{202f}200");
    }
}
