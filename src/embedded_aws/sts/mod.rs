//! STS: who the caller is. There is one account and one key.

use async_trait::async_trait;
use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;

use super::account::ACCOUNT;
use super::fault::Fault;
use super::form::{self, Form};
use super::protocol::Protocol;
use super::service::{Service, unknown_operation};

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
/// The one caller there is.
const USER: &str = "user/patchline";

/// Answers who the caller is.
#[derive(Debug, Clone)]
pub(crate) struct Sts {
    access_key_id: String,
}

impl Sts {
    /// For the key that is accepted.
    pub(crate) fn new(access_key_id: &str) -> Self {
        Self { access_key_id: access_key_id.to_owned() }
    }

    fn caller(&self) -> String {
        // Ids of users begin with AIDA where those of their keys begin with AKIA.
        let user_id = self.access_key_id.replacen("AKIA", "AIDA", 1);
        let arn = format!("arn:aws:iam::{ACCOUNT}:{USER}");
        [("UserId", user_id.as_str()), ("Account", ACCOUNT), ("Arn", &arn)]
            .map(|(name, text)| form::element(name, text))
            .concat()
    }
}

#[async_trait]
impl Service for Sts {
    fn protocol(&self, _request: &Parts) -> Protocol {
        Protocol::AwsQuery
    }

    fn body_limit(&self) -> usize {
        64 * 1024
    }

    async fn call(&self, request: http::Request<Bytes>) -> Result<Response, Fault> {
        let mut form = Form::read(request.body())?;
        match form.action().as_str() {
            action @ "GetCallerIdentity" => {
                form.finish()?;
                Ok(form::answer(action, NAMESPACE, &self.caller()))
            }
            _ => Err(unknown_operation(Protocol::AwsQuery, "STS")),
        }
    }
}
