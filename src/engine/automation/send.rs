//! Telling somebody outside, as an operation at the door: the audit log has what left the house, and to whom.

use super::kept::{Run, Secret, answer};
use super::webhook::{self, Called, NotTaken, Webhooks};
use crate::engine::aws::FailureKind;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::mail::{self, Mail};
use crate::engine::tools::{Class, Context, Effect, Operation, Refusal, RefusalKind, ToolError};
use crate::model::automation::DeliveryWay;
use crate::model::tool::AwsResource;
use jiff::Timestamp;
use serde::Serialize;

/// By which way a notice goes.
pub(super) enum Way {
    /// An e-mail.
    Mail {
        /// From whom.
        from: String,
        /// The e-mail.
        mail: Mail,
    },
    /// A call of an address.
    Webhook {
        /// The address.
        address: String,
        /// What signs it.
        secret: Secret,
        /// What it tells, as JSON.
        body: String,
        /// The time of the call.
        now: Timestamp,
    },
}

/// A notice. The record has who was told of what, and of an address no more than its host.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SendNoticeInput {
    automation: String,
    run: String,
    way: DeliveryWay,
    to: String,
    #[serde(skip_serializing)]
    what: Way,
    #[serde(skip_serializing)]
    webhooks: Webhooks,
}

impl SendNoticeInput {
    /// The notice of a run.
    pub(super) fn new(run: &Run, what: Way, webhooks: Webhooks) -> Self {
        let (way, to) = match &what {
            Way::Mail { mail, .. } => (DeliveryWay::Mail, mail.to.clone()),
            Way::Webhook { address, .. } => (DeliveryWay::Webhook, webhook::host(address)),
        };
        Self { automation: run.automation.clone(), run: run.view.id.clone(), way, to, what, webhooks }
    }
}

/// Tells somebody outside what a run of the caller's came to.
pub(super) struct SendNotice;

impl Operation for SendNotice {
    const NAME: &'static str = "send_notice";
    const EFFECT: Effect = Effect::Adds;
    const CLASS: Class = Class::Page;
    type Input = SendNoticeInput;
    type Output = ();

    fn resources(input: &SendNoticeInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let (service, action, name) = match &input.what {
            Way::Mail { from, .. } => ("ses", "ses:SendEmail", from),
            Way::Webhook { .. } => ("webhook", "webhook:Call", &input.to),
        };
        let (service, action, name) = (service.to_owned(), action.to_owned(), name.clone());
        Ok(vec![AwsResource { service, action, name }])
    }

    async fn run(input: SendNoticeInput, context: Context) -> Result<(), ToolError> {
        match input.what {
            Way::Mail { from, mail } => match mail::send(&context.catalog.aws, &from, &mail).await {
                Ok(_) => Ok(()),
                Err(failure) if failure.kind == FailureKind::Invalid => {
                    let reason = format!("SES does not take it: {}", failure.message);
                    Err(not_taken(NotTaken { reason, for_ever: true }))
                }
                Err(failure) => Err(CatalogError::from(failure).into()),
            },
            Way::Webhook { address, secret, body, now } => {
                let id = answer(&input.automation, &input.run).replace(['/', '#', ':'], "-");
                let called = Called { id: &id, body: &body, secret: &secret.0, now };
                input.webhooks.call(&address, called).await.map_err(not_taken)
            }
        }
    }
}

fn not_taken(why: NotTaken) -> ToolError {
    let kind = if why.for_ever { RefusalKind::Invalid } else { RefusalKind::Unavailable };
    ToolError::Refused(Box::new(Refusal {
        kind,
        message: why.reason,
        remedy: String::new(),
        fields: Vec::new(),
        retry_after: None,
    }))
}
