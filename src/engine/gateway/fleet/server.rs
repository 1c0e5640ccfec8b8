//! The state of a server: its replicas, what its calls and checks were like, and which replica takes the
//! next call. Pure: time and chance are passed in.

use super::balance::{Candidate, choose};
use super::breaker::Breaker;
use super::budget::Budget;
use super::replica::{Ended, ReplicaState};
use super::window::{Figures, Window};
use super::{Moment, Strategy, Tuning};
use std::collections::VecDeque;
use std::time::Duration;

/// Failures whose reasons are kept.
const FAILURES: usize = 20;

/// With fewer calls a minute an error rate says nothing.
const TELLING_CALLS: u32 = 5;

/// From this share of failed calls on a server counts as degraded, and as failing.
const DEGRADED_RATE: f64 = 0.05;
const FAILING_RATE: f64 = 0.5;

/// One thing that a check looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) what: String,
    pub(super) problem: Option<String>,
    pub(super) took: Duration,
}

/// A failure with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) at: Moment,
    pub(super) what: String,
    pub(super) reason: String,
    pub(super) request_id: Option<String>,
}

/// How a server is, as far as its calls and checks tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    Unknown,
    Healthy,
    Degraded,
    Failing,
}

/// The state of a server.
#[derive(Debug)]
pub(super) struct ServerState {
    pub(super) strategy: Strategy,
    tuning: Tuning,
    pub(super) replicas: Vec<ReplicaState>,
    breaker: Breaker,
    budget: Budget,
    window: Window,
    pub(super) failures: VecDeque<Failure>,
    pub(super) findings: Vec<Finding>,
    pub(super) checked: Option<Moment>,
    turn: usize,
}

impl ServerState {
    /// A server with replicas of these weights; at least one.
    pub(super) fn new(strategy: Strategy, tuning: Tuning, weights: &[u32]) -> Self {
        let mut replicas: Vec<_> = weights.iter().copied().map(ReplicaState::new).collect();
        if replicas.is_empty() {
            replicas.push(ReplicaState::new(1));
        }
        Self {
            strategy,
            tuning,
            replicas,
            breaker: Breaker::default(),
            budget: Budget::default(),
            window: Window::default(),
            failures: VecDeque::new(),
            findings: Vec::new(),
            checked: None,
            turn: 0,
        }
    }

    /// The same with as many repeats in reserve as calls may be under way.
    pub(super) fn with_places(mut self, places: u32) -> Self {
        self.budget = Budget::for_places(places);
        self
    }

    /// Whether a new call may go on; counts it for the budget of repeats.
    ///
    /// # Errors
    /// After how long another try makes sense, while the circuit is open.
    pub(super) fn admit(&mut self, at: Moment) -> Result<(), Duration> {
        self.breaker.admit(at)?;
        self.budget.earn();
        Ok(())
    }

    /// Chooses a replica for a call and counts the call there. Never one of `tried`, and an ejected one
    /// only when there is no other.
    pub(super) fn begin(
        &mut self,
        at: Moment,
        tried: &[usize],
        random: &mut dyn FnMut() -> f64,
    ) -> Option<usize> {
        for replica in &mut self.replicas {
            replica.let_back(at);
        }
        let candidate = |(index, replica): (usize, &ReplicaState)| Candidate {
            index,
            weight: replica.weight,
            pending: replica.pending,
            score: replica.score(at),
        };
        let untried = || self.replicas.iter().enumerate().filter(|(index, _)| !tried.contains(index));
        let mut candidates: Vec<_> =
            untried().filter(|(_, replica)| !replica.is_ejected()).map(candidate).collect();
        if candidates.is_empty() {
            candidates = untried().map(candidate).collect();
        }
        let chosen = choose(self.strategy, &candidates, &mut self.turn, random)?;
        self.replicas[chosen].begin();
        Some(chosen)
    }

    /// Another replica for a call that failed, if there is one and the budget allows it; one that is taken
    /// out only when there is no other.
    pub(super) fn begin_again(
        &mut self,
        at: Moment,
        tried: &[usize],
        random: &mut dyn FnMut() -> f64,
    ) -> Option<usize> {
        // One that is out is better than none: the first try has failed already.
        let is_another = (0..self.replicas.len()).any(|index| !tried.contains(&index));
        if !is_another || !self.budget.spend() {
            return None;
        }
        self.begin(at, tried, random)
    }

    /// A call at a replica ended. With a failure its reason is kept.
    pub(super) fn end(&mut self, index: usize, took: Duration, ended: Result<Ended, Failure>, at: Moment) {
        let (kind, failure) = match ended {
            Ok(kind) => (kind, None),
            Err(failure) => (Ended::Failed, Some(failure)),
        };
        let eject = self.replicas[index].end(at, took, kind, &self.tuning);
        if eject {
            self.eject(index, at);
        }
        if kind != Ended::Abandoned {
            self.window.note(at, took, kind == Ended::Failed);
            self.breaker.note(at, kind == Ended::Failed);
        }
        if let Some(failure) = failure {
            self.replicas[index].fault = Some(failure.reason.clone());
            self.keep(failure);
        }
    }

    /// A check of a replica ended. What the check of the process itself found is what people are shown.
    pub(super) fn checked(&mut self, index: usize, findings: Vec<Finding>, at: Moment) {
        let problem = findings.iter().find_map(|finding| Some((finding, finding.problem.as_ref()?)));
        if let Some((finding, reason)) = problem {
            let new = self.findings.iter().all(|before| before.problem.as_ref() != Some(reason));
            if new {
                let reason = format!("{}: {reason}", finding.what);
                self.keep(Failure { at, what: "check".to_owned(), reason, request_id: None });
            }
        }
        let works = findings.iter().any(|finding| finding.problem.is_none()) || findings.is_empty();
        if self.replicas[index].probed(works) {
            self.eject(index, at);
        }
        self.findings = findings;
        self.checked = Some(at);
    }

    /// A probe of a replica elsewhere ended.
    pub(super) fn probed(&mut self, index: usize, problem: Option<String>, at: Moment) {
        let Some(replica) = self.replicas.get_mut(index) else { return };
        let eject = replica.probed(problem.is_none());
        let news = problem.is_some() && replica.trouble.is_none();
        replica.trouble.clone_from(&problem);
        if eject {
            self.eject(index, at);
        }
        if let Some(reason) = problem.filter(|_| news) {
            self.keep(Failure { at, what: "check".to_owned(), reason, request_id: None });
        }
    }

    /// How the server is, and why it is not healthy. Replicas that are drained may be down: that is what they
    /// were drained for.
    pub(super) fn condition(&mut self, at: Moment, drained: &[usize]) -> (Condition, Option<String>) {
        let problems: Vec<_> = self.findings.iter().filter_map(|finding| finding.problem.clone()).collect();
        let figures = self.window.figures(at);
        let last = self.failures.front().map(|failure| failure.reason.clone()).unwrap_or_default();
        let in_use = self.replicas.iter().enumerate().filter(|(index, _)| !drained.contains(index));
        let out = in_use.filter(|(_, replica)| replica.is_ejected() || replica.trouble.is_some()).count();
        let rate = figures.error_rate().filter(|_| figures.calls >= TELLING_CALLS).unwrap_or(0.0);
        if !problems.is_empty() && problems.len() == self.findings.len() {
            (Condition::Failing, problems.into_iter().next())
        } else if self.breaker.is_open() {
            let words = "Most of the last calls failed, so new ones are refused for a moment.";
            (Condition::Failing, Some(format!("{words} {last}").trim_end().to_owned()))
        } else if rate > FAILING_RATE {
            (Condition::Failing, Some(last))
        } else if let Some(problem) = problems.into_iter().next() {
            (Condition::Degraded, Some(problem))
        } else if out > 0 {
            let all = self.replicas.len().saturating_sub(drained.len());
            let words = format!("{out} of {all} replicas do not work.");
            (Condition::Degraded, Some(format!("{words} {last}").trim_end().to_owned()))
        } else if rate > DEGRADED_RATE {
            (Condition::Degraded, Some(last))
        } else if self.checked.is_none() {
            (Condition::Unknown, None)
        } else {
            (Condition::Healthy, None)
        }
    }

    /// The figures of the last minute.
    pub(super) fn figures(&mut self, at: Moment) -> Figures {
        self.window.figures(at)
    }

    /// Calls under way.
    pub(super) fn pending(&self) -> u32 {
        self.replicas.iter().map(|replica| replica.pending).sum()
    }

    /// Whether calls are being refused because most fail.
    pub(super) fn is_open(&self) -> bool {
        self.breaker.is_open()
    }

    /// At most a tenth of the replicas, but at least one where there are several.
    fn eject(&mut self, index: usize, at: Moment) {
        let most = (self.replicas.len() / 10).max(1);
        let out = self.replicas.iter().filter(|replica| replica.is_ejected()).count();
        if self.replicas.len() > 1 && out < most {
            self.replicas[index].eject(at, &self.tuning);
        }
    }

    fn keep(&mut self, failure: Failure) {
        self.failures.truncate(FAILURES - 1);
        self.failures.push_front(failure);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, prop_assert_ne, proptest};
    use proptest::strategy::Strategy as Generator;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{Rng, SeedableRng};

    fn chance(seed: u64) -> impl FnMut() -> f64 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        move || f64::from(random.next_u32()) / 4_294_967_296.0
    }

    fn at(second: u64) -> Moment {
        Duration::from_secs(second)
    }

    fn server(strategy: Strategy, replicas: usize) -> ServerState {
        ServerState::new(strategy, Tuning::default(), &vec![1; replicas])
    }

    fn failed(second: u64) -> Result<Ended, Failure> {
        let reason = "The table artists cannot be reached.".to_owned();
        Err(Failure { at: at(second), what: "query_artist_data".to_owned(), reason, request_id: None })
    }

    fn finding(problem: Option<&str>) -> Finding {
        Finding {
            what: "table artists".to_owned(),
            problem: problem.map(str::to_owned),
            took: Duration::from_millis(3),
        }
    }

    const TOOK: Duration = Duration::from_millis(10);

    /// Fails calls at a replica until it is out.
    fn put_out(server: &mut ServerState, index: usize, second: u64) {
        for _ in 0..Tuning::default().failover_after {
            server.replicas[index].begin();
            server.end(index, TOOK, failed(second), at(second));
        }
        assert!(server.replicas[index].is_ejected());
    }

    fn strategies() -> impl Generator<Value = Strategy> {
        prop::sample::select(vec![
            Strategy::RoundRobin,
            Strategy::LeastConnections,
            Strategy::Weighted,
            Strategy::PowerOfTwo,
        ])
    }

    proptest! {
        #[test]
        fn an_ejected_replica_gets_no_call_while_another_is_active(
            strategy in strategies(),
            replicas in 2..6_usize,
            victim in 0..6_usize,
            seed in any::<u64>(),
            failures in prop::collection::vec(prop::bool::weighted(0.1), 200),
        ) {
            let (mut server, mut random) = (server(strategy, replicas), chance(seed));
            put_out(&mut server, victim % replicas, 0);
            for fails in failures {
                let chosen = server.begin(at(1), &[], &mut random).expect("somebody");
                prop_assert!(!server.replicas[chosen].is_ejected());
                server.end(chosen, TOOK, if fails { failed(1) } else { Ok(Ended::Well) }, at(1));
            }
        }

        #[test]
        fn a_replica_has_traffic_again_within_its_cooldown_and_five_seconds(
            strategy in strategies(),
            replicas in 2..4_usize,
            seed in any::<u64>(),
        ) {
            let (mut server, mut random) = (server(strategy, replicas), chance(seed));
            put_out(&mut server, 0, 0);
            let back = Tuning::default().cooldown;
            let mut served = 0;
            for tick in 0..500_u64 {
                // A hundred calls a second, from the end of the cooldown on.
                let now = back + Duration::from_millis(tick * 10);
                let chosen = server.begin(now, &[], &mut random).expect("somebody");
                server.end(chosen, TOOK, Ok(Ended::Well), now);
                served += u32::from(chosen == 0);
            }
            prop_assert!(served > 0, "nobody came back");
        }

        #[test]
        fn calls_under_way_are_counted_back_to_none(
            strategy in strategies(),
            ends in prop::collection::vec(0..3_u8, 1..100),
        ) {
            let (mut server, mut random) = (server(strategy, 3), chance(1));
            let mut under_way = Vec::new();
            for _ in &ends {
                under_way.push(server.begin(at(1), &[], &mut random).expect("somebody"));
            }
            prop_assert_eq!(server.pending() as usize, ends.len());
            for (index, end) in under_way.into_iter().zip(ends) {
                let ended = match end {
                    0 => Ok(Ended::Well),
                    1 => Ok(Ended::Abandoned),
                    _ => failed(1),
                };
                server.end(index, TOOK, ended, at(1));
            }
            prop_assert_eq!(server.pending(), 0);
        }

        #[test]
        fn repeats_stay_within_the_budget_and_never_go_to_a_replica_that_was_tried(
            seed in any::<u64>(),
            calls in 1..500_u32,
        ) {
            let (mut server, mut random) = (server(Strategy::PowerOfTwo, 3), chance(seed));
            let mut repeats = 0_u32;
            for _ in 0..calls {
                if server.admit(at(1)).is_err() {
                    break;
                }
                let first = server.begin(at(1), &[], &mut random).expect("somebody");
                server.end(first, TOOK, failed(1), at(1));
                if let Some(second) = server.begin_again(at(1), &[first], &mut random) {
                    prop_assert_ne!(first, second);
                    repeats += 1;
                    server.end(second, TOOK, Ok(Ended::Well), at(1));
                }
            }
            prop_assert!(f64::from(repeats) <= 10.0 + 0.2 * f64::from(calls) + 1e-6);
        }
    }

    #[test]
    fn where_all_are_out_or_there_is_only_one_calls_still_go_somewhere() {
        let mut only = server(Strategy::PowerOfTwo, 1);
        for _ in 0..50 {
            let chosen = only.begin(at(1), &[], &mut chance(1)).expect("the only one");
            only.end(chosen, TOOK, failed(1), at(1));
        }
        assert!(!only.replicas[0].is_ejected());
        assert_eq!(only.begin_again(at(1), &[0], &mut chance(1)), None);
        let mut pair = server(Strategy::RoundRobin, 2);
        put_out(&mut pair, 0, 1);
        assert_eq!(pair.begin(at(1), &[1], &mut chance(1)), Some(0), "the other was tried already");
        assert_eq!(pair.begin_again(at(1), &[1], &mut chance(1)), Some(0), "better than none");
    }

    #[test]
    fn at_most_one_of_a_few_replicas_is_out() {
        let mut server = server(Strategy::RoundRobin, 3);
        put_out(&mut server, 0, 1);
        for _ in 0..20 {
            server.replicas[1].begin();
            server.end(1, TOOK, failed(1), at(1));
        }
        assert!(!server.replicas[1].is_ejected());
    }

    #[test]
    fn a_slow_replica_gets_next_to_nothing() {
        let (mut server, mut random) = (server(Strategy::PowerOfTwo, 3), chance(3));
        let mut slow = 0;
        for tick in 0..2000_u64 {
            let now = Duration::from_millis(tick * 5);
            let chosen = server.begin(now, &[], &mut random).expect("somebody");
            let took = Duration::from_millis(if chosen == 1 { 2000 } else { 5 });
            server.end(chosen, took, Ok(Ended::Well), now);
            slow += u32::from(chosen == 1);
        }
        assert!(slow <= 3, "{slow}");
    }

    #[test]
    fn a_failed_check_says_what_failed_and_a_part_of_it_is_only_trouble() {
        let mut server = server(Strategy::PowerOfTwo, 1);
        assert_eq!(server.condition(at(0), &[]), (Condition::Unknown, None));
        server.checked(0, vec![finding(Some("It does not exist.")), finding(None)], at(1));
        assert_eq!(
            server.condition(at(1), &[]),
            (Condition::Degraded, Some("It does not exist.".to_owned()))
        );
        server.checked(0, vec![finding(Some("It does not exist."))], at(2));
        assert_eq!(server.condition(at(2), &[]).0, Condition::Failing);
        assert_eq!(server.failures.len(), 1, "the same reason is kept once");
        server.checked(0, vec![finding(None)], at(3));
        assert_eq!(server.condition(at(3), &[]), (Condition::Healthy, None));
    }

    #[test]
    fn a_replica_that_is_drained_may_be_down() {
        let mut server = server(Strategy::PowerOfTwo, 3);
        server.checked(0, vec![finding(None)], at(1));
        server.probed(1, Some("Nobody answers there.".to_owned()), at(1));
        let (condition, reason) = server.condition(at(1), &[]);
        assert_eq!(condition, Condition::Degraded);
        assert!(reason.is_some_and(|reason| reason.starts_with("1 of 3 replicas do not work.")));
        assert_eq!(server.condition(at(1), &[1]), (Condition::Healthy, None));
        server.probed(2, Some("Nobody answers there.".to_owned()), at(1));
        let reason = server.condition(at(1), &[1]).1.unwrap_or_default();
        assert!(reason.starts_with("1 of 2 replicas do not work."), "{reason}");
    }

    #[test]
    fn failed_calls_show_with_their_reason_and_are_forgotten_after_a_minute() {
        let mut server = server(Strategy::PowerOfTwo, 1);
        server.checked(0, vec![finding(None)], at(0));
        for _ in 0..6 {
            server.replicas[0].begin();
            server.end(0, TOOK, failed(1), at(1));
        }
        let reason = Some("The table artists cannot be reached.".to_owned());
        assert_eq!(server.condition(at(1), &[]), (Condition::Failing, reason));
        assert_eq!(server.condition(at(100), &[]), (Condition::Healthy, None));
    }
}
