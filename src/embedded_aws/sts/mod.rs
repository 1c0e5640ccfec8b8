//! STS: who the caller is, and taking a role. There is one account with one user, who may take any role of it.

mod assume_role;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;

use super::account::ACCOUNT;
use super::fault::Fault;
use super::form::{self, Form};
use super::keys::{Identity, Keys, Session};
use super::protocol::Protocol;
use super::service::{Service, unknown_operation};

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
/// The one user there is.
const USER: &str = "user/patchline";
/// How many of the roles that were taken are remembered.
const REMEMBERED: usize = 1_000;

/// A role that was taken, as CloudTrail would show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenRole {
    /// The role.
    pub role_arn: String,
    /// The name of the session.
    pub session_name: String,
    /// For whom.
    pub source_identity: Option<String>,
    /// The tags of the session, in the order in which they were given.
    pub tags: Vec<(String, String)>,
}

/// Answers who the caller is, and lets them take roles.
#[derive(Debug, Clone)]
pub(crate) struct Sts {
    keys: Keys,
    taken: Arc<Mutex<VecDeque<TakenRole>>>,
}

impl Sts {
    /// For the keys that are accepted.
    pub(crate) fn new(keys: Keys) -> Self {
        Self { keys, taken: Arc::default() }
    }

    /// The roles that were taken since the start, the newest last.
    pub(crate) fn taken(&self) -> Vec<TakenRole> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn remember(&self, session: &Session) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.len() >= REMEMBERED {
            taken.pop_front();
        }
        taken.push_back(TakenRole {
            role_arn: session.role_arn.clone(),
            session_name: session.name.clone(),
            source_identity: session.source_identity.clone(),
            tags: session.tags.clone(),
        });
    }

    fn caller(&self, identity: &Identity) -> String {
        let (user_id, arn) = match identity {
            Identity::User => {
                // Ids of users begin with AIDA where those of their keys begin with AKIA.
                let user_id = self.keys.user().replacen("AKIA", "AIDA", 1);
                (user_id, format!("arn:aws:iam::{ACCOUNT}:{USER}"))
            }
            Identity::Role(session) => (assume_role::id_of(session), assume_role::arn_of(session)),
        };
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
        let identity = request.extensions().get::<Identity>().unwrap_or(&Identity::User);
        match form.action().as_str() {
            action @ "GetCallerIdentity" => {
                form.finish()?;
                Ok(form::answer(action, NAMESPACE, &self.caller(identity)))
            }
            action @ "AssumeRole" => {
                let wish = assume_role::Wish::read(form, identity)?;
                let answer = wish.grant(&self.keys)?;
                self.remember(&wish.session);
                Ok(form::answer(action, NAMESPACE, &answer))
            }
            _ => Err(unknown_operation(Protocol::AwsQuery, "STS")),
        }
    }
}
