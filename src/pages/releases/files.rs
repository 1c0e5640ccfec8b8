//! The page `/releases/{id}/files`: a new cover, or a new master of a track, which takes the place of the one before.

use super::release::parsed;
use crate::api::error::{AppError, ErrorKind};
use crate::api::releases::view_release;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::icon::{Glyph, Icon};
use crate::components::page_heading::PageHeading;
use crate::components::permitted::may;
use crate::components::state::{ErrorState, FailedPage, Skeleton, answer_with_status};
use crate::model::release::Release;
use crate::model::release_file::{COVER, FilePlace};
use crate::pages::audio;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde::{Deserialize, Serialize};

/// The field that says which file it is. It stands before the file.
pub const SUBJECT: &str = "subject";
/// The field with the version of the release that was shown. It stands before the file.
pub const VERSION: &str = "version";
/// The field with the file.
pub const FILE: &str = "file";

/// What pickers offer first. The server looks at the content.
const PICTURES: &str = "image/png,image/jpeg,image/tiff";
const MASTERS: &str = "audio/*,.wav,.wave,.bwf,.rf64,.aif,.aiff,.flac,.m4a,.mp4,.mp3,.aac,.ogg,.oga";

/// Given by the web layer as context when a form came to nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FailedFile {
    /// Why.
    pub error: AppError,
    /// Which file it was about, where that could be read.
    pub subject: String,
}

/// What the page is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opening {
    release: Release,
    failed: Option<FailedFile>,
}

async fn open(id: String, failed: Option<FailedFile>) -> Result<Opening, AppError> {
    let read = async { view_release(parsed(&id)?).await };
    let release = match read.await {
        Ok(detail) => detail.release,
        // Why the form came to nothing tells more.
        Err(error) => return Err(failed.map_or(error, |failed| failed.error)),
    };
    if let Some(FailedFile { error, .. }) = &failed {
        answer_with_status(error);
    }
    Ok(Opening { release, failed })
}

/// The files of a release.
#[component]
pub fn ReleaseFilesPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let failed = use_context::<FailedFile>();
    let opening = Resource::new(move || id.get(), move |id| open(id, failed.clone()));
    let again = Callback::new(move |()| opening.refetch());
    view! {
        <Transition fallback=|| view! { <Skeleton what="the files" lines=8 /> }>
            {move || Suspend::new(async move {
                match opening.await {
                    Ok(opening) => view! { <Files opening=opening /> }.into_any(),
                    Err(error) => view! { <FailedPage error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Files(opening: Opening) -> impl IntoView {
    let Opening { release, failed } = opening;
    let page = format!("/releases/{}", release.release_id);
    let tracks = release.tracks.iter().map(|track| {
        (track.track_id.to_string(), format!("Master of track {}: {}", track.number, track.title))
    });
    let subjects: Vec<(String, String)> =
        std::iter::once((COVER.to_owned(), "Cover".to_owned())).chain(tracks).collect();
    let is_known = |failed: &FailedFile| subjects.iter().any(|(subject, _)| *subject == failed.subject);
    let beside = failed.clone().filter(|failed| !is_known(failed));
    let files = subjects.iter().filter_map(|(subject, name)| {
        let place = FilePlace::of(&release, subject)?;
        let problem = failed.clone().filter(|failed| failed.subject == *subject);
        let (subject, name, version) = (subject.clone(), name.clone(), release.version);
        let action = format!("{page}/files");
        Some(view! {
            <OneFile
                subject=subject
                name=name
                place=place
                version=version
                action=action
                problem=problem.map(|failed| failed.error)
            />
        })
    });
    let files = files.collect_view();
    view! {
        <Breadcrumbs above=vec![("Releases", "/releases")] here=release.title.clone() />
        <PageHeading title=format!("Files of {}", release.title)>
            <a class="button" href=page>
                <Icon glyph=Glyph::Record />
                "To the release"
            </a>
        </PageHeading>
        <p class="details-version">
            "A new file takes the place of the one before, whose version is kept, and the release is checked again with it. \
             A large master goes on after a lost connection if you upload it on "
            <a href=audio::address::PATH>"Audio"</a> " and name it at its track."
        </p>
        {beside.map(|failed| view! { <Failed error=failed.error /> })}
        {files}
    }
}

/// Why a form came to nothing.
#[component]
fn Failed(error: AppError) -> impl IntoView {
    if error.kind != ErrorKind::Conflict {
        return view! { <ErrorState error=error /> }.into_any();
    }
    view! {
        <section class="state state-failed" role="alert">
            <Icon glyph=Glyph::Warning />
            <h3>"Somebody else was faster"</h3>
            <p class="state-message">{error.message}</p>
            <p>{error.remedy}</p>
        </section>
    }
    .into_any()
}

#[component]
fn OneFile(
    subject: String,
    name: String,
    place: FilePlace,
    version: u32,
    action: String,
    problem: Option<AppError>,
) -> impl IntoView {
    let is_cover = subject == COVER;
    let may_store = may(if is_cover { "upload_artwork" } else { "upload_audio_stream" });
    let may_name = may(if is_cover { "update_release_data" } else { "update_track_data" });
    let heading = format!("file-{subject}");
    let is_there = place.named.is_some();
    let now = match &place.named {
        Some(named) => view! { "Named in the release: " <code>{named.clone()}</code> }.into_any(),
        None => view! { "No file is named yet." }.into_any(),
    };
    let shared = place
        .is_shared
        .then_some(" Another track names the same file, so that the new one gets a name of its own.");
    let field = format!("picked-{subject}");
    let is_new_name = !is_there || place.is_shared;
    let form = if may_store && is_new_name && !may_name {
        let words = "You may not change which file the release names. Ask somebody of the label to upload this one, or to name one that you have uploaded.";
        view! { <p>{words}</p> }.into_any()
    } else if may_store {
        let ending = (!may_name).then_some(" It needs the same ending as the one before.");
        let help = if is_cover {
            "PNG or JPEG in RGB, square, 3000 × 3000 pixels or more, at most 16 MiB."
        } else {
            "WAV, FLAC or ALAC with 16 or 24 bits, up to 5 GiB. The content decides, not the name."
        };
        let (label, button) = match (is_cover, is_there) {
            (true, true) => ("New cover", "Replace the cover"),
            (true, false) => ("Cover", "Upload the cover"),
            (false, true) => ("New master", "Replace the master"),
            (false, false) => ("Master", "Upload the master"),
        };
        let accepted = if is_cover { PICTURES } else { MASTERS };
        let described = format!("{field}-help");
        view! {
            <form class="details-form" method="post" enctype="multipart/form-data" action=action>
                <input type="hidden" name=SUBJECT value=subject />
                <input type="hidden" name=VERSION value=version.to_string() />
                <div class="field">
                    <label for=field.clone()>{label}</label>
                    <input
                        type="file"
                        id=field
                        name=FILE
                        required
                        accept=accepted
                        aria-describedby=described.clone()
                    />
                    <p class="field-help" id=described>
                        {help} {ending}
                    </p>
                </div>
                <button type="submit" class="button is-primary">
                    {button}
                </button>
            </form>
        }
        .into_any()
    } else {
        let words = "You may not upload this file. Ask a producer of the label to, or name a file that is there already among the details of the release.";
        view! { <p>{words}</p> }.into_any()
    };
    view! {
        <section class="panel release-file" aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>{name}</h2>
            <p class="details-version">{now} {shared}</p>
            {problem.map(|error| view! { <Failed error=error /> })}
            {form}
        </section>
    }
}
