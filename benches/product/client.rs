//! An HTTP client as a browser is one: connections that stay open, a new one when all are busy.

use crate::problem::{Because, Problem};
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt, Stream, StreamExt};
use http::{HeaderValue, Request, StatusCode, header};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, Full, StreamBody};
use hyper::body::Frame;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

type Body = UnsyncBoxBody<Bytes, Infallible>;

/// What browsers accept, so that the server compresses as it does for them.
const AS_A_BROWSER: HeaderValue = HeaderValue::from_static("gzip, deflate, br, zstd");

/// What asks for a path again and again, with the headers of a browser.
pub(crate) fn as_browser(
    client: &Client,
    path: &'static str,
) -> impl Fn() -> BoxFuture<'static, Result<Bytes, Problem>> + Clone + Send + 'static {
    let client = client.clone();
    move || {
        let client = client.clone();
        async move { client.get_as_browser(path).await }.boxed()
    }
}

/// The key of programs that every server of these measurements gets, and the header that brings it.
pub(crate) const KEY: &str = "the-key-of-the-measurements";
const BEARER: &str = "Bearer the-key-of-the-measurements";

/// A client of one server. Cloning is cheap and shares the connections.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    http: hyper_util::client::legacy::Client<HttpConnector, Body>,
    address: SocketAddr,
    /// The cookie of the session, once somebody has signed in.
    session: Arc<OnceLock<HeaderValue>>,
}

impl Client {
    /// One for the server at this address.
    pub(crate) fn new(address: SocketAddr) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let http = hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build(connector);
        Self { http, address, session: Arc::default() }
    }

    /// Signs in as the admin of the demo: from then on pages are shown.
    pub(crate) async fn sign_in(&self) -> Result<(), Problem> {
        let what = "sign in to the demo";
        let request = Request::post(self.uri("/sign-in"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(Bytes::from_static(b"demo=admin")).boxed_unsync());
        let answer = self.http.request(request.because(what)?).await.because(what)?;
        let cookies = answer.headers().get_all(header::SET_COOKIE).into_iter();
        let session = cookies
            .filter_map(|cookie| cookie.to_str().ok())
            .find_map(|cookie| cookie.starts_with("patchline-").then(|| cookie.split(';').next()).flatten());
        let session = HeaderValue::from_str(session.because(what)?).because(what)?;
        // Who has signed in already keeps that session.
        let _ = self.session.set(session);
        Ok(())
    }

    /// Sends a form without the session of anybody. Whatever is answered, a refusal too, is an answer.
    pub(crate) async fn form_of_stranger(&self, path: &str, form: Bytes) -> Result<Bytes, Problem> {
        let what = format!("send a form to {path}");
        let request = Request::post(self.uri(path))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(form).boxed_unsync());
        let answer = self.http.request(request.because(&what)?).await.because(&what)?;
        Ok(answer.into_body().collect().await.because(&what)?.to_bytes())
    }

    /// Where the server is.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Reads a path to its end, uncompressed.
    pub(crate) async fn get(&self, path: &str) -> Result<Bytes, Problem> {
        self.send(path, Request::get(self.uri(path)).body(Empty::new().boxed_unsync())).await
    }

    /// Reads a path to its end, with the headers of a browser.
    pub(crate) async fn get_as_browser(&self, path: &str) -> Result<Bytes, Problem> {
        let request = Request::get(self.uri(path)).header(header::ACCEPT_ENCODING, AS_A_BROWSER);
        self.send(path, request.body(Empty::new().boxed_unsync())).await
    }

    /// Reads a path that answers with JSON.
    pub(crate) async fn json(&self, path: &str) -> Result<Value, Problem> {
        serde_json::from_slice(&self.get(path).await?).because(&format!("read {path} as JSON"))
    }

    /// Sends a body of a known length as a stream.
    pub(crate) async fn put(
        &self,
        path: &str,
        length: u64,
        chunks: impl Stream<Item = Bytes> + Send + 'static,
    ) -> Result<Bytes, Problem> {
        let body = StreamBody::new(chunks.map(|chunk| Ok(Frame::data(chunk)))).boxed_unsync();
        let request = Request::put(self.uri(path)).header(header::CONTENT_LENGTH, length);
        self.send(path, request.body(body)).await
    }

    /// Posts JSON, with these headers.
    pub(crate) async fn post(
        &self,
        path: &str,
        headers: &[(&'static str, String)],
        body: Bytes,
    ) -> Result<Bytes, Problem> {
        let json = "application/json";
        let request = Request::post(self.uri(path)).header(header::CONTENT_TYPE, json);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
        self.send(path, request.body(Full::new(body).boxed_unsync())).await
    }

    fn uri(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    async fn send(&self, path: &str, request: http::Result<Request<Body>>) -> Result<Bytes, Problem> {
        let what = format!("ask for {path}");
        let mut request = request.because(&what)?;
        let headers = request.headers_mut();
        if ["/api/", "/mcp"].iter().any(|of_programs| path.starts_with(of_programs)) {
            headers.insert(header::AUTHORIZATION, HeaderValue::from_static(BEARER));
        } else if let Some(session) = self.session.get() {
            headers.insert(header::COOKIE, session.clone());
        }
        let answer = self.http.request(request).await.because(&what)?;
        let status = answer.status();
        let body = answer.into_body().collect().await.because(&what)?.to_bytes();
        match status {
            StatusCode::OK | StatusCode::CREATED => Ok(body),
            _ => Err(Problem::Answer {
                path: path.to_owned(),
                status,
                body: String::from_utf8_lossy(&body).chars().take(300).collect(),
            }),
        }
    }
}
