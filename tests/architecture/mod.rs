//! The rooms of the house know each other in one direction only (docs/architecture.md).

mod proofs;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A room, and what it must not know.
const WALLS: [(&str, &[&str]); 26] = [
    ("model", &["api", "app", "components", "document", "embedded_aws", "engine", "music", "pages", "web"]),
    ("music", &["api", "app", "components", "document", "embedded_aws", "engine", "model", "pages", "web"]),
    ("document", &["api", "app", "components", "embedded_aws", "engine", "pages", "web"]),
    ("embedded_aws", &["api", "app", "components", "engine", "model", "music", "pages", "web"]),
    ("components", &["api", "embedded_aws", "engine", "pages", "web"]),
    ("pages", &["embedded_aws", "engine", "web"]),
    ("api", &["app", "components", "embedded_aws", "engine::aws", "engine::catalog", "pages", "web"]),
    ("web", &["embedded_aws", "engine::aws"]),
    ("engine", &["api", "app", "components", "pages", "web"]),
    (
        "engine/gateway",
        &[
            "embedded_aws",
            "engine::activity",
            "engine::database",
            "engine::identity",
            "engine::knowledge",
            "engine::monitoring",
            "engine::people",
            "engine::sample",
            "engine::seed",
            "engine::supervisor",
        ],
    ),
    (
        "engine/supervisor",
        &["embedded_aws", "engine::automation", "engine::aws", "engine::seed", "engine::sample"],
    ),
    ("engine/automation", &["embedded_aws", "engine::people", "engine::seed", "engine::sample"]),
    ("engine/mail", &["embedded_aws", "engine::catalog", "engine::gateway", "engine::tools"]),
    (
        "engine/identity",
        &["embedded_aws", "engine::aws", "engine::knowledge", "engine::people", "engine::tools"],
    ),
    ("engine/people", &["embedded_aws", "engine::aws", "engine::knowledge", "engine::monitoring"]),
    (
        "engine/tools",
        &["embedded_aws", "engine::gateway", "engine::identity", "engine::people", "engine::supervisor"],
    ),
    (
        "engine/catalog",
        &["embedded_aws", "engine::gateway", "engine::identity", "engine::knowledge", "engine::tools"],
    ),
    (
        "engine/spending",
        &[
            "embedded_aws",
            "engine::aws",
            "engine::gateway",
            "engine::identity",
            "engine::knowledge",
            "engine::tools",
        ],
    ),
    ("engine/monitoring", &["embedded_aws", "engine::gateway", "engine::tools"]),
    ("engine/converse", &["embedded_aws", "engine::gateway", "engine::tools"]),
    ("engine/knowledge", &["embedded_aws", "engine::gateway", "engine::tools"]),
    ("engine/database", &["embedded_aws", "engine::catalog", "engine::gateway", "engine::tools"]),
    (
        "engine/activity",
        &["embedded_aws", "engine::aws", "engine::catalog", "engine::gateway", "engine::tools"],
    ),
    (
        "engine/telemetry",
        &["embedded_aws", "engine::catalog", "engine::gateway", "engine::knowledge", "engine::tools"],
    ),
    ("engine/aws", &["engine::catalog", "engine::gateway", "engine::tools"]),
    (
        "engine/config",
        &["embedded_aws", "engine::aws", "engine::catalog", "engine::knowledge", "engine::tools"],
    ),
];

/// The rooms above the tools and beside them, which know no type of AWS.
const WITHOUT_AWS: [&str; 12] = [
    "model",
    "music",
    "document",
    "components",
    "pages",
    "api",
    "web",
    "engine/gateway",
    "engine/identity",
    "engine/people",
    "engine/spending",
    "engine/supervisor",
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn rust_files(room: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(room).unwrap_or_else(|error| panic!("{}: {error}", room.display()));
    entries
        .map(|entry| entry.expect("an entry").path())
        .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect()
}

/// A file without its comments.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("a text");
    let lines: Vec<_> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    lines.join("\n")
}

/// The names of the modules that lead to a file: `engine`, `gateway`.
fn module(file: &Path) -> Vec<String> {
    let inside = file.strip_prefix(source()).expect("a file of the source").with_extension("");
    let names = inside.iter().map(|name| name.to_string_lossy().into_owned());
    names.filter(|name| name != "mod").collect()
}

/// Everything in the code that looks like a name or a path.
fn names(code: &str) -> impl Iterator<Item = &str> {
    code.split(|character: char| !(character.is_alphanumeric() || "_:".contains(character)))
}

/// The paths of this crate that a piece of code names, wherever and however it does, from `crate` on.
fn paths(code: &str, module: &[String]) -> BTreeSet<String> {
    let uses = code.split(';').filter_map(|statement| {
        let (_, tree) = statement.rsplit_once("use ")?;
        Some(branches(&tree.split_whitespace().collect::<String>()))
    });
    let named = names(code).map(str::to_owned);
    uses.flatten().chain(named).filter_map(|path| from_the_root(&path, module)).collect()
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d` and `a::c::e`.
fn branches(tree: &str) -> Vec<String> {
    let Some((stem, rest)) = tree.split_once('{') else { return vec![tree.to_owned()] };
    let mut depth = 0;
    let mut ends = vec![String::new()];
    for character in rest.chars() {
        match character {
            '}' if depth == 0 => break,
            ',' if depth == 0 => {
                ends.push(String::new());
                continue;
            }
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if let Some(end) = ends.last_mut() {
            end.push(character);
        }
    }
    let ends = ends.into_iter().filter(|end| !end.is_empty());
    ends.flat_map(|end| branches(&format!("{stem}{end}"))).collect()
}

/// A path with `super` resolved; none for what is not a path of this crate.
fn from_the_root(path: &str, module: &[String]) -> Option<String> {
    if path.starts_with("crate::") {
        return Some(path.to_owned());
    }
    let rest = path.trim_start_matches("super::");
    let steps = (path.len() - rest.len()) / "super::".len();
    if steps == 0 {
        return None;
    }
    let above = &module[..module.len().saturating_sub(steps)];
    let parts = ["crate"].into_iter().chain(above.iter().map(String::as_str)).chain([rest]);
    Some(parts.collect::<Vec<_>>().join("::"))
}

fn is_within(path: &str, room: &str) -> bool {
    let rest = path.strip_prefix("crate::").and_then(|path| path.strip_prefix(room));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

#[test]
fn no_room_knows_one_that_is_built_on_it() {
    let mut broken = Vec::new();
    for (room, forbidden) in WALLS {
        let files = rust_files(&source().join(room));
        assert!(!files.is_empty(), "there is no room {room}");
        for file in files {
            for path in paths(&code(&file), &module(&file)) {
                let known = forbidden.iter().find(|other| is_within(&path, other));
                broken.extend(known.map(|other| format!("{} knows {other}: {path}", file.display())));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn only_the_place_that_makes_the_clients_knows_the_embedded_aws() {
    for file in rust_files(&source().join("engine")) {
        let known =
            paths(&code(&file), &module(&file)).into_iter().find(|path| is_within(path, "embedded_aws"));
        let allowed = file.ends_with("engine/aws.rs");
        assert!(allowed || known.is_none(), "{} knows {known:?}", file.display());
    }
}

#[test]
fn nothing_above_the_tools_knows_a_type_of_aws() {
    for room in WITHOUT_AWS {
        for file in rust_files(&source().join(room)) {
            let code = code(&file);
            let known =
                names(&code).find(|name| name.starts_with("aws_sdk_") || name.starts_with("aws_smithy_"));
            assert!(known.is_none(), "{} knows {known:?}", file.display());
        }
    }
}

#[test]
fn a_room_is_seen_however_it_is_named() {
    let module = ["engine", "tools", "s3"].map(str::to_owned);
    for code in [
        "use crate::engine::gateway::Gateway;",
        "use crate::{\n    engine::{catalog::Catalog, gateway},\n    model,\n};",
        "use super::super::gateway::Gateway;",
        "use super::super::{\n    gateway::{CallError, Gateway},\n    catalog,\n};",
        "fn f(door: &crate::engine::gateway::Gateway) {}",
    ] {
        let found = paths(code, &module);
        assert!(found.iter().any(|path| is_within(path, "engine::gateway")), "{code}: {found:?}");
    }
    let others = paths("use crate::engine::gateways::X;\nuse super::gateway::Y;", &module);
    assert!(!others.iter().any(|path| is_within(path, "engine::gateway")), "{others:?}");
}
