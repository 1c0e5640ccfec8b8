//! `patchline users …` and `patchline keys …`, by the program itself.

use std::path::Path;
use std::process::{Command, Output};

fn users(data: &Path, arguments: &[&str]) -> Output {
    patchline(data, "users", arguments)
}

fn keys(data: &Path, arguments: &[&str]) -> Output {
    patchline(data, "keys", arguments)
}

fn patchline(data: &Path, command: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_patchline"))
        .arg(command)
        .args(arguments)
        .env_clear()
        .envs(["PATH", "HOME"].iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
        .env("PATCHLINE_DATA_DIR", data)
        .env("PATCHLINE_EMBEDDED_AWS_ADDR", "off")
        .env("MCP_MOCK_AWS_SERVICES", "true")
        .env("MCP_DEMO_MODE", "false")
        .env("ENABLE_BEDROCK", "false")
        .output()
        .expect("the program runs")
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn refused(output: &Output) -> String {
    assert!(!output.status.success() && output.stdout.is_empty());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn people_are_added_changed_and_listed_at_the_machine_itself() {
    let data = tempfile::tempdir().expect("a folder");
    let data = data.path();
    assert_eq!(said(&users(data, &["list"])), "");
    let added = said(&users(data, &["add", "Ada@Label.Example", "Ada Holm", "admin"]));
    assert!(added.starts_with("Ada Holm (ada@label.example) chooses a password here"), "{added}");
    assert!(added.contains("http://127.0.0.1:3000/welcome?link=password-"), "{added}");
    let taken = refused(&users(data, &["add", "ada@label.example", "Somebody", "artist"]));
    assert!(
        taken.contains("there is already an account with the e-mail address ada@label.example"),
        "{taken}"
    );
    let alone = refused(&users(data, &["disable", "ada@label.example"]));
    assert!(alone.contains("Ada Holm is the only admin"), "{alone}");

    said(&users(data, &["add", "ben@label.example", "Ben", "artist"]));
    said(&users(data, &["role", "ben@label.example", "manager"]));
    let unknown = refused(&users(data, &["artists", "ben@label.example", "art_1"]));
    assert!(unknown.contains("there is no artist of this id"), "{unknown}");
    let none = said(&users(data, &["artists", "ben@label.example"]));
    assert!(none.contains("Ben (ben@label.example) has no artists of their own."), "{none}");
    said(&users(data, &["disable", "ben@label.example"]));
    let listed = said(&users(data, &["list"]));
    let lines: Vec<_> = listed.lines().collect();
    assert!(lines[0].starts_with("admin") && lines[0].contains("never signed in"), "{listed}");
    assert!(lines[1].starts_with("manager") && lines[1].contains("disabled"), "{listed}");
    let unknown = refused(&users(data, &["end-sessions", "nobody@label.example"]));
    assert!(unknown.contains("there is no account \"nobody@label.example\""), "{unknown}");
    let wrong = refused(&users(data, &["role", "ben@label.example", "boss"]));
    assert!(wrong.contains("allowed are artist, producer, manager, label and admin"), "{wrong}");
}

#[test]
fn keys_are_made_listed_and_revoked_at_the_machine_itself() {
    let data = tempfile::tempdir().expect("a folder");
    let data = data.path();
    said(&users(data, &["add", "ada@label.example", "Ada Holm", "label"]));
    let made =
        said(&keys(data, &["create", "ada@label.example", "Nightly report", "--scope", "s3,dynamodb"]));
    let key = made.lines().last().expect("the key");
    assert!(made.starts_with("Ada Holm has the key ") && key.starts_with("pl_"), "{made}");
    let id = key.split('_').nth(1).expect("an id");
    let listed = said(&keys(data, &["list", "ada@label.example"]));
    assert!(listed.starts_with(&format!("{id} Works")) && !listed.contains(key), "{listed}");
    assert!(listed.contains("The tools of dynamodb, s3") && listed.contains("never used"), "{listed}");
    let wrong = refused(&keys(data, &["create", "ada@label.example", "x", "--days", "500"]));
    assert!(wrong.contains("days has to be a whole number from 1 to 365"), "{wrong}");
    said(&keys(data, &["revoke", id]));
    assert!(said(&keys(data, &["list"])).starts_with(&format!("{id} Revoked")));
    assert!(refused(&keys(data, &["revoke", "0123456789ab"])).contains("0123456789ab"));
}
