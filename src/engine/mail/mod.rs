//! Sending e-mails by SES, and looking whether it would.

use super::aws::{AwsClients, AwsFailure, FailureKind};
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
    let unusable = |error: aws_sdk_sesv2::error::BuildError| {
        AwsFailure::unusable(resource("SendEmail", from), error.to_string())
    };
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
        .map_err(|error| AwsFailure::from_sdk(resource("SendEmail", from), &error))?;
    Ok(answer.message_id().unwrap_or_default().to_owned())
}

/// Whether the account sends e-mails at present.
pub(crate) async fn is_sending(aws: &AwsClients) -> Result<bool, AwsFailure> {
    let client = &aws.mail;
    let asked = client.get_account().send().await;
    let account = asked.map_err(|error| AwsFailure::from_sdk(resource("GetAccount", "account"), &error))?;
    Ok(account.sending_enabled())
}

/// Whether an identity, an address or a domain, may be sent from. Not where SES does not know it.
pub(crate) async fn is_verified(aws: &AwsClients, identity: &str) -> Result<bool, AwsFailure> {
    let client = &aws.mail;
    match client.get_email_identity().email_identity(identity).send().await {
        Ok(found) => Ok(found.verified_for_sending_status()),
        Err(error) => {
            let failure = AwsFailure::from_sdk(resource("GetEmailIdentity", identity), &error);
            if failure.kind == FailureKind::NotFound { Ok(false) } else { Err(failure) }
        }
    }
}

fn resource(action: &str, name: &str) -> AwsResource {
    AwsResource { service: "ses".to_owned(), action: format!("ses:{action}"), name: name.to_owned() }
}
