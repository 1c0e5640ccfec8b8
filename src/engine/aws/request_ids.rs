//! The ids that AWS gives to requests, noted for whoever makes them: by them `CloudTrail` is searched.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

/// The headers in which services tell the id.
const HEADERS: [&str; 2] = ["x-amzn-requestid", "x-amz-request-id"];

/// The most ids that are noted of one call.
const MOST: usize = 20;

/// The longest id that is noted, in characters.
const LONGEST: usize = 64;

tokio::task_local! {
    static NOTED: RequestIds;
}

/// The ids of the requests that were made during something. Cloning is cheap, and all clones note the same.
#[derive(Debug, Clone, Default)]
pub struct RequestIds(Arc<Mutex<Vec<String>>>);

impl RequestIds {
    /// Does something, and notes the ids of its requests. What it leaves to other tasks is not noted.
    pub fn during<F: Future>(&self, doing: F) -> impl Future<Output = F::Output> + use<F> {
        NOTED.scope(self.clone(), doing)
    }

    /// What is noted so far, in the order of the answers.
    pub fn noted(&self) -> Vec<String> {
        // What is kept here is whole at any moment, so a thread that panicked has not spoilt it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, id: &str) {
        let mut ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if ids.len() < MOST {
            ids.push(id.chars().filter(char::is_ascii_graphic).take(LONGEST).collect());
        }
    }
}

/// Notes the id that an answer tells, if somebody wants to know.
pub(super) fn note(answer: &HttpResponse) {
    let id = HEADERS.iter().find_map(|header| answer.headers().get(header));
    if let Some(id) = id {
        // Outside of a call nobody does.
        let _ = NOTED.try_with(|noted| noted.note(id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn ids_are_noted_during_what_is_done_and_not_before_or_after() {
        let ids = RequestIds::default();
        let answer = |id: &'static str| {
            let mut answer = HttpResponse::new(
                200_u16.try_into().expect("a status"),
                aws_smithy_types::body::SdkBody::empty(),
            );
            answer.headers_mut().insert("x-amzn-requestid", id);
            answer
        };
        note(&answer("before"));
        ids.during(async { note(&answer("ONE")) }).await;
        ids.during(async { note(&answer("TWO")) }).await;
        note(&answer("after"));
        assert_eq!(ids.noted(), ["ONE", "TWO"]);
    }
}
