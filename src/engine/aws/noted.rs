//! What is noted of requests for whoever makes them: the ids that AWS gives to them, by which `CloudTrail` is
//! searched, and how many bytes went there and came back.

use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The headers in which services tell the id.
const HEADERS: [&str; 2] = ["x-amzn-requestid", "x-amz-request-id"];

/// The header with the length of a content, and the one for a content that is sent in signed pieces.
const LENGTH: &str = "content-length";
const LENGTH_WITHOUT_SIGNATURES: &str = "x-amz-decoded-content-length";

/// The most ids that are noted of one call.
const MOST: usize = 20;

/// The longest id that is noted, in characters.
const LONGEST: usize = 64;

tokio::task_local! {
    static NOTED: NotedRequests;
}

/// What is noted of some requests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Noted {
    /// Their ids, in the order of the answers.
    pub ids: Vec<String>,
    /// The bytes of what was sent, as often as it was sent.
    pub bytes_sent: u64,
    /// The bytes of the answers, those among them that are read by and by.
    pub bytes_received: u64,
}

/// The requests that were made during something. Cloning is cheap, and all clones note the same.
#[derive(Debug, Clone, Default)]
pub struct NotedRequests(Arc<Mutex<Noted>>);

impl NotedRequests {
    /// Does something, and notes its requests. What it leaves to other tasks is not noted.
    pub fn during<F: Future>(&self, doing: F) -> impl Future<Output = F::Output> + use<F> {
        NOTED.scope(self.clone(), doing)
    }

    /// What is noted so far.
    pub fn noted(&self) -> Noted {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Noted> {
        // What is kept here is whole at any moment, so a thread that panicked has not spoilt it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Notes how much is sent, if somebody wants to know.
pub(super) fn note_sent(request: &HttpRequest) {
    let told = |header: &str| request.headers().get(header).and_then(|length| length.parse::<u64>().ok());
    let bytes = told(LENGTH_WITHOUT_SIGNATURES).or_else(|| request.body().content_length());
    let bytes = bytes.or_else(|| told(LENGTH)).unwrap_or_default();
    // Outside of a call nobody does.
    let _ = NOTED.try_with(|requests| {
        let mut noted = requests.lock();
        noted.bytes_sent = noted.bytes_sent.saturating_add(bytes);
    });
}

/// Notes the id that an answer tells, and how long it is, if somebody wants to know. Answers of operations that
/// look at something's head tell its length, and have none of their own.
pub(super) fn note_answer(answer: &HttpResponse, operation: &str) {
    let id = HEADERS.iter().find_map(|header| answer.headers().get(header));
    let bytes = match answer.body().content_length() {
        Some(bytes) if bytes > 0 => bytes,
        _ if operation.starts_with("Head") => 0,
        // A content that is read by and by is not in the answer any more.
        _ => answer.headers().get(LENGTH).and_then(|length| length.parse().ok()).unwrap_or_default(),
    };
    // As above.
    let _ = NOTED.try_with(|requests| {
        let mut noted = requests.lock();
        noted.bytes_received = noted.bytes_received.saturating_add(bytes);
        if let Some(id) = id.filter(|_| noted.ids.len() < MOST) {
            noted.ids.push(id.chars().filter(char::is_ascii_graphic).take(LONGEST).collect());
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_types::body::SdkBody;

    fn answer(id: &'static str, body: SdkBody) -> HttpResponse {
        let mut answer = HttpResponse::new(200_u16.try_into().expect("a status"), body);
        answer.headers_mut().insert("x-amzn-requestid", id);
        answer
    }

    #[tokio::test]
    async fn ids_are_noted_during_what_is_done_and_not_before_or_after() {
        let requests = NotedRequests::default();
        let note = |id: &'static str| note_answer(&answer(id, SdkBody::empty()), "GetItem");
        note("before");
        requests.during(async { note("ONE") }).await;
        requests.during(async { note("TWO") }).await;
        note("after");
        assert_eq!(requests.noted().ids, ["ONE", "TWO"]);
    }

    #[tokio::test]
    async fn bytes_are_those_of_contents_whether_they_are_read_at_once_or_by_and_by() {
        let requests = NotedRequests::default();
        requests
            .during(async {
                note_answer(&answer("ONE", SdkBody::from("12345")), "GetItem");
                let mut by_and_by = answer("TWO", SdkBody::taken());
                by_and_by.headers_mut().insert(LENGTH, "100");
                note_answer(&by_and_by, "GetObject");
                note_answer(&by_and_by, "HeadObject");
                note_sent(&HttpRequest::new(SdkBody::from("123")));
            })
            .await;
        let Noted { bytes_sent, bytes_received, .. } = requests.noted();
        assert_eq!((bytes_sent, bytes_received), (3, 105));
    }
}
