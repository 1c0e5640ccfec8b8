//! Reads the file: every mistake is told with its line and what is allowed instead.

mod oauth;

use super::{
    Access, Questions, ReplicaSettings, Revision, ServerSettings, Strategy, ThirdPartySettings, Upstreams,
    is_loopback,
};
use crate::engine::config::toml_file::{self, Mistake, mistake};
use oauth::OAuthTable;
use reqwest::Url;
use secrecy::SecretString;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;
use toml::Spanned;

/// The servers that can have replicas.
const SERVERS: [&str; 6] = ["bedrock", "s3", "dynamodb", "cloudwatch", "rds", "music"];

/// Names that a third party cannot have, because addresses have them already.
const TAKEN: [&str; 6] = ["bedrock", "s3", "dynamodb", "cloudwatch", "rds", "music"];

/// The longest prefix: with it and `_` in front, a tool's own name keeps more than half of 64 characters.
const LONGEST_PREFIX: usize = 24;

const STRATEGIES: [(&str, Strategy); 5] = [
    ("round_robin", Strategy::RoundRobin),
    ("least_connections", Strategy::LeastConnections),
    ("weighted", Strategy::Weighted),
    ("power_of_two", Strategy::PowerOfTwo),
    ("first_healthy", Strategy::FirstHealthy),
];

const REVISIONS: [(&str, Revision); 3] = [
    ("automatic", Revision::Automatic),
    ("2025-11-25", Revision::V2025_11_25),
    ("2026-07-28", Revision::V2026_07_28),
];

const QUESTIONS: [(&str, Questions); 2] =
    [("declined", Questions::Declined), ("defaults", Questions::Defaults)];

const DEFAULT_TIMEOUT: Duration = Duration::from_mins(1);
const DEFAULT_CONCURRENCY: u32 = 8;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    server: Vec<ServerTable>,
    #[serde(default)]
    replica: Vec<ReplicaTable>,
    #[serde(default)]
    upstream: Vec<UpstreamTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServerTable {
    name: Spanned<String>,
    strategy: Option<Spanned<String>>,
    failover_after: Option<Spanned<i64>>,
    cooldown_seconds: Option<Spanned<i64>>,
    concurrency: Option<Spanned<i64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReplicaTable {
    server: Spanned<String>,
    url: Spanned<String>,
    key_variable: Option<Spanned<String>>,
    weight: Option<Spanned<i64>>,
    timeout_seconds: Option<Spanned<i64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UpstreamTable {
    prefix: Spanned<String>,
    url: Spanned<String>,
    key_variable: Option<Spanned<String>>,
    timeout_seconds: Option<Spanned<i64>>,
    concurrency: Option<Spanned<i64>>,
    revision: Option<Spanned<String>>,
    questions: Option<Spanned<String>>,
    oauth: Option<OAuthTable>,
    #[serde(default)]
    approved: BTreeMap<String, Spanned<String>>,
}

/// Reads the file at a path. `variable` looks up environment variables, for the keys.
///
/// # Errors
/// What is wrong, with the line, and what is allowed.
pub(in crate::engine::config) fn read(
    path: &str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Upstreams, String> {
    parse(&toml_file::text_of(path)?, variable)
}

fn parse(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Upstreams, String> {
    toml_file::parse(text, |file: File| understand(file, variable))
}

fn understand(file: File, variable: &dyn Fn(&str) -> Option<String>) -> Result<Upstreams, Mistake> {
    let mut upstreams = Upstreams::default();
    for table in file.server {
        let name = server(&table.name)?;
        let settings = ServerSettings {
            strategy: table.strategy.as_ref().map(strategy).transpose()?,
            failover_after: within(table.failover_after.as_ref(), 1..=1_000)?,
            cooldown: seconds(table.cooldown_seconds.as_ref(), 1..=3_600)?,
            concurrency: within(table.concurrency.as_ref(), 1..=10_000)?,
        };
        if upstreams.servers.insert(name, settings).is_some() {
            return Err(mistake(&table.name, format!("{:?} is there twice", table.name.get_ref())));
        }
    }
    for table in file.replica {
        let replica = ReplicaSettings {
            server: server(&table.server)?,
            url: instance(&table.url)?,
            key: key(table.key_variable.as_ref(), &table.url, variable)?,
            weight: within(table.weight.as_ref(), 1..=1_000)?.unwrap_or(1),
            timeout: seconds(table.timeout_seconds.as_ref(), 1..=600)?.unwrap_or(DEFAULT_TIMEOUT),
        };
        let known = |other: &ReplicaSettings| other.server == replica.server && other.url == replica.url;
        if upstreams.replicas.iter().any(known) {
            let words = format!("the replica {} of {} is there twice", replica.url, replica.server);
            return Err(mistake(&table.url, words));
        }
        upstreams.replicas.push(replica);
    }
    for table in file.upstream {
        let party = ThirdPartySettings {
            prefix: prefix(&table.prefix)?,
            url: address(&table.url)?,
            access: access(&table, variable)?,
            revision: named("revision", table.revision.as_ref(), &REVISIONS)?,
            questions: named("way with questions", table.questions.as_ref(), &QUESTIONS)?,
            timeout: seconds(table.timeout_seconds.as_ref(), 1..=600)?.unwrap_or(DEFAULT_TIMEOUT),
            concurrency: within(table.concurrency.as_ref(), 1..=1_000)?.unwrap_or(DEFAULT_CONCURRENCY),
            approved: table.approved.into_iter().map(approved).collect::<Result<_, _>>()?,
        };
        if upstreams.third_parties.iter().any(|known| known.prefix == party.prefix) {
            return Err(mistake(&table.prefix, format!("the prefix {:?} is there twice", party.prefix)));
        }
        upstreams.third_parties.push(party);
    }
    Ok(upstreams)
}

fn server(name: &Spanned<String>) -> Result<String, Mistake> {
    if SERVERS.contains(&name.get_ref().as_str()) {
        return Ok(name.get_ref().clone());
    }
    let words = format!("there is no server {:?}; allowed are {}", name.get_ref(), SERVERS.join(", "));
    Err(mistake(name, words))
}

fn strategy(name: &Spanned<String>) -> Result<Strategy, Mistake> {
    named("strategy", Some(name), &STRATEGIES)
}

/// One of the words that are allowed, or the default where there is none.
fn named<T: Copy + Default>(
    what: &str,
    name: Option<&Spanned<String>>,
    allowed: &[(&str, T)],
) -> Result<T, Mistake> {
    let Some(name) = name else { return Ok(T::default()) };
    let found = allowed.iter().find(|(known, _)| known == name.get_ref());
    found.map(|(_, value)| *value).ok_or_else(|| {
        let allowed: Vec<_> = allowed.iter().map(|(name, _)| *name).collect();
        let words = format!("there is no {what} {:?}; allowed are {}", name.get_ref(), allowed.join(", "));
        mistake(name, words)
    })
}

fn within(value: Option<&Spanned<i64>>, bounds: RangeInclusive<u32>) -> Result<Option<u32>, Mistake> {
    let Some(value) = value else { return Ok(None) };
    let number = u32::try_from(*value.get_ref()).ok().filter(|number| bounds.contains(number));
    number.map(Some).ok_or_else(|| {
        let (least, most) = (bounds.start(), bounds.end());
        mistake(value, format!("a whole number from {least} to {most} is allowed"))
    })
}

fn seconds(value: Option<&Spanned<i64>>, bounds: RangeInclusive<u32>) -> Result<Option<Duration>, Mistake> {
    Ok(within(value, bounds)?.map(|seconds| Duration::from_secs(u64::from(seconds))))
}

/// An address without a name and a password, which have no place in a file.
fn address(text: &Spanned<String>) -> Result<Url, Mistake> {
    let wrong = || mistake(text, "an address that begins with http:// or https:// is allowed");
    let url = Url::parse(text.get_ref()).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong());
    }
    if !url.username().is_empty() || url.password().is_some() {
        let words =
            "no name and password are allowed in an address; name the variable with the key in key_variable";
        return Err(mistake(text, words));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(mistake(text, "an address without ? and # is allowed"));
    }
    Ok(url)
}

/// The address of an instance: its servers are at addresses of their own below it.
fn instance(text: &Spanned<String>) -> Result<Url, Mistake> {
    let url = address(text)?;
    if url.path() == "/" {
        return Ok(url);
    }
    Err(mistake(text, "the address of an instance without a path is allowed, such as http://10.0.0.7:3000"))
}

/// The key that a variable holds. It is never sent in the clear to another machine.
fn key(
    name: Option<&Spanned<String>>,
    url: &Spanned<String>,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<SecretString>, Mistake> {
    let Some(name) = name else { return Ok(None) };
    let secret = secret("key", name, variable)?;
    if !is_safe(&address(url)?) {
        return Err(mistake(url, "with a key https:// is needed, except for this machine"));
    }
    Ok(Some(secret))
}

fn secret(
    what: &str,
    name: &Spanned<String>,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<SecretString, Mistake> {
    let Some(secret) = variable(name.get_ref()).filter(|secret| !secret.trim().is_empty()) else {
        let words = format!("the variable {} is to hold the {what}, and is not set", name.get_ref());
        return Err(mistake(name, words));
    };
    if secret.trim().bytes().any(|byte| !byte.is_ascii_graphic()) {
        let words =
            format!("the {what} in the variable {} has characters other than visible ASCII", name.get_ref());
        return Err(mistake(name, words));
    }
    Ok(SecretString::from(secret.trim()))
}

/// Whether secrets may be sent to an address.
fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" || is_loopback(url)
}

/// What a third party wants to be shown.
fn access(table: &UpstreamTable, variable: &dyn Fn(&str) -> Option<String>) -> Result<Access, Mistake> {
    match (&table.oauth, &table.key_variable) {
        (None, key_variable) => Ok(key(key_variable.as_ref(), &table.url, variable)?.into()),
        (Some(oauth), None) => Ok(Access::OAuth(Box::new(oauth.understand(&table.url, variable)?))),
        (Some(_), Some(key_variable)) => {
            let words = "either a key_variable or [upstream.oauth] is allowed, not both";
            Err(mistake(key_variable, words))
        }
    }
}

fn prefix(text: &Spanned<String>) -> Result<String, Mistake> {
    let name = text.get_ref();
    let fits = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= LONGEST_PREFIX
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !fits {
        let words = format!(
            "a prefix is a small letter, then small letters, digits and hyphens, at most {LONGEST_PREFIX}"
        );
        return Err(mistake(text, words));
    }
    if TAKEN.contains(&name.as_str()) {
        return Err(mistake(text, format!("the prefix {name:?} is the name of a server of Patchline")));
    }
    Ok(name.clone())
}

fn approved((tool, hash): (String, Spanned<String>)) -> Result<(String, String), Mistake> {
    let digits = hash.get_ref().to_ascii_lowercase();
    if digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok((tool, digits));
    }
    Err(mistake(&hash, "a SHA-256 of 64 hexadecimal digits is allowed, as the page Health shows it"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;

    fn complaint(text: &str) -> String {
        let variable = |name: &str| (name == "KEY").then(|| "hunter2".to_owned());
        parse(text, &variable).expect_err("it is wrong")
    }

    #[test]
    fn a_mistake_is_told_with_its_line_and_what_is_allowed() {
        for (text, expected) in [
            (
                "[[replica]]\nserver = \"coffee\"\nurl = \"http://a:1\"",
                "line 2: there is no server \"coffee\"",
            ),
            ("[[replica]]\nserver = \"s3\"\nurl = \"a:1\"", "line 3: an address that begins with http://"),
            ("[[replica]]\nserver = \"s3\"\nurl = \"http://a:1/mcp\"", "without a path"),
            ("[[replica]]\nserver = \"s3\"\nurl = \"http://me:pw@a:1\"", "key_variable"),
            (
                "[[replica]]\nserver = \"s3\"\nurl = \"http://a:1\"\nweight = 0",
                "line 4: a whole number from 1",
            ),
            (
                "[[replica]]\nserver = \"s3\"\nurl = \"http://[::1]:1\"\nkey_variable = \"NONE\"",
                "line 4: the variable NONE",
            ),
            (
                "[[replica]]\nserver = \"s3\"\nurl = \"http://10.0.0.7:1\"\nkey_variable = \"KEY\"",
                "line 3: with a key https://",
            ),
            ("[[replica]]\nserver = \"s3\"", "line 1: missing field `url`"),
            ("\n[[replcia]]\nserver = \"s3\"", "line 2: unknown field `replcia`"),
            ("[[server]]\nname = \"s3\"\nstrategy = \"best\"", "line 3: there is no strategy \"best\""),
            ("[[server]]\nname = \"s3\"\n[[server]]\nname = \"s3\"", "line 4: \"s3\" is there twice"),
            ("[[upstream]]\nprefix = \"S3!\"\nurl = \"https://a/mcp\"", "line 2: a prefix is"),
            ("[[upstream]]\nprefix = \"s3\"\nurl = \"https://a/mcp\"", "name of a server"),
            (
                "[[upstream]]\nprefix = \"a\"\nurl = \"https://a/mcp\"\napproved = { x = \"12\" }",
                "line 4: a SHA-256",
            ),
            (
                "[[upstream]]\nprefix = \"a\"\nurl = \"https://a/mcp\"\nrevision = \"2024-11-05\"",
                "line 4: there is no revision \"2024-11-05\"; allowed are automatic, 2025-11-25",
            ),
            (
                "[[upstream]]\nprefix = \"a\"\nurl = \"https://a/mcp\"\nquestions = \"ask me\"",
                "line 4: there is no way with questions \"ask me\"; allowed are declined, defaults",
            ),
            ("[[upstream", "line 1:"),
        ] {
            let message = complaint(text);
            assert!(message.contains(expected), "{message} is not {expected}");
            assert!(!message.contains("hunter2") && !message.contains("pw@"), "{message}");
        }
    }

    #[test]
    fn a_key_comes_from_its_variable_and_is_never_shown() {
        let text =
            "[[upstream]]\nprefix = \"tickets\"\nurl = \"https://a.example/mcp\"\nkey_variable = \"KEY\"";
        let read = parse(text, &|name| (name == "KEY").then(|| "hunter2".to_owned()));
        let upstreams = read.expect("it is right");
        assert!(matches!(upstreams.third_parties[0].access, Access::Key(_)));
        assert!(!format!("{upstreams:?}").contains("hunter2"));
    }

    #[test]
    fn fuzz_file_of_other_servers() {
        let seeds = [
            "[[server]]\nname = \"s3\"\nfailover_after = 3\n\n[[replica]]\nserver = \"s3\"\nurl = \"http://127.0.0.1:1\"\n",
            "[[upstream]]\nprefix = \"other\"\nurl = \"https://other.example/mcp\"\nkey_variable = \"KEY\"\n",
        ];
        let words = ["[[replica]]\n", "= ", "\n", "url = ", "https://", "KEY", "[", "\"\"\"", "2026-01-01"];
        fuzzing::text(500, &seeds, &words, |text| {
            let variable = |name: &str| (name == "KEY").then(|| "hunter2-of-the-file".to_owned());
            let said = match parse(text, &variable) {
                Ok(upstreams) => format!("{upstreams:?}"),
                Err(message) => message,
            };
            assert!(!said.is_empty() && !said.contains("hunter2-of-the-file"), "{said}");
        });
    }
}
