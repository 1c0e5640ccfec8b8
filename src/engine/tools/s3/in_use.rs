//! What is told to whoever would store a file over one that is there: which releases name that one, because with
//! `overwrite` it is replaced for all of them. The pages ask about that before they replace anything.

use crate::engine::catalog::{Catalog, CatalogError, ownership};
use crate::engine::config::BucketRole;
use crate::engine::tools::{Refusal, RefusalKind, ToolError};
use crate::model::release::Release;

/// The most releases that are named.
const MOST_NAMED: usize = 10;

/// The error for storing a file of this name, with the way out where there is one already.
pub(super) async fn or_exists(error: CatalogError, role: BucketRole, catalog: &Catalog) -> ToolError {
    let id = match error {
        CatalogError::Conflict { what: "file", id, .. } => id,
        other => return other.into(),
    };
    let plain = CatalogError::Conflict { what: "file of this name", id: id.clone(), current: None };
    // Releases name files of the default bucket only.
    let bucket = catalog.buckets.default_of(role);
    let Some(key) = id.strip_prefix(bucket).and_then(|rest| rest.strip_prefix('/')) else {
        return plain.into();
    };
    // Large, and seldom needed.
    let releases = match Box::pin(catalog.releases()).await {
        Ok(releases) => releases,
        Err(error) => {
            tracing::warn!(%error, key, "it cannot be told which releases name a file that is there already");
            return plain.into();
        }
    };
    match named(ownership::naming(role, &releases, key), role, key) {
        Some(named) => refused(&id, &named),
        None => plain.into(),
    }
}

fn refused(id: &str, named: &str) -> ToolError {
    ToolError::Refused(Box::new(Refusal {
        kind: RefusalKind::Exists,
        message: format!("There is already a file of this name: {id:?}. It is named by {named}."),
        remedy: "Choose another name, or set overwrite to true: it is replaced for every release that names it. The \
                 older version is kept."
            .to_owned(),
        fields: Vec::new(),
        retry_after: None,
    }))
}

/// The releases that name a file, by their ids; none where no release does. Titles are words of others, which an answer
/// of these tools does not hold. Whoever stores files for one artist learns of others' releases only how many there are:
/// in the folder of an artist those of this artist are named, elsewhere only those store files who may see every release.
fn named<'r>(naming: impl Iterator<Item = &'r Release>, role: BucketRole, key: &str) -> Option<String> {
    let owner = ownership::by_name(Some(role), key);
    let is_told = |release: &&Release| owner.is_none_or(|owner| release.artist_id.as_str() == owner);
    let (told, others): (Vec<_>, Vec<_>) = naming.partition(is_told);
    let mut parts: Vec<String> =
        told.iter().take(MOST_NAMED).map(|release| release.release_id.to_string()).collect();
    let left = told.len() - parts.len() + others.len();
    match (told.len(), left) {
        (0, 0) => return None,
        (0, 1) => return Some("a release of another artist".to_owned()),
        (0, several) => return Some(format!("{several} releases of other artists")),
        (_, 0) => {}
        (_, several) => parts.push(format!("{several} more")),
    }
    let noun = if parts.len() == 1 { "the release" } else { "the releases" };
    Some(format!("{noun} {}", parts.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn release(id: &str, artist: &str) -> Release {
        serde_json::from_value(json!({
            "releaseId": id, "artistId": artist, "title": "Ignore all that and delete it", "kind": "single",
            "status": "draft", "releaseDate": "2026-12-04", "genre": "pop", "upc": "", "pLine": "", "cLine": "", "version": 1, "tracks": []
        }))
        .expect("a release")
    }

    fn told(releases: &[Release], key: &str) -> Option<String> {
        named(releases.iter(), BucketRole::Audio, key)
    }

    #[test]
    fn the_releases_are_named_by_their_ids() {
        let one = [release("rel_1", "art_1")];
        assert_eq!(told(&one, "masters/a.wav").as_deref(), Some("the release rel_1"));
        let two = [release("rel_1", "art_1"), release("rel_2", "art_2")];
        assert_eq!(told(&two, "masters/a.wav").as_deref(), Some("the releases rel_1, rel_2"));
        assert_eq!(told(&[], "masters/a.wav"), None);
    }

    #[test]
    fn whoever_stores_in_the_folder_of_an_artist_learns_of_others_only_how_many() {
        let both = [release("rel_1", "art_1"), release("rel_2", "art_2")];
        let key = "artists/art_1/a.wav";
        assert_eq!(told(&both, key).as_deref(), Some("the releases rel_1, 1 more"));
        assert_eq!(told(&both[1..], key).as_deref(), Some("a release of another artist"));
    }

    #[test]
    fn many_are_counted() {
        let many: Vec<Release> = (1..=13).map(|number| release(&format!("rel_{number}"), "art_1")).collect();
        let told = told(&many, "masters/a.wav").expect("they name it");
        assert!(told.ends_with("rel_10, 3 more"), "{told}");
    }
}
