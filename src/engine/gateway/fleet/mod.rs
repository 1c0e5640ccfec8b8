//! The fleet: the servers of tools with their replicas, how they are, and which replica takes a call.
//!
//! Decisions are pure functions of what is known and of the time, in `balance`, `replica`, `server`,
//! `breaker`, `budget` and `window`. This file and `route` put locks, clock and chance around them;
//! `watch` checks the servers and keeps the history.

mod balance;
mod breaker;
mod budget;
mod drains;
pub(super) mod fault;
mod replica;
mod route;
mod server;
mod status;
mod watch;
mod window;

pub use balance::Strategy;
pub(super) use route::Admission;

use crate::engine::config::{Config, Servers};
use crate::engine::tools::Server;
use drains::KnownDrains;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use server::ServerState;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use watch::Tallied;

/// A point in time, as the time since the fleet was assembled.
pub(crate) type Moment = Duration;

/// When replicas are taken out, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tuning {
    /// Failures in a row after which a replica is taken out.
    pub failover_after: u32,
    /// How long it is out the first time; the second time twice as long, and so on.
    pub cooldown: Duration,
    /// How long at most.
    pub longest_cooldown: Duration,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            failover_after: 5,
            cooldown: Duration::from_secs(30),
            longest_cooldown: Duration::from_mins(5),
        }
    }
}

/// Where a replica is, which says how it is reached. Each kind has one function in `gateway::reach`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// In this process.
    InProcess,
}

/// A replica of a server.
#[derive(Debug)]
struct Replica {
    name: String,
    kind: Kind,
}

/// A server with its replicas.
struct Member {
    replicas: Vec<Replica>,
    places: Arc<Semaphore>,
    most_places: u32,
    state: Mutex<ServerState>,
}

impl Member {
    /// The state. A panic elsewhere leaves counts that are still right.
    fn state(&self) -> MutexGuard<'_, ServerState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The fleet of this process. Cloning is cheap.
#[derive(Clone)]
pub struct Fleet {
    parts: Arc<Parts>,
}

struct Parts {
    begun: Instant,
    instance: String,
    members: BTreeMap<Server, Member>,
    drains: KnownDrains,
    tallied: Tallied,
    random: Mutex<ChaCha8Rng>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Fleet {
    /// The servers that are switched on, each with one replica: this process.
    pub(super) fn new(config: &Config, instance: &str) -> Self {
        let most_places = places(config.limits.concurrent);
        let member = |server: Server| {
            let replicas = vec![Replica { name: "this instance".to_owned(), kind: Kind::InProcess }];
            let weights = vec![1; replicas.len()];
            let state = ServerState::new(Strategy::default(), Tuning::default(), &weights);
            let places = Arc::new(Semaphore::new(most_places as usize));
            (server, Member { replicas, places, most_places, state: Mutex::new(state) })
        };
        let parts = Parts {
            begun: Instant::now(),
            instance: instance.to_owned(),
            members: switched_on(config.servers).into_iter().map(member).collect(),
            drains: KnownDrains::default(),
            tallied: Tallied::default(),
            random: Mutex::new(ChaCha8Rng::from_seed(seed())),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        };
        Self { parts: Arc::new(parts) }
    }

    fn now(&self) -> Moment {
        self.parts.begun.elapsed()
    }

    fn member(&self, server: Server) -> Option<&Member> {
        self.parts.members.get(&server)
    }

    fn drains(&self) -> &KnownDrains {
        &self.parts.drains
    }

    /// Evenly from 0 (included) to 1 (excluded).
    fn random(&self) -> f64 {
        let mut random = self.parts.random.lock().unwrap_or_else(PoisonError::into_inner);
        f64::from(random.next_u32()) / 4_294_967_296.0
    }
}

/// Four of five places of the whole for each server, so that a slow one never takes them all.
fn places(all: u32) -> u32 {
    (all - all / 5).max(1)
}

/// Chance need not be secret here; without the system's own, the time will do.
fn seed() -> [u8; 32] {
    let mut seed = [0; 32];
    if getrandom::fill(&mut seed).is_err() {
        let now = jiff::Timestamp::now().as_nanosecond();
        seed[..16].copy_from_slice(&now.to_le_bytes());
    }
    seed
}

fn switched_on(servers: Servers) -> Vec<Server> {
    let all = [
        (Server::Bedrock, servers.bedrock),
        (Server::S3, servers.s3),
        (Server::DynamoDb, servers.dynamodb),
        (Server::CloudWatch, servers.cloudwatch),
        (Server::Rds, servers.rds),
    ];
    all.into_iter().filter_map(|(server, on)| on.then_some(server)).collect()
}
