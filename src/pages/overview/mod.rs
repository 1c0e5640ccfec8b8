//! The label at a glance.

pub mod ask;
pub mod panels;

use crate::api::overview::label_overview;
use crate::components::chart::StreamsChart;
use crate::components::date::short_date;
use crate::components::format::{compact, counted, grouped, signed_percent};
use crate::components::freshness::FreshnessLine;
use crate::components::icon::{Glyph, Icon};
use crate::components::kpi::{Change, Kpi, KpiRow};
use crate::components::page_heading::PageHeading;
use crate::components::permitted::may;
use crate::components::share_bars::ShareBars;
use crate::components::state::{EmptyState, FailedPage, Skeleton, WithoutOwnData};
use crate::model::analytics::DayTotal;
use crate::model::overview::Overview;
use crate::pages::contracts::near::NoticeDates;
use ask::Ask;
use jiff::ToSpan;
use leptos::prelude::*;
use panels::{Movers, Upcoming};
use std::time::Duration;

/// How often a page asks again while the sample label is being written.
const PREPARING_INTERVAL: Duration = Duration::from_secs(2);

/// The first page.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let overview = Resource::new(|| (), |()| label_overview());
    let again = Callback::new(move |()| overview.refetch());
    view! {
        <Transition fallback=|| view! { <Skeleton what="the overview" lines=12 /> }>
            {move || Suspend::new(async move {
                match overview.await {
                    Ok(overview) => view! { <Glance overview=overview again=again /> }.into_any(),
                    Err(error) => view! { <FailedPage error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Glance(overview: Overview, again: Callback<()>) -> impl IntoView {
    let preparing = overview.preparing;
    let freshness = overview.freshness.clone();
    view! {
        <PageHeading title="Overview">
            <FreshnessLine freshness=freshness />
        </PageHeading>
        {may("start_task").then(|| view! { <Ask /> })}
        {preparing.then(|| view! { <Preparing again=again /> })}
        {overview.trouble.clone().map(|reason| view! { <Trouble reason=reason /> })}
        {if overview.artists == 0 && !preparing {
            view! {
                <EmptyState title="No artists yet">
                    <p>
                        "Figures appear here once the label's tables in DynamoDB have artists and what the \
                        platforms report of them: an admin fills those."
                    </p>
                    <WithoutOwnData />
                </EmptyState>
            }
            .into_any()
        } else {
            view! { <Figures overview=overview /> }.into_any()
        }}
    }
}

#[component]
fn Figures(overview: Overview) -> impl IntoView {
    view! {
        <KeyFigures overview=overview.clone() />
        <div class="columns">
            <div class="column">
            <section class="panel" aria-labelledby="label-streams">
                <h2 id="label-streams">{format!("Streams, last {}", counted(overview.days.len() as u64, "day"))}</h2>
                <StreamsChart of="The label" days=overview.days />
            </section>
        <div class="panels is-halves">
            <Movers id="rising" title="Rising" none="Nobody gained streams." artists=overview.rising />
            <Movers id="falling" title="Falling" none="Nobody lost streams." artists=overview.falling />
        </div>
            </div>
            <div class="column">
            <section class="panel" aria-labelledby="platforms">
                <h2 id="platforms">"Platforms" <span class="panel-period">"28 days"</span></h2>
                <ShareBars shares=overview.platforms />
            </section>
            <Upcoming releases=overview.upcoming />
            {may("browse_contracts").then(|| view! { <NoticeDates /> })}
            </div>
        </div>
    }
}

#[component]
fn KeyFigures(overview: Overview) -> impl IntoView {
    let newest = overview
        .days
        .iter()
        .rev()
        .find_map(|day| day.streams.map(|streams| (day.date, streams)))
        .map(|(date, streams)| (date, streams, week_before(&overview.days, streams, date)));
    view! {
        <KpiRow>
            <Kpi label="Streams, 28 days" value=compact(overview.streams28) exact=grouped(overview.streams28)>
                <Change change=overview.change28 />
                " against the 28 days before"
            </Kpi>
            {newest
                .map(|(date, streams, comparison)| {
                    view! {
                        <Kpi
                            label=format!("Streams on {}", short_date(date))
                            value=compact(streams)
                            exact=grouped(streams)
                        >
                            {comparison}
                        </Kpi>
                    }
                })}
            <Kpi label="Artists" value=grouped(overview.artists.into())>
                <a href="/artists">"All artists"</a>
            </Kpi>
            <Kpi label="Releases" value=grouped(overview.releases.into())>
                <a href="/releases">"All releases"</a>
            </Kpi>
        </KpiRow>
    }
}

/// The newest day against the same day of the week before: days of a week differ too much to compare
/// with one another.
fn week_before(days: &[DayTotal], streams: u64, date: jiff::civil::Date) -> String {
    let before = date
        .checked_sub(7.days())
        .ok()
        .and_then(|before| days.iter().find(|day| day.date == before))
        .and_then(|day| day.streams)
        .filter(|before| *before > 0);
    match before {
        #[expect(clippy::cast_precision_loss, reason = "counts of streams are far below 2⁵²")]
        Some(before) => {
            format!("{} against the week before", signed_percent(streams as f64 / before as f64 - 1.0))
        }
        None => "no report a week before".to_owned(),
    }
}

/// Says that the sample label is still being written, and asks again until it is done.
#[component]
fn Preparing(again: Callback<()>) -> impl IntoView {
    Effect::new(move |_| {
        if let Ok(timer) = set_timeout_with_handle(move || again.run(()), PREPARING_INTERVAL) {
            on_cleanup(move || timer.clear());
        }
    });
    view! {
        <section class="notice tone-signal" role="status">
            <Icon glyph=Glyph::Wave />
            <p>
                <strong>"The sample label is being prepared."</strong>
                " Figures are incomplete until it is done; this page follows by itself. "
                <a href="/" rel="external" class="without-script">
                    "Look again"
                </a>
            </p>
        </section>
    }
}

/// Why there is no sample label, though there should be one.
#[component]
fn Trouble(reason: String) -> impl IntoView {
    view! {
        <section class="notice tone-signal" role="status">
            <Icon glyph=Glyph::Warning />
            <p>
                <strong>"The sample label could not be written. "</strong>
                {reason}
                ". Mend that, then start Patchline again: it goes on where it stopped."
            </p>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn compares_a_day_with_the_same_day_of_the_week_before() {
        let days = [DayTotal { date: date(2026, 11, 13), streams: Some(100) }];
        assert_eq!(week_before(&days, 110, date(2026, 11, 20)), "+10.0\u{a0}% against the week before");
    }

    #[test]
    fn compares_with_nothing_where_the_day_before_has_no_report() {
        let days = [DayTotal { date: date(2026, 11, 13), streams: None }];
        assert_eq!(week_before(&days, 110, date(2026, 11, 20)), "no report a week before");
    }
}
