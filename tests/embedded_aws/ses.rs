//! SES, through the real client: e-mails are kept as files, and what breaks a rule is refused.

use aws_config::{BehaviorVersion, Region};
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message, Template};

use super::{Fixture, Outcome, code_of};

async fn client(fixture: &Fixture) -> aws_sdk_sesv2::Client {
    let config = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(fixture.aws.credentials())
        .http_client(fixture.aws.http_client())
        .endpoint_url("http://embedded-aws.localhost");
    aws_sdk_sesv2::Client::new(&config.load().await)
}

fn text(text: &str) -> Result<Content, aws_sdk_sesv2::error::BuildError> {
    Content::builder().data(text).charset("UTF-8").build()
}

#[tokio::test]
async fn an_email_is_kept_as_a_file_and_comes_back_as_it_was() -> Outcome {
    let fixture = Fixture::new().await?;
    let client = client(&fixture).await;
    let body = Body::builder().text(text("Träume: +12 %")?).html(text("<p>Träume</p>")?).build();
    let message = Message::builder().subject(text("Müde Träume")?).body(body).build();
    let sent = client
        .send_email()
        .from_email_address("Patchline <notices@label.example>")
        .destination(Destination::builder().to_addresses("ana@label.example").build())
        .content(EmailContent::builder().simple(message).build())
        .send()
        .await?;
    let id = sent.message_id().ok_or("no id")?;
    let file = fixture.directory.path().join("mail").join(format!("{id}.eml"));
    let file = std::fs::read_to_string(file)?;
    assert!(file.contains("To: ana@label.example\r\n") && file.contains("multipart/alternative"), "{file}");
    assert!(file.contains("Subject: =?UTF-8?B?"), "{file}");
    Ok(())
}

#[tokio::test]
async fn what_is_not_there_is_an_error_that_the_client_knows() -> Outcome {
    let fixture = Fixture::new().await?;
    let client = client(&fixture).await;
    let template = Template::builder().template_name("weekly").build();
    let to = Destination::builder().to_addresses("ana@label.example").build();
    let sent = client
        .send_email()
        .from_email_address("notices@label.example")
        .destination(to)
        .content(EmailContent::builder().template(template).build())
        .send()
        .await;
    assert_eq!(code_of(sent), "BadRequestException");
    let account = client.get_account().send().await?;
    assert!(account.sending_enabled() && account.production_access_enabled());
    let sender = client.get_email_identity().email_identity("notices@label.example").send().await?;
    assert!(sender.verified_for_sending_status());
    let listed = client.list_email_identities().send().await;
    assert_eq!(code_of(listed), "UnknownOperationException");
    Ok(())
}
