//! Only requests signed with the local key are served, and refusals are those of AWS.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sdk_s3::primitives::ByteStream;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use bytes::Bytes;
use patchline::embedded_aws::EmbeddedAws;

use super::raw_http::{header, send};
use super::{Fixture, Outcome, code_of, dynamodb_client_with, s3_client_with};

/// A `ListTables` request signed for a service at a time.
fn signed(
    credentials: &Credentials,
    service: &str,
    time: SystemTime,
    body: &'static str,
) -> Result<http::Request<Bytes>, Box<dyn std::error::Error>> {
    let mut request = http::Request::post("http://aws.localhost/a%3Ab?x=1")
        .header("host", "aws.localhost")
        .header("x-amz-target", "DynamoDB_20120810.ListTables")
        .header("content-type", "application/x-amz-json-1.0")
        .body(Bytes::from_static(body.as_bytes()))?;
    let identity = credentials.clone().into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name(service)
        .time(time)
        .settings(SigningSettings::default())
        .build()?
        .into();
    let headers =
        request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap_or_default()));
    let signable = SignableRequest::new(
        "POST",
        request.uri().to_string(),
        headers,
        SignableBody::Bytes(body.as_bytes()),
    )?;
    let (instructions, _) = sign(signable, &parameters)?.into_parts();
    instructions.apply_to_request_http1x(&mut request);
    Ok(request)
}

async fn answer(
    aws: &EmbeddedAws,
    request: http::Request<Bytes>,
) -> Result<http::Response<Bytes>, Box<dyn std::error::Error>> {
    let listener = aws.listen(([127, 0, 0, 1], 0).into()).await?;
    let response = send(listener.address(), request).await?;
    listener.shutdown().await;
    Ok(response)
}

fn type_of(response: &http::Response<Bytes>) -> String {
    let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap_or_default();
    body["__type"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_genuine_signature_is_accepted_on_the_port() -> Outcome {
    let fixture = Fixture::new().await?;
    let request = signed(&fixture.aws.credentials(), "dynamodb", SystemTime::now(), "{}")?;
    let response = answer(&fixture.aws, request).await?;
    assert_eq!(response.body().as_ref(), br#"{"TableNames":[]}"#);
    let checksum = crc_fast::checksum(crc_fast::CrcAlgorithm::Crc32IsoHdlc, response.body());
    assert_eq!(header(&response, "x-amz-crc32"), Some(checksum.to_string().as_str()));
    assert!(header(&response, "x-amzn-requestid").is_some());
    Ok(())
}

#[tokio::test]
async fn a_changed_request_is_refused() -> Outcome {
    let fixture = Fixture::new().await?;
    let genuine = || signed(&fixture.aws.credentials(), "dynamodb", SystemTime::now(), "{}");
    let mut body = genuine()?;
    *body.body_mut() = Bytes::from_static(br#"{"Limit":1}"#);
    let mut target = genuine()?;
    target.headers_mut().insert("x-amz-target", "DynamoDB_20120810.DeleteTable".parse()?);
    let mut path = genuine()?;
    *path.uri_mut() = "http://aws.localhost/a%3Ab?x=2".parse()?;
    for request in [body, target, path] {
        let response = answer(&fixture.aws, request).await?;
        assert_eq!(
            (response.status().as_u16(), type_of(&response).as_str()),
            (400, "InvalidSignatureException")
        );
    }
    Ok(())
}

#[tokio::test]
async fn an_old_signature_is_refused() -> Outcome {
    let fixture = Fixture::new().await?;
    for age in [Duration::from_mins(16), Duration::from_hours(24)] {
        let request = signed(&fixture.aws.credentials(), "dynamodb", SystemTime::now() - age, "{}")?;
        assert_eq!(type_of(&answer(&fixture.aws, request).await?), "InvalidSignatureException");
    }
    let request =
        signed(&fixture.aws.credentials(), "dynamodb", SystemTime::now() - Duration::from_mins(10), "{}")?;
    assert_eq!(answer(&fixture.aws, request).await?.status(), 200);
    Ok(())
}

#[tokio::test]
async fn wrong_keys_are_refused_by_every_service() -> Outcome {
    let fixture = Fixture::new().await?;
    let ours = fixture.aws.credentials();
    let unknown = Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret", None, None, "test");
    let wrong_secret = Credentials::new(ours.access_key_id(), "secret", None, None, "test");

    let tables = |key: &Credentials| dynamodb_client_with(&fixture.aws, key.clone());
    assert_eq!(code_of(tables(&unknown).list_tables().send().await), "UnrecognizedClientException");
    assert_eq!(code_of(tables(&wrong_secret).list_tables().send().await), "InvalidSignatureException");
    let buckets = |key: &Credentials| s3_client_with(&fixture.aws, key.clone(), "http://aws.localhost");
    assert_eq!(code_of(buckets(&unknown).list_buckets().send().await), "InvalidAccessKeyId");
    assert_eq!(code_of(buckets(&wrong_secret).list_buckets().send().await), "SignatureDoesNotMatch");
    Ok(())
}

#[tokio::test]
async fn without_a_signature_nothing_is_served() -> Outcome {
    let fixture = Fixture::new().await?;
    let request = http::Request::post("/")
        .header("x-amz-target", "DynamoDB_20120810.ListTables")
        .body(Bytes::from_static(b"{}"))?;
    let response = answer(&fixture.aws, request).await?;
    assert_eq!(type_of(&response), "MissingAuthenticationTokenException");
    let response = answer(&fixture.aws, http::Request::get("/bucket/key").body(Bytes::new())?).await?;
    assert_eq!(response.status(), 403);
    assert!(String::from_utf8_lossy(response.body()).contains("<Code>AccessDenied</Code>"));
    assert!(header(&response, "x-amz-request-id").is_some());
    Ok(())
}

#[tokio::test]
async fn a_service_that_is_not_there_says_so() -> Outcome {
    let fixture = Fixture::new().await?;
    let ask = async |service: &str| {
        let request = signed(&fixture.aws.credentials(), service, SystemTime::now(), "{}")?;
        answer(&fixture.aws, request).await
    };
    for service in ["lambda", "logs", "monitoring"] {
        let response = ask(service).await?;
        assert_eq!(type_of(&response), "UnknownOperationException", "{service}");
    }
    Ok(())
}

#[tokio::test]
async fn an_upload_whose_content_was_changed_on_the_way_is_not_stored() -> Outcome {
    let (fixture, s3) = Fixture::with_bucket().await?;
    let listener = fixture.aws.listen(([127, 0, 0, 1], 0).into()).await?;
    let expiry = aws_sdk_s3::presigning::PresigningConfig::expires_in(Duration::from_mins(1))?;
    let endpoint = format!("http://{}", listener.address());
    let signer = s3_client_with(&fixture.aws, fixture.aws.credentials(), &endpoint);
    let upload = signer.put_object().bucket("bucket").key("a").presigned(expiry).await?;
    let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let request = http::Request::put(upload.uri())
        .header("x-amz-content-sha256", hash)
        .body(Bytes::from_static(b"not empty"))?;
    let response = send(listener.address(), request).await?;
    let body = String::from_utf8_lossy(response.body());
    assert!(body.contains("<Code>XAmzContentSHA256Mismatch</Code>"), "{body}");
    assert_eq!(code_of(s3.get_object().bucket("bucket").key("a").send().await), "NoSuchKey");
    Ok(())
}

#[tokio::test]
async fn an_expired_address_is_refused() -> Outcome {
    let (fixture, s3) = Fixture::with_bucket().await?;
    s3.put_object().bucket("bucket").key("a").body(ByteStream::from_static(b"1")).send().await?;
    let listener = fixture.aws.listen(([127, 0, 0, 1], 0).into()).await?;
    let signer =
        s3_client_with(&fixture.aws, fixture.aws.credentials(), &format!("http://{}", listener.address()));
    let an_hour_ago = SystemTime::now() - Duration::from_hours(1);
    let expiry = aws_sdk_s3::presigning::PresigningConfig::builder()
        .start_time(an_hour_ago)
        .expires_in(Duration::from_mins(1))
        .build()?;
    let download = signer.get_object().bucket("bucket").key("a").presigned(expiry).await?;
    let response = send(listener.address(), http::Request::get(download.uri()).body(Bytes::new())?).await?;
    assert_eq!(response.status(), 403);
    Ok(())
}

#[tokio::test]
async fn it_listens_on_this_machine_only() -> Outcome {
    let fixture = Fixture::new().await?;
    assert!(fixture.aws.listen(([0, 0, 0, 0], 0).into()).await.is_err());
    Ok(())
}
