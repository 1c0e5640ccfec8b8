//! What the limit of a caller is worth when it calls through several instances.

use super::instance::Instance;
use super::replicas::store;
use futures::future::join_all;
use serde_json::json;
use std::time::Instant;

/// The burst; beyond it one call a minute becomes allowed.
const BURST: u64 = 10;

#[tokio::test(flavor = "multi_thread")]
async fn three_processes_on_one_store_never_let_more_calls_in_than_the_limit_allows() {
    let store = store().await;
    let limits = [("MCP_RATE_LIMIT", "1"), ("MCP_BURST_LIMIT", "10")];
    let start = || Instance::start_with(&store, None, &limits);
    let instances = [start().await, start().await, start().await];
    let begun = Instant::now();
    let no_arguments = json!({});
    let arguments = &no_arguments;
    let callers = instances.iter().map(|instance| async move {
        let mut admitted = 0;
        for _ in 0..12 {
            let answer = instance.tool("list_audio_files", None, arguments).await;
            match answer.status {
                200 => admitted += 1,
                status => assert_eq!(status, 429, "{}", answer.body),
            }
        }
        admitted
    });
    let admitted: u64 = join_all(callers).await.into_iter().sum();
    let most = BURST + begun.elapsed().as_secs() / 60 + 1;
    // An instance loses what it has taken and does not use within two seconds, as on a slow machine it may.
    assert!((1..=most).contains(&admitted), "{admitted} of {most}");
}
