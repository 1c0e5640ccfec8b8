//! The page `/releases/{id}/files`: a new cover, or a new master of a track, which takes the place of the one before.

use super::file_form::FileForm;
use super::file_problem::{RefusedFile, of_file};
use super::master_upload::MasterUpload;
use super::release::parsed;
use crate::api::error::{AppError, ErrorKind};
use crate::api::release_files::view_file_uses;
use crate::api::releases::view_release;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::icon::{Glyph, Icon};
use crate::components::page_heading::PageHeading;
use crate::components::state::{ErrorState, FailedPage, Skeleton, answer_with_status};
use crate::model::identifier::ReleaseId;
use crate::model::release::Release;
use crate::model::release_file::{COVER, FilePlace, FilePurpose, FileUses, FileUsesAsked};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The field that says which file it is. It stands before the file.
pub const SUBJECT: &str = "subject";
/// The field with the version of the release that was shown. It stands before the file.
pub const VERSION: &str = "version";
/// The field with the file.
pub const FILE: &str = "file";

/// The field that says that a file is replaced for other releases, too: what was agreed to. It stands before the file.
pub const EVERYWHERE: &str = "everywhere";

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
    /// The other releases that name its cover.
    of_cover: BTreeMap<String, FileUses>,
    /// The other releases that name each of its masters.
    of_masters: BTreeMap<String, FileUses>,
    failed: Option<FailedFile>,
}

/// The other releases that name files of one.
async fn uses_of(
    purpose: FilePurpose,
    file_names: Vec<String>,
    release_id: &ReleaseId,
) -> Result<BTreeMap<String, FileUses>, AppError> {
    if file_names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let asked = FileUsesAsked { purpose, file_names: file_names.clone(), except: Some(release_id.clone()) };
    Ok(file_names.into_iter().zip(view_file_uses(asked).await?).collect())
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
    let id = &release.release_id;
    let of_cover = uses_of(FilePurpose::Cover, release.artwork.iter().cloned().collect(), id).await?;
    let masters = release.tracks.iter().filter_map(|track| track.audio.clone()).collect();
    let of_masters = uses_of(FilePurpose::Master, masters, id).await?;
    Ok(Opening { release, of_cover, of_masters, failed })
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
    let Opening { release, of_cover, of_masters, failed } = opening;
    let page = format!("/releases/{}", release.release_id);
    let upload = MasterUpload::new(page.clone());
    let tracks = release.tracks.iter().map(|track| {
        (track.track_id.to_string(), format!("Master of track {}: {}", track.number, track.title))
    });
    let subjects: Vec<(String, String)> =
        std::iter::once((COVER.to_owned(), "Cover".to_owned())).chain(tracks).collect();
    let is_known = |failed: &FailedFile| subjects.iter().any(|(subject, _)| *subject == failed.subject);
    let beside = failed.clone().filter(|failed| !is_known(failed));
    let refused = failed.clone().filter(|failed| of_file(&failed.error).is_some());
    let refused =
        refused.and_then(|failed| subjects.iter().find(|(subject, _)| *subject == failed.subject).cloned());
    let files = subjects.iter().filter_map(|(subject, name)| {
        let place = FilePlace::of(&release, subject)?;
        let problem = failed.clone().filter(|failed| failed.subject == *subject);
        let uses = match place.purpose() {
            FilePurpose::Cover => &of_cover,
            FilePurpose::Master => &of_masters,
        };
        let uses = place.named.as_ref().and_then(|named| uses.get(named)).cloned().unwrap_or_default();
        Some(view! {
            <FileForm
                release_id=release.release_id.clone()
                version=release.version
                subject=subject.clone()
                name=name.clone()
                place=place
                uses=uses
                problem=problem.map(|failed| failed.error)
                upload=upload
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
            "A new file takes the place of the one before, whose version is kept, and the release is checked again with it."
            <span class="needs-script">
                " A master that was cut off goes on when you pick the same file again."
            </span>
        </p>
        {refused.map(|(subject, name)| view! { <RefusedFile subject=subject name=name /> })}
        {beside.map(|failed| view! { <Failed error=failed.error /> })}
        {files}
    }
}

/// Why a form came to nothing.
#[component]
pub fn Failed(
    /// What it says.
    error: AppError,
) -> impl IntoView {
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
