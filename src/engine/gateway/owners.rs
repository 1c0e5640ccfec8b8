//! Whose data a call is about: told by its input, by the name of a file, or by the record that is meant.
//!
//! Records are read for those who may see some artists only. What there is not belongs to nobody, so that it
//! is refused with the same words as what belongs to others.

use super::policy::Place;
use super::{CallError, Principal};
use crate::engine::catalog::{Catalog, CatalogError, ownership};
use crate::engine::config::{BucketRole, TableRole};
use crate::engine::tools::{NamedRelease, Subject};
use crate::model::identifier::ReleaseId;

/// What is known of a call before it is done.
pub(super) struct Matter {
    /// What it is about, as far as its input tells.
    pub(super) subject: Subject,
    /// Whether it keeps to the artists that it may show.
    pub(super) is_scoped: bool,
    /// Whether it changes nothing.
    pub(super) reads_only: bool,
}

/// The artists whose data a place has. Whoever may use it for all artists needs no record to be read for that.
pub(super) async fn of(
    catalog: &Catalog,
    matter: &Matter,
    place: Place<'_>,
    principal: &Principal,
    own_only: bool,
) -> Result<Option<Vec<String>>, CallError> {
    if own_only { found(catalog, matter, place, principal).await } else { Ok(told(matter, place)) }
}

/// As far as the call itself tells.
fn told(matter: &Matter, place: Place<'_>) -> Option<Vec<String>> {
    place.owner().map(|owner| vec![owner]).or_else(|| matter.subject.artists.clone())
}

/// For somebody who may see some artists only: what the call does not tell is looked up.
async fn found(
    catalog: &Catalog,
    matter: &Matter,
    place: Place<'_>,
    principal: &Principal,
) -> Result<Option<Vec<String>>, CallError> {
    let told = told(matter, place);
    if let Some(named) = &matter.subject.release {
        let mut owners = of_release(catalog, named).await?;
        if !owners.is_empty() {
            owners.extend(told.into_iter().flatten());
        }
        return Ok(Some(owners));
    }
    if told.is_some() {
        return Ok(told);
    }
    if matter.is_scoped {
        // It leaves out what is not theirs.
        return Ok(Some(principal.artists.iter().map(ToString::to_string).collect()));
    }
    match place {
        // A release that names a file says whose it is, and does not give it to be replaced. Releases name files
        // of the default bucket only.
        Place::Bucket { name, purpose: Some(purpose), key }
            if matter.reads_only && name == catalog.buckets.default_of(purpose) =>
        {
            Ok(Some(of_file(catalog, purpose, key).await?))
        }
        Place::Bucket { .. } if matter.reads_only => Ok(Some(Vec::new())),
        _ => Ok(None),
    }
}

async fn of_release(catalog: &Catalog, named: &NamedRelease) -> Result<Vec<String>, CallError> {
    let Ok(id) = named.release_id.parse::<ReleaseId>() else { return Ok(Vec::new()) };
    let table = named.table.as_deref().unwrap_or(catalog.table(TableRole::Releases));
    // Large, and seldom needed.
    match Box::pin(catalog.release(table, &id)).await {
        Ok(release) => Ok(vec![release.artist_id.to_string()]),
        Err(CatalogError::NotFound { .. } | CatalogError::Unreadable { .. }) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

async fn of_file(catalog: &Catalog, purpose: BucketRole, key: &str) -> Result<Vec<String>, CallError> {
    let releases = Box::pin(catalog.releases()).await?;
    Ok(ownership::of_file(purpose, &releases, key).into_iter().map(ToString::to_string).collect())
}
