//! STS: who the caller is.

use aws_config::{BehaviorVersion, Region};
use aws_sdk_sts::error::ProvideErrorMetadata;

use super::{Fixture, Outcome};

async fn client(fixture: &Fixture) -> aws_sdk_sts::Client {
    let config = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(fixture.aws.credentials())
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

#[tokio::test]
async fn nobody_becomes_somebody_else() -> Outcome {
    let fixture = Fixture::new().await?;
    let role = "arn:aws:iam::000000000000:role/other";
    let assumed = client(&fixture).await.assume_role().role_arn(role).role_session_name("check").send().await;
    let error = assumed.expect_err("a refusal");
    assert_eq!(error.code(), Some("InvalidAction"));
    assert!(error.message().is_some_and(|message| message.contains("does not implement")));
    Ok(())
}
