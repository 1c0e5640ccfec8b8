//! What is said to be shown by a test (docs/security.md) is shown by one that exists.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Names of tests are sentences: with fewer words it may be the name of a tool. Those that try hostile input begin
/// alike.
const WORDS_OF_A_SENTENCE: usize = 4;
const TRIES_INPUT: &str = "fuzz_";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Everything in Rust and Python below a folder, without what is installed there.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let own = paths.filter(|path| !path.ends_with("node_modules"));
    own.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs" || ending == "py"))
        .collect()
}

/// The names of all functions of a text.
fn functions(text: &str) -> impl Iterator<Item = &str> {
    let after = ["fn ", "def "].into_iter().flat_map(move |word| text.split(word).skip(1));
    after.filter_map(|rest| rest.split(['(', '<']).next())
}

/// What stands between backticks and is the name of a test.
fn named(text: &str) -> BTreeSet<&str> {
    let quoted = text.split('`').skip(1).step_by(2);
    let is_name = |text: &&str| {
        text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
            && (text.split('_').count() >= WORDS_OF_A_SENTENCE || text.starts_with(TRIES_INPUT))
    };
    quoted.filter(is_name).collect()
}

/// The titles of tests in the browser that a text names: `browser: ` stands before each.
fn titles(text: &str) -> Vec<&str> {
    text.split("browser: `").skip(1).filter_map(|rest| rest.split('`').next()).collect()
}

/// All tests in the browser, as they are written.
fn browser_tests(folder: &Path) -> String {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let texts = paths.map(|path| {
        if path.is_dir() { browser_tests(&path) } else { fs::read_to_string(&path).expect("a text") }
    });
    texts.collect()
}

#[test]
fn every_test_of_the_browser_that_is_named_as_a_proof_exists() {
    let tests = browser_tests(&root().join("end2end/tests"));
    let security = fs::read_to_string(root().join("docs/security.md")).expect("the document");
    let named = titles(&security);
    let missing: Vec<_> = named.iter().filter(|title| !tests.contains(&format!("test('{title}'"))).collect();
    assert!(!named.is_empty(), "the document names some");
    assert!(
        missing.is_empty(),
        "docs/security.md names tests of the browser that there are not: {missing:#?}"
    );
}

#[test]
fn every_test_that_is_named_as_a_proof_exists() {
    let files = ["src", "tests"].into_iter().flat_map(|folder| sources(&root().join(folder)));
    let texts: Vec<_> = files.map(|file| fs::read_to_string(file).expect("a text")).collect();
    let known: BTreeSet<_> = texts.iter().flat_map(|text| functions(text)).collect();
    let security = fs::read_to_string(root().join("docs/security.md")).expect("the document");
    let missing: Vec<_> = named(&security).into_iter().filter(|name| !known.contains(name)).collect();
    assert!(named(&security).len() > 100, "the document names its proofs");
    assert!(missing.is_empty(), "docs/security.md names tests that there are not: {missing:#?}");
}
