//! STS: who the caller is, and taking a role.

use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_sdk_sts::error::ProvideErrorMetadata;
use aws_sdk_sts::types::Tag;
use patchline::embedded_aws::TakenRole;

use super::{Fixture, Outcome, dynamodb_client_with, open, s3_client_with};

async fn client(fixture: &Fixture) -> aws_sdk_sts::Client {
    client_with(fixture, fixture.aws.credentials()).await
}

async fn client_with(fixture: &Fixture, credentials: Credentials) -> aws_sdk_sts::Client {
    let config = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(credentials)
        .http_client(fixture.aws.http_client())
        .endpoint_url("http://embedded-aws.localhost");
    aws_sdk_sts::Client::new(&config.load().await)
}

#[tokio::test]
async fn the_caller_is_the_one_user_of_the_one_account() -> Outcome {
    let fixture = Fixture::new().await?;
    let caller = client(&fixture).await.get_caller_identity().send().await?;
    assert_eq!(caller.account(), Some("000000000000"));
    assert_eq!(caller.arn(), Some("arn:aws:iam::000000000000:user/patchline"));
    assert!(caller.user_id().is_some_and(|id| id.starts_with("AIDA") && id.len() == 20));
    Ok(())
}

const ROLE: &str = "arn:aws:iam::000000000000:role/label/PatchlineMCPS3Role";

/// A role, taken in somebody's name.
async fn taken(
    sts: &aws_sdk_sts::Client,
    person: &str,
) -> Result<aws_sdk_sts::operation::assume_role::AssumeRoleOutput, Box<dyn std::error::Error>> {
    let tag = Tag::builder().key("PatchlineRole").value("artist").build()?;
    let request = sts.assume_role().role_arn(ROLE).role_session_name(person).source_identity(person);
    Ok(request.tags(tag).duration_seconds(900).send().await?)
}

fn credentials_of(
    answer: &aws_sdk_sts::operation::assume_role::AssumeRoleOutput,
) -> Result<Credentials, Box<dyn std::error::Error>> {
    let given = answer.credentials().ok_or("no credentials")?;
    let token = Some(given.session_token().to_owned());
    Ok(Credentials::new(given.access_key_id(), given.secret_access_key(), token, None, "test"))
}

#[tokio::test]
async fn whoever_takes_a_role_is_known_by_its_session() -> Outcome {
    let fixture = Fixture::new().await?;
    let answer = taken(&client(&fixture).await, "usr_mira").await?;
    assert_eq!(answer.source_identity(), Some("usr_mira"));
    let arn = "arn:aws:sts::000000000000:assumed-role/PatchlineMCPS3Role/usr_mira";
    assert_eq!(answer.assumed_role_user().map(aws_sdk_sts::types::AssumedRoleUser::arn), Some(arn));
    let as_role = client_with(&fixture, credentials_of(&answer)?).await;
    assert_eq!(as_role.get_caller_identity().send().await?.arn(), Some(arn));
    let expected = TakenRole {
        role_arn: ROLE.to_owned(),
        session_name: "usr_mira".to_owned(),
        source_identity: Some("usr_mira".to_owned()),
        tags: vec![("PatchlineRole".to_owned(), "artist".to_owned())],
    };
    assert_eq!(fixture.aws.taken_roles(), [expected]);
    Ok(())
}

#[tokio::test]
async fn a_session_works_at_every_service_also_after_a_restart_and_only_with_its_token() -> Outcome {
    let fixture = Fixture::new().await?;
    let session = credentials_of(&taken(&client(&fixture).await, "usr_mira").await?)?;
    let Fixture { directory, aws } = fixture;
    aws.close().await;
    let aws = open(directory.path()).await?;
    let s3 = s3_client_with(&aws, session.clone(), "http://embedded-aws.localhost");
    s3.create_bucket().bucket("bucket").send().await?;
    dynamodb_client_with(&aws, session.clone()).list_tables().send().await?;

    let (key, secret) = (session.access_key_id(), session.secret_access_key());
    for token in [None, Some("made up".to_owned())] {
        let without = Credentials::new(key, secret, token, None, "test");
        let s3 = s3_client_with(&aws, without.clone(), "http://embedded-aws.localhost");
        let error = s3.list_buckets().send().await.expect_err("a refusal");
        assert_eq!(error.code(), Some("InvalidToken"));
        let error = dynamodb_client_with(&aws, without).list_tables().send().await.expect_err("a refusal");
        assert_eq!(error.code(), Some("UnrecognizedClientException"));
    }
    Ok(())
}

#[tokio::test]
async fn who_is_behind_a_session_stays_so_in_the_next() -> Outcome {
    let fixture = Fixture::new().await?;
    let session = credentials_of(&taken(&client(&fixture).await, "usr_mira").await?)?;
    let as_role = client_with(&fixture, session).await;
    let request = || as_role.assume_role().role_arn(ROLE).role_session_name("next");
    assert_eq!(request().send().await?.source_identity(), Some("usr_mira"));
    let error = request().source_identity("usr_noor").send().await.expect_err("a refusal");
    assert_eq!(error.code(), Some("AccessDenied"));
    let error = request().duration_seconds(3_601).send().await.expect_err("a refusal");
    assert_eq!(error.code(), Some("ValidationError"));
    Ok(())
}

#[tokio::test]
async fn what_sts_does_not_take_is_refused() -> Outcome {
    let fixture = Fixture::new().await?;
    let sts = client(&fixture).await;
    let request = || sts.assume_role().role_arn(ROLE).role_session_name("usr_mira");
    let tag = |key: &str, value: &str| Tag::builder().key(key).value(value).build();
    for (refused, code) in [
        (request().role_session_name("key:x"), "ValidationError"),
        (request().source_identity("x"), "ValidationError"),
        (request().duration_seconds(899), "ValidationError"),
        (request().tags(tag("Role", "a<b")?), "ValidationError"),
        (request().tags(tag("Role", "a")?).tags(tag("role", "b")?), "ValidationError"),
        (request().role_arn("arn:aws:iam::111122223333:role/other"), "AccessDenied"),
        (request().external_id("x-1"), "InvalidParameterValue"),
    ] {
        let error = refused.send().await.expect_err("a refusal");
        assert_eq!(error.code(), Some(code), "{error:?}");
    }
    assert!(fixture.aws.taken_roles().is_empty());
    Ok(())
}
