//! Who resembles an artist, and why. That needs the figures of many others, so it is read after the page is there;
//! without JavaScript by a link.

use crate::api::artists::find_similar_artists;
use crate::api::error::AppError;
use crate::components::format::percent;
use crate::components::freshness::FreshnessLine;
use crate::components::state::{FailedBeside, Skeleton};
use crate::components::verdict::Notes;
use crate::model::analysis::{ArtistComparison, SimilarArtist};
use crate::model::identifier::ArtistId;
use leptos::prelude::*;

/// The field of the address that asks for it at once.
pub(super) const FIELD: &str = "similar";

type Found = Result<ArtistComparison, AppError>;

/// The panel. It asks by itself once the page is alive.
#[component]
pub fn Similar(
    /// Whose likes.
    artist_id: ArtistId,
    /// What the server found already, where the address asked for it.
    first: Option<Found>,
) -> impl IntoView {
    let found = RwSignal::new(first);
    let here = format!("/artists/{artist_id}");
    let asked = artist_id.clone();
    let ask = move || {
        let id = asked.clone();
        leptos::task::spawn_local(async move {
            let answer = find_similar_artists(id).await;
            // The page may have been left in the meantime.
            found.try_set(Some(answer));
        });
    };
    let again = Callback::new({
        let ask = ask.clone();
        move |()| ask()
    });
    Effect::new(move |_| {
        if found.with_untracked(Option::is_none) {
            ask();
        }
    });
    let content = move || match found.get() {
        Some(Ok(comparison)) => view! { <Likes comparison=comparison of=artist_id.to_string() /> }.into_any(),
        Some(Err(error)) => view! { <FailedBeside error=error retry=again /> }.into_any(),
        None => view! {
            <p class="without-script">
                <a class="button" href=format!("{here}?{FIELD}=1")>
                    "Find similar artists"
                </a>
            </p>
            <div class="with-script">
                <Skeleton what="similar artists" lines=4 />
            </div>
        }
        .into_any(),
    };
    view! {
        <section class="panel" aria-labelledby="similar">
            <h2 id="similar">"Similar artists"</h2>
            {content}
        </section>
    }
}

#[component]
fn Likes(comparison: ArtistComparison, of: String) -> impl IntoView {
    let ArtistComparison { similar, notes, freshness, .. } = comparison;
    let all: Vec<String> = std::iter::once(format!("artist={of}"))
        .chain(similar.iter().map(|artist| format!("artist={}", artist.artist_id)))
        .collect();
    let compare = format!("/artists/compare?{}", all.join("&"));
    let has_some = !similar.is_empty();
    let row = |artist: SimilarArtist| {
        view! {
            <li>
                <a href=format!("/artists/{}", artist.artist_id)>{artist.name}</a>
                " "
                <span class="muted">{percent(artist.similarity)} " alike"</span>
                <ul>{artist.reasons.into_iter().map(|reason| view! { <li>{reason}</li> }).collect_view()}</ul>
            </li>
        }
    };
    view! {
        {if has_some {
            view! {
                <ul class="craft-likes">{similar.into_iter().map(row).collect_view()}</ul>
                <p>
                    <a class="button" href=compare>
                        "Compare them"
                    </a>
                </p>
            }
                .into_any()
        } else {
            view! { <p class="panel-empty">"Nobody whose figures may be shown has a similar size."</p> }.into_any()
        }}
        <Notes notes=notes />
        <FreshnessLine freshness=freshness />
    }
}
