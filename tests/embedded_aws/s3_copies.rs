//! Copies: of objects with or without new headers, and of ranges into parts.

use aws_sdk_s3::types::{ChecksumAlgorithm, MetadataDirective};

use super::{Fixture, Outcome, code_of, get, put};

#[tokio::test]
async fn a_copy_outlives_its_source() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    s3.put_object()
        .bucket("bucket")
        .key("source ü")
        .content_type("text/plain")
        .metadata("a", "1")
        .body(b"content".to_vec().into())
        .send()
        .await?;
    let copy =
        s3.copy_object().bucket("bucket").key("copy").copy_source("bucket/source%20%C3%BC").send().await?;
    assert_eq!(
        copy.copy_object_result().and_then(|result| result.e_tag()),
        Some("\"9a0364b9e99bb480dd25e1f0284c8555\"")
    );
    s3.delete_object().bucket("bucket").key("source ü").send().await?;
    let object = s3.get_object().bucket("bucket").key("copy").send().await?;
    assert_eq!(object.content_type(), Some("text/plain"));
    assert_eq!(object.metadata().and_then(|metadata| metadata.get("a")).map(String::as_str), Some("1"));
    assert_eq!(object.body.collect().await?.to_vec(), b"content");
    s3.delete_object().bucket("bucket").key("copy").send().await?;
    assert_eq!(code_of(s3.get_object().bucket("bucket").key("copy").send().await), "NoSuchKey");
    Ok(())
}

#[tokio::test]
async fn an_object_copied_onto_itself_gets_new_headers() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    put(&s3, "a", "content").await?;
    let onto_itself = || s3.copy_object().bucket("bucket").key("a").copy_source("bucket/a");
    assert_eq!(code_of(onto_itself().send().await), "InvalidRequest");
    onto_itself().metadata_directive(MetadataDirective::Replace).content_type("text/x").send().await?;
    assert_eq!(s3.head_object().bucket("bucket").key("a").send().await?.content_type(), Some("text/x"));
    assert_eq!(get(&s3, "a").await?, b"content");
    Ok(())
}

#[tokio::test]
async fn conditions_on_the_source_are_preconditions() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    let etag = put(&s3, "a", "content").await?.e_tag().unwrap_or_default().to_owned();
    let copy = || s3.copy_object().bucket("bucket").key("b").copy_source("bucket/a");
    assert_eq!(code_of(copy().copy_source_if_none_match(&etag).send().await), "PreconditionFailed");
    assert_eq!(code_of(copy().copy_source_if_match("\"other\"").send().await), "PreconditionFailed");
    assert_eq!(code_of(copy().copy_source_if_match(&etag).send().await), "success");
    assert_eq!(
        code_of(s3.copy_object().bucket("bucket").key("b").copy_source("bucket/none").send().await),
        "NoSuchKey"
    );
    Ok(())
}

#[tokio::test]
async fn a_copy_can_have_another_checksum() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    put(&s3, "a", "123456789").await?;
    let copy = s3
        .copy_object()
        .bucket("bucket")
        .key("b")
        .copy_source("bucket/a")
        .checksum_algorithm(ChecksumAlgorithm::Sha256)
        .send()
        .await?;
    let checksum = copy.copy_object_result().and_then(|result| result.checksum_sha256());
    assert_eq!(checksum, Some("FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="));
    Ok(())
}

#[tokio::test]
async fn a_copy_replaces_only_what_its_condition_says() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    put(&s3, "a", "new").await?;
    let copy = || s3.copy_object().bucket("bucket").key("b").copy_source("bucket/a");
    assert_eq!(code_of(copy().if_match("\"other\"").send().await), "NoSuchKey", "there is nothing yet");
    put(&s3, "b", "old").await?;
    assert_eq!(code_of(copy().if_none_match("*").send().await), "PreconditionFailed");
    assert_eq!(code_of(copy().if_match("\"other\"").send().await), "PreconditionFailed");
    assert_eq!(get(&s3, "b").await?, b"old", "nothing was replaced");
    let old = s3.head_object().bucket("bucket").key("b").send().await?;
    let etag = old.e_tag().unwrap_or_default();
    assert_eq!(code_of(copy().if_match(etag).send().await), "success");
    assert_eq!(get(&s3, "b").await?, b"new");
    let first = s3.copy_object().bucket("bucket").key("c").copy_source("bucket/a").if_none_match("*");
    assert_eq!(code_of(first.send().await), "success");
    Ok(())
}
