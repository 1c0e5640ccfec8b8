//! How a release is promoted: phases with their tasks, targets from the artist's own past, a pitch, and a waterfall
//! of singles ahead of it.

use super::dates::{Rules, Tasks};
use crate::components::copy_button::CopyButton;
use crate::components::date::short_date;
use crate::components::format::grouped;
use crate::components::freshness::FreshnessLine;
use crate::components::table::{ScrollingTable, numbers, words};
use crate::components::verdict::Notes;
use crate::model::analytics::Freshness;
use crate::model::promotion::{PhaseView, PitchView, ProductView, PromotionPlan, TargetView, WaterfallView};
use crate::model::release::ReleaseKind;
use jiff::civil::Date;
use leptos::prelude::*;

/// The plan.
#[component]
pub fn Plan(
    /// What was found.
    plan: PromotionPlan,
    /// What sort of product it is: a single has none ahead of it.
    kind: ReleaseKind,
) -> impl IntoView {
    let PromotionPlan {
        release_id,
        phases,
        targets,
        pitch,
        waterfall,
        rules,
        as_of,
        source,
        sample,
        notes,
        ..
    } = plan;
    let freshness = Freshness { as_of: as_of.and_then(|day| day.parse().ok()), source, sample };
    let offers_waterfall = waterfall.is_none() && kind != ReleaseKind::Single;
    view! {
        <section class="panel" aria-labelledby="plan">
            <h2 id="plan">"Plan"</h2>
            {phases.into_iter().map(|phase| view! { <Phase phase=phase /> }).collect_view()}
            <h3>"Targets"</h3>
            <Targets targets=targets />
            <Pitch pitch=pitch />
            {waterfall.map(|waterfall| view! { <Waterfall waterfall=waterfall /> })}
            {offers_waterfall
                .then(|| {
                    view! {
                        <p>
                            <a class="button" href=format!("/releases/{release_id}?waterfall=1")>
                                "Lay out a waterfall of singles"
                            </a>
                        </p>
                    }
                })}
            <Rules rules=rules />
            <Notes notes=notes />
            <FreshnessLine freshness=freshness />
        </section>
    }
}

fn day_name(text: &str) -> String {
    text.parse::<Date>().map_or_else(|_| text.to_owned(), short_date)
}

#[component]
fn Phase(phase: PhaseView) -> impl IntoView {
    let days = format!("{} to {}", day_name(&phase.from), day_name(&phase.to));
    let tasks = format!("Tasks of the phase {}", phase.name);
    view! {
        <h3>{phase.name} " " <span class="panel-period">{days}</span></h3>
        <Tasks tasks=phase.tasks label=tasks />
    }
}

#[component]
fn Targets(targets: Vec<TargetView>) -> impl IntoView {
    let count = |number: Option<i64>| match number {
        None => "–".to_owned(),
        Some(number) if number < 0 => format!("\u{2212}{}", grouped(number.unsigned_abs())),
        Some(number) => grouped(number.unsigned_abs()),
    };
    let row = move |target: TargetView| {
        view! {
            <tr>
                <th scope="row">{target.label}</th>
                <td class="number">{count(target.median)}</td>
                <td class="number">{count(target.upper)}</td>
                <td class="number">{target.releases}</td>
            </tr>
        }
    };
    view! {
        <ScrollingTable
            label="Targets from the artist's own past"
            columns=vec![words("What"), numbers("As usual"), numbers("As the best quarter"), numbers("Releases")]
        >
            {targets.into_iter().map(row).collect_view()}
        </ScrollingTable>
    }
}

#[component]
fn Pitch(pitch: PitchView) -> impl IntoView {
    let text = pitch.text.clone();
    view! {
        <h3>"Pitch" <span class="panel-period">{format!(" {} characters", pitch.characters)}</span></h3>
        <blockquote class="release-pitch">{pitch.text}</blockquote>
        <CopyButton text=text what="pitch" />
    }
}

#[component]
fn Waterfall(waterfall: WaterfallView) -> impl IntoView {
    let row = |product: ProductView| {
        let tracks: Vec<String> = product.tracks.iter().map(|track| track.title.clone()).collect();
        view! {
            <tr>
                <th scope="row">{format!("{}. {}", product.order, product.title)}</th>
                <td>{day_name(&product.date)}</td>
                <td>{product.pitch_by.as_deref().map_or_else(|| "–".to_owned(), day_name)}</td>
                <td>{tracks.join(", ")}</td>
            </tr>
        }
    };
    view! {
        <h3>"Waterfall"</h3>
        <ScrollingTable
            label="Products of the waterfall"
            columns=vec![words("Product"), words("Comes out"), words("Pitch by"), words("Tracks")]
        >
            {waterfall.products.into_iter().map(row).collect_view()}
        </ScrollingTable>
        <ul class="craft-evidence">
            {waterfall.notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}
        </ul>
    }
}
