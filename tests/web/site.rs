//! The files of the site as a browser gets them.

use crate::support::{Answer, Patchline, send};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use leptos::config::LeptosOptions;
use std::io::Read;
use std::path::Path;
use std::process::Command;

/// Asks for a file with what a browser says it takes.
async fn get(router: &Router, path: &str, taken: &str) -> Answer {
    let request = Request::get(path).header(header::ACCEPT_ENCODING, taken).body(Body::empty());
    send(router.clone(), request.expect("a request")).await
}

#[tokio::test]
async fn a_file_comes_in_the_smallest_form_that_the_build_has_made_and_the_browser_takes() {
    let site = tempfile::tempdir().expect("a folder");
    let package = site.path().join("pkg");
    std::fs::create_dir(&package).expect("a folder");
    let script = "export const product = 'Patchline';\n".repeat(200);
    std::fs::write(package.join("page.js"), &script).expect("a file");
    let compress = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/compress.mjs");
    let done = Command::new("node").arg(compress).arg(&package).output().expect("node runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));

    let patchline = Patchline::start().await;
    let root = site.path().to_str().expect("a path in UTF-8");
    let options = LeptosOptions::builder().output_name("patchline").site_root(root).build();
    let router = patchline::web::router(patchline.engine.clone(), options);
    let (mut from_brotli, mut from_gzip) = (String::new(), String::new());
    let by_brotli = get(&router, "/pkg/page.js", "gzip, deflate, br, zstd").await;
    assert_eq!(by_brotli.headers[header::CONTENT_ENCODING], "br");
    brotli::Decompressor::new(by_brotli.body.as_slice(), 4096)
        .read_to_string(&mut from_brotli)
        .expect("brotli");
    let by_gzip = get(&router, "/pkg/page.js", "gzip").await;
    assert_eq!(by_gzip.headers[header::CONTENT_ENCODING], "gzip");
    flate2::read::GzDecoder::new(by_gzip.body.as_slice()).read_to_string(&mut from_gzip).expect("gzip");
    assert!(from_brotli == script && from_gzip == script);
    assert!(by_brotli.body.len() < script.len() / 10 && by_gzip.body.len() < script.len() / 10);
    let plain = get(&router, "/pkg/page.js", "identity").await;
    assert!(!plain.headers.contains_key(header::CONTENT_ENCODING) && plain.text() == script);
    // A name without a hash may stand for something else tomorrow.
    assert_eq!(plain.headers[header::CACHE_CONTROL], "no-cache");
}
