//! How many uploads somebody has under way: for all instances together.

use crate::support::{Answer, KEY, Patchline, eventually, router, send, wav};
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode, header};
use futures::stream;
use patchline::engine::Engine;
use tokio::sync::mpsc;

/// An upload with the key of programs.
fn upload(name: &str, body: Body) -> Request<Body> {
    Request::put(format!("/upload/audio?fileName={name}"))
        .header(header::AUTHORIZATION, format!("Bearer {KEY}"))
        .body(body)
        .expect("a request")
}

async fn upload_at(instance: &Engine, name: &str) -> Answer {
    send(router(instance.clone()), upload(name, Body::from(wav()))).await
}

#[tokio::test]
async fn whoever_has_as_many_uploads_under_way_as_they_may_begins_none_at_another_instance() {
    let patchline = Patchline::with(&[("MCP_TRANSFERS_AT_ONCE", "1")]).await;
    let other = patchline.another_instance().await;
    let (pieces, mut taken) = mpsc::channel::<Bytes>(1);
    let slow = stream::poll_fn(move |context| {
        taken.poll_recv(context).map(|next| next.map(Ok::<_, std::io::Error>))
    });
    let first = patchline.send(upload("slow.wav", Body::from_stream(slow)));
    let meanwhile = async {
        let (head, rest) = (wav(), Bytes::from(vec![0; 16_000]));
        pieces.send(Bytes::from(head)).await.expect("it is read");
        // There is room for it once the first piece is being read, so the upload is under way.
        pieces.send(rest).await.expect("it is read");
        let refused = upload_at(&other, "second.wav").await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{}", refused.text());
        assert!(refused.headers.contains_key(header::RETRY_AFTER));
        let message = refused.error()["message"].as_str().unwrap_or_default().to_owned();
        assert!(
            message.starts_with("As many uploads or readings of whole files are under way in your name"),
            "{message}"
        );
        drop(pieces);
        refused
    };
    let (stored, refused) = tokio::join!(first, meanwhile);
    assert_eq!(stored.status, StatusCode::CREATED, "{}", stored.text());
    eventually("the slot is free again", async || {
        upload_at(&other, "third.wav").await.status != StatusCode::TOO_MANY_REQUESTS
    })
    .await;
    other.close().await;
    let records = patchline.all_audit_records().await;
    let id = &refused.error()["requestId"];
    assert!(records.iter().any(|record| record["requestId"] == *id && record["decision"] == "denied"));
}

#[tokio::test]
async fn while_the_store_does_not_say_how_many_are_under_way_no_upload_begins() {
    let patchline = Patchline::with(&[("MCP_TRANSFERS_AT_ONCE", "1")]).await;
    let table = patchline.clients.dynamodb.delete_table().table_name("patchline-limits");
    table.send().await.expect("it is gone");
    let refused = patchline.send(upload("first.wav", Body::from(wav()))).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.text());
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
}
