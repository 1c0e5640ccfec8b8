//! Lists the files of some artists only: those in their folders, and those that their releases name.

use crate::engine::catalog::objects::ListedObject;
use crate::engine::catalog::{Catalog, CatalogError, ownership};
use crate::engine::config::BucketRole;
use crate::model::identifier::ArtistId;
use crate::model::release::Release;
use futures::{StreamExt, stream};
use std::collections::BTreeSet;

/// How many parts of a bucket are listed side by side.
const SIDE_BY_SIDE: usize = 8;

/// Which files.
pub(super) struct OwnFiles<'a> {
    pub(super) purpose: BucketRole,
    pub(super) bucket: &'a str,
    /// How their names begin.
    pub(super) prefix: &'a str,
    /// Whose they are.
    pub(super) own: &'a BTreeSet<ArtistId>,
}

/// A part of a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// The files whose names begin so.
    Folder(String),
    /// One file.
    File(String),
}

impl Part {
    fn name(&self) -> &str {
        match self {
            Part::Folder(name) | Part::File(name) => name,
        }
    }

    /// Whether there may be files of it after a name, in the order of names.
    fn goes_on_after(&self, after: &str) -> bool {
        match self {
            Part::Folder(name) => name.as_str() > after || after.starts_with(name.as_str()),
            Part::File(name) => name.as_str() > after,
        }
    }

    /// Its files after a name, as many as are wanted.
    async fn files(
        &self,
        catalog: &Catalog,
        bucket: &str,
        wanted: u32,
        after: Option<&str>,
    ) -> Result<Vec<ListedObject>, CatalogError> {
        let folder = match self {
            Part::Folder(name) => name,
            Part::File(name) => {
                // S3 lists by the beginning of names: the name itself comes first.
                let (mut found, _) = catalog.list_objects_after(bucket, name, 1, None).await?;
                found.retain(|object| object.key == *name);
                return Ok(found);
            }
        };
        let mut files: Vec<ListedObject> = Vec::new();
        loop {
            let room = wanted.saturating_sub(u32::try_from(files.len()).unwrap_or(u32::MAX));
            let last = files.last().map(|file| file.key.clone());
            let from = last.as_deref().or(after);
            let (found, has_more) = catalog.list_objects_after(bucket, folder, room, from).await?;
            let is_all = !has_more || found.is_empty();
            files.extend(found);
            if is_all || files.len() >= wanted as usize {
                return Ok(files);
            }
        }
    }
}

impl OwnFiles<'_> {
    /// A page of them in the order of their names, after a name; and the last name of the page where there
    /// are more. No name of anybody else's file is among them.
    pub(super) async fn page(
        &self,
        catalog: &Catalog,
        most: u32,
        after: Option<String>,
    ) -> Result<(Vec<ListedObject>, Option<String>), CatalogError> {
        // Releases name files of the default bucket only.
        let parts = if self.bucket == catalog.buckets.default_of(self.purpose) {
            let releases = catalog.releases().await?;
            self.parts(&releases, after.as_deref())
        } else {
            self.parts(&[], after.as_deref())
        };
        let (bucket, after) = (self.bucket, after.as_deref());
        // One more than the page has, to know whether there are more.
        let wanted = most.saturating_add(1);
        let mut listed = stream::iter(parts)
            .map(|part| async move { part.files(catalog, bucket, wanted, after).await })
            .buffered(SIDE_BY_SIDE);
        let most = most as usize;
        let mut files = Vec::new();
        while let Some(found) = listed.next().await {
            files.extend(found?);
            if files.len() > most {
                files.truncate(most);
                let last = files.last().map(|file| file.key.clone());
                return Ok((files, last));
            }
        }
        Ok((files, None))
    }

    /// Where they are, in the order of names. No part lies within another.
    fn parts(&self, releases: &[Release], after: Option<&str>) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for artist in self.own {
            for folder in ownership::folders(self.purpose, artist) {
                if folder.starts_with(self.prefix) {
                    parts.push(Part::Folder(folder));
                } else if self.prefix.starts_with(&folder) {
                    parts.push(Part::Folder(self.prefix.to_owned()));
                }
            }
        }
        // A file that a release of somebody else names, too, is not theirs alone.
        let named = ownership::by_releases(self.purpose, releases);
        let own = named.into_iter().filter(|(key, owners)| {
            key.starts_with(self.prefix) && owners.iter().all(|owner| self.own.contains(*owner))
        });
        parts.extend(own.map(|(key, _)| Part::File(key.to_owned())));
        parts.retain(|part| after.is_none_or(|after| part.goes_on_after(after)));
        parts.sort_by(|a, b| a.name().cmp(b.name()));
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> ArtistId {
        text.parse().expect("an id")
    }

    fn parts(purpose: BucketRole, prefix: &str, after: Option<&str>) -> Vec<String> {
        let own = BTreeSet::from([id("art_1"), id("art_2")]);
        let wanted = OwnFiles { purpose, bucket: "bucket", prefix, own: &own };
        wanted.parts(&[], after).iter().map(|part| part.name().to_owned()).collect()
    }

    #[test]
    fn own_folders_are_looked_into_in_the_order_of_names() {
        let folders = ["art_1/", "art_2/", "artists/art_1/", "artists/art_2/"];
        assert_eq!(parts(BucketRole::Contracts, "", None), folders);
        assert_eq!(parts(BucketRole::Audio, "", None), folders[2..]);
    }

    #[test]
    fn a_beginning_of_names_narrows_them_further_and_never_widens_them() {
        assert_eq!(parts(BucketRole::Audio, "artists/art_2/live", None), ["artists/art_2/live"]);
        assert!(parts(BucketRole::Audio, "artists/art_3/", None).is_empty());
        assert!(parts(BucketRole::Audio, "masters/", None).is_empty());
        assert!(parts(BucketRole::Audio, "artists/art_", None).len() == 2);
    }

    #[test]
    fn a_page_goes_on_in_the_folder_in_which_the_one_before_ended() {
        let after = |name: &str| parts(BucketRole::Audio, "", Some(name));
        assert_eq!(after("artists/art_1/b.wav"), ["artists/art_1/", "artists/art_2/"]);
        assert_eq!(after("artists/art_2/b.wav"), ["artists/art_2/"]);
        assert!(after("masters/a.wav").is_empty());
    }
}
