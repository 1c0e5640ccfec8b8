//! Versions: nothing is lost in a bucket that keeps them, and each can be read and deleted.

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};

use super::{Fixture, Outcome, code_of, get, put, status_of};

async fn set_versioning(s3: &Client, status: BucketVersioningStatus) -> Outcome {
    let configuration = VersioningConfiguration::builder().status(status).build();
    s3.put_bucket_versioning().bucket("bucket").versioning_configuration(configuration).send().await?;
    Ok(())
}

/// Each version and delete marker as `key/id`, with `*` after the latest, in order within its kind.
async fn history(s3: &Client) -> Result<(Vec<String>, Vec<String>), Box<dyn std::error::Error>> {
    let page = s3.list_object_versions().bucket("bucket").send().await?;
    let show = |key: Option<&str>, id: Option<&str>, latest: Option<bool>| {
        let mark = if latest == Some(true) { "*" } else { "" };
        format!("{}/{}{mark}", key.unwrap_or_default(), id.unwrap_or_default())
    };
    let versions = page.versions().iter().map(|v| show(v.key(), v.version_id(), v.is_latest())).collect();
    let markers =
        page.delete_markers().iter().map(|m| show(m.key(), m.version_id(), m.is_latest())).collect();
    Ok((versions, markers))
}

#[tokio::test]
async fn every_version_stays_until_it_is_deleted_by_its_id() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    set_versioning(&s3, BucketVersioningStatus::Enabled).await?;
    let first = put(&s3, "contract", "draft").await?.version_id().unwrap_or_default().to_owned();
    let second = put(&s3, "contract", "signed").await?.version_id().unwrap_or_default().to_owned();
    assert_ne!(first, second);
    assert_eq!(get(&s3, "contract").await?, b"signed");
    let old = s3.get_object().bucket("bucket").key("contract").version_id(&first).send().await?;
    assert_eq!(old.body.collect().await?.to_vec(), b"draft");

    let marker = s3.delete_object().bucket("bucket").key("contract").send().await?;
    let marker_id = marker.version_id().unwrap_or_default().to_owned();
    assert_eq!(marker.delete_marker(), Some(true));
    assert_eq!(code_of(s3.get_object().bucket("bucket").key("contract").send().await), "NoSuchKey");
    assert_eq!(s3.list_objects_v2().bucket("bucket").send().await?.key_count(), Some(0));
    assert_eq!(
        history(&s3).await?,
        (
            vec![format!("contract/{second}"), format!("contract/{first}")],
            vec![format!("contract/{marker_id}*")]
        )
    );
    let read_marker = s3.get_object().bucket("bucket").key("contract").version_id(&marker_id).send().await;
    assert_eq!(status_of(read_marker), 405);
    assert_eq!(code_of(s3.delete_bucket().bucket("bucket").send().await), "BucketNotEmpty");

    s3.delete_object().bucket("bucket").key("contract").version_id(&marker_id).send().await?;
    assert_eq!(get(&s3, "contract").await?, b"signed");
    s3.delete_object().bucket("bucket").key("contract").version_id(&second).send().await?;
    assert_eq!(get(&s3, "contract").await?, b"draft");
    s3.delete_object().bucket("bucket").key("contract").version_id(&first).send().await?;
    s3.delete_bucket().bucket("bucket").send().await?;
    Ok(())
}

#[tokio::test]
async fn suspended_versioning_overwrites_only_the_null_version() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    put(&s3, "a", "before").await?;
    set_versioning(&s3, BucketVersioningStatus::Enabled).await?;
    let kept = put(&s3, "a", "kept").await?.version_id().unwrap_or_default().to_owned();
    set_versioning(&s3, BucketVersioningStatus::Suspended).await?;
    put(&s3, "a", "after").await?;
    put(&s3, "a", "after that").await?;

    assert_eq!(history(&s3).await?.0, ["a/null*".to_owned(), format!("a/{kept}")]);
    assert_eq!(get(&s3, "a").await?, b"after that");
    s3.delete_object().bucket("bucket").key("a").send().await?;
    assert_eq!(history(&s3).await?, (vec![format!("a/{kept}")], vec!["a/null*".to_owned()]));
    Ok(())
}

#[tokio::test]
async fn pages_of_versions_go_on_even_when_those_seen_are_deleted() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    set_versioning(&s3, BucketVersioningStatus::Enabled).await?;
    for round in 0..3 {
        for key in ["a", "b", "c"] {
            put(&s3, key, round.to_string()).await?;
        }
    }
    let (mut key, mut version, mut seen) = (None, None, 0);
    loop {
        let page = s3
            .list_object_versions()
            .bucket("bucket")
            .max_keys(2)
            .set_key_marker(key)
            .set_version_id_marker(version)
            .send()
            .await?;
        for found in page.versions() {
            seen += 1;
            let delete = s3.delete_object().bucket("bucket");
            delete.set_key(found.key.clone()).set_version_id(found.version_id.clone()).send().await?;
        }
        if page.is_truncated() != Some(true) {
            break;
        }
        (key, version) = (page.next_key_marker, page.next_version_id_marker);
    }
    assert_eq!(seen, 9);
    s3.delete_bucket().bucket("bucket").send().await?;
    Ok(())
}

#[tokio::test]
async fn a_version_that_never_was_is_not_found() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    put(&s3, "a", "1").await?;
    let unknown =
        s3.get_object().bucket("bucket").key("a").version_id("01ARZ3NDEKTSV4RRFFQ69G5FAV").send().await;
    assert_eq!(code_of(unknown), "NoSuchVersion");
    let null = s3.get_object().bucket("bucket").key("a").version_id("null").send().await?;
    assert_eq!(null.body.collect().await?.to_vec(), b"1");
    Ok(())
}
