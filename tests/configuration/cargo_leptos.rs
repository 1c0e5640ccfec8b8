//! What `Cargo.toml` tells `cargo leptos`: everything that `watch`, `serve` and `end-to-end` are led to is there.

use patchline::engine::config::Config;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use toml::{Table, Value};

/// The manifest, and what it tells `cargo leptos`.
fn manifest() -> (Table, Table) {
    let whole: Table = toml::from_str(&read("Cargo.toml")).expect("TOML");
    let told = whole["package"]["metadata"]["leptos"].as_table().expect("a table").clone();
    (whole, told)
}

fn path(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn text<'a>(told: &'a Table, key: &str) -> &'a str {
    told.get(key).and_then(Value::as_str).unwrap_or_else(|| panic!("{key} is a text"))
}

#[test]
fn every_file_and_folder_that_it_names_is_there() {
    let (_, told) = manifest();
    assert!(path(text(&told, "style-file")).is_file());
    for folder in ["assets-dir", "end2end-dir"] {
        assert!(path(text(&told, folder)).is_dir(), "{folder}");
    }
    for watched in told["watch-additional-files"].as_array().expect("a list") {
        let watched = watched.as_str().expect("a text");
        assert!(path(watched).exists(), "{watched}");
    }
}

#[test]
fn its_end_to_end_tests_are_a_program() {
    let (_, told) = manifest();
    let mut words = text(&told, "end2end-cmd").split(' ');
    let program = words.next().expect("a program");
    let mode = path(program).metadata().expect("it is there").permissions().mode();
    assert_eq!(mode & 0o111, 0o111, "{program} can be started");
    let script = read(program);
    for argument in words {
        assert!(script.contains(argument), "{program} knows {argument}");
    }
}

#[test]
fn every_profile_and_feature_that_it_names_is_there() {
    let (whole, told) = manifest();
    for key in ["bin-profile-dev", "bin-profile-release", "lib-profile-dev", "lib-profile-release"] {
        assert!(whole["profile"].get(text(&told, key)).is_some(), "{key}");
    }
    for key in ["bin-features", "lib-features"] {
        for feature in told[key].as_array().expect("a list") {
            let feature = feature.as_str().expect("a text");
            assert!(whole["features"].get(feature).is_some(), "{key}: {feature}");
        }
    }
}

#[test]
fn its_addresses_and_names_are_those_of_the_server_and_the_scripts() {
    let (_, told) = manifest();
    let config = Config::load(&|_| None, false).expect("the defaults are valid");
    assert_eq!(text(&told, "site-addr"), config.address.to_string());
    let reload = told["reload-port"].as_integer().expect("a number");
    assert_ne!(reload, i64::from(config.address.port()));
    let (name, folder) = (text(&told, "output-name"), text(&told, "site-pkg-dir"));
    assert!(read("scripts/environment.sh").contains(&format!("LEPTOS_OUTPUT_NAME={name}\n")));
    let start = read("scripts/start");
    assert!(start.contains(&format!("LEPTOS_OUTPUT_NAME={name}\n")));
    assert!(start.contains(&format!("LEPTOS_SITE_PKG_DIR={folder}\n")));
    assert!(read("scripts/build").contains(&format!("site={}\n", text(&told, "site-root"))));
}

#[test]
fn watching_makes_plain_names_and_a_release_names_with_hashes() {
    let (_, told) = manifest();
    // After a change, `watch` writes no names with hashes, and pages would stay with the former files.
    assert_eq!(told["hash-files"].as_bool(), Some(false));
    assert!(read("scripts/build").contains("LEPTOS_HASH_FILES=true cargo leptos build"));
}

#[test]
fn the_tool_for_bindings_is_of_the_version_of_the_crate() {
    let (whole, _) = manifest();
    let wanted = whole["dependencies"]["wasm-bindgen"]["version"].as_str().expect("a version");
    let version = wanted.strip_prefix('=').expect("exactly one version, which set-up installs");
    let lock: Table = toml::from_str(&read("Cargo.lock")).expect("TOML");
    let packages = lock["package"].as_array().expect("a list");
    let locked: Vec<_> = packages
        .iter()
        .filter(|package| package["name"].as_str() == Some("wasm-bindgen"))
        .filter_map(|package| package["version"].as_str())
        .collect();
    assert_eq!(locked, [version]);
}
