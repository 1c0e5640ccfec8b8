//! The rooms of the house know each other in one direction only (docs/architecture.md).

use std::fs;
use std::path::{Path, PathBuf};

/// A room, and what it must not know.
const WALLS: [(&str, &[&str]); 14] = [
    ("model", &["api", "app", "components", "document", "embedded_aws", "engine", "music", "pages", "web"]),
    ("music", &["api", "app", "components", "document", "embedded_aws", "engine", "model", "pages", "web"]),
    ("document", &["api", "app", "components", "embedded_aws", "engine", "pages", "web"]),
    ("embedded_aws", &["api", "app", "components", "engine", "model", "music", "pages", "web"]),
    ("components", &["embedded_aws", "engine", "pages", "web"]),
    ("pages", &["embedded_aws", "engine", "web"]),
    ("api", &["app", "components", "embedded_aws", "pages", "web"]),
    ("web", &["embedded_aws"]),
    ("engine", &["api", "app", "components", "pages", "web"]),
    (
        "engine/config",
        &["embedded_aws", "engine::aws", "engine::catalog", "engine::knowledge", "engine::tools"],
    ),
    ("engine/catalog", &["embedded_aws", "engine::gateway", "engine::knowledge", "engine::tools"]),
    ("engine/monitoring", &["embedded_aws", "engine::gateway", "engine::tools"]),
    ("engine/knowledge", &["embedded_aws", "engine::gateway", "engine::tools"]),
    ("engine/tools", &["embedded_aws", "engine::gateway"]),
];

fn rust_files(room: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(room).unwrap_or_else(|error| panic!("{}: {error}", room.display()));
    entries
        .map(|entry| entry.expect("an entry").path())
        .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect()
}

#[test]
fn no_room_knows_one_that_is_built_on_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut broken = Vec::new();
    for (room, forbidden) in WALLS {
        let files = rust_files(&source.join(room));
        assert!(!files.is_empty(), "there is no room {room}");
        for file in files {
            let text = fs::read_to_string(&file).expect("a text");
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            for line in code {
                let known = forbidden.iter().find(|other| line.contains(&format!("crate::{other}")));
                broken
                    .extend(known.map(|other| format!("{} knows {other}: {}", file.display(), line.trim())));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn only_the_place_that_makes_the_clients_knows_the_embedded_aws() {
    let engine = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/engine");
    for file in rust_files(&engine) {
        let text = fs::read_to_string(&file).expect("a text");
        let allowed = file.ends_with("engine/aws.rs");
        assert!(allowed || !text.contains("crate::embedded_aws"), "{} knows it", file.display());
    }
}
