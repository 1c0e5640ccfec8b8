//! `POST /confirm` takes once more the password of somebody who has signed in, and leads back to where they were;
//! `GET /confirm/openid` leads to the provider for the same. Plain forms and links, which work without JavaScript.

use super::router::AppState;
use super::{guard, openid, own_path, pages, visitors};
use crate::api::error::AppError;
use crate::components::confirm::{self, address};
use crate::engine::gateway::{CallError, CallErrorKind, Channel, Origin, Principal};
use crate::engine::identity::openid::Confirms;
use crate::engine::identity::{IdentityError, SignedIn, User};
use crate::model::confirmation::asked_before;
use crate::pages::confirm::{FAILED, FailedConfirmation, NotConfirmed};
use axum::extract::{ConnectInfo, Form, FromRequest, Query, Request, State};
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use std::net::{IpAddr, SocketAddr};
use tower_sessions::Session;

/// The page with the form.
pub(super) const PAGE: &str = confirm::PAGE;

/// Where the way to the provider begins.
pub(super) const BEGIN: &str = "/confirm/openid";

/// What the audit log calls it.
const OPERATION: &str = "confirm_identity";

/// What the address of the page says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// The operation that was about to be done.
    #[serde(default, rename = "for")]
    pub(super) operation: String,
    /// The page to come back to.
    #[serde(default)]
    pub(super) next: String,
}

/// What the page sends.
#[derive(Deserialize)]
struct Typed {
    #[serde(default = "nothing")]
    password: SecretString,
    /// Anything, in place of the password, for an account of the demo.
    #[serde(default)]
    demo: String,
}

fn nothing() -> SecretString {
    SecretString::from("")
}

/// The way to the page, in place of the answer to a form that was refused because its person has to show once
/// more who they are. `confirm` is the operation that was refused for that, if one was. From there they come back
/// to the page where they were, as the browser tells it, or else to the one at the address of the form.
pub(super) fn instead(confirm: Option<&str>, sent: &Parts) -> Option<Response> {
    from_page(confirm, sent, sent.uri.path_and_query().map_or("/", PathAndQuery::as_str))
}

/// The same for an error of the door.
pub(super) fn of_error(error: &CallError, sent: &Parts) -> Option<Response> {
    instead(operation_of(error), sent)
}

/// The same where the form stands on another page than the one at its address.
pub(super) fn of_error_on(page: &str, error: &CallError, sent: &Parts) -> Option<Response> {
    from_page(operation_of(error), sent, page)
}

fn operation_of(error: &CallError) -> Option<&'static str> {
    error.confirm.map(|change| change.operation)
}

fn from_page(confirm: Option<&str>, sent: &Parts, page: &str) -> Option<Response> {
    let back = own_path::page_before(sent).unwrap_or_else(|| page.to_owned());
    Some(Redirect::to(&address(PAGE, confirm?, &back)).into_response())
}

/// Takes the password. Where it is not the right one, the page says so.
pub(super) async fn submit(State(state): State<AppState>, session: Session, request: Request) -> Response {
    let asked = Asked::of(request.uri());
    let (parts, body) = request.into_parts();
    let (person, origin) = who(&parts);
    let form = Form::<Typed>::from_request(Request::from_parts(parts.clone(), body), &()).await;
    let shown = match form {
        Ok(Form(typed)) => show(&state, &person, origin.address, &typed).await,
        Err(rejection) => {
            let message = format!("The form could not be read: {}.", rejection.body_text());
            Err(CallError::new(CallErrorKind::Invalid, message, "Fill it in again."))
        }
    };
    let confirmed = match shown {
        Ok((user, way)) => confirmed(&state, &session, &user).await.map(|signed_in| (signed_in, way)),
        Err(error) => Err(error),
    };
    match confirmed {
        Ok((signed_in, way)) => lead_back(&state, origin, &signed_in, way, &asked),
        Err(error) => {
            let error = state.engine.gateway.refused(&person, &origin, OPERATION, error);
            let retry_after = error.retry_after_seconds();
            let failed = FailedConfirmation(AppError::from(error));
            let mut response = pages::with(&state, parts, failed).await;
            if let Some(seconds) = retry_after {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            response
        }
    }
}

/// Leads somebody to the provider. Whom another site sends is shown the page with the way: nobody else has people
/// confirm anything.
pub(super) async fn begin(State(state): State<AppState>, request: Request) -> Response {
    let asked = Asked::of(request.uri());
    if guard::is_foreign(&request) {
        return Redirect::to(&asked.page()).into_response();
    }
    let host = openid::host_of(&request);
    let (parts, _) = request.into_parts();
    let (person, origin) = who(&parts);
    let confirms = Confirms { user: person.id.clone(), operation: asked.operation().to_owned() };
    let next = own_path::after_confirming(&asked.next);
    let identity = &state.engine.identity;
    match identity.begin_openid_to_confirm(&host, &next, confirms, origin.address).await {
        Ok(begun) => {
            let mut response = Redirect::to(begun.page.as_str()).into_response();
            let over_tls = visitors::is_over_tls(&state.engine);
            openid::remember(&mut response, begun.handle, openid::lifetime(), over_tls);
            response
        }
        Err(error) => not_confirmed(&state, &person, &origin, error.into(), &asked),
    }
}

/// Ends it: somebody is back from the provider, who was led there from here. `shown` is who they are, if that is
/// shown.
pub(super) async fn finish(
    state: &AppState,
    session: &Session,
    parts: Parts,
    shown: Result<Box<User>, CallError>,
    asked: Asked,
) -> Response {
    let (person, origin) = who(&parts);
    let confirmed = match shown {
        Ok(user) => confirmed(state, session, &user).await,
        Err(error) => Err(error),
    };
    match confirmed {
        Ok(signed_in) => lead_back(state, origin, &signed_in, "openid", &asked),
        Err(error) => not_confirmed(state, &person, &origin, error, &asked),
    }
}

/// Who makes a request, and from where.
fn who(parts: &Parts) -> (Principal, Origin) {
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let origin = visitors::with_session(Origin::new(Channel::Page, address), parts);
    (visitors::principal(parts), origin)
}

/// Whoever sits there by what they typed, and how they have shown it.
async fn show(
    state: &AppState,
    person: &Principal,
    address: Option<IpAddr>,
    typed: &Typed,
) -> Result<(User, &'static str), CallError> {
    let identity = &state.engine.identity;
    if !typed.demo.is_empty() {
        return Ok((identity.confirm_in_demo(&person.id).await?, "demo"));
    }
    let user = identity.confirm_by_password(&person.id, &typed.password, address).await;
    Ok((user.map_err(wrong_password)?, "password"))
}

/// The session under a new name, as that of somebody who has just shown who they are.
async fn confirmed(state: &AppState, session: &Session, user: &User) -> Result<SignedIn, CallError> {
    let confirmed = state.engine.identity.confirm(session, user).await?;
    confirmed.ok_or_else(|| {
        CallError::new(
            CallErrorKind::Unauthenticated,
            "This session has ended, or is somebody else’s.",
            "Sign in again.",
        )
    })
}

/// Leads somebody back who has shown who they are.
fn lead_back(
    state: &AppState,
    origin: Origin,
    signed_in: &SignedIn,
    way: &'static str,
    asked: &Asked,
) -> Response {
    let session = Some(signed_in.session.chars().take(16).collect());
    let origin = Origin { session, confirmation: signed_in.confirmation, ..origin };
    let reason = json!({ "way": way, "for": asked.operation() });
    state.engine.gateway.noted(&signed_in.principal, &origin, OPERATION, &reason);
    let next = own_path::after_confirming(&asked.next);
    let first = pages::first(&state.engine, &signed_in.principal);
    Redirect::to(if next == "/" { first } else { next.as_str() }).into_response()
}

/// Leads somebody to the page who was not confirmed at the provider; it says why.
fn not_confirmed(
    state: &AppState,
    person: &Principal,
    origin: &Origin,
    error: CallError,
    asked: &Asked,
) -> Response {
    let error = state.engine.gateway.refused(person, origin, OPERATION, error);
    let why = match error.kind {
        CallErrorKind::Forbidden => NotConfirmed::Refused,
        CallErrorKind::Unauthenticated => NotConfirmed::NotShown,
        _ => NotConfirmed::Failed,
    };
    Redirect::to(&format!("{}&{FAILED}={}", asked.page(), why.id())).into_response()
}

impl Asked {
    fn of(uri: &Uri) -> Self {
        Query::<Self>::try_from_uri(uri).map(|Query(asked)| asked).unwrap_or_default()
    }

    /// The operation, if it is one before which people are asked.
    fn operation(&self) -> &'static str {
        asked_before(&self.operation).map_or("", |change| change.operation)
    }

    /// The address of the page.
    fn page(&self) -> String {
        address(PAGE, self.operation(), &own_path::after_confirming(&self.next))
    }
}

/// Why somebody has not shown who they are, in the words of this page.
fn wrong_password(error: IdentityError) -> CallError {
    match error {
        IdentityError::WrongCredentials => CallError::new(
            CallErrorKind::Unauthenticated,
            "This is not your password.",
            "Try again. Nothing was changed.",
        ),
        IdentityError::TooManyAttempts(wait) => CallError {
            retry_after: Some(wait),
            ..CallError::new(
                CallErrorKind::TooManyRequests,
                "There were too many attempts with a wrong password.",
                format!("Wait {} s, then try again.", wait.as_secs().max(1)),
            )
        },
        error => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    /// A form to an address, from the page that the browser tells.
    fn sent(form: &str, referer: &str) -> Parts {
        let request = Request::post(form).header(header::HOST, "localhost:3000");
        request.header(header::REFERER, referer).body(()).expect("a request").into_parts().0
    }

    #[test]
    fn the_way_back_of_a_form_is_the_page_where_its_person_was() {
        let form = sent("/admin/policy?rule=a", "");
        assert!(instead(None, &form).is_none(), "it was refused for something else");
        let leads = |way: Option<Response>, next: &str| {
            let way = way.expect("a way");
            let expected = format!("/confirm?for=change_policy&next={next}");
            assert_eq!(way.headers()[header::LOCATION], expected.as_str());
        };
        leads(instead(Some("change_policy"), &form), "%2Fadmin%2Fpolicy%3Frule%3Da");
        leads(from_page(Some("change_policy"), &form, "/health/s3"), "%2Fhealth%2Fs3");
        let told = sent("/admin/policy", "http://localhost:3000/admin/policy?new=hours");
        leads(instead(Some("change_policy"), &told), "%2Fadmin%2Fpolicy%3Fnew%3Dhours");
        let foreign = sent("/admin/policy", "http://evil.example/admin/users");
        leads(instead(Some("change_policy"), &foreign), "%2Fadmin%2Fpolicy");
    }

    #[test]
    fn nothing_that_somebody_wrote_into_the_address_is_taken_over() {
        let asked = Asked { operation: "<b>".to_owned(), next: "//evil.example".to_owned() };
        assert_eq!(asked.page(), "/confirm?for=&next=%2F");
    }
}
