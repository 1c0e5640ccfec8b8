//! Who makes a request, where that is not a page: a program with a key or an access token, or what a page of
//! somebody who is signed in loads.

use super::error::RestError;
use super::rest::wrong_query;
use super::{oauth, visitors};
use crate::engine::Engine;
use crate::engine::config::Config;
use crate::engine::gateway::{CallError, CallErrorKind, Challenge, Channel, Origin, Principal};
use crate::engine::identity::SignedIn;
use crate::engine::identity::keys::{KeyError, TurnedAway};
use crate::engine::identity::tokens::TokenTurnedAway;
use axum::extract::rejection::QueryRejection;
use axum::extract::{ConnectInfo, FromRef, FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};
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
        let engine = Engine::from_ref(state);
        let caller = Self::identify(parts, &engine, Channel::Rest).await?;
        if caller.principal == Principal::instance() {
            let message = "The key of instances only passes on calls over MCP that somebody made elsewhere.";
            let error = CallError::new(CallErrorKind::Forbidden, message, "Send a key of your own.");
            let operation = format!("{} {}", parts.method, parts.uri.path());
            return Err(caller.refused(&engine, &operation, error));
        }
        Ok(caller)
    }
}

impl Caller {
    /// With a key or an access token: its holder, if it is right. Without one: who is signed in, which is known
    /// at the addresses that pages load from, and nowhere else.
    pub(super) async fn identify(
        parts: &Parts,
        engine: &Engine,
        channel: Channel,
    ) -> Result<Self, RestError> {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let origin = Origin::new(channel, address);
        if let Some(error) = wrong_way(parts) {
            return Err(Self::turned_away(parts, engine, &Principal::unknown(), &origin, error));
        }
        let Some(credentials) = parts.headers.get(header::AUTHORIZATION) else {
            if let Some(signed_in) = parts.extensions.get::<SignedIn>() {
                let origin = visitors::with_session(origin, parts);
                return Ok(Self { principal: signed_in.principal.clone(), origin });
            }
            let nobody = Principal::unknown();
            return Err(Self::turned_away(parts, engine, &nobody, &origin, visitors::refusal(parts)));
        };
        let given = credentials.to_str().ok().and_then(bearer);
        let found = match given {
            None => Err(NotLetIn::from(TurnedAway::from(KeyError::Unknown))),
            Some(given) => Self::known_by(given, parts, engine, &origin).await,
        };
        match found {
            Ok(principal) => Ok(Self { principal, origin }),
            Err(NotLetIn { principal, error }) => {
                Err(Self::turned_away(parts, engine, &principal, &origin, *error))
            }
        }
    }

    /// Whose key or access token this is.
    async fn known_by(
        given: &str,
        parts: &Parts,
        engine: &Engine,
        origin: &Origin,
    ) -> Result<Principal, NotLetIn> {
        if let Some(principal) = holder(given, &engine.config) {
            return Ok(principal);
        }
        if engine.identity.takes_as_token(given) {
            if has_session_cookie(&parts.headers) {
                let error = Box::new(session_beside_token());
                return Err(NotLetIn { principal: Principal::unknown(), error });
            }
            let servers = engine.names_of_servers();
            return Ok(engine.identity.recognise_token(given, parts.uri.path(), &servers).await?);
        }
        Ok(engine.identity.recognise_key(given, origin.address).await?)
    }

    /// Records that somebody was not let in, and makes it an answer.
    fn turned_away(
        parts: &Parts,
        engine: &Engine,
        principal: &Principal,
        origin: &Origin,
        error: CallError,
    ) -> RestError {
        let operation = format!("{} {}", parts.method, parts.uri.path());
        RestError(engine.gateway.refused(principal, origin, &operation, error))
    }

    /// Whether the caller is believed to be another instance: it has the key of instances, or is a script of
    /// this machine with the key for scripts.
    pub(super) fn may_pass_on(&self) -> bool {
        let is_here = self.origin.address.is_some_and(|address| address.to_canonical().is_loopback());
        self.principal == Principal::instance() || (is_here && self.principal == Principal::bootstrap_key())
    }

    /// What the query of an address asks; `remedy` says how to ask.
    ///
    /// # Errors
    /// What is wrong with the query, which is recorded.
    pub(super) fn asked<T>(
        &self,
        engine: &Engine,
        operation: &str,
        query: Result<Query<T>, QueryRejection>,
        remedy: &str,
    ) -> Result<T, RestError> {
        let refused = |rejection| self.refused(engine, operation, wrong_query(&rejection, remedy));
        query.map(|Query(asked)| asked).map_err(refused)
    }

    /// Records a request that could not be read, and makes it an answer.
    pub(super) fn refused(&self, engine: &Engine, operation: &str, error: CallError) -> RestError {
        RestError(engine.gateway.refused(&self.principal, &self.origin, operation, error))
    }
}

/// Somebody who was not let in, and why.
struct NotLetIn {
    principal: Principal,
    error: Box<CallError>,
}

impl From<TurnedAway> for NotLetIn {
    fn from(TurnedAway { principal, error }: TurnedAway) -> Self {
        Self { principal, error: Box::new(error.into()) }
    }
}

impl From<TokenTurnedAway> for NotLetIn {
    fn from(TokenTurnedAway { principal, error }: TokenTurnedAway) -> Self {
        Self { principal, error: Box::new(error.into()) }
    }
}

/// The error for a request that says who makes it in a way that is not taken, or in two ways (RFC 6750).
fn wrong_way(parts: &Parts) -> Option<CallError> {
    let (message, remedy) = if oauth::has_token_in_address(&parts.uri) {
        (
            "An access token in an address is not accepted: it ends up in logs and histories.",
            "Send it in the header Authorization, and ask for another one, because this one may be known.",
        )
    } else if oauth::says_twice(&parts.headers) {
        ("The header Authorization is there twice.", "Send one key or one access token.")
    } else {
        return None;
    };
    let challenge = Some(Box::new(Challenge::InvalidRequest));
    Some(CallError { challenge, ..CallError::new(CallErrorKind::Invalid, message, remedy) })
}

fn session_beside_token() -> CallError {
    let message = "The session of a page and an access token are not accepted together.";
    CallError::new(CallErrorKind::Invalid, message, "Send the access token, and no cookie.")
}

/// Whether a request brings the cookie of somebody's session.
pub(super) fn has_session_cookie(headers: &HeaderMap) -> bool {
    let cookies =
        headers.get_all(header::COOKIE).into_iter().filter_map(|value| HeaderValue::to_str(value).ok());
    cookies
        .flat_map(|text| text.split(';'))
        .any(|pair| pair.split_once('=').is_some_and(|(name, _)| visitors::names_a_session(name.trim())))
}

/// The key after the name of the scheme, which is written in any case (RFC 9110).
fn bearer(credentials: &str) -> Option<&str> {
    let (scheme, key) = credentials.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim_start_matches(' '))
}

/// Whose key this is.
fn holder(given: &str, config: &Config) -> Option<Principal> {
    let known =
        [(&config.bootstrap_key, Principal::bootstrap_key()), (&config.instance_key, Principal::instance())];
    let is_right =
        |key: &Option<SecretString>| key.as_ref().is_some_and(|key| same(given, key.expose_secret()));
    known.into_iter().find(|(key, _)| is_right(key)).map(|(_, principal)| principal)
}

/// Compares secrets without telling by the time it takes how much of them is right.
fn same(given: &str, known: &str) -> bool {
    Sha256::digest(given).ct_eq(&Sha256::digest(known)).into()
}
