//! The page of one release.

use super::checks::Checks;
use super::cover::Cover;
use super::curve::ReleaseCurve;
use super::dates::Dates;
use super::money::Money;
use super::promotion::Plan;
use super::splits::{self, FailedSplits, OpenedSplits, Splits};
use super::tracks::Tracks;
use crate::api::error::{AppError, ErrorKind};
use crate::api::releases::{
    view_promotion_plan, view_release, view_release_dates, view_release_insights, view_release_money,
};
use crate::components::badge::{SampleBadge, StatusBadge};
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::copy_button::CopyButton;
use crate::components::date::{Day, FromToday, Moment};
use crate::components::format::{counted, duration, duration_in_words};
use crate::components::icon::{Glyph, Icon};
use crate::components::page_heading::PageHeading;
use crate::components::permitted::may;
use crate::components::print_button::PrintButton;
use crate::components::state::{ErrorState, FailedBeside, FailedPage, Skeleton};
use crate::components::track_streams::TrackStreamsPanel;
use crate::model::contract::id_of;
use crate::model::identifier::ReleaseId;
use crate::model::promotion::PromotionPlan;
use crate::model::release::{Release, ReleaseDetail, ReleaseKind, ReleaseStatus};
use crate::model::release_dates::RecommendedDates;
use crate::model::release_insights::DrawnInsights;
use crate::model::royalties::ReleaseMoney;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// The field of the address that asks for singles ahead of the release.
const WATERFALL: &str = "waterfall";

/// A part of the page, none for whoever may not see it.
type Part<T> = Resource<Option<Result<T, AppError>>>;

/// What is read beside the release: all of it is asked for at the same time.
#[derive(Clone, Copy)]
struct Beside {
    insights: Part<DrawnInsights>,
    dates: Part<RecommendedDates>,
    plan: Part<PromotionPlan>,
    money: Part<ReleaseMoney>,
    splits: Part<OpenedSplits>,
}

/// One release: cover, dates, identifiers, tracks, and who changed it.
#[component]
pub fn ReleasePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let release = Resource::new(move || id.get(), fetch);
    let beside = Beside::of(id);
    let again = Callback::new(move |()| release.refetch());
    view! {
        <Transition fallback=|| view! { <Skeleton what="the release" lines=12 /> }>
            {move || Suspend::new(async move {
                match release.await {
                    Ok(detail) => view! { <Detail detail=detail beside=beside /> }.into_any(),
                    Err(error) => view! { <FailedPage error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

impl Beside {
    fn of(id: Memo<String>) -> Self {
        let params = use_query_map();
        let wants_waterfall = move || params.with(|params| params.get_str(WATERFALL) == Some("1"));
        let (insights, dates) = (may("view_release_insights"), may("view_release_dates"));
        let (plan, money) = (may("view_promotion_plan"), may("view_royalties"));
        let sharing = may("view_release_splits");
        let failed = use_context::<FailedSplits>();
        Self {
            insights: Resource::new(
                move || id.get(),
                move |id| async move {
                    let id = parsed(&id).ok().filter(|_| insights)?;
                    Some(view_release_insights(id).await)
                },
            ),
            dates: Resource::new(
                move || id.get(),
                move |id| async move {
                    let id = parsed(&id).ok().filter(|_| dates)?;
                    Some(view_release_dates(id).await)
                },
            ),
            plan: Resource::new(
                move || (id.get(), wants_waterfall()),
                move |(id, waterfall)| async move {
                    let id = parsed(&id).ok().filter(|_| plan)?;
                    Some(view_promotion_plan(id, waterfall).await)
                },
            ),
            money: Resource::new(
                move || id.get(),
                move |id| async move {
                    let id = parsed(&id).ok().filter(|_| money)?;
                    Some(view_release_money(id).await)
                },
            ),
            splits: Resource::new(
                move || id.get(),
                move |id| {
                    let failed = failed.clone();
                    async move {
                        let id = parsed(&id).ok()?;
                        // Whoever may not see them is told at least why their form came to nothing.
                        if !sharing {
                            return failed.map(|failed| Err(failed.error));
                        }
                        Some(splits::open(id, failed).await)
                    }
                },
            ),
        }
    }
}

/// The release that an address names.
pub(super) fn parsed(id: &str) -> Result<ReleaseId, AppError> {
    id.parse().map_err(|reason| {
        AppError::new(
            ErrorKind::NotFound,
            format!("There is no such release: {reason}."),
            "Look for the title in the list of releases.",
        )
    })
}

async fn fetch(id: String) -> Result<ReleaseDetail, AppError> {
    view_release(parsed(&id)?).await
}

#[component]
fn Detail(detail: ReleaseDetail, beside: Beside) -> impl IntoView {
    let ReleaseDetail { release, artist_name, artwork_url, audio_urls, track_streams } = detail;
    let edit = may("update_release_data").then(|| format!("/releases/{}/edit", release.release_id));
    let files = (may("upload_audio_stream") || may("upload_artwork"))
        .then(|| format!("/releases/{}/files", release.release_id));
    let checks = may("check_release").then(|| release.release_id.clone());
    let release_id = release.release_id.clone();
    let sample = release.sample;
    let tracks = release.tracks.clone();
    let isrcs: Vec<String> = tracks.iter().map(|track| track.isrc.clone()).collect();
    let kind = release.kind;
    let is_out = matches!(release.status, ReleaseStatus::Released | ReleaseStatus::Withdrawn);
    view! {
        <Breadcrumbs above=vec![("Releases", "/releases")] here=release.title.clone() />
        <PageHeading title=release.title.clone()>
            {sample.then(|| view! { <SampleBadge /> })}
            {edit
                .map(|address| {
                    view! {
                        <a class="button" href=address>
                            <Icon glyph=Glyph::Pencil />
                            "Edit details"
                        </a>
                    }
                })}
            {files
                .map(|address| {
                    view! {
                        <a class="button" href=address>
                            "Cover and masters"
                        </a>
                    }
                })}
            <PrintButton />
        </PageHeading>
        <div class="release">
            <div class="release-side">
                <Cover address=artwork_url size=320 />
            </div>
            <div class="release-main">
                <Facts release=release artist_name=artist_name />
            </div>
        </div>
        {checks.map(|release_id| view! { <Checks release_id=release_id /> })}
        <Tracks tracks=tracks audio_urls=audio_urls release_id=release_id.clone() />
        <TrackStreamsPanel title="Streams by track" found=track_streams />
        {is_out.then(|| view! { <WhatItDid part=beside.insights /> })}
        {(!is_out).then(|| view! { <WhenToRelease part=beside.dates /> })}
        <HowToPromote part=beside.plan kind=kind />
        <WhoShares part=beside.splits release_id=release_id />
        <WhatItEarned part=beside.money isrcs=isrcs />
    }
}

#[component]
fn WhatItDid(part: Part<DrawnInsights>) -> impl IntoView {
    let again = Callback::new(move |()| part.refetch());
    view! {
        <Transition fallback=|| view! { <Skeleton what="what it did" lines=8 /> }>
            {move || Suspend::new(async move {
                match part.await {
                    Some(Ok(drawn)) => view! { <ReleaseCurve drawn=drawn /> }.into_any(),
                    Some(Err(error)) => view! { <FailedBeside error=error retry=again /> }.into_any(),
                    None => ().into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn WhenToRelease(part: Part<RecommendedDates>) -> impl IntoView {
    let again = Callback::new(move |()| part.refetch());
    view! {
        <Transition fallback=|| view! { <Skeleton what="dates" lines=8 /> }>
            {move || Suspend::new(async move {
                match part.await {
                    Some(Ok(dates)) => view! { <Dates dates=dates /> }.into_any(),
                    Some(Err(error)) => view! { <FailedBeside error=error retry=again /> }.into_any(),
                    None => ().into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn HowToPromote(part: Part<PromotionPlan>, kind: ReleaseKind) -> impl IntoView {
    let again = Callback::new(move |()| part.refetch());
    view! {
        <Transition fallback=|| view! { <Skeleton what="the plan" lines=8 /> }>
            {move || Suspend::new(async move {
                match part.await {
                    Some(Ok(plan)) => view! { <Plan plan=plan kind=kind /> }.into_any(),
                    Some(Err(error)) => view! { <FailedBeside error=error retry=again /> }.into_any(),
                    None => ().into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn WhoShares(part: Part<OpenedSplits>, release_id: ReleaseId) -> impl IntoView {
    let again = Callback::new(move |()| part.refetch());
    view! {
        <Transition fallback=|| view! { <Skeleton what="the splits" lines=4 /> }>
            {move || {
                let release_id = release_id.clone();
                Suspend::new(async move {
                    match part.await {
                        Some(Ok(opened)) => view! { <Splits opened=opened release_id=release_id /> }.into_any(),
                        Some(Err(error)) => view! { <ErrorState error=error retry=again /> }.into_any(),
                        None => ().into_any(),
                    }
                })
            }}
        </Transition>
    }
}

#[component]
fn WhatItEarned(part: Part<ReleaseMoney>, isrcs: Vec<String>) -> impl IntoView {
    let again = Callback::new(move |()| part.refetch());
    view! {
        <Transition fallback=|| view! { <Skeleton what="the money" lines=4 /> }>
            {move || {
                let isrcs = isrcs.clone();
                Suspend::new(async move {
                    match part.await {
                        Some(Ok(money)) => view! { <Money money=money isrcs=isrcs /> }.into_any(),
                        Some(Err(error)) => view! { <FailedBeside error=error retry=again /> }.into_any(),
                        None => ().into_any(),
                    }
                })
            }}
        </Transition>
    }
}

#[component]
fn Facts(release: Release, artist_name: String) -> impl IntoView {
    let seconds: u32 = release.tracks.iter().map(|track| track.duration_seconds).sum();
    let tracks = counted(release.tracks.len() as u64, "track");
    let reads_contracts = may("browse_contracts");
    view! {
        <dl class="facts-list">
            <Fact name="Artist">
                <a href=format!("/artists/{}", release.artist_id)>{artist_name}</a>
            </Fact>
            <Fact name="Status">
                <StatusBadge status=release.status />
            </Fact>
            <Fact name="Release date">
                <Day date=release.release_date />
                " "
                <FromToday date=release.release_date />
            </Fact>
            <Fact name="Format">
                {release.kind.to_string()} ", " {tracks} ", "
                <span title=duration_in_words(seconds)>{duration(seconds)}</span>
            </Fact>
            <Fact name="Genre">{release.genre.clone()}</Fact>
            <Fact name="UPC">
                <Identifier text=release.upc.clone() what="UPC" />
            </Fact>
            {release
                .grid
                .clone()
                .map(|grid| {
                    view! {
                        <Fact name="GRid">
                            <Identifier text=grid what="GRid" />
                        </Fact>
                    }
                })}
            {release
                .original_release_date
                .map(|date| {
                    view! {
                        <Fact name="First release">
                            <Day date=date />
                        </Fact>
                    }
                })}
            {release.territory.clone().map(|territory| view! { <Fact name="Territory">{territory}</Fact> })}
            {release
                .contract
                .clone()
                .filter(|_| reads_contracts)
                .map(|file| {
                    let address = format!("/contracts/{}", id_of(&file));
                    view! {
                        <Fact name="Contract">
                            <a href=address>{file}</a>
                        </Fact>
                    }
                })}
            <Fact name="Release id">
                <Identifier text=release.release_id.to_string() what="release id" />
            </Fact>
            <Fact name="Recording">"℗ " {release.p_line.clone()}</Fact>
            <Fact name="Artwork and text">"© " {release.c_line.clone()}</Fact>
            <Fact name="Version">
                {release.version} " " <LastChange by=release.updated_by.clone() at=release.updated_at.clone() />
            </Fact>
        </dl>
    }
}

#[component]
fn Fact(name: &'static str, children: Children) -> impl IntoView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{children()}</dd>
        </div>
    }
}

#[component]
fn Identifier(text: String, what: &'static str) -> impl IntoView {
    view! {
        <span class="identifier">
            <code>{text.clone()}</code>
            <CopyButton text=text what=what />
        </span>
    }
}

/// Who changed something last, and when.
#[component]
pub fn LastChange(
    /// Who.
    by: Option<String>,
    /// When, RFC 3339 in UTC.
    at: Option<String>,
) -> impl IntoView {
    view! {
        <span class="last-change">
            {match (by, at) {
                (Some(by), Some(at)) => view! { "changed by " {by} ", " <Moment rfc3339=at /> }.into_any(),
                (Some(by), None) => view! { "changed by " {by} }.into_any(),
                (None, Some(at)) => view! { "changed " <Moment rfc3339=at /> }.into_any(),
                (None, None) => "unchanged since it was made".into_any(),
            }}
        </span>
    }
}
