//! Sending e-mails by SES.

use super::aws::{AwsClients, AwsFailure};
use crate::model::tool::AwsResource;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message};

/// A plain e-mail to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mail {
    /// Whom it goes to.
    pub(crate) to: String,
    /// What it is about, on one line.
    pub(crate) subject: String,
    /// What it says.
    pub(crate) text: String,
}

/// Sends an e-mail from an address, and answers with the id by which SES knows it.
pub(crate) async fn send(aws: &AwsClients, from: &str, mail: &Mail) -> Result<String, AwsFailure> {
    let unusable =
        |error: aws_sdk_sesv2::error::BuildError| AwsFailure::unusable(resource(from), error.to_string());
    let content = |text: &str| Content::builder().data(text).charset("UTF-8").build().map_err(unusable);
    let message = Message::builder()
        .subject(content(&mail.subject)?)
        .body(Body::builder().text(content(&mail.text)?).build())
        .build();
    let client = &aws.mail;
    let answer = client
        .send_email()
        .from_email_address(from)
        .destination(Destination::builder().to_addresses(&mail.to).build())
        .content(EmailContent::builder().simple(message).build())
        .send()
        .await
        .map_err(|error| AwsFailure::from_sdk(resource(from), &error))?;
    Ok(answer.message_id().unwrap_or_default().to_owned())
}

fn resource(from: &str) -> AwsResource {
    AwsResource { service: "ses".to_owned(), action: "ses:SendEmail".to_owned(), name: from.to_owned() }
}
