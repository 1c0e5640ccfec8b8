//! The page `/releases/{id}/edit`: the form of what a release says, or with `?track=…` of what one of its tracks says.

use super::detail_field::Field;
use super::release::{LastChange, parsed};
use crate::api::error::{AppError, ErrorKind};
use crate::api::releases::view_release;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::icon::{Glyph, Icon};
use crate::components::page_heading::PageHeading;
use crate::components::permitted::may;
use crate::components::state::{ErrorState, FailedPage, Skeleton, answer_with_status};
use crate::model::details_form::{self, DetailsForm, fields_of};
use crate::model::field::FieldError;
use crate::model::identifier::TrackId;
use crate::model::release::Release;
use crate::pages::query_string;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use serde::{Deserialize, Serialize};

/// Given by the web layer as context when the form came to nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FailedDetails {
    /// Why.
    pub error: AppError,
    /// What was typed, where that could be read.
    pub typed: Option<DetailsForm>,
}

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
    let form = shown(typed.flatten(), &stored, is_overtaken);
    let (by, at) = (release.updated_by.clone(), release.updated_at.clone());
    let problem = error.map(|error| {
        if is_overtaken {
            view! { <Overtaken error=error by=by.clone() at=at.clone() /> }.into_any()
        } else {
            view! { <ErrorState error=error /> }.into_any()
        }
    });
    let content = if may_change {
        let action = address(&release, &stored.track);
        let now = is_overtaken.then(|| stored.clone());
        view! { <Form form=form wrong=wrong now=now action=action /> }.into_any()
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
    }
}

/// What the form shows: what was typed, else what is stored. Whoever was overtaken sees both, and may send it again.
fn shown(typed: Option<DetailsForm>, stored: &DetailsForm, is_overtaken: bool) -> DetailsForm {
    let Some(mut form) = typed.filter(|typed| typed.track == stored.track) else { return stored.clone() };
    for (name, value) in &stored.values {
        form.values.entry(name.clone()).or_insert_with(|| value.clone());
    }
    if is_overtaken {
        form.version = stored.version;
    }
    form
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

/// Says that somebody else was faster.
#[component]
fn Overtaken(error: AppError, by: Option<String>, at: Option<String>) -> impl IntoView {
    view! {
        <section class="state state-failed" role="alert">
            <Icon glyph=Glyph::Warning />
            <h2>"Somebody else was faster"</h2>
            <p class="state-message">{error.message} " Nothing of yours was kept."</p>
            <p>
                "The release was " <LastChange by=by at=at />
                ". Where that says something else than you, it stands below your text. Correct your text and keep it again, or leave the page."
            </p>
            {error.request_id.map(|id| view! { <p class="state-request">"Request " <code>{id}</code></p> })}
        </section>
    }
}

/// The form. `now` is what is stored, where somebody else was faster.
#[component]
fn Form(
    form: DetailsForm,
    wrong: Vec<FieldError>,
    now: Option<DetailsForm>,
    action: String,
) -> impl IntoView {
    let fields = fields_of(!form.track.is_empty()).iter().map(|field| {
        let name = field.name;
        let is_meant = |wrong: &&FieldError| wrong.field.split('.').next() == Some(name);
        let problem = wrong.iter().find(is_meant).map(|wrong| wrong.message.clone());
        let other = now.as_ref().filter(|now| form.differs(now, name));
        let other = other.map(|now| now.value(name).to_owned());
        view! { <Field field=field value=form.value(name).to_owned() problem=problem other=other /> }
    });
    view! {
        <form class="details-form" method="post" action=action>
            <input type="hidden" name="track" value=form.track.clone() />
            <input type="hidden" name="version" value=form.version.to_string() />
            {fields.collect_view()}
            <button type="submit" class="button is-primary">
                "Keep these details"
            </button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(version: u32, values: &[(&str, &str)]) -> DetailsForm {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        DetailsForm { track: String::new(), version, values: values.collect() }
    }

    #[test]
    fn whoever_was_overtaken_sends_with_the_version_that_they_see_now() {
        let stored = form(4, &[("title", "Dawn"), ("genre", "folk")]);
        let typed = form(3, &[("title", "Night")]);
        let both = form(4, &[("title", "Night"), ("genre", "folk")]);
        assert_eq!(shown(Some(typed.clone()), &stored, true), both);
        assert_eq!(shown(Some(typed), &stored, false).version, 3, "what is wrong is no licence to overwrite");
        assert_eq!(shown(None, &stored, false), stored);
    }
}
