//! What people see of the fleet: a picture of one moment.

use super::server::{Condition, ServerState};
use super::watch::CHECK_INTERVAL;
use super::{Fleet, Member, Moment, Reach, Server};
use crate::model::fleet::{
    CheckView, FailureView, FleetView, Health, Overall, ReplicaView, ServerFigures, ServerView,
};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

impl Fleet {
    /// The fleet as it is now, without its history.
    pub(crate) fn view(&self) -> FleetView {
        let now = self.now();
        let servers: Vec<_> = self
            .parts
            .members
            .iter()
            .map(|(server, member)| self.server_view(*server, member, now))
            .collect();
        FleetView {
            overall: Overall::of(servers.iter().map(|server| (server.id.as_str(), server.health))),
            servers,
            seen_at: Timestamp::now().to_string(),
            instance: self.parts.instance.clone(),
            check_seconds: u32::try_from(CHECK_INTERVAL.as_secs()).unwrap_or(u32::MAX),
            history_trouble: None,
        }
    }

    /// All servers in words.
    pub(crate) fn overall(&self) -> Overall {
        let now = self.now();
        let health = |(server, member): (&Server, &Member)| {
            let health = self.health(*server, member, &mut member.state(), now).0;
            (server.id(), health)
        };
        Overall::of(self.parts.members.iter().map(health))
    }

    /// How a server is, and why it is not healthy.
    pub(super) fn health(
        &self,
        server: Server,
        member: &Member,
        state: &mut ServerState,
        now: Moment,
    ) -> (Health, Option<String>) {
        let drained = self.drained_replicas(server, member);
        let (condition, reason) = state.condition(now, &drained);
        let health = match condition {
            // Whoever drained a server knows of it; that it fails is still to be seen.
            _ if self.drains().of(server).is_some() => Health::Drained,
            _ if !drained.is_empty() && self.left_out(server, member).len() == member.replicas.len() => {
                return (Health::Drained, Some("All its replicas are drained.".to_owned()));
            }
            Condition::Unknown => Health::Unknown,
            Condition::Healthy => Health::Healthy,
            Condition::Degraded => Health::Degraded,
            Condition::Failing => Health::Failing,
        };
        (health, reason)
    }

    fn server_view(&self, server: Server, member: &Member, now: Moment) -> ServerView {
        let mut state = member.state();
        let (health, reason) = self.health(server, member, &mut state, now);
        let figures = state.figures(now);
        ServerView {
            id: server.id().to_owned(),
            health,
            reason,
            drained: self.drains().of(server),
            resting: state.is_open(),
            figures: ServerFigures {
                connections: state.pending(),
                most_connections: member.most_places,
                requests_a_minute: figures.calls,
                error_rate: figures.error_rate(),
                median_ms: figures.median_ms,
                p95_ms: figures.p95_ms,
            },
            strategy: state.strategy.in_words().to_owned(),
            replicas: self.replicas(server, member, &state, now),
            checks: checks(&state),
            checked_at: state.checked.map(|at| told(at, now)),
            failures: failures(&state, now),
            tools: Vec::new(),
            reviews: Vec::new(),
            history: Vec::new(),
        }
    }

    fn replicas(
        &self,
        server: Server,
        member: &Member,
        state: &ServerState,
        now: Moment,
    ) -> Vec<ReplicaView> {
        let views = member.replicas.iter().zip(&state.replicas).map(|(replica, known)| {
            let out = known.ejected_until().map(|until| {
                let seconds = until.saturating_sub(now).as_secs();
                let why = known.trouble.as_deref().or(known.fault.as_deref());
                let why = why.unwrap_or("It failed too often in a row.");
                match seconds {
                    0 => format!("{why} It gets calls again as soon as it works."),
                    seconds => format!("{why} It gets no calls for {seconds} s."),
                }
            });
            let out = out.or_else(|| known.trouble.clone());
            let (id, drained) = self
                .drained(server, replica)
                .map_or_else(|| (replica.id.clone(), None), |(id, drained)| (id, Some(drained)));
            let health = match &out {
                _ if drained.is_some() => Health::Drained,
                Some(_) => Health::Failing,
                None if known.health(now) < 0.5 => Health::Degraded,
                None => Health::Healthy,
            };
            ReplicaView {
                name: replica.name.clone(),
                id,
                drained,
                era: match &replica.reach {
                    Reach::InProcess => None,
                    Reach::Instance(client) => client.era(),
                    Reach::ThirdParty(party) => party.client.era(),
                },
                health,
                reason: out,
                connections: known.pending,
                weight: known.weight,
                latency_ms: known.latency_ms(),
                score: known.score(now),
            }
        });
        views.collect()
    }
}

fn checks(state: &ServerState) -> Vec<CheckView> {
    let views = state.findings.iter().map(|finding| CheckView {
        what: finding.what.clone(),
        problem: finding.problem.clone(),
        took_ms: milliseconds(finding.took),
    });
    views.collect()
}

fn failures(state: &ServerState, now: Moment) -> Vec<FailureView> {
    let views = state.failures.iter().map(|failure| FailureView {
        at: told(failure.at, now),
        what: failure.what.clone(),
        reason: failure.reason.clone(),
        request_id: failure.request_id.clone(),
    });
    views.collect()
}

fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1000.0
}

/// A moment as people's clocks tell it.
fn told(at: Moment, now: Moment) -> String {
    let ago = SignedDuration::try_from(now.saturating_sub(at)).unwrap_or_default();
    Timestamp::now().checked_sub(ago).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
