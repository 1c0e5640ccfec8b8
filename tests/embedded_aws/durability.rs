//! What was acknowledged is there after a restart, and what was not leaves no trace.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http_body_util::StreamBody;
use tempfile::TempDir;

use super::{Fixture, Outcome, code_of, dynamodb, dynamodb_client, get, noise, open, put, s3_client};

/// Names the directory that the writer below fills until it is killed.
const WRITER_DIRECTORY: &str = "PATCHLINE_TEST_WRITER_DIRECTORY";

/// How many files there are in a directory and below.
pub(super) fn files_under(directory: &Path) -> std::io::Result<usize> {
    let mut count = 0;
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        count += if path.is_dir() { files_under(&path)? } else { 1 };
    }
    Ok(count)
}

#[tokio::test]
async fn everything_is_there_after_a_restart() -> Outcome {
    let (fixture, s3) = Fixture::with_bucket().await?;
    let versioning = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
    s3.put_bucket_versioning().bucket("bucket").versioning_configuration(versioning).send().await?;
    let first = put(&s3, "a", "one").await?.version_id().unwrap_or_default().to_owned();
    put(&s3, "a", "two").await?;
    let tables = dynamodb_client(&fixture.aws);
    dynamodb::create_table(&tables).await?;
    dynamodb::put(&tables, "1", "a").await?;
    let key = fixture.aws.credentials();
    let Fixture { directory, aws } = fixture;
    aws.close().await;
    drop((s3, tables));

    let aws = open(directory.path()).await?;
    assert_eq!(aws.credentials().secret_access_key(), key.secret_access_key());
    let s3 = s3_client(&aws);
    assert_eq!(get(&s3, "a").await?, b"two");
    let old = s3.get_object().bucket("bucket").key("a").version_id(first).send().await?;
    assert_eq!(old.body.collect().await?.to_vec(), b"one");
    assert_eq!(dynamodb_client(&aws).scan().table_name("artists").send().await?.count(), 1);
    Ok(())
}

#[tokio::test]
async fn a_directory_is_open_in_one_place_at_a_time() -> Outcome {
    let fixture = Fixture::new().await?;
    let Err(error) = open(fixture.directory.path()).await else { return Err("opened twice".into()) };
    assert!(error.to_string().contains("in use"), "{error}");
    Ok(())
}

#[cfg(unix)]
#[tokio::test]
async fn the_credentials_are_for_their_owner_only() -> Outcome {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::new().await?;
    let mode = std::fs::metadata(fixture.directory.path().join("credentials.json"))?.permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let other = Fixture::new().await?;
    assert_ne!(fixture.aws.credentials().secret_access_key(), other.aws.credentials().secret_access_key());
    Ok(())
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() -> Outcome {
    let (fixture, s3) = Fixture::with_bucket().await?;
    let chunks = [Ok(Bytes::from(noise(100_000))), Err(std::io::Error::other("the network went away"))];
    let chunks = chunks.map(|chunk| chunk.map(http_body::Frame::data));
    let body = ByteStream::new(SdkBody::from_body_1_x(StreamBody::new(futures::stream::iter(chunks))));
    let upload = s3.put_object().bucket("bucket").key("a").content_length(200_000).body(body).send().await;
    assert_ne!(code_of(upload), "success");
    assert_eq!(code_of(s3.get_object().bucket("bucket").key("a").send().await), "NoSuchKey");
    assert_eq!(files_under(&fixture.directory.path().join("s3/blobs"))?, 0);
    assert_eq!(files_under(&fixture.directory.path().join("s3/incoming"))?, 0);
    Ok(())
}

#[tokio::test]
async fn what_a_crash_left_behind_is_swept_away_and_nothing_else() -> Outcome {
    let (fixture, s3) = Fixture::with_bucket().await?;
    put(&s3, "a", "kept").await?;
    let Fixture { directory, aws } = fixture;
    aws.close().await;
    drop(s3);
    let blobs = directory.path().join("s3/blobs");
    std::fs::create_dir_all(blobs.join("0/0"))?;
    std::fs::write(blobs.join("0/0/01ARZ3NDEKTSV4RRFFQ69G5F00"), "renamed, but never indexed")?;
    std::fs::write(directory.path().join("s3/incoming/01ARZ3NDEKTSV4RRFFQ69G5F01"), "half an upl")?;

    let aws = open(directory.path()).await?;
    assert_eq!(files_under(&blobs)?, 1);
    assert_eq!(files_under(&directory.path().join("s3/incoming"))?, 0);
    assert_eq!(get(&s3_client(&aws), "a").await?, b"kept");
    Ok(())
}

/// Not a test of its own: the process that the next test kills. It says each number once its object
/// and its item are acknowledged.
#[tokio::test]
async fn writer_process() -> Outcome {
    use std::io::Write;
    let Some(directory) = std::env::var_os(WRITER_DIRECTORY).map(PathBuf::from) else { return Ok(()) };
    let aws = open(&directory).await?;
    let (s3, tables) = (s3_client(&aws), dynamodb_client(&aws));
    s3.create_bucket().bucket("bucket").send().await?;
    dynamodb::create_table(&tables).await?;
    for number in 0.. {
        put(&s3, &format!("{number}"), noise(number * 100)).await?;
        dynamodb::put(&tables, &format!("{number}"), "a").await?;
        // Past the capture of the test harness, straight to the parent.
        writeln!(std::io::stdout(), "written {number}")?;
        std::io::stdout().flush()?;
    }
    Ok(())
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() -> Outcome {
    let directory = TempDir::new()?;
    let mut writer = Command::new(std::env::current_exe()?)
        .args(["embedded_aws::durability::writer_process", "--exact", "--nocapture"])
        .env(WRITER_DIRECTORY, directory.path())
        .stdout(Stdio::piped())
        .spawn()?;
    let output = writer.stdout.take().ok_or("no output")?;
    let mut last = None;
    for line in BufReader::new(output).lines() {
        last = line?.rsplit_once("written ").and_then(|(_, number)| number.parse::<usize>().ok()).or(last);
        if last == Some(25) {
            // `kill -9` on Unix.
            writer.kill()?;
        }
    }
    writer.wait()?;
    let last = last.ok_or("the writer wrote nothing")?;
    assert!(last >= 25);

    let aws = open(directory.path()).await?;
    let (s3, tables) = (s3_client(&aws), dynamodb_client(&aws));
    for number in 0..=last {
        assert!(get(&s3, &number.to_string()).await? == noise(number * 100), "object {number}");
    }
    let items = tables.scan().table_name("artists").send().await?.count();
    assert!(usize::try_from(items)? > last);
    Ok(())
}
