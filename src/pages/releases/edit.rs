//! The page `/releases/{id}/edit`: the form of what a release says, or with `?track=…` of what one of its tracks says.

use super::detail_form::{DetailForm, FailedDetails, Overtaken, shown};
use super::release::{LastChange, parsed};
use super::track_order::TrackOrder;
use crate::api::error::{AppError, ErrorKind};
use crate::api::releases::view_release;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::icon::{Glyph, Icon};
use crate::components::page_heading::PageHeading;
use crate::components::permitted::may;
use crate::components::state::{ErrorState, FailedPage, Skeleton, answer_with_status};
use crate::model::details_form::{self, DetailsForm, fields_of};
use crate::model::identifier::TrackId;
use crate::model::release::Release;
use crate::pages::query_string;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use serde::{Deserialize, Serialize};

/// What the page is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opening {
    release: Release,
    /// What is stored, as the form has it.
    stored: DetailsForm,
    failed: Option<FailedDetails>,
}

async fn open(id: String, track: String, failed: Option<FailedDetails>) -> Result<Opening, AppError> {
    let read = async {
        let release = view_release(parsed(&id)?).await?.release;
        let stored = stored(&release, &track)?;
        Ok::<_, AppError>((release, stored))
    };
    let (release, stored) = match read.await {
        Ok(read) => read,
        // Why the form came to nothing tells more.
        Err(error) => return Err(failed.map_or(error, |failed| failed.error)),
    };
    if let Some(FailedDetails { error, .. }) = &failed {
        answer_with_status(error);
    }
    Ok(Opening { release, stored, failed })
}

/// What is stored of a release, or of one of its tracks.
fn stored(release: &Release, track: &str) -> Result<DetailsForm, AppError> {
    let id = if track.is_empty() { None } else { track.parse::<TrackId>().ok() };
    let is_asked = id.is_some() || track.is_empty();
    let found = details_form::stored(release, id.as_ref()).filter(|_| is_asked);
    let Some(found) = found else {
        let remedy = "Choose a track on the page of the release.";
        return Err(AppError::new(ErrorKind::NotFound, "The release has no such track.", remedy));
    };
    Ok(DetailsForm::of(fields_of(id.is_some()), &found, track, release.version))
}

/// The form of a release, or of one of its tracks.
#[component]
pub fn EditReleasePage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let asked = Memo::new(move |_| {
        let id = params.with(|params| params.get("id").unwrap_or_default());
        (id, query.with(|query| query.get("track").unwrap_or_default()))
    });
    let failed = use_context::<FailedDetails>();
    let details = Resource::new(move || asked.get(), move |(id, track)| open(id, track, failed.clone()));
    let again = Callback::new(move |()| details.refetch());
    view! {
        <Transition fallback=|| view! { <Skeleton what="the details" lines=12 /> }>
            {move || Suspend::new(async move {
                match details.await {
                    Ok(opening) => view! { <Details opening=opening /> }.into_any(),
                    Err(error) => view! { <FailedPage error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Details(opening: Opening) -> impl IntoView {
    let Opening { release, stored, failed } = opening;
    let page = format!("/releases/{}", release.release_id);
    let is_track = !stored.track.is_empty();
    let may_change = may(if is_track { "update_track_data" } else { "update_release_data" });
    let (error, typed) = failed.map(|failed| (failed.error, failed.typed)).unzip();
    let wrong = error.as_ref().map(|error| error.fields.clone()).unwrap_or_default();
    let is_overtaken = error.as_ref().is_some_and(|error| error.kind == ErrorKind::Conflict);
    let typed = typed.flatten();
    let form = shown(typed.clone(), &stored, is_overtaken);
    let (by, at) = (release.updated_by.clone(), release.updated_at.clone());
    let problem = error.map(|error| {
        if is_overtaken {
            view! { <Overtaken error=error what="release" by=by.clone() at=at.clone() /> }.into_any()
        } else {
            view! { <ErrorState error=error /> }.into_any()
        }
    });
    let order = (may_change && !is_track).then(|| {
        let (release, wrong, action) = (release.clone(), wrong.clone(), address(&release, ""));
        view! { <TrackOrder release=release typed=typed wrong=wrong is_overtaken=is_overtaken action=action /> }
    });
    let content = if may_change {
        let action = address(&release, &stored.track);
        let now = is_overtaken.then(|| stored.clone());
        let fields = fields_of(is_track);
        view! { <DetailForm fields=fields form=form wrong=wrong now=now action=action /> }.into_any()
    } else {
        view! { <p>"You may not change these details. Ask an admin for the permission."</p> }.into_any()
    };
    view! {
        <Breadcrumbs above=vec![("Releases", "/releases")] here=release.title.clone() />
        <PageHeading title=format!("Details of {}", release.title)>
            <a class="button" href=page>
                <Icon glyph=Glyph::Record />
                "To the release"
            </a>
        </PageHeading>
        <Parts release=release.clone() track=stored.track.clone() />
        {problem}
        <section class="panel" aria-labelledby="details">
            <h2 id="details">{name_of(&release, &stored.track)}</h2>
            <p class="details-version">"Version " {release.version} " " <LastChange by=by at=at /></p>
            {content}
        </section>
        {order}
    }
}

/// The page of a form.
fn address(release: &Release, track: &str) -> String {
    query_string::address(&format!("/releases/{}/edit", release.release_id), &[("track", track)])
}

/// What the thing of a form is called.
fn name_of(release: &Release, track: &str) -> String {
    let found = release.tracks.iter().find(|known| known.track_id.as_str() == track);
    found.map_or_else(|| "The release".to_owned(), |track| format!("Track {}: {}", track.number, track.title))
}

/// The ways to the forms of the release and of its tracks.
#[component]
fn Parts(release: Release, track: String) -> impl IntoView {
    let tracks = release.tracks.iter().map(|known| known.track_id.as_str());
    let parts = std::iter::once("").chain(tracks).map(|part| {
        let current = (part == track).then_some("true");
        view! {
            <li>
                <a class="button" href=address(&release, part) aria-current=current>
                    {name_of(&release, part)}
                </a>
            </li>
        }
    });
    view! {
        <nav aria-label="What to change">
            <ul class="details-parts">{parts.collect_view()}</ul>
        </nav>
    }
}
