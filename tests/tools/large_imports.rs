//! Exports of gigabytes: what is announced to be too large is refused before it is read, what is not announced at the
//! limit, and however long a body is, no more of it is taken than that.

use crate::support::{Answer, Patchline, eventually};
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode, header};
use futures::{StreamExt, stream};
use patchline::engine::catalog::Catalog;
use patchline::engine::gateway::{AuditLog, Gateway};
use patchline::engine::imports::Imports;
use patchline::engine::telemetry::Telemetry;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const BOUNDARY: &str = "patchline-test-boundary";
const MEBIBYTE: u64 = 1024 * 1024;

/// What is read on of a file that is refused, so that its sender reads why, and what is on its way meanwhile.
const READ_ON: u64 = 80 * MEBIBYTE;

/// A form with a file that never ends, and how many bytes of it were asked for.
fn endless(announced: Option<u64>) -> (Request<Body>, Arc<AtomicU64>) {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"years.csv\"\r\n\
         Content-Type: text/csv\r\n\r\nartistId,date,platform,streams\n"
    );
    let line = b"art_1,2026-11-01,spotify,120\n";
    let piece = Bytes::from(line.repeat(usize::try_from(MEBIBYTE).expect("it fits") / line.len()));
    let taken = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&taken);
    let lines = stream::repeat(piece).inspect(move |piece| {
        count.fetch_add(piece.len() as u64, Ordering::Relaxed);
    });
    let pieces = stream::iter([Bytes::from(head)]).chain(lines);
    let mut request = Request::post("/imports")
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
    if let Some(bytes) = announced {
        request = request.header(header::CONTENT_LENGTH, bytes);
    }
    let body = Body::from_stream(pieces.map(Ok::<_, std::io::Error>));
    (request.body(body).expect("a request"), taken)
}

fn told(answer: &Answer, limit: &str) {
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", answer.text());
    let page = answer.text();
    assert!(page.contains(&format!("at most {limit} are allowed")), "{page}");
    assert!(page.contains("Split the export by month"), "{page}");
}

#[tokio::test]
async fn an_export_that_is_announced_to_be_too_large_is_refused_before_it_is_read() {
    let patchline = Patchline::start().await;
    let (request, taken) = endless(Some(5 * 1024 * MEBIBYTE));
    let answer = patchline.send(request).await;
    told(&answer, "4 GiB");
    assert!(taken.load(Ordering::Relaxed) <= READ_ON, "{taken:?} bytes were read");
    assert_eq!(patchline.unfinished_uploads().await, 0, "nothing was begun");
    let refused = patchline.audit_records().await;
    assert!(refused.iter().any(|record| record["operation"] == "begin_import"), "{refused:?}");
}

#[tokio::test]
async fn an_export_without_a_length_is_taken_in_parts_up_to_the_limit_and_leaves_nothing() {
    let patchline = Patchline::start().await;
    let config = &patchline.engine.config;
    let catalog = Catalog::new(patchline.clients.clone(), config).with_largest_import(9 * MEBIBYTE);
    let catalog = Arc::new(catalog);
    let audit = AuditLog::start(Arc::clone(&catalog), true);
    let gateway = Gateway::new(Arc::clone(&catalog), config, audit, Telemetry::off());
    let mut engine = patchline.engine.clone();
    engine.imports = Imports::new(gateway.clone(), catalog, config);
    engine.gateway = gateway;
    let (request, taken) = endless(None);
    let answer = patchline.send_to(engine, request).await;
    told(&answer, "9 MiB");
    assert!(taken.load(Ordering::Relaxed) <= 9 * MEBIBYTE + READ_ON, "{taken:?} bytes were read");
    eventually("no parts", async || patchline.unfinished_uploads().await == 0).await;
}
