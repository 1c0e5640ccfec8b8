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

pub(super) use route::Admission;

use super::upstream::{Client, LARGEST_REPLICA_ANSWER, Parties, Party, Verdicts};
use crate::engine::config::{Config, ReplicaSettings, ServerSettings, Servers, Strategy};
use crate::engine::tools::Server;
use crate::model::fleet::Drained;
use drains::KnownDrains;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use server::ServerState;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
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
#[derive(Clone)]
pub(super) enum Reach {
    /// In this process.
    InProcess,
    /// Another instance of Patchline.
    Instance(Arc<Client>),
    /// The server of somebody else.
    ThirdParty(Arc<Party>),
}

/// A replica of a server.
struct Replica {
    name: String,
    /// Names it among the replicas of its server, at every instance: its address, or the id of the process.
    id: String,
    /// Whether its address turned out to be that of this very process.
    is_here_again: AtomicBool,
    /// The id of the process that answered last at its address.
    process: Mutex<Option<String>>,
    reach: Reach,
    weight: u32,
}

impl Replica {
    fn new(name: String, id: String, reach: Reach, weight: u32) -> Self {
        let (is_here_again, process) = (AtomicBool::new(false), Mutex::new(None));
        Self { name, id, is_here_again, process, reach, weight }
    }

    /// The id of the process that answers there, where it is known.
    fn process(&self) -> MutexGuard<'_, Option<String>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A server with its replicas.
struct Member {
    replicas: Vec<Replica>,
    places: Arc<Semaphore>,
    most_places: u32,
    state: Mutex<ServerState>,
}

impl Member {
    fn new(replicas: Vec<Replica>, settings: &ServerSettings, balanced: bool, most_places: u32) -> Self {
        let strategy = if balanced { settings.strategy.unwrap_or_default() } else { Strategy::FirstHealthy };
        let usual = Tuning::default();
        let cooldown = settings.cooldown.unwrap_or(usual.cooldown);
        let tuning = Tuning {
            failover_after: settings.failover_after.unwrap_or(usual.failover_after),
            cooldown,
            longest_cooldown: usual.longest_cooldown.max(cooldown),
        };
        let weights: Vec<_> = replicas.iter().map(|replica| replica.weight).collect();
        let state = Mutex::new(ServerState::new(strategy, tuning, &weights).with_places(most_places));
        Self { replicas, places: Arc::new(Semaphore::new(most_places as usize)), most_places, state }
    }

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
    /// The servers that are switched on, with this process as the first replica of each, and those of
    /// third parties.
    pub(super) fn new(config: &Config, instance: &str, parties: &Parties, verdicts: &Verdicts) -> Self {
        let own = |server: Server| {
            let settings = config.upstreams.servers.get(server.id()).cloned().unwrap_or_default();
            let further = config.upstreams.replicas.iter().filter(|replica| replica.server == server.id());
            let here = Replica::new("this instance".to_owned(), instance.to_owned(), Reach::InProcess, 1);
            let replicas = std::iter::once(here).chain(further.map(|settings| remote(settings, verdicts)));
            let most_places = settings.concurrency.unwrap_or_else(|| places(config.concurrent));
            (server, Member::new(replicas.collect(), &settings, config.load_balancing, most_places))
        };
        let foreign = |party: &Arc<Party>| {
            let concurrency =
                config.upstreams.third_parties.iter().find(|known| known.prefix == party.server.id());
            let most_places = concurrency.map_or(1, |settings| settings.concurrency);
            let reach = Reach::ThirdParty(Arc::clone(party));
            let replicas = vec![Replica::new(party.client.place(), party.client.place(), reach, 1)];
            (party.server, Member::new(replicas, &ServerSettings::default(), true, most_places))
        };
        let members = switched_on(config.servers).into_iter().map(own).chain(parties.all().map(foreign));
        let parts = Parts {
            begun: Instant::now(),
            instance: instance.to_owned(),
            members: members.collect(),
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

    /// Whether there is a server of this name.
    pub(super) fn has(&self, server: &str) -> bool {
        self.parts.members.keys().any(|known| known.id() == server)
    }

    /// Whether a server has a replica of this id here.
    pub(super) fn has_replica(&self, server: &str, replica: &str) -> bool {
        let member = self.parts.members.iter().find(|(known, _)| known.id() == server);
        member.is_some_and(|(_, member)| member.replicas.iter().any(|known| known.id == replica))
    }

    /// The replicas of a server that get no new calls: those that are drained, and those that are this
    /// process under another address.
    fn left_out(&self, server: Server, member: &Member) -> Vec<usize> {
        let left_out = |(_, replica): &(usize, &Replica)| {
            replica.is_here_again.load(Ordering::Relaxed) || self.drained(server, replica).is_some()
        };
        member.replicas.iter().enumerate().filter(left_out).map(|(index, _)| index).collect()
    }

    /// The replicas of a server that are drained.
    fn drained_replicas(&self, server: Server, member: &Member) -> Vec<usize> {
        let drained = |(_, replica): &(usize, &Replica)| self.drained(server, replica).is_some();
        member.replicas.iter().enumerate().filter(drained).map(|(index, _)| index).collect()
    }

    /// Who drained a replica, and under which id: its address, or the process that answers there, which
    /// knows itself by its own id only.
    fn drained(&self, server: Server, replica: &Replica) -> Option<(String, Drained)> {
        let of = |id: &str| Some((id.to_owned(), self.drains().of_replica(server, id)?));
        of(&replica.id).or_else(|| of(replica.process().as_deref()?))
    }

    /// Names this process.
    pub(super) fn instance(&self) -> &str {
        &self.parts.instance
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

/// A further instance: its server has an address of its own there.
fn remote(settings: &ReplicaSettings, verdicts: &Verdicts) -> Replica {
    let mut endpoint = settings.url.clone();
    endpoint.set_path(&format!("/mcp/{}", settings.server));
    let (access, patience) = (settings.key.clone().into(), settings.timeout);
    let client = Client::new(endpoint, access, patience, LARGEST_REPLICA_ANSWER, verdicts.clone());
    let (name, weight) = (client.place(), settings.weight);
    Replica::new(name.clone(), name, Reach::Instance(Arc::new(client)), weight)
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
        (Server::Music, servers.music()),
    ];
    all.into_iter().filter_map(|(server, on)| on.then_some(server)).collect()
}
