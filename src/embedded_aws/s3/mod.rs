//! S3: `s3s` reads and writes the protocol and checks signatures, the [`store`] keeps the objects.

mod contents;
mod cors;
mod protocol;
mod store;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, ORIGIN};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use jiff::Timestamp;
use s3s::auth::{S3Auth, SecretKey};
use s3s::config::{S3Config, StaticConfigProvider};
use s3s::service::{S3Service, S3ServiceBuilder};

use super::EmbeddedAwsError;
use super::data_directory::DataDirectory;
use super::form::element;
use super::keys::{self, Keys};
use super::protocol::new_request_id;
use super::signature::{CredentialScope, SignatureProblem};

use self::protocol::S3Protocol;
use self::store::Store;

pub(crate) use self::contents::{BucketContents, ObjectSummary};
pub(crate) use self::store::StoreError;

/// Forms from browsers are gathered in memory, so they are kept small; larger files go by presigned
/// `PUT`.
const FORM_LIMIT: u64 = 16 * 1024 * 1024;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-request-id");

/// The buckets of the data directory.
#[derive(Clone)]
pub(crate) struct S3 {
    service: S3Service,
    store: Arc<Store>,
    keys: Keys,
}

impl S3 {
    /// Opens the store and removes what unfinished uploads left behind.
    pub(crate) async fn open(
        directory: &DataDirectory,
        region: &str,
        keys: Keys,
    ) -> Result<Self, EmbeddedAwsError> {
        let path = directory.join("s3");
        let root = path.clone();
        let store = tokio::task::spawn_blocking(move || Store::open(&root))
            .await
            .map_err(|_| EmbeddedAwsError::Interrupted)?
            .map_err(|error| EmbeddedAwsError::Database { path, reason: error.to_string() })?;
        let store = Arc::new(store);
        let mut config = S3Config::default();
        config.post_object_max_file_size = FORM_LIMIT;
        let mut builder = S3ServiceBuilder::new(S3Protocol::new(Arc::clone(&store), region));
        builder.set_auth(KnownKeys(keys.clone()));
        builder.set_config(Arc::new(StaticConfigProvider::new(Arc::new(config))));
        Ok(Self { service: builder.build(), store, keys })
    }

    /// The buckets, for other services of the embedded AWS to read.
    pub(crate) fn contents(&self) -> BucketContents {
        BucketContents::new(Arc::clone(&self.store))
    }

    /// Folds the log of the index into its file.
    pub(crate) async fn close(&self) {
        let store = Arc::clone(&self.store);
        match tokio::task::spawn_blocking(move || store.checkpoint()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the index of the embedded S3 was not folded"),
            Err(error) => tracing::warn!(%error, "the index of the embedded S3 was not folded"),
        }
    }

    /// Answers a request.
    pub(crate) async fn call(&self, request: Request) -> Response {
        let origin = request.headers().get(ORIGIN).cloned();
        let bucket = bucket_of(request.uri().path());
        let method = request.method().clone();
        let mut response = if method == Method::OPTIONS {
            cors::preflight(&self.store, bucket.as_deref(), request.headers()).await
        } else {
            let mut response = self.answer(request).await;
            if let Some(origin) = origin {
                cors::allow(&self.store, bucket.as_deref(), &origin, &method, response.headers_mut()).await;
            }
            response
        };
        if let Ok(id) = HeaderValue::from_str(&new_request_id()) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }

    async fn answer(&self, request: Request) -> Response {
        let is_head = request.method() == Method::HEAD;
        if let Err(problem) = self.check_session(&request) {
            let response = refusal(&problem);
            return if is_head { without_body(response) } else { response };
        }
        match self.service.call(request.map(s3s::Body::http_body_unsync)).await {
            Ok(response) => {
                let response = response.map(Body::new);
                let failed = !response.status().is_success();
                if response.status() == StatusCode::NOT_MODIFIED || (is_head && failed) {
                    return without_body(response);
                }
                response
            }
            Err(error) => {
                let error: Box<dyn std::error::Error + Send + Sync> = error.into();
                tracing::error!(%error, "a request to the embedded S3 could not be answered");
                let mut response = Response::default();
                *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                response
            }
        }
    }
}

impl S3 {
    /// Whether the token of a session is genuine. `s3s` checks the signature, and knows no tokens.
    fn check_session(&self, request: &Request) -> Result<(), SignatureProblem> {
        let Ok(Some(scope)) = CredentialScope::of(request) else { return Ok(()) };
        if !keys::is_of_session(&scope.access_key) {
            return Ok(());
        }
        let token = keys::token_of(request.headers(), request.uri().query());
        self.keys.find(&scope.access_key, token.as_deref(), Timestamp::now()).map(drop)
    }
}

/// The answer to a session that has ended, or never was one.
fn refusal(problem: &SignatureProblem) -> Response {
    let code = match problem {
        SignatureProblem::ExpiredToken => "ExpiredToken",
        _ => "InvalidToken",
    };
    let error = [element("Code", code), element("Message", &problem.to_string())].concat();
    let body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>{error}</Error>");
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    response
}

/// These responses have no body; `s3s` writes its XML error into them all the same.
fn without_body(response: Response) -> Response {
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.remove(CONTENT_TYPE);
    Response::from_parts(parts, Body::empty())
}

/// The bucket that a path names. Bucket names need no decoding.
fn bucket_of(path: &str) -> Option<String> {
    path.split('/').nth(1).filter(|name| !name.is_empty()).map(str::to_owned)
}

/// The keys that are accepted, for `s3s`.
struct KnownKeys(Keys);

#[async_trait::async_trait]
impl S3Auth for KnownKeys {
    async fn get_secret_key(&self, access_key: &str) -> s3s::S3Result<SecretKey> {
        match self.0.secret_of(access_key, Timestamp::now()) {
            Ok(secret) => Ok(SecretKey::from(secret)),
            Err(_) => Err(s3s::s3_error!(
                InvalidAccessKeyId,
                "the AWS access key id you provided does not exist in our records"
            )),
        }
    }
}
