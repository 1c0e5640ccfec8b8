//! Who makes a request, for the routes of machines.

use super::error::RestError;
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind, Channel, Origin, Principal};
use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use subtle::ConstantTimeEq;

/// The caller of a route.
#[derive(Clone)]
pub(super) struct Caller {
    pub(super) principal: Principal,
    pub(super) origin: Origin,
}

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    Engine: FromRef<S>,
{
    type Rejection = RestError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, RestError> {
        Self::identify(parts, &Engine::from_ref(state), Channel::Rest)
    }
}

impl Caller {
    /// With a key: its holder, if the key is right. Without one: the local operator, since only this
    /// machine reaches the port.
    pub(super) fn identify(parts: &Parts, engine: &Engine, channel: Channel) -> Result<Self, RestError> {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let origin = Origin::new(channel, address);
        let Some(credentials) = parts.headers.get(header::AUTHORIZATION) else {
            return Ok(Self { principal: Principal::local_operator(), origin });
        };
        let given = credentials.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
        match (given, &engine.config.bootstrap_key) {
            (Some(given), Some(key)) if same(given, key.expose_secret()) => {
                Ok(Self { principal: Principal::bootstrap_key(), origin })
            }
            _ => {
                let unknown = Principal::unknown();
                let error = CallError::new(
                    CallErrorKind::Unauthenticated,
                    "This key is not known.",
                    "Send the key of PATCHLINE_BOOTSTRAP_KEY as a bearer token, or no Authorization header.",
                );
                let operation = format!("{} {}", parts.method, parts.uri.path());
                Err(RestError(engine.gateway.refused(&unknown, &origin, &operation, error)))
            }
        }
    }

    /// Whether the caller is believed to be another instance: it has a key, or is on this machine.
    pub(super) fn may_pass_on(&self) -> bool {
        let is_here = self.origin.address.is_some_and(|address| address.to_canonical().is_loopback());
        is_here || self.principal == Principal::bootstrap_key()
    }

    /// Records a request that could not be read, and makes it an answer.
    pub(super) fn refused(&self, engine: &Engine, operation: &str, error: CallError) -> RestError {
        RestError(engine.gateway.refused(&self.principal, &self.origin, operation, error))
    }
}

/// Compares secrets without telling by the time it takes how much of them is right.
fn same(given: &str, known: &str) -> bool {
    Sha256::digest(given).ct_eq(&Sha256::digest(known)).into()
}
