//! The panels of the overview that lead on: artists that moved, releases to come.

use crate::components::badge::StatusBadge;
use crate::components::date::{Day, FromToday};
use crate::components::format::{compact, grouped};
use crate::components::kpi::Change;
use crate::components::sparkline::Sparkline;
use crate::model::artist::ArtistRow;
use crate::model::release::ReleaseRow;
use crate::pages::releases::cover::Cover;
use leptos::prelude::*;

/// Artists whose streams changed most.
#[component]
pub fn Movers(
    /// The id of the panel's heading.
    id: &'static str,
    /// The heading.
    title: &'static str,
    /// What to say when there is nobody.
    none: &'static str,
    /// The artists, most changed first.
    artists: Vec<ArtistRow>,
) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby=id>
            <h2 id=id>{title} <span class="panel-period">"28 days"</span></h2>
            {if artists.is_empty() {
                view! { <p class="panel-empty">{none}</p> }.into_any()
            } else {
                view! {
                    <ul class="lines">
                        {artists.into_iter().map(|artist| view! { <Mover artist=artist /> }).collect_view()}
                    </ul>
                }
                .into_any()
            }}
        </section>
    }
}

#[component]
fn Mover(artist: ArtistRow) -> impl IntoView {
    view! {
        <li class="line is-mover">
            <a class="line-main" href=format!("/artists/{}", artist.artist_id)>
                <span class="line-title">{artist.name}</span>
                <span class="line-note">{artist.disambiguation.unwrap_or(artist.genre)}</span>
            </a>
            <Sparkline values=artist.sparkline />
            <span class="line-figures">
                <span class="number" title=grouped(artist.streams28)>
                    {compact(artist.streams28)}
                    <span class="visually-hidden">" streams"</span>
                </span>
                <Change change=artist.change28 />
            </span>
        </li>
    }
}

/// The next releases.
#[component]
pub fn Upcoming(
    /// The releases, soonest first.
    releases: Vec<ReleaseRow>,
) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="upcoming">
            <h2 id="upcoming">"Coming out"</h2>
            {if releases.is_empty() {
                view! { <p class="panel-empty">"No release has a date ahead."</p> }.into_any()
            } else {
                view! {
                    <ul class="lines">
                        {releases.into_iter().map(|release| view! { <Coming release=release /> }).collect_view()}
                    </ul>
                }
                .into_any()
            }}
        </section>
    }
}

#[component]
fn Coming(release: ReleaseRow) -> impl IntoView {
    let note = format!("{}, {}", release.artist_name, release.kind);
    view! {
        <li class="line is-coming">
            <Cover address=release.artwork_url size=40 />
            <a class="line-main" href=format!("/releases/{}", release.release_id)>
                <span class="line-title">{release.title}</span>
                <span class="line-note">{note}</span>
            </a>
            <span class="line-figures">
                <Day date=release.release_date />
                <FromToday date=release.release_date />
            </span>
            <StatusBadge status=release.status />
        </li>
    }
}
