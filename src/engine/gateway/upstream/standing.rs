//! The stream on which a server of the era with sessions asks what belongs to no request of ours.
//!
//! The library opens it beside everything else once the session began. A server that asks before it is open
//! asks nobody, and its call never ends; so whoever answers questions waits for it before the first call.

use http::{HeaderName, HeaderValue};
use rmcp::model::ClientJsonRpcMessage;
use rmcp::transport::streamable_http_client::{
    SseError, StreamableHttpClient, StreamableHttpError, StreamableHttpPostResponse,
    StreamableHttpResponseLimits,
};
use sse_stream::Sse;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// How long is waited unless somebody says otherwise. Some servers say nothing on the stream, not even that it is
/// open, before they have something to ask.
pub(super) const OPENS: Duration = Duration::from_secs(2);

/// Where the stream is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stream {
    /// There is no session that it could belong to.
    Unwanted,
    /// A session began.
    Wanted,
    /// It was answered, be it with a refusal: not every server has one.
    Answered,
}

/// An HTTP client that knows where the stream is. Cloning is cheap.
#[derive(Clone)]
pub(super) struct Watched<C> {
    client: C,
    stream: Arc<watch::Sender<Stream>>,
}

impl<C> Watched<C> {
    pub(super) fn new(client: C) -> Self {
        Self { client, stream: Arc::new(watch::Sender::new(Stream::Unwanted)) }
    }

    /// Ends when the stream is open, or when nothing shows within so long that it ever will be.
    pub(super) async fn settled(&self, opens: Duration) {
        let mut stream = self.stream.subscribe();
        let settled = stream.wait_for(|stream| *stream != Stream::Wanted);
        if timeout(opens, settled).await.is_err() {
            tracing::debug!("the server does not say whether it can ask outside of a call");
        }
    }

    /// Notes the session that an answer began.
    fn note(&self, answer: &StreamableHttpPostResponse) {
        let begins = matches!(
            answer,
            StreamableHttpPostResponse::Json(_, Some(_)) | StreamableHttpPostResponse::Sse(_, Some(_))
        );
        if begins {
            self.stream.send_if_modified(|stream| {
                let is_first = *stream == Stream::Unwanted;
                if is_first {
                    *stream = Stream::Wanted;
                }
                is_first
            });
        }
    }
}

type Headers = HashMap<HeaderName, HeaderValue>;
type Events = futures::stream::BoxStream<'static, Result<Sse, SseError>>;

impl<C: StreamableHttpClient + Sync> StreamableHttpClient for Watched<C> {
    type Error = C::Error;

    async fn post_message(
        &self,
        uri: Arc<str>,
        message: ClientJsonRpcMessage,
        session: Option<Arc<str>>,
        authorization: Option<String>,
        headers: Headers,
    ) -> Result<StreamableHttpPostResponse, StreamableHttpError<C::Error>> {
        let answer = self.client.post_message(uri, message, session, authorization, headers).await?;
        self.note(&answer);
        Ok(answer)
    }

    async fn post_message_with_response_limits(
        &self,
        uri: Arc<str>,
        message: ClientJsonRpcMessage,
        session: Option<Arc<str>>,
        authorization: Option<String>,
        headers: Headers,
        limits: StreamableHttpResponseLimits,
    ) -> Result<StreamableHttpPostResponse, StreamableHttpError<C::Error>> {
        let posted = self.client.post_message_with_response_limits(
            uri,
            message,
            session,
            authorization,
            headers,
            limits,
        );
        let answer = posted.await?;
        self.note(&answer);
        Ok(answer)
    }

    async fn delete_session(
        &self,
        uri: Arc<str>,
        session: Arc<str>,
        authorization: Option<String>,
        headers: Headers,
    ) -> Result<(), StreamableHttpError<C::Error>> {
        self.client.delete_session(uri, session, authorization, headers).await
    }

    async fn get_stream(
        &self,
        uri: Arc<str>,
        session: Option<Arc<str>>,
        last: Option<String>,
        authorization: Option<String>,
        headers: Headers,
    ) -> Result<Events, StreamableHttpError<C::Error>> {
        let events = self.client.get_stream(uri, session, last, authorization, headers).await;
        self.stream.send_replace(Stream::Answered);
        events
    }

    async fn get_stream_with_max_sse_event_size(
        &self,
        uri: Arc<str>,
        session: Option<Arc<str>>,
        last: Option<String>,
        authorization: Option<String>,
        headers: Headers,
        largest: usize,
    ) -> Result<Events, StreamableHttpError<C::Error>> {
        let opened = self.client.get_stream_with_max_sse_event_size(
            uri,
            session,
            last,
            authorization,
            headers,
            largest,
        );
        let events = opened.await;
        self.stream.send_replace(Stream::Answered);
        events
    }
}
