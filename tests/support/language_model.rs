//! A server that speaks to the language-model side of the embedded Bedrock, and does what it is told.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use futures::StreamExt;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// What the server does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Conduct {
    /// Writes these pieces, and ends well.
    Writes(Vec<&'static str>),
    /// Writes these choices (`delta` and `finish_reason`), and ends.
    Chooses(Vec<Value>),
    /// Does this with the first request, that with the second, and so on; the last with all others.
    InTurn(Vec<Conduct>),
    /// Writes each piece when the test sends it, and ends well when the sender is dropped.
    WritesOnDemand,
    /// Writes these pieces, and closes the stream before the end.
    BreaksOff(Vec<&'static str>),
    /// Writes something that is no answer.
    Babbles,
    /// Reports an error in the middle of the stream.
    FailsMidway,
    /// Refuses with this status.
    Refuses(u16),
    /// Accepts the request and never says a word.
    IsSilent,
    /// Begins its answer and never goes on.
    FallsSilent,
}

/// A running server; it ends with this.
pub(crate) struct LanguageModel {
    address: SocketAddr,
    state: Arc<ServerState>,
    task: JoinHandle<()>,
}

struct ServerState {
    conduct: Conduct,
    requests: Mutex<Vec<Value>>,
    demanded: Mutex<Option<mpsc::UnboundedReceiver<String>>>,
}

impl LanguageModel {
    pub(crate) async fn start(conduct: Conduct) -> Self {
        Self::with(conduct, None).await
    }

    /// One that writes what is sent to it.
    pub(crate) async fn on_demand() -> (Self, mpsc::UnboundedSender<String>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self::with(Conduct::WritesOnDemand, Some(receiver)).await, sender)
    }

    async fn with(conduct: Conduct, demanded: Option<mpsc::UnboundedReceiver<String>>) -> Self {
        let state =
            Arc::new(ServerState { conduct, requests: Mutex::default(), demanded: Mutex::new(demanded) });
        let router =
            Router::new().route("/v1/chat/completions", post(complete)).with_state(Arc::clone(&state));
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = socket.local_addr().expect("an address");
        let task = tokio::spawn(async move { axum::serve(socket, router).await.expect("it serves") });
        Self { address, state, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The bodies of all requests so far.
    pub(crate) fn requests(&self) -> Vec<Value> {
        self.state.requests.lock().expect("no test has panicked").clone()
    }
}

impl Drop for LanguageModel {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn complete(State(state): State<Arc<ServerState>>, Json(request): Json<Value>) -> Response {
    let place = {
        let mut requests = state.requests.lock().expect("no test has panicked");
        requests.push(request);
        requests.len() - 1
    };
    let conduct = match &state.conduct {
        Conduct::InTurn(conducts) => conducts.get(place).or(conducts.last()).expect("some conduct"),
        always => always,
    };
    match conduct {
        Conduct::InTurn(_) => unreachable!("turns are not nested"),
        Conduct::Chooses(choices) => {
            let choices = choices.iter().map(|choice| event(&json!({ "choices": [choice] })));
            stream(choices.chain(ending().skip(1)))
        }
        Conduct::Writes(pieces) => stream(pieces.iter().map(|piece| delta(piece)).chain(ending())),
        Conduct::BreaksOff(pieces) => stream(pieces.iter().map(|piece| delta(piece))),
        Conduct::Babbles => stream(["data: <html>\n\n".to_owned()].into_iter()),
        Conduct::FailsMidway => {
            stream([delta("Half"), event(&json!({ "error": { "message": "out of memory" } }))].into_iter())
        }
        Conduct::Refuses(status) => {
            let status = StatusCode::from_u16(*status).expect("a status");
            (status, "the model is not loaded").into_response()
        }
        Conduct::IsSilent => std::future::pending().await,
        Conduct::FallsSilent => {
            let first = futures::stream::iter([Ok::<_, Infallible>(delta("Half"))]);
            Body::from_stream(first.chain(futures::stream::pending())).into_response()
        }
        Conduct::WritesOnDemand => {
            let receiver = state.demanded.lock().expect("no test has panicked").take().expect("one request");
            let pieces = futures::stream::unfold(receiver, |mut receiver| async {
                receiver.recv().await.map(|piece| (Ok::<_, Infallible>(delta(&piece)), receiver))
            });
            Body::from_stream(pieces.chain(futures::stream::iter(ending().map(Ok)))).into_response()
        }
    }
}

fn stream(events: impl Iterator<Item = String>) -> Response {
    Body::from(events.collect::<String>()).into_response()
}

fn event(json: &Value) -> String {
    format!("data: {json}\n\n")
}

fn delta(text: &str) -> String {
    event(&json!({ "choices": [{ "index": 0, "delta": { "content": text }, "finish_reason": null }] }))
}

fn ending() -> impl Iterator<Item = String> + Send {
    let stop = event(&json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }] }));
    let usage = event(
        &json!({ "choices": [], "usage": { "prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15 } }),
    );
    [stop, usage, "data: [DONE]\n\n".to_owned()].into_iter()
}
