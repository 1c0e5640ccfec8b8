//! Copies of the checkpoints of audit logs, in a bucket of their own whose objects nobody can change or remove.

use super::item::bucket_resource;
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
use crate::engine::sealing::{Checkpoint, CheckpointCopy};
use crate::model::audit::RETENTION_DAYS;
use crate::model::merkle::{from_hex, to_hex};
use aws_sdk_s3::primitives::{ByteStream, DateTime};
use jiff::Timestamp;

/// How the name of a copy ends.
const ENDING: &str = ".txt";

/// And before that, for the one which says that nothing follows: the checkpoint before it has the same size and
/// root.
const LAST: &str = "end";

/// And for one of a log whose records are kept for another time than usual: for how many days.
const KEPT: &str = "kept";

/// The name tells what is compared, so that a list of the bucket is enough to compare.
fn key(checkpoint: &Checkpoint) -> String {
    let Checkpoint { log, size, root, kept, .. } = checkpoint;
    let last = if checkpoint.ended { format!("-{LAST}") } else { String::new() };
    let kept = if kept.all == RETENTION_DAYS { String::new() } else { format!("-{KEPT}{}", kept.all) };
    format!("{log}/{size:020}-{}{last}{kept}{ENDING}", to_hex(root))
}

/// What a name tells; none for what is no copy.
fn copy(key: &str, made: Option<&DateTime>) -> Option<CheckpointCopy> {
    let (log, rest) = key.split_once('/')?;
    let (size, root) = rest.strip_suffix(ENDING)?.split_once('-')?;
    let (root, more) = root.split_once('-').unwrap_or((root, LAST));
    let mut kept = RETENTION_DAYS;
    for part in more.split('-').filter(|part| *part != LAST) {
        kept = part.strip_prefix(KEPT)?.parse().ok()?;
    }
    let made = made.and_then(|made| Timestamp::from_second(made.secs()).ok());
    Some(CheckpointCopy { log: log.to_owned(), size: size.parse().ok()?, root: from_hex(root)?, made, kept })
}

impl Catalog {
    /// Whether checkpoints are copied.
    pub(crate) fn copies_checkpoints(&self) -> bool {
        self.audit_bucket.is_some()
    }

    /// Copies a checkpoint, where there is a bucket for that.
    pub(crate) async fn copy_checkpoint(
        &self,
        checkpoint: &Checkpoint,
        note: &str,
    ) -> Result<(), CatalogError> {
        let Some(bucket) = &self.audit_bucket else { return Ok(()) };
        let key = key(checkpoint);
        let put = self
            .aws
            .s3
            .put_object()
            .bucket(bucket)
            .key(&key)
            .content_type("text/plain; charset=utf-8")
            .if_none_match("*")
            .body(ByteStream::from(note.as_bytes().to_vec()));
        let Err(error) = put.send().await else { return Ok(()) };
        let failure = AwsFailure::from_sdk(bucket_resource("PutObject", bucket, &key), &error);
        match failure.kind {
            // It is there already, as its name says.
            FailureKind::Condition => Ok(()),
            _ => Err(failure.into()),
        }
    }

    /// Whether what is put into a bucket can be removed by nobody for a while.
    pub(crate) async fn locks_objects(&self, bucket: &str) -> Result<bool, AwsFailure> {
        match self.aws.s3.get_object_lock_configuration().bucket(bucket).send().await {
            Ok(answer) => {
                let rule = answer.object_lock_configuration.and_then(|lock| lock.rule);
                Ok(rule.is_some_and(|rule| rule.default_retention.is_some()))
            }
            Err(error) => {
                let asked = bucket_resource("GetBucketObjectLockConfiguration", bucket, "");
                let failure = AwsFailure::from_sdk(asked, &error);
                match failure.kind {
                    FailureKind::NotFound | FailureKind::NoResource => Ok(false),
                    _ => Err(failure),
                }
            }
        }
    }

    /// Every copy of every log. What else lies in the bucket is passed over.
    pub(crate) async fn checkpoint_copies(&self) -> Result<Vec<CheckpointCopy>, CatalogError> {
        let Some(bucket) = &self.audit_bucket else { return Ok(Vec::new()) };
        let mut pages = self.aws.s3.list_objects_v2().bucket(bucket).into_paginator().send();
        let mut copies = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page
                .map_err(|error| AwsFailure::from_sdk(bucket_resource("ListBucket", bucket, ""), &error))?;
            let found = page.contents().iter();
            copies.extend(found.filter_map(|object| copy(object.key()?, object.last_modified())));
        }
        Ok(copies)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::sealing::Places;
    use crate::model::audit::Retention;

    #[test]
    fn the_name_of_a_copy_tells_what_is_compared() {
        let checkpoint = Checkpoint {
            log: "01abc".to_owned(),
            size: 256,
            root: [7; 32],
            time: "2026-11-26T09:00:00Z".to_owned(),
            short_lived: Places::default(),
            kept: Retention::default(),
            ended: false,
        };
        let told = copy(&key(&checkpoint), Some(&DateTime::from_secs(1_795_683_600))).expect("a copy");
        assert_eq!((told.log.as_str(), told.size, told.root), ("01abc", 256, [7; 32]));
        assert_eq!(told.made.map(|made| made.to_string()).as_deref(), Some("2026-11-26T09:00:00Z"));
        assert_eq!(copy("readme.txt", None), None);

        let last = Checkpoint { ended: true, ..checkpoint.clone() };
        assert_ne!(key(&last), key(&checkpoint), "the end does not take the place of the one before");
        assert_eq!(copy(&key(&last), None).map(|copy| (copy.size, copy.root)), Some((256, [7; 32])));

        let told = |checkpoint: &Checkpoint| copy(&key(checkpoint), None).map(|copy| copy.kept);
        let longer = Checkpoint { kept: Retention { all: 800, reads: 90 }, ..last.clone() };
        assert_eq!((told(&last), told(&longer)), (Some(400), Some(800)));
    }
}
