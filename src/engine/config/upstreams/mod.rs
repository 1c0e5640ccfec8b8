//! Further replicas of the servers, and MCP servers of third parties: the file that `MCP_UPSTREAMS` names.

mod access;
mod file;

pub use access::{Access, BrowserClient, Grant, OAuthSettings, RegisteredClient};
pub(super) use file::read;

use reqwest::Url;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

/// What the file says; empty where there is none.
#[derive(Debug, Clone, Default)]
pub struct Upstreams {
    /// How the calls of servers are spread, where another way than the default is wanted.
    pub servers: BTreeMap<String, ServerSettings>,
    /// Further Patchline instances that serve the same servers.
    pub replicas: Vec<ReplicaSettings>,
    /// MCP servers of others, whose tools join under a prefix.
    pub third_parties: Vec<ThirdPartySettings>,
}

impl Upstreams {
    /// The same with the key of instances for those replicas that the file names none for. It is never sent in
    /// the clear to another machine.
    #[must_use]
    pub(super) fn with_key_of_instances(mut self, key: Option<&SecretString>) -> Self {
        for replica in &mut self.replicas {
            let is_safe = replica.url.scheme() == "https" || is_loopback(&replica.url);
            if replica.key.is_none() && is_safe {
                replica.key = key.cloned();
            }
        }
        self
    }
}

/// How the calls of a server are spread over its replicas.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerSettings {
    /// Which replica takes the next call.
    pub strategy: Option<Strategy>,
    /// Failures in a row after which a replica is taken out.
    pub failover_after: Option<u32>,
    /// How long it is out the first time.
    pub cooldown: Option<Duration>,
    /// Calls that run at the same time.
    pub concurrency: Option<u32>,
}

/// An instance that serves a server, too.
#[derive(Debug, Clone)]
pub struct ReplicaSettings {
    /// The server: `dynamodb`.
    pub server: String,
    /// Where the instance is, without a path.
    pub url: Url,
    /// The key that it wants.
    pub key: Option<SecretString>,
    /// How much it should get, compared with others.
    pub weight: u32,
    /// How long an answer may take.
    pub timeout: Duration,
}

/// An MCP server of somebody else.
#[derive(Debug, Clone)]
pub struct ThirdPartySettings {
    /// Its name here: what its tools begin with, and its address.
    pub prefix: String,
    /// Its MCP endpoint.
    pub url: Url,
    /// What it wants to be shown.
    pub access: Access,
    /// The revision of the protocol that is spoken with it.
    pub revision: Revision,
    /// What it is told when it asks back in the middle of a call.
    pub questions: Questions,
    /// How long an answer may take.
    pub timeout: Duration,
    /// Calls that run at the same time.
    pub concurrency: u32,
    /// The SHA-256 of definitions that an operator has approved, by the tool's own name.
    pub approved: BTreeMap<String, String>,
}

/// The revision of the protocol that is spoken with a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Revision {
    /// The newer one, and the older one where the server does not know that.
    #[default]
    Automatic,
    /// Only the one that begins with a handshake.
    V2025_11_25,
    /// Only the one without sessions.
    V2026_07_28,
}

/// What a server is told when it asks back in the middle of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Questions {
    /// That nobody is there.
    #[default]
    Declined,
    /// What its own form suggests; else that nobody is there.
    Defaults,
}

/// Whether an address is one of this machine.
pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// How calls are spread over the replicas of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strategy {
    /// One after the other.
    RoundRobin,
    /// The one with the fewest calls under way, for its weight.
    LeastConnections,
    /// By chance, as often as the weights say.
    Weighted,
    /// The better of two that chance names: by health, latency and calls under way.
    #[default]
    PowerOfTwo,
    /// Always the first that is not taken out; the others stand by.
    FirstHealthy,
}

impl Strategy {
    /// The words that people read.
    pub fn in_words(self) -> &'static str {
        match self {
            Strategy::RoundRobin => "one after the other",
            Strategy::LeastConnections => "the one with the fewest calls under way",
            Strategy::Weighted => "by weight",
            Strategy::PowerOfTwo => "the better of two by health and response time",
            Strategy::FirstHealthy => "the first that is healthy",
        }
    }
}
