//! What is known before a file of a release is replaced: which other releases name it, too, and where the new one goes.

use crate::engine::catalog::{Catalog, CatalogError, ownership};
use crate::engine::config::{BucketRole, TableRole};
use crate::engine::tools::{
    Class, Context, Effect, Operation, Refusal, RefusalKind, Scope, Subject, ToolError, choices,
};
use crate::model::release::Release;
use crate::model::release_file::{
    FilePlace, FilePurpose, FileUses, FileUsesAsked, NamingRelease, NewReleaseFile, PlannedFile,
};
use crate::model::tool::AwsResource;

/// The most files that are asked about at once: a release with every master, and some more.
const MOST_FILES: usize = 1_000;

fn bucket_role(purpose: FilePurpose) -> BucketRole {
    match purpose {
        FilePurpose::Master => BucketRole::Audio,
        FilePurpose::Cover => BucketRole::Artwork,
    }
}

/// The releases that name a file. Of artists whose data may not be shown their number is told, where the file is not
/// one of theirs.
fn uses<'r>(
    releases: impl Iterator<Item = &'r Release>,
    role: BucketRole,
    file: &str,
    scope: &Scope,
) -> FileUses {
    let (shown, others): (Vec<_>, Vec<_>) = releases.partition(|release| scope.covers(&release.artist_id));
    let is_kept = !is_replaceable(role, file, scope);
    let is_told = !is_kept || !shown.is_empty();
    let untold = if is_told { u32::try_from(others.len()).unwrap_or(u32::MAX) } else { 0 };
    let naming = shown.into_iter().map(|release| NamingRelease {
        release_id: release.release_id.clone(),
        title: release.title.clone(),
    });
    FileUses { releases: naming.collect(), untold, is_kept }
}

/// Whether a file may be replaced, as its name tells: whoever sees some artists only replaces what lies with these.
fn is_replaceable(role: BucketRole, file: &str, scope: &Scope) -> bool {
    let owner = ownership::by_name(Some(role), file);
    scope.artists().is_none_or(|own| own.iter().any(|artist| Some(artist.as_str()) == owner))
}

/// Which releases name files.
pub struct ViewFileUses;

impl Operation for ViewFileUses {
    const NAME: &'static str = "view_file_uses";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    const SCOPED: bool = true;
    type Input = FileUsesAsked;
    /// For each file, in their order.
    type Output = Vec<FileUses>;

    fn resources(asked: &FileUsesAsked, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        if asked.file_names.len() > MOST_FILES {
            let message = format!("at most {MOST_FILES} files can be asked about at once");
            return Err(ToolError::field("fileNames", message));
        }
        Ok(vec![choices::dynamodb("Scan", catalog.table(TableRole::Releases))])
    }

    async fn run(asked: FileUsesAsked, context: Context) -> Result<Vec<FileUses>, ToolError> {
        let releases = context.catalog.releases().await?;
        let role = bucket_role(asked.purpose);
        let found = asked.file_names.iter().map(|file| {
            let naming = ownership::naming(role, &releases, file);
            let others = naming.filter(|release| Some(&release.release_id) != asked.except.as_ref());
            uses(others, role, file, &context.scope)
        });
        Ok(found.collect())
    }
}

/// Says where a new file of a release goes, before it is sent. It becomes a new version of the one before where no other
/// release names that, or whoever sends it has agreed that it is replaced for those, too; else it gets a name of its own.
pub struct PlanReleaseFile;

impl Operation for PlanReleaseFile {
    const NAME: &'static str = "plan_release_file";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    /// Of other releases it compares what those who see some artists only were shown.
    const SCOPED: bool = true;
    type Input = NewReleaseFile;
    type Output = PlannedFile;

    fn resources(_: &NewReleaseFile, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let table = catalog.table(TableRole::Releases);
        Ok(vec![choices::dynamodb("GetItem", table), choices::dynamodb("Scan", table)])
    }

    fn subject(new: &NewReleaseFile) -> Subject {
        Subject::release(None, Some(new.release_id.as_str()))
    }

    async fn run(new: NewReleaseFile, context: Context) -> Result<PlannedFile, ToolError> {
        let catalog = &context.catalog;
        let release = catalog.release(catalog.table(TableRole::Releases), &new.release_id).await?;
        let place = place_in_release(&release, &new.subject, &context.scope)?;
        if release.version != new.expected_version {
            let message = "The release has been changed since you opened this page. Nothing was stored.";
            return Err(overtaken(
                message,
                "Open the page again, look which file it names now, and pick yours once more.",
            ));
        }
        let releases = catalog.releases().await?;
        let role = bucket_role(place.purpose());
        let naming = |file: &str| {
            let all = ownership::naming(role, &releases, file);
            let others = all.filter(|other| other.release_id != release.release_id);
            others.collect::<Vec<_>>()
        };
        if let Some(before) = place.name_before(&new.file_name) {
            let others = naming(before);
            let is_agreed = !new.everywhere.is_empty();
            let known = uses(others.iter().copied(), role, before, &context.scope);
            if is_agreed && !others.is_empty() && known.consent() != new.everywhere {
                let message =
                    "Another release names the same file since you opened this page. Nothing was stored.";
                return Err(overtaken(
                    message,
                    "Open the page again, look which releases name it now, and decide once more.",
                ));
            }
            if is_agreed || others.is_empty() {
                return Ok(PlannedFile { file_name: before.to_owned(), is_renamed: false });
            }
        }
        let own = place.own_names(&new.file_name).into_iter().find(|name| naming(name).is_empty());
        let file_name = own.ok_or_else(|| {
            let message = "Every name that the file could get is named by another release.";
            refused(RefusalKind::Exists, message, "Upload it on Audio under another name, and enter that.")
        })?;
        Ok(PlannedFile { is_renamed: place.named.as_deref() != Some(file_name.as_str()), file_name })
    }
}

/// The place of a file in a release, where the caller may put another one there. What the label has chosen elsewhere
/// stays: whoever could not replace that file must not have the release name another one in its place.
pub(in crate::engine::tools) fn place_in_release(
    release: &Release,
    subject: &str,
    scope: &Scope,
) -> Result<FilePlace, ToolError> {
    let place = FilePlace::of(release, subject).ok_or_else(|| {
        let id = subject.chars().take(100).collect();
        CatalogError::NotFound { what: "track", id }
    })?;
    let role = bucket_role(place.purpose());
    if place.named.as_deref().is_some_and(|named| !is_replaceable(role, named, scope)) {
        let message =
            "The label has chosen the file that the release names now: it is not in the artist's folder.";
        return Err(refused(RefusalKind::Forbidden, message, "Ask the label to replace it."));
    }
    Ok(place)
}

fn overtaken(message: &str, remedy: &str) -> ToolError {
    refused(RefusalKind::Conflict, message, remedy)
}

fn refused(kind: RefusalKind, message: &str, remedy: &str) -> ToolError {
    ToolError::Refused(Box::new(Refusal {
        kind,
        message: message.to_owned(),
        remedy: remedy.to_owned(),
        fields: Vec::new(),
        retry_after: None,
    }))
}
