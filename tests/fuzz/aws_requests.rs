//! Bodies of requests to the embedded AWS, rightly signed.

use crate::support::{Patchline, fuzzing};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::body::SdkBody;
use tokio::runtime::Runtime;

/// Puts a body into a request before it is signed.
fn with_body(body: Vec<u8>, target: Option<String>) -> impl Fn(&mut HttpRequest) + Send + Sync + 'static {
    move |request: &mut HttpRequest| {
        request.headers_mut().insert("content-length", body.len().to_string());
        if let Some(target) = &target {
            request.headers_mut().insert("x-amz-target", target.clone());
        }
        // They would be those of the body before.
        for checksum in ["x-amz-checksum-crc32", "x-amz-checksum-crc64nvme", "content-md5"] {
            request.headers_mut().remove(checksum);
        }
        *request.body_mut() = SdkBody::from(body.clone());
    }
}

/// The status that a call ended with, whatever came of it.
fn status_of<T, E>(result: Result<T, SdkError<E, HttpResponse>>) -> u16 {
    match result {
        Ok(_) => 200,
        Err(error) => error.raw_response().map_or(0, |response| response.status().as_u16()),
    }
}

fn asked(questions: impl FnOnce(&Runtime, &Patchline)) {
    let runtime = Runtime::new().expect("a runtime");
    let _entered = runtime.enter();
    let patchline = runtime.block_on(Patchline::start());
    runtime.block_on(patchline.put_artist_and_release());
    questions(&runtime, &patchline);
}

/// A request that cannot be understood is the sender's mistake, never the service's.
fn is_an_answer(status: u16) -> bool {
    matches!(status, 200..=299 | 400..=499) || status == 501
}

#[test]
fn fuzz_requests_to_dynamodb() {
    let seeds: [(&str, &[&[u8]]); 4] = [
        ("GetItem", &[br##"{"TableName":"artists","Key":{"artistId":{"S":"art_1"}},"ProjectionExpression":"#a","ExpressionAttributeNames":{"#a":"name"}}"##]),
        ("PutItem", &[br#"{"TableName":"artists","Item":{"artistId":{"S":"x"},"n":{"N":"1.5e3"},"l":{"L":[{"NULL":true}]}},"ConditionExpression":"attribute_not_exists(artistId)"}"#]),
        ("UpdateItem", &[br#"{"TableName":"artists","Key":{"artistId":{"S":"art_1"}},"UpdateExpression":"SET v = v + :n REMOVE b","ExpressionAttributeValues":{":n":{"N":"1"}}}"#]),
        ("Query", &[br#"{"TableName":"releases","IndexName":"by-artist","KeyConditionExpression":"artistId = :a AND releaseDate BETWEEN :b AND :c","ExpressionAttributeValues":{":a":{"S":"art_1"},":b":{"S":"1"},":c":{"S":"2"}},"Limit":1}"#]),
    ];
    let words = [
        "{\"S\":",
        "\"Key\":{",
        "(",
        " AND ",
        ":n",
        "#a",
        "{\"N\":\"1e200\"}",
        "{\"L\":[",
        "}",
        "\"TableName\":",
    ];
    asked(|runtime, patchline| {
        fuzzing::rounds(|number| {
            for (operation, seeds) in seeds {
                fuzzing::bytes_of(number, 40, seeds, &words, |body| {
                    let target = Some(format!("DynamoDB_20120810.{operation}"));
                    let call = patchline.clients.dynamodb.list_tables().customize();
                    let sent = runtime.block_on(call.mutate_request(with_body(body.to_vec(), target)).send());
                    let status = status_of(sent);
                    assert!(is_an_answer(status), "{status} to {operation}");
                });
            }
        });
    });
}

#[test]
fn fuzz_requests_to_cloudwatch_logs() {
    let seeds: [(&str, &[&[u8]]); 3] = [
        ("FilterLogEvents", &[br#"{"logGroupName":"/patchline/application","filterPattern":"{ $.level = \"ERROR\" }","limit":1}"#]),
        ("PutLogEvents", &[br#"{"logGroupName":"/patchline/application","logStreamName":"a","logEvents":[{"timestamp":1,"message":"m"}]}"#]),
        ("StartQuery", &[br#"{"logGroupNames":["/patchline/application"],"startTime":0,"endTime":9,"queryString":"stats count(*) by bin(5m)"}"#]),
    ];
    let words = [
        "\"logGroupName\":",
        "[",
        "{",
        "}",
        "9223372036854775807",
        "-1",
        "\"queryString\":\"",
        " | ",
        "/(x/",
    ];
    asked(|runtime, patchline| {
        fuzzing::rounds(|number| {
            for (operation, seeds) in seeds {
                fuzzing::bytes_of(number, 40, seeds, &words, |body| {
                    let target = Some(format!("Logs_20140328.{operation}"));
                    let call = patchline.clients.logs.describe_log_groups().customize();
                    let sent = runtime.block_on(call.mutate_request(with_body(body.to_vec(), target)).send());
                    let status = status_of(sent);
                    assert!(is_an_answer(status), "{status} to {operation}");
                });
            }
        });
    });
}

/// Bodies of S3 are XML.
#[test]
fn fuzz_requests_to_s3() {
    let seeds: [&[u8]; 2] = [
        b"<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>",
        b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
    ];
    let words = [
        "<Status>",
        "</Status>",
        "&amp;",
        "&x;",
        "<!DOCTYPE a [<!ENTITY b \"c\">]>",
        "<![CDATA[",
        "<a>",
        "Suspended",
    ];
    asked(|runtime, patchline| {
        fuzzing::bytes(60, &seeds, &words, |body| {
            let versioning = aws_sdk_s3::types::VersioningConfiguration::builder()
                .status(aws_sdk_s3::types::BucketVersioningStatus::Enabled)
                .build();
            let call = patchline.clients.s3.put_bucket_versioning().bucket("patchline-audio");
            let call = call.versioning_configuration(versioning).customize();
            let sent = runtime.block_on(call.mutate_request(with_body(body.to_vec(), None)).send());
            let status = status_of(sent);
            assert!(is_an_answer(status), "{status}");
        });
    });
}
