//! Multipart uploads: parts become one object, and nothing is listed before they do.

use aws_sdk_s3::Client;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::complete_multipart_upload::{
    CompleteMultipartUploadError, CompleteMultipartUploadOutput,
};
use aws_sdk_s3::types::{
    ChecksumAlgorithm, ChecksumMode, ChecksumType, CompletedMultipartUpload, CompletedPart, Part,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use super::{Fixture, Outcome, code_of, get, noise, put};

const PART: usize = 5 * 1024 * 1024;

async fn begin(s3: &Client, key: &str) -> Result<String, Box<dyn std::error::Error>> {
    let upload =
        s3.create_multipart_upload().bucket("bucket").key(key).content_type("audio/wav").send().await?;
    Ok(upload.upload_id().unwrap_or_default().to_owned())
}

async fn put_part(
    s3: &Client,
    key: &str,
    id: &str,
    number: i32,
    content: &[u8],
) -> Result<CompletedPart, Box<dyn std::error::Error>> {
    let part = s3
        .upload_part()
        .bucket("bucket")
        .key(key)
        .upload_id(id)
        .part_number(number)
        .body(content.to_vec().into())
        .send()
        .await?;
    Ok(CompletedPart::builder().part_number(number).set_e_tag(part.e_tag).build())
}

async fn complete(
    s3: &Client,
    key: &str,
    id: &str,
    parts: Vec<CompletedPart>,
) -> Result<CompleteMultipartUploadOutput, SdkError<CompleteMultipartUploadError, HttpResponse>> {
    let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
    s3.complete_multipart_upload()
        .bucket("bucket")
        .key(key)
        .upload_id(id)
        .multipart_upload(parts)
        .send()
        .await
}

#[tokio::test]
async fn parts_become_one_object_in_the_order_of_their_numbers() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    let content = noise(2 * PART + 100);
    let id = begin(&s3, "song").await?;
    let third = put_part(&s3, "song", &id, 7, &content[2 * PART..]).await?;
    let first = put_part(&s3, "song", &id, 1, &content[..PART]).await?;
    put_part(&s3, "song", &id, 2, b"to be replaced").await?;
    let second = put_part(&s3, "song", &id, 2, &content[PART..2 * PART]).await?;
    assert_eq!(s3.list_objects_v2().bucket("bucket").send().await?.key_count(), Some(0));
    let listed = s3.list_parts().bucket("bucket").key("song").upload_id(&id).max_parts(2).send().await?;
    assert_eq!(listed.parts().iter().filter_map(Part::part_number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((listed.is_truncated(), listed.next_part_number_marker()), (Some(true), Some("2")));

    let object = complete(&s3, "song", &id, vec![first, second, third]).await?;

    assert!(object.e_tag().is_some_and(|etag| etag.ends_with("-3\"")));
    assert!(get(&s3, "song").await? == content);
    let head = s3.head_object().bucket("bucket").key("song").part_number(2).send().await?;
    assert_eq!((head.content_length(), head.parts_count()), (i64::try_from(PART).ok(), Some(3)));
    assert_eq!(head.content_type(), Some("audio/wav"));
    let seam = s3
        .get_object()
        .bucket("bucket")
        .key("song")
        .range(format!("bytes={}-{}", PART - 2, PART + 1))
        .send()
        .await?;
    assert_eq!(seam.body.collect().await?.to_vec(), &content[PART - 2..PART + 2]);
    let again = s3.abort_multipart_upload().bucket("bucket").key("song").upload_id(&id).send().await;
    assert_eq!(code_of(again), "NoSuchUpload");
    Ok(())
}

#[tokio::test]
async fn a_completion_that_does_not_fit_the_parts_is_refused() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    let id = begin(&s3, "a").await?;
    let small = put_part(&s3, "a", &id, 1, b"small").await?;
    let last = put_part(&s3, "a", &id, 2, b"last").await?;
    let wrong = CompletedPart::builder().part_number(1).e_tag("\"d41d8cd98f00b204e9800998ecf8427e\"").build();
    let missing =
        CompletedPart::builder().part_number(3).e_tag("\"d41d8cd98f00b204e9800998ecf8427e\"").build();
    assert_eq!(code_of(complete(&s3, "a", &id, vec![small.clone(), last.clone()]).await), "EntityTooSmall");
    assert_eq!(code_of(complete(&s3, "a", &id, vec![last.clone(), small.clone()]).await), "InvalidPartOrder");
    assert_eq!(code_of(complete(&s3, "a", &id, vec![wrong]).await), "InvalidPart");
    assert_eq!(code_of(complete(&s3, "a", &id, vec![missing]).await), "InvalidPart");
    assert_eq!(code_of(complete(&s3, "a", &id, Vec::new()).await), "MalformedXML");
    assert_eq!(code_of(complete(&s3, "other", &id, vec![small.clone()]).await), "NoSuchUpload");
    assert_eq!(code_of(complete(&s3, "a", &id, vec![last]).await), "success");
    assert_eq!(get(&s3, "a").await?, b"last");
    Ok(())
}

#[tokio::test]
async fn an_aborted_upload_leaves_nothing() -> Outcome {
    let (fixture, s3) = Fixture::with_bucket().await?;
    let id = begin(&s3, "a").await?;
    put_part(&s3, "a", &id, 1, b"content").await?;
    let uploads = s3.list_multipart_uploads().bucket("bucket").send().await?;
    assert_eq!(uploads.uploads().iter().filter_map(|upload| upload.upload_id()).collect::<Vec<_>>(), [&id]);
    s3.abort_multipart_upload().bucket("bucket").key("a").upload_id(&id).send().await?;
    assert!(s3.list_multipart_uploads().bucket("bucket").send().await?.uploads().is_empty());
    let late = s3
        .upload_part()
        .bucket("bucket")
        .key("a")
        .upload_id(&id)
        .part_number(2)
        .body(b"x".to_vec().into())
        .send()
        .await;
    assert_eq!(code_of(late), "NoSuchUpload");
    assert_eq!(super::durability::files_under(&fixture.directory.path().join("s3/blobs"))?, 0);
    Ok(())
}

#[tokio::test]
async fn the_checksum_of_the_whole_follows_from_the_parts() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    let content = noise(PART + 1000);
    for (kind, expected) in [(ChecksumType::FullObject, None), (ChecksumType::Composite, Some("-2"))] {
        let upload = s3
            .create_multipart_upload()
            .bucket("bucket")
            .key("a")
            .checksum_algorithm(ChecksumAlgorithm::Crc32C)
            .checksum_type(kind)
            .send()
            .await?;
        let id = upload.upload_id().unwrap_or_default();
        let mut parts = Vec::new();
        for (number, piece) in [(1, &content[..PART]), (2, &content[PART..])] {
            let part = s3
                .upload_part()
                .bucket("bucket")
                .key("a")
                .upload_id(id)
                .part_number(number)
                .checksum_algorithm(ChecksumAlgorithm::Crc32C)
                .body(piece.to_vec().into())
                .send()
                .await?;
            parts.push(
                CompletedPart::builder()
                    .part_number(number)
                    .set_e_tag(part.e_tag)
                    .set_checksum_crc32_c(part.checksum_crc32_c)
                    .build(),
            );
        }
        complete(&s3, "a", id, parts).await?;
        // The SDK verifies the checksum of a full object while it reads.
        let object =
            s3.get_object().bucket("bucket").key("a").checksum_mode(ChecksumMode::Enabled).send().await?;
        let checksum = object.checksum_crc32_c().unwrap_or_default().to_owned();
        assert!(expected.map_or(!checksum.contains('-'), |end| checksum.ends_with(end)), "{checksum}");
        assert!(object.body.collect().await?.to_vec() == content);
    }
    Ok(())
}

#[tokio::test]
async fn parts_can_be_ranges_of_other_objects() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    let content = noise(PART + 1000);
    put(&s3, "source", content.clone()).await?;
    let id = begin(&s3, "copy").await?;
    let mut parts = Vec::new();
    for (number, range) in [(1, format!("bytes=1-{PART}")), (2, format!("bytes=0-{}", 999))] {
        let part = s3
            .upload_part_copy()
            .bucket("bucket")
            .key("copy")
            .upload_id(&id)
            .part_number(number)
            .copy_source("bucket/source")
            .copy_source_range(range)
            .send()
            .await?;
        let etag = part.copy_part_result().and_then(|result| result.e_tag()).map(str::to_owned);
        parts.push(CompletedPart::builder().part_number(number).set_e_tag(etag).build());
    }
    complete(&s3, "copy", &id, parts).await?;
    assert!(get(&s3, "copy").await? == [&content[1..=PART], &content[..1000]].concat());
    let beyond = s3.upload_part_copy().bucket("bucket").key("copy").upload_id(&id).part_number(3);
    let beyond = beyond.copy_source("bucket/source").copy_source_range("bytes=0-99999999").send().await;
    assert_eq!(code_of(beyond), "InvalidArgument");
    Ok(())
}
