//! What goes on beside the calls: checks of the servers, what other instances drained, and the history.

use super::fault;
use super::server::{Condition, Finding};
use super::{Fleet, Reach, Server};
use crate::engine::catalog::Catalog;
use crate::engine::gateway::upstream::{self, Trouble};
use crate::engine::tools::probe::{self, Check};
use crate::engine::tools::views::{DayCounts, Drains};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often each server is checked.
pub(super) const CHECK_INTERVAL: Duration = Duration::from_secs(15);

/// How often a replica at another instance is asked, and how often while it does not work: soon after it
/// is back it gets calls again.
const PROBE_INTERVAL: Duration = Duration::from_secs(5);
const TROUBLE_INTERVAL: Duration = Duration::from_secs(1);

/// How often it is read which servers are drained: within this time every instance follows.
const DRAIN_INTERVAL: Duration = Duration::from_secs(2);

/// How often counted checks are written into the history.
const HISTORY_INTERVAL: Duration = Duration::from_mins(1);

/// Checks that wait to be written, by server and day.
#[derive(Debug, Default)]
pub(super) struct Tallied(Mutex<BTreeMap<(Server, Date), DayCounts>>);

impl Tallied {
    fn count(&self, server: Server, condition: Condition, reason: Option<String>) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let day = Timestamp::now().to_zoned(TimeZone::UTC).date();
        let counts = waiting.entry((server, day)).or_default();
        match condition {
            Condition::Failing => counts.failing += 1,
            Condition::Degraded => counts.degraded += 1,
            Condition::Healthy => counts.healthy += 1,
            Condition::Unknown => {}
        }
        counts.reason = reason.or(counts.reason.take());
    }

    fn take(&self) -> BTreeMap<(Server, Date), DayCounts> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn put_back(&self, key: (Server, Date), counts: DayCounts) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = waiting.entry(key).or_default();
        kept.healthy += counts.healthy;
        kept.degraded += counts.degraded;
        kept.failing += counts.failing;
        kept.reason = kept.reason.take().or(counts.reason);
    }
}

/// What becomes of work under way when the fleet stops.
#[derive(Debug, Clone, Copy)]
enum Cut {
    AtOnce,
    WhenDone,
}

impl Fleet {
    /// Begins to check the servers, in the background.
    pub(crate) fn watch(&self, catalog: &Arc<Catalog>) {
        let servers: Vec<Server> = self.parts.members.keys().copied().collect();
        for server in servers {
            let (fleet, catalog) = (self.clone(), Arc::clone(catalog));
            self.every(CHECK_INTERVAL, Cut::AtOnce, move || {
                let (fleet, catalog) = (fleet.clone(), Arc::clone(&catalog));
                async move { fleet.check(server, &catalog).await }
            });
        }
        for (server, member) in &self.parts.members {
            for (index, replica) in member.replicas.iter().enumerate() {
                if matches!(replica.reach, Reach::Instance(_)) {
                    self.follow(*server, index);
                }
            }
        }
        let (fleet, drained) = (self.clone(), Arc::clone(catalog));
        self.every(DRAIN_INTERVAL, Cut::AtOnce, move || {
            let (fleet, catalog) = (fleet.clone(), Arc::clone(&drained));
            async move { fleet.read_drains(&catalog).await }
        });
        let (fleet, history) = (self.clone(), Arc::clone(catalog));
        self.every(HISTORY_INTERVAL, Cut::WhenDone, move || {
            let (fleet, catalog) = (fleet.clone(), Arc::clone(&history));
            async move { fleet.write_history(&catalog).await }
        });
    }

    /// Ends the checks, and writes what is still to be written into the history.
    pub(crate) async fn stop(&self, catalog: &Catalog) {
        self.parts.stop.cancel();
        self.parts.tasks.close();
        self.parts.tasks.wait().await;
        self.write_history(catalog).await;
    }

    /// Checks a server now: everything behind it that a call could need.
    pub(crate) async fn check(&self, server: Server, catalog: &Catalog) {
        let Some(member) = self.member(server) else { return };
        let findings = match member.replicas.first().map(|first| &first.reach) {
            Some(Reach::ThirdParty(party)) => {
                let begun = Instant::now();
                let problem = party.refresh(catalog).await.err();
                let what = format!("server at {}", party.client.place());
                let before = member.state().findings.first().and_then(|finding| finding.problem.clone());
                tell(server, &party.client.place(), before.as_deref(), problem.as_deref());
                vec![Finding { what, problem, took: begun.elapsed() }]
            }
            _ => probe::probe(server, catalog).await.into_iter().map(finding).collect(),
        };
        let now = self.now();
        let drained = self.drained_replicas(server, member);
        let (condition, reason) = {
            let mut state = member.state();
            // The first replica is this process, or the third party; others are followed on their own.
            state.checked(0, findings, now);
            state.condition(now, &drained)
        };
        self.parts.tallied.count(server, condition, reason);
    }

    /// Checks every server now.
    pub(crate) async fn check_all(&self, catalog: &Catalog) {
        let checks = self.parts.members.keys().map(|server| self.check(*server, catalog));
        let probes =
            self.parts.members.iter().flat_map(|(server, member)| {
                (0..member.replicas.len()).map(|index| self.probe(*server, index))
            });
        let probes = futures::future::join_all(probes.collect::<Vec<_>>());
        futures::future::join(futures::future::join_all(checks), probes).await;
    }

    /// Asks a replica at another instance whether it can serve. True when it can; the others are not asked.
    async fn probe(&self, server: Server, index: usize) -> bool {
        let Some(member) = self.member(server) else { return true };
        let Some(Reach::Instance(client)) = member.replicas.get(index).map(|replica| &replica.reach) else {
            return true;
        };
        let found = upstream::probe(client, self.instance()).await;
        if let Some(replica) = member.replicas.get(index) {
            let again = matches!(found, Err(Trouble::IsThisInstance(_)));
            replica.is_here_again.store(again, Ordering::Relaxed);
            if let Ok(process) = &found {
                replica.process().clone_from(process);
            }
        }
        let problem = found.err().map(|trouble| trouble.to_string());
        let works = problem.is_none();
        let before = member.state().replicas.get(index).and_then(|replica| replica.trouble.clone());
        tell(server, &client.place(), before.as_deref(), problem.as_deref());
        member.state().probed(index, problem, self.now());
        works
    }

    /// Asks a replica at another instance again and again, until the fleet stops.
    fn follow(&self, server: Server, index: usize) {
        let fleet = self.clone();
        let stop = self.parts.stop.clone();
        self.parts.tasks.spawn(async move {
            while let Some(works) = stop.run_until_cancelled(fleet.probe(server, index)).await {
                let pause = if works { PROBE_INTERVAL } else { TROUBLE_INTERVAL };
                if stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                    return;
                }
            }
        });
    }

    /// Reads which servers are drained. While that cannot be read, what was known stays.
    pub(crate) async fn read_drains(&self, catalog: &Catalog) {
        match Drains::read(catalog).await {
            Ok(drains) => self.know_drains(&drains),
            Err(error) => tracing::debug!(%error, "it could not be read which servers are drained"),
        }
    }

    /// Takes over which servers are drained.
    pub(crate) fn know_drains(&self, drains: &Drains) {
        if self.parts.drains.set(drains) {
            let servers: Vec<_> = drains.servers.keys().map(String::as_str).collect();
            tracing::info!(drained = servers.join(", "), "which servers are drained has changed");
        }
    }

    /// Adds the counted checks to the history. What cannot be written waits for the next time.
    pub(crate) async fn write_history(&self, catalog: &Catalog) {
        for ((server, day), counts) in self.parts.tallied.take() {
            if let Err(error) = counts.add(catalog, server, day).await {
                tracing::debug!(%error, server = server.id(), "the history could not be written; it waits");
                self.parts.tallied.put_back((server, day), counts);
            }
        }
    }

    /// Does something now and again, until the fleet stops, which cuts it off.
    pub(crate) fn now_and_again<F>(&self, pause: Duration, work: impl FnMut() -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.every(pause, Cut::AtOnce, work);
    }

    /// Does something now and again, until the fleet stops.
    fn every<F>(&self, pause: Duration, cut: Cut, mut work: impl FnMut() -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let stop = self.parts.stop.clone();
        self.parts.tasks.spawn(async move {
            loop {
                match cut {
                    Cut::AtOnce => drop(stop.run_until_cancelled(work()).await),
                    Cut::WhenDone => work().await,
                }
                if stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                    return;
                }
            }
        });
    }
}

/// Says in the log when a server elsewhere stops working, and when it works again.
fn tell(server: Server, at: &str, before: Option<&str>, now: Option<&str>) {
    let server = server.id();
    match (before, now) {
        (None, Some(reason)) => {
            tracing::warn!(server, at, reason, "a server elsewhere has trouble");
        }
        (Some(_), None) => tracing::info!(server, at, "a server elsewhere works again"),
        _ => {}
    }
}

fn finding(check: Check) -> Finding {
    Finding { what: check.what, problem: check.problem.as_ref().map(fault::in_words), took: check.took }
}
