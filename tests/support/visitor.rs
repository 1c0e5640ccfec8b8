//! Whoever asks a Patchline in these tests: programs bring a key, and pages are asked for by an admin who has
//! signed in through the door that people use.

use super::{Answer, send};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use patchline::engine::Engine;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// The key of programs.
pub(crate) const KEY: &str = "the-key-of-programs-in-tests";

/// The key by which instances know each other: somebody else than the holder of [`KEY`].
pub(crate) const INSTANCE_KEY: &str = "the-key-of-instances-in-tests";

/// The admin whom the pages are shown to.
pub(crate) const EMAIL: &str = "ada@label.example";
pub(crate) const PASSWORD: &str = "a password of the tests";

/// At a request: nobody is to be made known, neither by a key nor by a session.
#[derive(Clone, Copy)]
pub(crate) struct Stranger;

/// The session of the admin, begun when the first page is asked for.
pub(crate) type Cookie = Arc<OnceCell<String>>;

/// A Patchline that is asked by somebody it knows.
#[derive(Clone)]
struct Visitor {
    router: Router,
    engine: Engine,
    cookie: Cookie,
}

/// A router whose requests are those of somebody who is known, unless they say themselves who they are.
pub(crate) fn known(engine: Engine, router: Router, cookie: Cookie) -> Router {
    let visitor = Visitor { router: router.clone(), engine, cookie };
    router.layer(from_fn_with_state(visitor, identify))
}

async fn identify(State(visitor): State<Visitor>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let is_known = request.headers().contains_key(header::AUTHORIZATION)
        || request.extensions().get::<Stranger>().is_some();
    let for_all = ["/livez", "/readyz", "/metrics", "/theme", "/sign-in", "/sign-out", "/welcome"];
    if is_known || for_all.contains(&path.as_str()) {
        return next.run(request).await;
    }
    if path.starts_with("/api") || path.starts_with("/mcp") {
        let key = HeaderValue::from_str(&format!("Bearer {KEY}")).expect("a header");
        request.headers_mut().insert(header::AUTHORIZATION, key);
    } else {
        let own = request.headers().get(header::COOKIE).and_then(|value| value.to_str().ok());
        let session = visitor.session().await;
        let cookies = own.map_or_else(|| session.clone(), |own| format!("{own}; {session}"));
        request.headers_mut().insert(header::COOKIE, HeaderValue::from_str(&cookies).expect("a header"));
    }
    next.run(request).await
}

impl Visitor {
    async fn session(&self) -> String {
        self.cookie.get_or_init(|| sign_in(&self.router, &self.engine)).await.clone()
    }
}

/// Signs in as an admin: by the link of the first start, or as the demo offers it, or with the password.
async fn sign_in(router: &Router, engine: &Engine) -> String {
    let link = engine.identity.link_for_first_admin().await.expect("a link, or none");
    let link = link.map(|link| link.address(""));
    let answer = match link.as_deref().and_then(|address| address.strip_prefix("/welcome?link=")) {
        Some(link) => {
            let form = [("link", link), ("name", "Ada"), ("email", EMAIL), ("password", PASSWORD)];
            post(router, "/welcome", &form).await
        }
        None if !engine.identity.demo_roles().is_empty() => {
            post(router, "/sign-in", &[("demo", "admin")]).await
        }
        None => post(router, "/sign-in", &[("email", EMAIL), ("password", PASSWORD)]).await,
    };
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    session_of(&answer).expect("a session")
}

/// Sends a plain form, as a browser without JavaScript does.
pub(crate) async fn post(router: &Router, path: &str, fields: &[(&str, &str)]) -> Answer {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form(fields)))
        .expect("a request");
    send(router.clone(), request).await
}

/// The body of a form.
pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    let encoded = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let pairs = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// The session that an answer begins, as the browser sends it back.
pub(crate) fn session_of(answer: &Answer) -> Option<String> {
    let cookies =
        answer.headers.get_all(header::SET_COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut sessions =
        cookies.filter(|cookie| cookie.trim_start_matches("__Host-").starts_with("patchline-"));
    sessions.find_map(|cookie| cookie.split(';').next()).map(str::to_owned)
}
