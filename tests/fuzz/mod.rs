//! Everything that takes input from outside, asked in ways that no client would. The readers that are private to
//! their module have such tests beside their code; all are named `fuzz_…`.

mod addresses;
mod aws_requests;
mod configuration;
mod forms;
mod headers;
mod messages;
mod tool_calls;

use crate::support::{Answer, Patchline};
use axum::body::Body;
use axum::http::Request;
use tokio::runtime::Runtime;

/// A Patchline that is asked one request after another, outside of anything asynchronous.
struct Asked<'a> {
    runtime: &'a Runtime,
    patchline: &'a Patchline,
}

impl Asked<'_> {
    /// Asks, and sees to what must hold of every answer.
    fn ask(&self, request: Request<Body>) -> Answer {
        let answer = self.runtime.block_on(self.patchline.send(request));
        assert!(answer.status.as_u16() < 500, "{} {}", answer.status, answer.text());
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        answer
    }

    /// Asks for an address, if it can be one.
    fn get(&self, path: &str) {
        if let Ok(request) = Request::get(path).body(Body::empty()) {
            self.ask(request);
        }
    }
}

/// Has a Patchline with an artist, a release and a sound asked.
fn asked(variables: &[(&str, &str)], questions: impl FnOnce(&Asked<'_>)) {
    let runtime = Runtime::new().expect("a runtime");
    // Whatever ends with the Patchline may need the runtime for it.
    let _entered = runtime.enter();
    let patchline = runtime.block_on(Patchline::with(variables));
    runtime.block_on(async {
        patchline.put_artist_and_release().await;
        let sound = crate::support::base64(&crate::support::wav());
        let file = serde_json::json!({ "fileName": "a.wav", "fileContent": sound });
        patchline.result_of("upload_audio_file", file).await;
    });
    questions(&Asked { runtime: &runtime, patchline: &patchline });
}
