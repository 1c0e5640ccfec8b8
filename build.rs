//! Says whether the embedding model is there to be built into the server.

use std::env;
use std::path::Path;

/// What `scripts/embeddings` writes.
const MODEL: &str = "models/all-minilm-l6-v2.bin";

fn main() {
    println!("cargo::rerun-if-changed=models");
    println!("cargo::rustc-check-cfg=cfg(embedding_model)");
    if env::var_os("CARGO_FEATURE_SSR").is_none() {
        return;
    }
    if Path::new(MODEL).is_file() {
        println!("cargo::rustc-cfg=embedding_model");
    } else {
        println!(
            "cargo::warning={MODEL} is missing: the knowledge search will rank by words only; run scripts/embeddings"
        );
    }
}
