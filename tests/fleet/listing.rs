//! A third party that is away takes nothing else along.

use super::stranger::Stranger;
use crate::support::{Patchline, nobody_at};
use axum::http::StatusCode;
use serde_json::json;
use tempfile::NamedTempFile;

#[tokio::test]
async fn one_that_is_away_breaks_no_listing_and_no_other_server() {
    let stranger = Stranger::modern();
    let alive = stranger.serve().await;
    let (_dead, dead_address) = nobody_at();
    let file = NamedTempFile::new().expect("a file");
    let text = format!(
        "[[upstream]]\nprefix = \"away\"\nurl = \"{dead_address}/mcp\"\n\n\
         [[upstream]]\nprefix = \"tickets\"\nurl = \"{}/mcp\"\n\n\
         [[replica]]\nserver = \"s3\"\nurl = \"{dead_address}\"\n",
        alive.url()
    );
    std::fs::write(file.path(), text).expect("it is written");
    let patchline = Patchline::with(&[("MCP_UPSTREAMS", file.path().to_str().expect("a path"))]).await;
    patchline.engine.gateway.check_fleet().await;

    assert_eq!(patchline.get("/api/tools").await.status, StatusCode::OK);
    let fleet = patchline.get("/api/fleet").await.json();
    let health = |id: &str| {
        let servers = fleet["servers"].as_array().cloned().unwrap_or_default();
        servers.into_iter().find(|one| one["id"] == id).expect("the server")
    };
    assert_eq!(health("tickets")["health"], "healthy", "{fleet}");
    assert_eq!(health("tickets")["replicas"][0]["era"], "2026-07-28");
    let away = health("away");
    assert_eq!(away["health"], "failing");
    assert!(away["reason"].as_str().is_some_and(|reason| reason.contains("cannot be reached")), "{away}");
    assert_eq!(health("s3")["replicas"][1]["health"], "failing");
    for _ in 0..6 {
        patchline.result_of("list_audio_files", json!({})).await;
    }
    let page = patchline.get("/health").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("cannot be reached"));
}
