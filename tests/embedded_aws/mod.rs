//! The embedded AWS through the clients that the product uses, and through its loopback port.

mod alarms;
mod bedrock;
mod connections;
mod durability;
mod dynamodb;
mod logs;
mod logs_insights;
mod metric_math;
mod metrics;
mod raw_http;
mod rds;
mod rds_data;
mod s3_copies;
mod s3_cors;
mod s3_listing;
mod s3_multipart;
mod s3_objects;
mod s3_versions;
mod ses;
mod signatures;
mod sts;

use std::path::Path;

use aws_credential_types::Credentials;
use aws_sdk_s3::config::{BehaviorVersion, Region};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use patchline::embedded_aws::{EmbeddedAws, Options};
use tempfile::TempDir;

/// What tests return: any error ends them.
type Outcome = Result<(), Box<dyn std::error::Error>>;

/// An embedded AWS in a directory of its own that goes away with it.
struct Fixture {
    directory: TempDir,
    aws: EmbeddedAws,
}

impl Fixture {
    async fn new() -> Result<Self, Box<dyn std::error::Error>> {
        let directory = TempDir::new()?;
        let aws = open(directory.path()).await?;
        Ok(Self { directory, aws })
    }

    /// An S3 client, and a bucket named `bucket`.
    async fn with_bucket() -> Result<(Self, aws_sdk_s3::Client), Box<dyn std::error::Error>> {
        let fixture = Self::new().await?;
        let s3 = s3_client(&fixture.aws);
        s3.create_bucket().bucket("bucket").send().await?;
        Ok((fixture, s3))
    }
}

async fn open(directory: &Path) -> Result<EmbeddedAws, Box<dyn std::error::Error>> {
    Ok(EmbeddedAws::open(Options::new(directory, "us-east-1")).await?)
}

fn s3_client(aws: &EmbeddedAws) -> aws_sdk_s3::Client {
    s3_client_with(aws, aws.credentials(), "http://embedded-aws.localhost")
}

fn s3_client_with(aws: &EmbeddedAws, credentials: Credentials, endpoint: &str) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(credentials)
        .http_client(aws.http_client())
        .endpoint_url(endpoint)
        .force_path_style(true);
    aws_sdk_s3::Client::from_conf(config.build())
}

fn dynamodb_client(aws: &EmbeddedAws) -> aws_sdk_dynamodb::Client {
    dynamodb_client_with(aws, aws.credentials())
}

fn dynamodb_client_with(aws: &EmbeddedAws, credentials: Credentials) -> aws_sdk_dynamodb::Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
        .region(aws_sdk_dynamodb::config::Region::new("us-east-1"))
        .credentials_provider(credentials)
        .http_client(aws.http_client())
        .endpoint_url("http://embedded-aws.localhost");
    aws_sdk_dynamodb::Client::from_conf(config.build())
}

/// The code of the error that a call ended with, or `success`.
fn code_of<T, E: ProvideErrorMetadata, R>(result: Result<T, SdkError<E, R>>) -> String {
    match result {
        Ok(_) => "success".to_owned(),
        Err(error) => error.code().unwrap_or("an error without a code").to_owned(),
    }
}

/// The HTTP status that a call ended with.
fn status_of<T, E>(
    result: Result<T, SdkError<E, aws_smithy_runtime_api::client::orchestrator::HttpResponse>>,
) -> u16 {
    match result {
        Ok(_) => 200,
        Err(error) => error.raw_response().map_or(0, |response| response.status().as_u16()),
    }
}

async fn put(
    s3: &aws_sdk_s3::Client,
    key: &str,
    content: impl Into<Vec<u8>>,
) -> Result<aws_sdk_s3::operation::put_object::PutObjectOutput, Box<dyn std::error::Error>> {
    let body = ByteStream::from(content.into());
    Ok(s3.put_object().bucket("bucket").key(key).body(body).send().await?)
}

async fn get(s3: &aws_sdk_s3::Client, key: &str) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let object = s3.get_object().bucket("bucket").key(key).send().await?;
    Ok(object.body.collect().await?.to_vec())
}

/// Bytes in which no two places look alike.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}
