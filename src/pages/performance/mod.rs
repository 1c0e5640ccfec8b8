//! The page of performance: how fast, how busy and how expensive the tools are, over time.
//!
//! Everything is in the address (`/performance?range=7d&server=s3&compare=1`), a zoom, too, and every chart
//! is also a table, so it all works without JavaScript.

pub mod address;
pub mod choice;
pub mod cost;
pub mod panel;
pub mod refresh;
pub mod totals;

use crate::api::performance::view_performance;
use crate::components::format::grouped;
use crate::components::page_heading::PageHeading;
use crate::components::state::{EmptyState, ErrorState, Skeleton};
use crate::components::table::{ScrollingTable, numbers, words};
use crate::model::fleet::server_title;
use crate::model::performance::{PerformancePicture, PerformanceRequest, PerformanceView, ToolFigures};
use choice::Choice;
use cost::Cost;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use panel::{ChartPanel, Measure};
use refresh::Refresh;
use totals::TotalsRow;

/// The page `/performance`.
#[component]
pub fn PerformancePage() -> impl IntoView {
    let search = use_location().search;
    let request = Memo::new(move |_| search.with(|search| address::read(search)));
    let picture = Resource::new(move || request.get(), view_performance);
    let again = Callback::new(move |()| picture.refetch());
    let navigate = use_navigate();
    let zoom = Callback::new(move |(from, to): (i64, i64)| {
        let part = request.with_untracked(|request| address::part(request, from, to));
        let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
        navigate(&part, options);
    });
    view! {
        <PageHeading title="Performance" />
        <Choice request=request />
        <Transition fallback=|| view! { <Skeleton what="the figures" lines=12 /> }>
            {move || Suspend::new(async move {
                match picture.await {
                    Ok(picture) => view! { <Figures picture=picture request=request.get_untracked() on_zoom=zoom /> }.into_any(),
                    Err(error) => {
                        crate::components::state::answer_with_status(&error);
                        view! { <ErrorState error=error retry=again /> }.into_any()
                    }
                }
            })}
        </Transition>
    }
}

/// What each chart shows: id, title, words, unit.
const MEASURES: [Measure; 6] = [
    Measure {
        id: "latency",
        title: "Response time",
        words: "How long calls took at the door: half of them, 95 and 99 of 100 took at most this.",
        unit: "ms",
        lines: |view| &view.latency,
    },
    Measure {
        id: "calls",
        title: "Calls",
        words: "How many calls there were in each period.",
        unit: "",
        lines: |view| &view.calls,
    },
    Measure {
        id: "errors",
        title: "Errors",
        words: "Calls that failed, or were refused because the caller may not or was wrong.",
        unit: "",
        lines: |view| &view.errors,
    },
    Measure {
        id: "saturation",
        title: "Saturation",
        words: "The greatest share of its places for calls at the same time that a server had in use.",
        unit: "%",
        lines: |view| &view.saturation,
    },
    Measure {
        id: "aws-calls",
        title: "Requests to AWS",
        words: "What Patchline asked of AWS, by service, its own checks and records included.",
        unit: "",
        lines: |view| &view.aws_calls,
    },
    Measure {
        id: "aws-retries",
        title: "Repeated requests to AWS",
        words: "Requests that were tried again, because AWS was slow or refused them for a moment.",
        unit: "",
        lines: |view| &view.aws_retries,
    },
];

#[component]
fn Figures(
    picture: PerformancePicture,
    request: PerformanceRequest,
    on_zoom: Callback<(i64, i64)>,
) -> impl IntoView {
    let picture = RwSignal::new(picture);
    let view = Memo::new(move |_| picture.with(|picture| picture.view.clone()));
    let is_empty = Memo::new(move |_| view.with(|view| view.calls.is_empty() && view.aws_calls.is_empty()));
    let panels =
        MEASURES.map(|measure| view! { <ChartPanel measure=measure picture=picture on_zoom=on_zoom /> });
    view! {
        <Refresh picture=picture request=request />
        {move || {
            is_empty
                .get()
                .then(|| {
                    view! {
                        <EmptyState title="No figures of this time">
                            <p>"Figures come from CloudWatch and appear a minute or two after the calls. Choose a longer time, or call a tool."</p>
                        </EmptyState>
                    }
                })
        }}
        {move || view.with(|view| view.truncated).then(truncated)}
        <TotalsRow view=view />
        <div class="panels is-halves">{panels.collect_view()}</div>
        <Tools view=view />
        <Cost view=view />
    }
}

fn truncated() -> impl IntoView {
    view! {
        <p class="notice tone-warning">
            "There are more series than are read at once: the sums are too small. Choose one server."
        </p>
    }
}

/// Every tool that was called.
#[component]
fn Tools(view: Memo<PerformanceView>) -> impl IntoView {
    let tools = Memo::new(move |_| view.with(|view| view.tools.clone()));
    let row = |figures: ToolFigures| {
        view! {
            <tr>
                <th scope="row">
                    <code>{figures.tool}</code>
                </th>
                <td>{server_title(&figures.server)}</td>
                <td class="number">{whole(figures.calls)}</td>
                <td class="number">{whole(figures.errors)}</td>
            </tr>
        }
    };
    view! {
        <section class="panel is-flush" aria-labelledby="tools-called">
            <h2 id="tools-called">"Tools"</h2>
            <ScrollingTable
                label="Calls by tool"
                columns=vec![words("Tool"), words("Server"), numbers("Calls"), numbers("Errors")]
            >
                {move || tools.get().into_iter().map(row).collect_view()}
            </ScrollingTable>
        </section>
    }
}

/// A count that comes as a fraction, with all its digits.
fn whole(count: f64) -> String {
    let digits = format!("{:.0}", count.max(0.0));
    digits.parse().map_or(digits, grouped)
}
