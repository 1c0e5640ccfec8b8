//! Objects: what is put can be read back, whole or in part, under conditions, and only as sent.

use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::operation::head_bucket::HeadBucketError;
use aws_sdk_s3::operation::head_object::HeadObjectError;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::{ByteStream, DateTime};
use aws_sdk_s3::types::{
    ChecksumAlgorithm, ChecksumMode, Delete, ObjectCannedAcl, ObjectIdentifier, ServerSideEncryption,
    StorageClass, Tag, Tagging,
};
use bytes::Bytes;
use std::time::Duration;

use super::raw_http::{header, send};
use super::{Fixture, Outcome, code_of, get, noise, put, status_of};

#[tokio::test]
async fn an_object_comes_back_with_all_its_headers() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    s3.put_object()
        .bucket("bucket")
        .key("songs/Ünïcode 🎵 & +%.flac")
        .body(ByteStream::from_static(b"hello"))
        .content_type("audio/flac")
        .cache_control("max-age=60")
        .content_disposition("attachment")
        .content_language("de")
        .content_encoding("identity")
        .metadata("artist", "Björk")
        .tagging("mood=calm%20night&bpm=90")
        .send()
        .await?;

    let object = s3.get_object().bucket("bucket").key("songs/Ünïcode 🎵 & +%.flac").send().await?;

    assert_eq!(object.e_tag(), Some("\"5d41402abc4b2a76b9719d911017c592\""));
    assert_eq!(object.content_type(), Some("audio/flac"));
    assert_eq!(object.cache_control(), Some("max-age=60"));
    assert_eq!(object.content_disposition(), Some("attachment"));
    assert_eq!(object.content_language(), Some("de"));
    assert_eq!(object.content_encoding(), Some("identity"));
    // S3, too, returns metadata beyond ASCII as RFC 2047 writes it.
    let artist = object.metadata().and_then(|metadata| metadata.get("artist"));
    assert_eq!(artist.map(String::as_str), Some("=?UTF-8?B?QmrDtnJr?="));
    assert_eq!(object.tag_count(), Some(2));
    assert_eq!(object.version_id(), None);
    assert_eq!(object.body.collect().await?.to_vec(), b"hello");
    Ok(())
}

#[tokio::test]
async fn a_large_object_is_streamed_and_read_by_ranges() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    let content = noise(3 * 1024 * 1024 + 17);
    put(&s3, "a", content.clone()).await?;
    assert_eq!(get(&s3, "a").await?, content);

    for (range, expected, shown) in [
        ("bytes=0-0", &content[..1], "bytes 0-0/3145745"),
        ("bytes=1000-2999999", &content[1000..3_000_000], "bytes 1000-2999999/3145745"),
        ("bytes=3145700-", &content[3_145_700..], "bytes 3145700-3145744/3145745"),
        ("bytes=-5", &content[content.len() - 5..], "bytes 3145740-3145744/3145745"),
        ("bytes=3145740-9999999", &content[3_145_740..], "bytes 3145740-3145744/3145745"),
    ] {
        let part = s3.get_object().bucket("bucket").key("a").range(range).send().await?;
        assert_eq!(part.content_range(), Some(shown));
        assert_eq!(part.content_length(), i64::try_from(expected.len()).ok());
        assert!(part.body.collect().await?.to_vec() == expected, "{range}");
    }
    let beyond = s3.get_object().bucket("bucket").key("a").range("bytes=3145745-").send().await;
    let size = beyond.as_ref().err().and_then(|error| error.raw_response()?.headers().get("content-range"));
    assert_eq!(size, Some("bytes */3145745"));
    assert_eq!(code_of(beyond), "InvalidRange");
    Ok(())
}

#[tokio::test]
async fn an_empty_object_is_an_object() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    put(&s3, "empty", "").await?;
    assert_eq!(get(&s3, "empty").await?, b"");
    let head = s3.head_object().bucket("bucket").key("empty").send().await?;
    assert_eq!(head.content_length(), Some(0));
    Ok(())
}

#[tokio::test]
async fn missing_things_are_told_apart() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    let key = s3.get_object().bucket("bucket").key("none").send().await;
    assert!(
        matches!(&key, Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key))
    );
    let bucket = s3.get_object().bucket("no-bucket").key("none").send().await;
    assert_eq!(code_of(bucket), "NoSuchBucket");
    let upload = s3.put_object().bucket("no-bucket").key("none").send().await;
    assert_eq!(code_of(upload), "NoSuchBucket");
    let head = s3.head_object().bucket("bucket").key("none").send().await;
    assert!(
        matches!(&head, Err(error) if error.as_service_error().is_some_and(HeadObjectError::is_not_found))
    );
    let head = s3.head_bucket().bucket("no-bucket").send().await;
    assert!(
        matches!(&head, Err(error) if error.as_service_error().is_some_and(HeadBucketError::is_not_found))
    );
    Ok(())
}

#[tokio::test]
async fn keys_of_every_legal_form_are_kept_apart() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    let longest = "k".repeat(1024);
    let keys = [
        "a",
        "a/b",
        "a/",
        "a//b",
        "/a",
        "..",
        ".",
        "a?b=c&d",
        "a b",
        "a+b",
        "a%20b",
        "é",
        "\u{1f3b5}",
        &longest,
    ];
    for key in keys {
        put(&s3, key, key).await.map_err(|error| format!("{key}: {error}"))?;
    }
    for key in keys {
        assert_eq!(get(&s3, key).await?, key.as_bytes(), "{key}");
    }
    let listed = s3.list_objects_v2().bucket("bucket").send().await?;
    let mut expected: Vec<&str> = keys.to_vec();
    expected.sort_unstable();
    assert_eq!(listed.contents().iter().filter_map(|object| object.key()).collect::<Vec<_>>(), expected);

    let too_long = s3.put_object().bucket("bucket").key("k".repeat(1025)).send().await;
    assert_eq!(code_of(too_long), "KeyTooLongError");
    Ok(())
}

#[tokio::test]
async fn reads_answer_conditions_as_http_says() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    let etag = put(&s3, "a", "1").await?.e_tag().unwrap_or_default().to_owned();
    let get = || s3.get_object().bucket("bucket").key("a");
    let (past, future) = (DateTime::from_secs(1_000_000_000), DateTime::from_secs(4_000_000_000));

    assert_eq!(status_of(get().if_match(&etag).send().await), 200);
    assert_eq!(status_of(get().if_match("\"other\"").send().await), 412);
    assert_eq!(status_of(get().if_none_match("\"other\"").send().await), 200);
    assert_eq!(status_of(get().if_none_match(&etag).send().await), 304);
    assert_eq!(status_of(get().if_none_match("*").send().await), 304);
    assert_eq!(status_of(get().if_modified_since(past).send().await), 200);
    assert_eq!(status_of(get().if_modified_since(future).send().await), 304);
    assert_eq!(status_of(get().if_unmodified_since(past).send().await), 412);
    assert_eq!(status_of(get().if_unmodified_since(future).send().await), 200);
    assert_eq!(status_of(get().if_match(&etag).if_unmodified_since(past).send().await), 200);
    let head = s3.head_object().bucket("bucket").key("a").if_none_match(&etag).send().await;
    assert_eq!(status_of(head), 304);
    Ok(())
}

#[tokio::test]
async fn of_many_writers_that_want_to_be_first_one_is() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    let writers = (0..16).map(|writer| {
        let body = ByteStream::from(format!("{writer}").into_bytes());
        s3.put_object().bucket("bucket").key("lock").if_none_match("*").body(body).send()
    });
    let results = futures::future::join_all(writers).await;
    let winners: Vec<usize> =
        results.iter().enumerate().filter(|(_, result)| result.is_ok()).map(|(writer, _)| writer).collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(get(&s3, "lock").await?, winners[0].to_string().into_bytes());
    for result in results.into_iter().filter(Result::is_err) {
        assert_eq!(code_of(result), "PreconditionFailed");
    }
    Ok(())
}

#[tokio::test]
async fn a_write_over_a_known_version_fails_when_it_is_not_that_one() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    let etag = put(&s3, "a", "1").await?.e_tag().unwrap_or_default().to_owned();
    let write = |etag: &str| {
        s3.put_object().bucket("bucket").key("a").if_match(etag).body(ByteStream::from_static(b"2")).send()
    };
    assert_eq!(code_of(write(&etag).await), "success");
    assert_eq!(code_of(write(&etag).await), "PreconditionFailed");
    let absent = s3.put_object().bucket("bucket").key("none").if_match(&etag).send().await;
    assert_eq!(code_of(absent), "NoSuchKey");
    Ok(())
}

#[tokio::test]
async fn checksums_are_verified_kept_and_returned() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    for algorithm in [
        ChecksumAlgorithm::Crc32,
        ChecksumAlgorithm::Crc32C,
        ChecksumAlgorithm::Crc64Nvme,
        ChecksumAlgorithm::Sha1,
        ChecksumAlgorithm::Sha256,
    ] {
        let put = s3
            .put_object()
            .bucket("bucket")
            .key("a")
            .checksum_algorithm(algorithm.clone())
            .body(ByteStream::from_static(b"123456789"))
            .send()
            .await?;
        let sums = [
            put.checksum_crc32(),
            put.checksum_crc32_c(),
            put.checksum_crc64_nvme(),
            put.checksum_sha1(),
            put.checksum_sha256(),
        ];
        assert_eq!(sums.iter().flatten().count(), 1, "{algorithm:?}");
        let object =
            s3.get_object().bucket("bucket").key("a").checksum_mode(ChecksumMode::Enabled).send().await?;
        let back = [
            object.checksum_crc32(),
            object.checksum_crc32_c(),
            object.checksum_crc64_nvme(),
            object.checksum_sha1(),
            object.checksum_sha256(),
        ];
        assert_eq!(back, sums);
        assert_eq!(object.body.collect().await?.to_vec(), b"123456789");
    }
    let wrong = s3
        .put_object()
        .bucket("bucket")
        .key("wrong")
        .checksum_crc32("AAAAAA==")
        .body(ByteStream::from_static(b"1"))
        .send()
        .await;
    assert_eq!(code_of(wrong), "BadDigest");
    let wrong = s3
        .put_object()
        .bucket("bucket")
        .key("wrong")
        .content_md5("1B2M2Y8AsgTpgAmY7PhCfg==")
        .body(ByteStream::from_static(b"1"))
        .send()
        .await;
    assert_eq!(code_of(wrong), "BadDigest");
    let listed = s3.list_objects_v2().bucket("bucket").prefix("wrong").send().await?;
    assert_eq!(listed.key_count(), Some(0));
    Ok(())
}

#[tokio::test]
async fn what_is_not_implemented_is_refused_and_stores_nothing() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    let put = || s3.put_object().bucket("bucket").key("a");
    assert_eq!(code_of(put().acl(ObjectCannedAcl::PublicRead).send().await), "NotImplemented");
    assert_eq!(
        code_of(put().server_side_encryption(ServerSideEncryption::AwsKms).send().await),
        "NotImplemented"
    );
    assert_eq!(code_of(put().storage_class(StorageClass::Glacier).send().await), "NotImplemented");
    assert_eq!(code_of(put().if_none_match("\"x\"").send().await), "NotImplemented");
    assert_eq!(code_of(s3.get_object_acl().bucket("bucket").key("a").send().await), "NotImplemented");
    assert_eq!(code_of(s3.get_object().bucket("bucket").key("a").send().await), "NoSuchKey");
    assert_eq!(code_of(put().storage_class(StorageClass::Standard).send().await), "success");
    let strange = put().expected_bucket_owner("111111111111").send().await;
    assert_eq!(code_of(strange), "AccessDenied");
    Ok(())
}

#[tokio::test]
async fn deleting_again_succeeds_and_many_at_once_report_each() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    for key in ["a", "b", "c"] {
        put(&s3, key, key).await?;
    }
    s3.delete_object().bucket("bucket").key("a").send().await?;
    s3.delete_object().bucket("bucket").key("a").send().await?;
    let identifiers = [
        ObjectIdentifier::builder().key("b").build()?,
        ObjectIdentifier::builder().key("none").build()?,
        ObjectIdentifier::builder().key("c").e_tag("\"not this one\"").build()?,
    ];
    let delete = Delete::builder().set_objects(Some(identifiers.to_vec())).build()?;
    let outcome = s3.delete_objects().bucket("bucket").delete(delete).send().await?;
    let deleted: Vec<_> = outcome.deleted().iter().filter_map(|object| object.key()).collect();
    assert_eq!(deleted, ["b", "none"]);
    assert_eq!(
        outcome.errors().iter().filter_map(|error| error.code()).collect::<Vec<_>>(),
        ["PreconditionFailed"]
    );
    assert_eq!(get(&s3, "c").await?, b"c");
    Ok(())
}

#[tokio::test]
async fn a_bucket_goes_only_when_it_is_empty() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    put(&s3, "a", "1").await?;
    assert_eq!(code_of(s3.create_bucket().bucket("bucket").send().await), "BucketAlreadyOwnedByYou");
    assert_eq!(code_of(s3.delete_bucket().bucket("bucket").send().await), "BucketNotEmpty");
    s3.delete_object().bucket("bucket").key("a").send().await?;
    s3.delete_bucket().bucket("bucket").send().await?;
    assert!(s3.list_buckets().send().await?.buckets().is_empty());
    assert_eq!(code_of(s3.delete_bucket().bucket("bucket").send().await), "NoSuchBucket");
    Ok(())
}

#[tokio::test]
async fn tags_are_set_replaced_and_removed() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    put(&s3, "a", "1").await?;
    let tag = Tag::builder().key("mood").value("calm").build()?;
    let tagging = Tagging::builder().tag_set(tag.clone()).build()?;
    s3.put_object_tagging().bucket("bucket").key("a").tagging(tagging).send().await?;
    assert_eq!(s3.get_object_tagging().bucket("bucket").key("a").send().await?.tag_set(), [tag]);
    s3.delete_object_tagging().bucket("bucket").key("a").send().await?;
    assert!(s3.get_object_tagging().bucket("bucket").key("a").send().await?.tag_set().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_browser_uploads_and_downloads_by_presigned_addresses() -> Outcome {
    let fixture = Fixture::new().await?;
    let listener = fixture.aws.listen(([127, 0, 0, 1], 0).into()).await?;
    let endpoint = format!("http://{}", listener.address());
    let s3 = super::s3_client_with(&fixture.aws, fixture.aws.credentials(), &endpoint);
    s3.create_bucket().bucket("bucket").send().await?;
    let an_hour = || PresigningConfig::expires_in(Duration::from_hours(1));

    let upload = s3
        .put_object()
        .bucket("bucket")
        .key("a b/ü.txt")
        .content_type("text/plain")
        .presigned(an_hour()?)
        .await?;
    let mut request = http::Request::put(upload.uri());
    for (name, value) in upload.headers() {
        request = request.header(name, value);
    }
    let response = send(listener.address(), request.body(Bytes::from_static(b"from a browser"))?).await?;
    assert_eq!(response.status(), 200, "{:?}", response.body());

    let download = s3
        .get_object()
        .bucket("bucket")
        .key("a b/ü.txt")
        .response_content_type("text/x-own")
        .response_content_disposition("attachment; filename=own.txt")
        .presigned(an_hour()?)
        .await?;
    let response = send(listener.address(), http::Request::get(download.uri()).body(Bytes::new())?).await?;
    assert_eq!(response.status(), 200);
    assert_eq!(response.body().as_ref(), b"from a browser");
    assert_eq!(header(&response, "content-type"), Some("text/x-own"));
    assert_eq!(header(&response, "content-disposition"), Some("attachment; filename=own.txt"));
    assert_eq!(header(&response, "content-length"), Some("14"));

    let tampered = download.uri().replace("ü.txt", "x.txt").replace("%C3%BC", "x");
    let response = send(listener.address(), http::Request::get(tampered).body(Bytes::new())?).await?;
    assert_eq!(response.status(), 403);
    listener.shutdown().await;
    Ok(())
}

#[tokio::test]
async fn an_upload_of_more_than_five_gibibytes_is_refused_before_it_is_sent() -> Outcome {
    let (fixture, s3) = Fixture::with_bucket().await?;
    let an_hour = PresigningConfig::expires_in(Duration::from_hours(1))?;
    let upload = s3.put_object().bucket("bucket").key("a").presigned(an_hour).await?;
    let request = http::Request::put(upload.uri())
        .header("host", "embedded-aws.localhost")
        .header("content-length", (5_u64 * 1024 * 1024 * 1024 + 1).to_string())
        .body(axum::body::Body::empty())?;
    let Ok(response) = tower::ServiceExt::oneshot(fixture.aws.router(), request).await;
    let body = axum::body::to_bytes(response.into_body(), 10_000).await?;
    assert!(String::from_utf8_lossy(&body).contains("<Code>EntityTooLarge</Code>"), "{body:?}");
    Ok(())
}
