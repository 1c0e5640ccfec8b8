//! `POST /sign-in`, `/welcome` and `/sign-out`: plain forms, which work without JavaScript.

use super::error::RestError;
use super::router::AppState;
use super::{openid, own_path, pages, signed_out, visitors};
use crate::api::error::AppError;
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind, Channel, Origin, Principal};
use crate::engine::identity::{Device, Link, SignedIn, User, Welcome};
use crate::model::role::Role;
use crate::pages::sign_in::FailedSignIn;
use axum::body::Body;
use axum::extract::{ConnectInfo, Form, FromRequest, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::net::SocketAddr;
use tower_sessions::Session;

/// The largest form.
pub(super) const LARGEST_FORM: usize = 16 * 1024;

/// The way in of whoever has shown their password after coming back from the provider.
const JOINED: &str = "password for the provider";

/// The ways in after which somebody is signed in at the provider, too.
const AT_PROVIDER: [&str; 2] = ["openid", JOINED];

/// What the page of sign-in sends.
#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    email: String,
    #[serde(default = "nothing")]
    password: SecretString,
    /// The role of a demo account, in place of the two.
    #[serde(default)]
    demo: String,
    /// The page to go on to.
    #[serde(default)]
    next: String,
}

/// What the page behind a link sends.
#[derive(Deserialize)]
struct Welcomed {
    #[serde(default)]
    link: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default = "nothing")]
    password: SecretString,
}

fn nothing() -> SecretString {
    SecretString::from("")
}

/// Lets somebody in, or shows the page again with the reason why not.
pub(super) async fn submit(State(state): State<AppState>, session: Session, request: Request) -> Response {
    let visit = Visit::new(&state, &session, request, "sign_in");
    let (visit, form) = match visit.read::<Typed>().await {
        Ok(read) => read,
        Err(answer) => return *answer,
    };
    let _turn = match state.turns.next().await {
        Ok(turn) => turn,
        Err(error) => return visit.fail(error.into(), form.email).await,
    };
    let identity = &state.engine.identity;
    let (way, entered) = match Role::from_id(&form.demo) {
        Some(role) => ("demo", identity.sign_in_to_demo(role).await),
        None => ("password", identity.sign_in(&form.email, &form.password, visit.device.address).await),
    };
    let entered = match entered {
        Ok(user) => joined(&state.engine, &visit.parts, &visit.origin, user, way).await,
        Err(error) => Err(error.into()),
    };
    match entered {
        Ok((user, way)) => visit.enter(&user, way, &own_path::after_sign_in(&form.next)).await,
        Err(error) => visit.fail(error, form.email).await,
    }
}

/// Whoever has just come back from the provider shows by the password that the account is theirs.
async fn joined(
    engine: &Engine,
    parts: &Parts,
    origin: &Origin,
    user: User,
    way: &'static str,
) -> Result<(User, &'static str), CallError> {
    let handle = openid::handle_of(&parts.headers, visitors::is_over_tls(engine));
    let Some(handle) = handle.filter(|_| way == "password") else { return Ok((user, way)) };
    match engine.identity.joining(&handle, &user).await? {
        Some(change) => {
            let joined = engine.people().change_at_sign_in(origin, change).await?;
            Ok((joined, JOINED))
        }
        None => Ok((user, way)),
    }
}

/// Uses a link.
pub(super) async fn welcome(State(state): State<AppState>, session: Session, request: Request) -> Response {
    let visit = Visit::new(&state, &session, request, "welcome");
    let (visit, form) = match visit.read::<Welcomed>().await {
        Ok(read) => read,
        Err(answer) => return *answer,
    };
    let _turn = match state.turns.next().await {
        Ok(turn) => turn,
        Err(error) => return visit.fail(error.into(), form.email).await,
    };
    let typed = Welcome { name: form.name, email: form.email.clone(), password: form.password };
    match state.engine.identity.welcome(&Link::from_text(&form.link), typed).await {
        Ok(user) => visit.enter(&user, "link", "/").await,
        Err(error) => visit.fail(error.into(), form.email).await,
    }
}

/// Ends the session.
pub(super) async fn sign_out(State(engine): State<Engine>, session: Session, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if let Some(signed_in) = parts.extensions.get::<SignedIn>() {
        let origin = visitors::with_session(origin_of(&parts), &parts);
        engine.gateway.noted(&signed_in.principal, &origin, "sign_out", &json!({}));
    }
    match engine.identity.end(&session).await {
        Ok(at_provider) => signed_out::lead(&engine, at_provider),
        Err(error) => RestError(error.into()).into_response(),
    }
}

/// Somebody at one of the ways in.
pub(super) struct Visit<'a> {
    state: &'a AppState,
    session: &'a Session,
    parts: Parts,
    body: Option<Body>,
    pub(super) origin: Origin,
    pub(super) device: Device,
    operation: &'static str,
}

impl<'a> Visit<'a> {
    pub(super) fn new(
        state: &'a AppState,
        session: &'a Session,
        request: Request,
        operation: &'static str,
    ) -> Self {
        let (parts, body) = request.into_parts();
        let origin = origin_of(&parts);
        let device = visitors::device(&parts, origin.address);
        Self { state, session, parts, body: Some(body), origin, device, operation }
    }

    /// Reads the form; where that is not possible, the page is the answer.
    async fn read<T: DeserializeOwned>(mut self) -> Result<(Self, T), Box<Response>> {
        let body = self.body.take().unwrap_or_default();
        let request = Request::from_parts(self.parts.clone(), body);
        match Form::<T>::from_request(request, &()).await {
            Ok(Form(form)) => Ok((self, form)),
            Err(rejection) => {
                let message = format!("The form could not be read: {}.", rejection.body_text());
                let error = CallError::new(CallErrorKind::Invalid, message, "Fill it in again.");
                Err(Box::new(self.fail(error, String::new()).await))
            }
        }
    }

    /// Begins the session.
    pub(super) async fn enter(self, user: &User, way: &str, next: &str) -> Response {
        let at_provider = AT_PROVIDER.contains(&way);
        match self.state.engine.identity.begin(self.session, user, &self.device, at_provider).await {
            Ok(signed_in) => {
                let session = Some(signed_in.session.chars().take(16).collect());
                let origin = Origin { session, ..self.origin };
                let gateway = &self.state.engine.gateway;
                gateway.noted(&signed_in.principal, &origin, self.operation, &json!({ "way": way }));
                // Whoever did not want to go anywhere goes where they may.
                let first = pages::first(&self.state.engine, &signed_in.principal);
                Redirect::to(if next == "/" { first } else { next }).into_response()
            }
            Err(error) => self.fail(error.into(), String::new()).await,
        }
    }

    /// Shows the page again.
    pub(super) async fn fail(self, error: CallError, email: String) -> Response {
        let gateway = &self.state.engine.gateway;
        let error = gateway.refused(&Principal::unknown(), &self.origin, self.operation, error);
        let retry_after = error.retry_after_seconds();
        let failed = FailedSignIn { error: AppError::from(error), email };
        let mut response = pages::with(self.state, self.parts, failed).await;
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

fn origin_of(parts: &Parts) -> Origin {
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    Origin::new(Channel::Page, address)
}
