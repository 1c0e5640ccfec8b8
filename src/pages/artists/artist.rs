//! The page of one artist.

use super::analysis::Analysis;
use super::engagement::EngagementPanel;
use super::similar::{FIELD, Similar};
use super::statement::path_of;
use super::territories::Territories;
use super::tracks::Recordings;
use crate::api::artists::{find_similar_artists, view_artist, view_artist_analysis};
use crate::api::error::{AppError, ErrorKind};
use crate::components::badge::{EventBadge, StatusBadge};
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::chart::StreamsChart;
use crate::components::copy_button::CopyButton;
use crate::components::date::{Day, short_date};
use crate::components::format::{compact, counted, grouped};
use crate::components::freshness::FreshnessLine;
use crate::components::icon::{Glyph, Icon};
use crate::components::kpi::{Change, Kpi, KpiRow};
use crate::components::page_heading::PageHeading;
use crate::components::permitted::may;
use crate::components::print_button::PrintButton;
use crate::components::share_bars::ShareBars;
use crate::components::state::{FailedBeside, FailedPage, Skeleton};
use crate::components::track_streams::TrackStreamsPanel;
use crate::model::analysis::{ArtistAnalysis, ArtistComparison};
use crate::model::artist::{Artist, ArtistDetail, ArtistEvent, ArtistRow, NetworkFollowers};
use crate::model::identifier::ArtistId;
use crate::model::release::ReleaseRow;
use crate::model::territory::territory_name;
use crate::pages::releases::cover::Cover;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// What is read beside the artist: all of it is asked for at the same time.
#[derive(Clone, Copy)]
struct Beside {
    /// The analysis; none for whoever may not see it.
    analysis: Resource<Option<Result<ArtistAnalysis, AppError>>>,
    /// Similar artists, where the address asks for them.
    similar: Resource<Option<Result<ArtistComparison, AppError>>>,
}

/// One artist: figures, what moved them, territories, releases.
#[component]
pub fn ArtistPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let artist = Resource::new(move || id.get(), fetch);
    let beside = Beside::of(id);
    let again = Callback::new(move |()| artist.refetch());
    view! {
        <Transition fallback=|| view! { <Skeleton what="the artist" lines=12 /> }>
            {move || Suspend::new(async move {
                match artist.await {
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
        let analysed = may("view_artist_analysis");
        let compared = may("view_comparison");
        let analysis = Resource::new(
            move || id.get(),
            move |id| async move {
                let id = parsed(&id).ok().filter(|_| analysed)?;
                Some(view_artist_analysis(id).await)
            },
        );
        let similar = Resource::new(
            move || (id.get(), params.with(|params| params.get(FIELD).is_some())),
            move |(id, asked)| async move {
                let id = parsed(&id).ok().filter(|_| asked && compared)?;
                Some(find_similar_artists(id).await)
            },
        );
        Self { analysis, similar }
    }
}

fn parsed(id: &str) -> Result<ArtistId, AppError> {
    id.parse().map_err(|reason| {
        AppError::new(
            ErrorKind::NotFound,
            format!("There is no such artist: {reason}."),
            "Look for the name in the list of artists.",
        )
    })
}

/// All that is known of the artist that an address names.
pub(super) async fn fetch(id: String) -> Result<ArtistDetail, AppError> {
    view_artist(parsed(&id)?).await
}

#[component]
fn Detail(detail: ArtistDetail, beside: Beside) -> impl IntoView {
    let heard = heard(&detail);
    let ArtistDetail {
        artist,
        namesakes,
        days,
        platforms,
        territories,
        releases,
        tracks,
        track_streams,
        engagement,
        engagement_rates,
        social_followers,
        freshness,
        ..
    } = detail;
    let told_by = if social_followers.is_empty() {
        "all platforms, newest day"
    } else {
        "streaming services, newest day"
    };
    let is_divided = !track_streams.rows.is_empty();
    let period = days.len();
    let exported = artist.artist_id.clone();
    let release_count = releases.len().to_string();
    let newest = releases.first().map(|release| format!("newest {}", short_date(release.release_date)));
    view! {
        <Breadcrumbs above=vec![("Artists", "/artists")] here=artist.name.clone() />
        <PageHeading title=artist.name.clone()>
            <StatementLink artist_id=exported.clone() />
            <EditLink artist_id=exported.clone() />
            <Exports artist_id=exported />
            <FreshnessLine freshness=freshness />
        </PageHeading>
        <Who artist=&artist />
        {(!namesakes.is_empty()).then(|| view! { <Namesakes name=artist.name.clone() others=namesakes /> })}
        <KpiRow>
            {heard}
            <Kpi label="Saves, 28 days" value=known(detail.saves28, compact) exact=known(detail.saves28, grouped)>
                "tracks saved to a library"
            </Kpi>
            <Kpi label="Followers" value=known(detail.followers, compact) exact=known(detail.followers, grouped)>
                {told_by}
            </Kpi>
            {(!social_followers.is_empty()).then(|| view! { <SocialFollowers found=social_followers /> })}
            <Kpi label="Releases" value=release_count>
                {newest}
            </Kpi>
        </KpiRow>
        <section class="panel" aria-labelledby="streams">
            <h2 id="streams">{format!("Streams, last {}", counted(period as u64, "day"))}</h2>
            <StreamsChart of=artist.name.clone() days=days events=artist.events.clone() />
            <Events events=artist.events />
        </section>
        <div class="panels is-halves">
            <section class="panel" aria-labelledby="platforms">
                <h2 id="platforms">"Platforms" <span class="panel-period">"28 days"</span></h2>
                <ShareBars shares=platforms />
            </section>
            <section class="panel" aria-labelledby="territories">
                <h2 id="territories">"Territories" <span class="panel-period">"28 days"</span></h2>
                <Territories shares=territories />
            </section>
        </div>
        <EngagementPanel rows=engagement rates=engagement_rates />
        <TrackStreamsPanel title="Tracks" found=track_streams />
        <Analysed beside=beside />
        <Alike artist_id=artist.artist_id.clone() beside=beside />
        <Discography releases=releases />
        <Recordings name=artist.name.clone() tracks=tracks is_divided=is_divided />
    }
}

/// The streams of 28 days, with how many of these are known where some are not.
fn heard(detail: &ArtistDetail) -> impl IntoView + use<> {
    let (known_days, change) = (detail.known_days28(), detail.change28);
    let streams = (known_days > 0).then_some(detail.streams28);
    let of_days = (known_days < 28).then(|| format!("; {known_days} of the 28 days are known"));
    view! {
        <Kpi label="Streams, 28 days" value=known(streams, compact) exact=known(streams, grouped)>
            <Change change=change />
            " against the 28 days before"
            {of_days}
        </Kpi>
    }
}

/// The followers on social networks, who are none of a streaming service.
#[component]
fn SocialFollowers(found: Vec<NetworkFollowers>) -> impl IntoView {
    let sum = found.iter().fold(0_u64, |sum, one| sum.saturating_add(one.followers));
    let each = found.iter().map(|one| {
        format!("{} {} ({})", one.platform.label(), grouped(one.followers), short_date(one.as_of))
    });
    let each = each.collect::<Vec<_>>().join(", ");
    view! {
        <Kpi label="Followers, social networks" value=compact(sum) exact=grouped(sum)>
            {each}
        </Kpi>
    }
}

/// The analysis, which may come after the rest where the browser asks for it.
#[component]
fn Analysed(beside: Beside) -> impl IntoView {
    let again = Callback::new(move |()| beside.analysis.refetch());
    view! {
        <Transition fallback=|| view! { <Skeleton what="the analysis" lines=10 /> }>
            {move || Suspend::new(async move {
                match beside.analysis.await {
                    Some(Ok(analysis)) => view! { <Analysis analysis=analysis /> }.into_any(),
                    Some(Err(error)) => view! { <FailedBeside error=error retry=again /> }.into_any(),
                    None => ().into_any(),
                }
            })}
        </Transition>
    }
}

/// Similar artists, for whoever may compare.
#[component]
fn Alike(artist_id: ArtistId, beside: Beside) -> impl IntoView {
    may("view_comparison").then(|| {
        view! {
            <Transition fallback=|| view! { <Skeleton what="similar artists" lines=4 /> }>
                {move || {
                    let artist_id = artist_id.clone();
                    Suspend::new(async move {
                        let first = beside.similar.await;
                        view! { <Similar artist_id=artist_id first=first /> }
                    })
                }}
            </Transition>
        }
    })
}

/// What the artist earned, for whoever may see it.
#[component]
fn StatementLink(artist_id: ArtistId) -> impl IntoView {
    may("view_royalties").then(|| {
        view! {
            <a class="button" href=path_of(artist_id.as_str())>
                "Statement"
            </a>
        }
    })
}

/// The form of what tells the artist from others, for whoever may change that.
#[component]
fn EditLink(artist_id: ArtistId) -> impl IntoView {
    may("update_artist_data").then(|| {
        view! {
            <a class="button" href=format!("/artists/{artist_id}/edit")>
                "Edit details"
            </a>
        }
    })
}

/// The tables of the page as files.
#[component]
fn Exports(artist_id: ArtistId) -> impl IntoView {
    may("view_artist_analysis").then(|| {
        view! {
            <a class="button" href=format!("/export/artists/{artist_id}.csv") rel="external" download="">
                "CSV"
            </a>
            <PrintButton />
        }
    })
}

#[component]
fn Who<'a>(artist: &'a Artist) -> impl IntoView {
    view! {
        <div class="who">
            <p class="facts">
                {artist.disambiguation.clone().map(|note| view! { <span>{note}</span> })}
                <span>{artist.genre.clone()}</span>
                <span>{territory_name(&artist.country).to_owned()}</span>
                <span>"signed " <Day date=artist.signed_on /></span>
                {artist
                    .isni
                    .clone()
                    .map(|isni| {
                        view! {
                            <span class="identifier">
                                "ISNI "
                                <code>{isni.clone()}</code>
                                <CopyButton text=isni what="ISNI" />
                            </span>
                        }
                    })}
                {artist
                    .ipi
                    .clone()
                    .map(|ipi| {
                        view! {
                            <span class="identifier">
                                "IPI "
                                <code>{ipi.clone()}</code>
                                <CopyButton text=ipi what="IPI" />
                            </span>
                        }
                    })}
                <span class="identifier">
                    <code>{artist.artist_id.to_string()}</code>
                    <CopyButton text=artist.artist_id.to_string() what="artist id" />
                </span>
            </p>
            <p class="biography">{artist.biography.clone()}</p>
        </div>
    }
}

/// A name is not an identity: figures of one artist have been paid to another before.
#[component]
fn Namesakes(name: String, others: Vec<ArtistRow>) -> impl IntoView {
    let count = match others.len() + 1 {
        2 => "two".to_owned(),
        3 => "three".to_owned(),
        more => more.to_string(),
    };
    view! {
        <section class="notice tone-warning" aria-label="Same name">
            <Icon glyph=Glyph::Warning />
            <div>
                <p>
                    <strong>{format!("There are {count} artists named {name}.")}</strong>
                    " Check that this is the one you mean. "
                    {if others.len() == 1 { "The other:" } else { "The others:" }}
                </p>
                <ul>
                    {others
                        .into_iter()
                        .map(|other| {
                            let note = other
                                .disambiguation
                                .unwrap_or_else(|| format!("{}, {}", other.genre, territory_name(&other.country)));
                            view! {
                                <li>
                                    <a href=format!("/artists/{}", other.artist_id)>{other.name} ", " {note}</a>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </div>
        </section>
    }
}

#[component]
fn Events(events: Vec<ArtistEvent>) -> impl IntoView {
    (!events.is_empty()).then(|| {
        view! {
            <h3>"What happened"</h3>
            <ol class="events">
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
            </ol>
        }
    })
}

#[component]
fn Discography(releases: Vec<ReleaseRow>) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="releases">
            <h2 id="releases">"Releases"</h2>
            {if releases.is_empty() {
                view! { <p class="panel-empty">"No releases yet."</p> }.into_any()
            } else {
                view! {
                    <ul class="lines is-columns">
                        {releases
                            .into_iter()
                            .map(|release| {
                                let tracks = counted(release.track_count.into(), "track");
                                view! {
                                    <li class="line is-coming">
                                        <Cover address=release.artwork_url size=40 />
                                        <a class="line-main" href=format!("/releases/{}", release.release_id)>
                                            <span class="line-title">{release.title}</span>
                                            <span class="line-note">{format!("{}, {tracks}", release.kind)}</span>
                                        </a>
                                        <span class="line-figures">
                                            <Day date=release.release_date />
                                        </span>
                                        <StatusBadge status=release.status />
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                }
                .into_any()
            }}
        </section>
    }
}

/// A figure, or that it is not known.
fn known(figure: Option<u64>, written: fn(u64) -> String) -> String {
    figure.map_or_else(|| "Not known".to_owned(), written)
}
