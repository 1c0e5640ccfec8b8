//! Listings: any prefix, delimiter and page size lead through exactly the keys that fit.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use aws_sdk_s3::Client;
use proptest::prelude::*;

use super::{Fixture, Outcome, code_of, put};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Listing {
    keys: Vec<String>,
    prefixes: Vec<String>,
}

/// What a listing has to say, computed the slow and obvious way.
fn model(keys: &BTreeSet<String>, prefix: &str, delimiter: &str, after: &str) -> Listing {
    let mut listing = Listing::default();
    for key in keys.iter().filter(|key| key.starts_with(prefix) && key.as_str() > after) {
        let end = if delimiter.is_empty() { None } else { key[prefix.len()..].find(delimiter) };
        match end.map(|end| &key[..prefix.len() + end + delimiter.len()]) {
            None => listing.keys.push(key.clone()),
            // Going on after a common prefix goes on after all of its keys.
            Some(common) if common == after => {}
            Some(common) if listing.prefixes.last().is_some_and(|last| last == common) => {}
            Some(common) => listing.prefixes.push(common.to_owned()),
        }
    }
    listing
}

fn optional(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

async fn list_v2(
    s3: &Client,
    prefix: &str,
    delimiter: &str,
    after: &str,
    size: i32,
) -> Result<Listing, Box<dyn std::error::Error>> {
    let (mut listing, mut token) = (Listing::default(), None);
    loop {
        let request = s3.list_objects_v2().bucket("bucket").max_keys(size).set_prefix(optional(prefix));
        let request = request.set_delimiter(optional(delimiter)).set_start_after(optional(after));
        let page = request.set_continuation_token(token).send().await?;
        let count = page.contents().len() + page.common_prefixes().len();
        assert_eq!(page.key_count(), i32::try_from(count).ok());
        assert!(count <= usize::try_from(size)?);
        listing.keys.extend(page.contents().iter().filter_map(|object| object.key().map(str::to_owned)));
        listing.prefixes.extend(page.common_prefixes().iter().filter_map(|p| p.prefix().map(str::to_owned)));
        assert_eq!(page.is_truncated(), Some(page.next_continuation_token().is_some()));
        token = page.next_continuation_token;
        if token.is_none() {
            return Ok(listing);
        }
        assert_eq!(count, usize::try_from(size)?, "only the last page may be short");
    }
}

async fn list_v1(
    s3: &Client,
    prefix: &str,
    delimiter: &str,
    size: i32,
) -> Result<Listing, Box<dyn std::error::Error>> {
    let (mut listing, mut marker) = (Listing::default(), None);
    loop {
        let request = s3.list_objects().bucket("bucket").max_keys(size).set_prefix(optional(prefix));
        let page = request.set_delimiter(optional(delimiter)).set_marker(marker).send().await?;
        listing.keys.extend(page.contents().iter().filter_map(|object| object.key().map(str::to_owned)));
        listing.prefixes.extend(page.common_prefixes().iter().filter_map(|p| p.prefix().map(str::to_owned)));
        if page.is_truncated() != Some(true) {
            return Ok(listing);
        }
        marker = page.next_marker.or_else(|| listing.keys.last().cloned());
    }
}

fn runtime() -> &'static tokio::runtime::Runtime {
    static RUNTIME: OnceLock<tokio::runtime::Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| tokio::runtime::Runtime::new().unwrap_or_else(|error| panic!("{error}")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn listing_in_pages_gives_what_a_naive_model_gives(
        keys in prop::collection::btree_set("[ab/é\u{10ffff}]{1,5}", 0..20),
        queries in prop::collection::vec(("[ab/é]{0,2}", "(|/|b|//|\u{10ffff})", "[ab/é]{0,3}", 1_i32..5), 1..12),
    ) {
        let result: Outcome = runtime().block_on(async {
            let (_fixture, s3) = Fixture::with_bucket().await?;
            for key in &keys {
                put(&s3, key, "").await?;
            }
            for (prefix, delimiter, after, size) in &queries {
                let listed = list_v2(&s3, prefix, delimiter, after, *size).await?;
                assert_eq!(listed, model(&keys, prefix, delimiter, after), "{prefix} {delimiter} {after} {size}");
                let listed = list_v1(&s3, prefix, delimiter, *size).await?;
                assert_eq!(listed, model(&keys, prefix, delimiter, ""), "{prefix} {delimiter} {size}");
            }
            Ok(())
        });
        result.map_err(|error| TestCaseError::fail(error.to_string()))?;
    }
}

#[tokio::test]
async fn a_listing_tells_size_tag_and_time_of_each_object() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    put(&s3, "a", "hello").await?;
    let page = s3.list_objects_v2().bucket("bucket").send().await?;
    let [object] = page.contents() else { return Err("expected one object".into()) };
    assert_eq!((object.size(), object.e_tag()), (Some(5), Some("\"5d41402abc4b2a76b9719d911017c592\"")));
    let head = s3.head_object().bucket("bucket").key("a").send().await?;
    let seconds =
        |time: Option<&aws_sdk_s3::primitives::DateTime>| time.map(aws_sdk_s3::primitives::DateTime::secs);
    assert_eq!(seconds(object.last_modified()), seconds(head.last_modified()));
    Ok(())
}

#[tokio::test]
async fn keys_that_xml_cannot_hold_are_listed_encoded() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    put(&s3, "a\u{1}b c/d", "").await?;
    let page = s3
        .list_objects_v2()
        .bucket("bucket")
        .encoding_type(aws_sdk_s3::types::EncodingType::Url)
        .send()
        .await?;
    assert_eq!(page.contents().first().and_then(|object| object.key()), Some("a%01b%20c/d"));
    Ok(())
}

#[tokio::test]
async fn no_keys_asked_for_are_no_keys_and_bad_questions_are_refused() -> Outcome {
    let (_fixture, s3) = Fixture::with_bucket().await?;
    put(&s3, "a", "").await?;
    let page = s3.list_objects_v2().bucket("bucket").max_keys(0).send().await?;
    assert_eq!((page.key_count(), page.is_truncated()), (Some(0), Some(false)));
    assert_eq!(code_of(s3.list_objects_v2().bucket("bucket").max_keys(-1).send().await), "InvalidArgument");
    let token = s3.list_objects_v2().bucket("bucket").continuation_token("made up").send().await;
    assert_eq!(code_of(token), "InvalidArgument");
    assert_eq!(code_of(s3.list_objects_v2().bucket("none").send().await), "NoSuchBucket");
    Ok(())
}
