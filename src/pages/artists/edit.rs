//! The page `/artists/{id}/edit`: the form of what tells an artist from others.

use super::artist::fetch;
use crate::api::error::{AppError, ErrorKind};
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::icon::{Glyph, Icon};
use crate::components::page_heading::PageHeading;
use crate::components::permitted::may;
use crate::components::state::{ErrorState, FailedPage, Skeleton, answer_with_status};
use crate::model::artist::Artist;
use crate::model::details_form::{ARTIST_FIELDS, DetailsForm};
use crate::pages::releases::detail_form::{DetailForm, FailedDetails, Overtaken, shown};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde::{Deserialize, Serialize};

/// What the page is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opening {
    artist: Artist,
    failed: Option<FailedDetails>,
}

async fn open(id: String, failed: Option<FailedDetails>) -> Result<Opening, AppError> {
    let artist = match fetch(id).await {
        Ok(detail) => detail.artist,
        // Why the form came to nothing tells more.
        Err(error) => return Err(failed.map_or(error, |failed| failed.error)),
    };
    if let Some(FailedDetails { error, .. }) = &failed {
        answer_with_status(error);
    }
    Ok(Opening { artist, failed })
}

/// The form of an artist.
#[component]
pub fn EditArtistPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let failed = use_context::<FailedDetails>();
    let artist = Resource::new(move || id.get(), move |id| open(id, failed.clone()));
    let again = Callback::new(move |()| artist.refetch());
    view! {
        <Transition fallback=|| view! { <Skeleton what="the details" lines=4 /> }>
            {move || Suspend::new(async move {
                match artist.await {
                    Ok(opening) => view! { <Details opening=opening /> }.into_any(),
                    Err(error) => view! { <FailedPage error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// What is stored of an artist, as the form has it.
fn stored(artist: &Artist) -> DetailsForm {
    // What is no record has nothing to show.
    let record = serde_json::to_value(artist).unwrap_or_default();
    DetailsForm::of(ARTIST_FIELDS, &record, "", artist.version)
}

#[component]
fn Details(opening: Opening) -> impl IntoView {
    let Opening { artist, failed } = opening;
    let may_change = may("update_artist_data");
    let stored = stored(&artist);
    let page = format!("/artists/{}", artist.artist_id);
    let action = format!("{page}/edit");
    let (error, typed) = failed.map(|failed| (failed.error, failed.typed)).unzip();
    let wrong = error.as_ref().map(|error| error.fields.clone()).unwrap_or_default();
    let is_overtaken = error.as_ref().is_some_and(|error| error.kind == ErrorKind::Conflict);
    let form = shown(typed.flatten(), &stored, is_overtaken);
    let problem = error.map(|error| {
        if is_overtaken {
            view! { <Overtaken error=error what="artist" by=None at=None /> }.into_any()
        } else {
            view! { <ErrorState error=error /> }.into_any()
        }
    });
    let content = if may_change {
        let now = is_overtaken.then_some(stored);
        view! { <DetailForm fields=ARTIST_FIELDS form=form wrong=wrong now=now action=action /> }.into_any()
    } else {
        view! { <p>"You may not change these details. Ask an admin for the permission."</p> }.into_any()
    };
    view! {
        <Breadcrumbs above=vec![("Artists", "/artists")] here=artist.name.clone() />
        <PageHeading title=format!("Details of {}", artist.name)>
            <a class="button" href=page>
                <Icon glyph=Glyph::Record />
                "To the artist"
            </a>
        </PageHeading>
        {problem}
        <section class="panel" aria-labelledby="details">
            <h2 id="details">"The artist"</h2>
            <p class="details-version">
                {format!("Version {}. Stores tell artists of the same name apart by the ISNI, societies of writers by the IPI.", artist.version)}
            </p>
            {content}
        </section>
    }
}
