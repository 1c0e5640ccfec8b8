//! The forms of `/account`: `POST /account` changes the password, ends a session, or ends all of them, and
//! leads back to the page.

use super::router::AppState;
use super::{pages, signed_out, visitors};
use crate::api::error::AppError;
use crate::engine::gateway::{CallError, CallErrorKind, Channel, Origin, Principal};
use crate::engine::identity::User;
use crate::model::own_account::OwnChange;
use crate::pages::account::{FailedOwnChange, PATH};
use axum::extract::{ConnectInfo, Form, FromRequest, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use secrecy::SecretString;
use serde::Deserialize;
use std::net::SocketAddr;
use tower_sessions::Session;

/// What the audit log calls a form that could not be read.
const FORM: &str = "POST /account";

/// What a form sends.
#[derive(Deserialize)]
struct Typed {
    change: OwnChange,
    /// The session that is to end.
    #[serde(default)]
    session: String,
    #[serde(default = "nothing")]
    old: SecretString,
    #[serde(default = "nothing")]
    new: SecretString,
}

fn nothing() -> SecretString {
    SecretString::from("")
}

/// Does it; where it cannot be done, the page says why.
pub(super) async fn submit(State(state): State<AppState>, session: Session, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let origin = visitors::with_session(Origin::new(Channel::Page, address), &parts);
    let visitor = visitors::principal(&parts);
    let device = visitors::device(&parts, address);
    let form = Form::<Typed>::from_request(Request::from_parts(parts.clone(), body), &()).await;
    let done = match form {
        Ok(Form(typed)) => perform(&state, &visitor, &origin, typed).await,
        Err(rejection) => {
            let message = format!("The form could not be read: {}.", rejection.body_text());
            let error = CallError::new(CallErrorKind::Invalid, message, "Fill it in again.");
            Err(state.engine.gateway.refused(&visitor, &origin, FORM, error))
        }
    };
    let identity = &state.engine.identity;
    match done {
        Ok(Done::Kept(change)) => back(change),
        Ok(Done::OtherPassword(user)) => match identity.begin(&session, &user, &device, false).await {
            Ok(_) => back(OwnChange::Password),
            // The password is changed, which has ended this session, too.
            Err(error) => {
                tracing::warn!(%error, "no new session after a change of the password");
                Redirect::to("/sign-in").into_response()
            }
        },
        Ok(Done::SignedOut) => {
            let ended = identity.end(&session).await;
            if let Err(error) = &ended {
                tracing::warn!(%error, "a session that is void could not be removed");
            }
            signed_out::lead(&state.engine, ended.unwrap_or_default())
        }
        Err(error) => pages::with(&state, parts, FailedOwnChange(AppError::from(error))).await,
    }
}

/// What came of a form.
enum Done {
    /// The session goes on.
    Kept(OwnChange),
    /// It has ended, and its person begins another.
    OtherPassword(Box<User>),
    /// It has ended.
    SignedOut,
}

async fn perform(
    state: &AppState,
    visitor: &Principal,
    origin: &Origin,
    typed: Typed,
) -> Result<Done, CallError> {
    let people = state.engine.people();
    match typed.change {
        OwnChange::Password => {
            let changed = people.change_own_password(visitor, origin, typed.old, typed.new).await;
            changed.map(|user| Done::OtherPassword(Box::new(user)))
        }
        OwnChange::EndSession => {
            let ended = people.end_own_session(visitor, origin, typed.session).await;
            ended.map(|()| Done::Kept(OwnChange::EndSession))
        }
        OwnChange::SignOutEverywhere => {
            people.sign_out_everywhere(visitor, origin).await.map(|()| Done::SignedOut)
        }
    }
}

fn back(done: OwnChange) -> Response {
    Redirect::to(&format!("{PATH}?done={}", done.id())).into_response()
}
