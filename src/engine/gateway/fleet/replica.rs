//! What is known of one replica: how fast and how healthy it is, whether it is ejected, and how it comes
//! back. Pure: time is passed in.

use super::{Moment, Tuning};
use std::time::Duration;

/// How much the newest call counts in the moving averages.
const ALPHA: f64 = 0.3;

/// What a replica is taken for before its first answer, in milliseconds.
const UNKNOWN_LATENCY: f64 = 1.0;

/// After this time without a call an old latency counts half, so that a replica that was slow is asked
/// again some time.
const LATENCY_HALF_LIFE: f64 = 5.0;

/// How healthy a replica counts when it comes back, and after how many seconds it counts fully.
const RETURN_HEALTH: f64 = 0.1;
const RETURN_RAMP: f64 = 5.0;

/// Failed probes in a row after which a replica is ejected.
const PROBES: u32 = 3;

/// How a call ended for the replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// It worked, or the caller was wrong.
    Well,
    /// It failed by the server's fault.
    Failed,
    /// Its caller went away; that says nothing.
    Abandoned,
}

/// The state of a replica.
#[derive(Debug)]
pub(super) struct ReplicaState {
    pub(super) weight: u32,
    pub(super) pending: u32,
    /// The moving average in milliseconds, and when it was last fed.
    latency: Option<(f64, Moment)>,
    health: f64,
    straight_failures: u32,
    straight_failed_probes: u32,
    ejected_until: Option<Moment>,
    times_ejected: u32,
    returned: Option<Moment>,
    /// Why the last probe failed.
    pub(super) trouble: Option<String>,
    /// Why the last call failed; none since one worked.
    pub(super) fault: Option<String>,
}

impl ReplicaState {
    pub(super) fn new(weight: u32) -> Self {
        Self {
            weight: weight.max(1),
            pending: 0,
            latency: None,
            health: 1.0,
            straight_failures: 0,
            straight_failed_probes: 0,
            ejected_until: None,
            times_ejected: 0,
            returned: None,
            trouble: None,
            fault: None,
        }
    }

    /// A call begins.
    pub(super) fn begin(&mut self) {
        self.pending += 1;
    }

    /// A call ends. True when the replica has failed so often in a row that it should be ejected.
    pub(super) fn end(&mut self, at: Moment, took: Duration, ended: Ended, tuning: &Tuning) -> bool {
        self.pending = self.pending.saturating_sub(1);
        let milliseconds = took.as_secs_f64() * 1000.0;
        match ended {
            Ended::Abandoned => return false,
            Ended::Well => {
                self.latency = Some((self.averaged(milliseconds), at));
                self.health = blended(self.health, 1.0);
                self.straight_failures = 0;
                self.fault = None;
                if self.returned.is_some_and(|returned| at >= returned + tuning.cooldown) {
                    self.times_ejected = 0;
                    self.returned = None;
                }
            }
            Ended::Failed => {
                // Failing fast must not look like being fast.
                if milliseconds > self.latency.map_or(0.0, |(average, _)| average) {
                    self.latency = Some((self.averaged(milliseconds), at));
                }
                self.health = blended(self.health, 0.0);
                self.straight_failures = self.straight_failures.saturating_add(1);
            }
        }
        self.straight_failures >= tuning.failover_after
    }

    /// A probe ends. True when the replica should be ejected.
    pub(super) fn probed(&mut self, well: bool) -> bool {
        self.straight_failed_probes = if well { 0 } else { self.straight_failed_probes.saturating_add(1) };
        self.straight_failed_probes >= PROBES
    }

    /// Takes the replica out for the cooldown, each time longer.
    pub(super) fn eject(&mut self, at: Moment, tuning: &Tuning) {
        if self.ejected_until.is_some() {
            return;
        }
        self.times_ejected = self.times_ejected.saturating_add(1);
        let cooldown = tuning.cooldown.saturating_mul(self.times_ejected).min(tuning.longest_cooldown);
        self.ejected_until = Some(at + cooldown);
        self.returned = None;
    }

    /// Lets the replica back in when its time is over, unless its probes still fail.
    pub(super) fn let_back(&mut self, at: Moment) {
        if self.ejected_until.is_some_and(|until| at >= until) && self.straight_failed_probes == 0 {
            self.ejected_until = None;
            self.returned = Some(at);
            self.health = 1.0;
            self.straight_failures = 0;
        }
    }

    /// Whether it is taken out.
    pub(super) fn is_ejected(&self) -> bool {
        self.ejected_until.is_some()
    }

    /// Until when it is taken out.
    pub(super) fn ejected_until(&self) -> Option<Moment> {
        self.ejected_until
    }

    /// How good it looks: `health / (1 + latency · (1 + 0.1 · calls under way))`.
    pub(super) fn score(&self, at: Moment) -> f64 {
        let latency = self.latency.map_or(UNKNOWN_LATENCY, |(average, then)| {
            let idle = if self.pending == 0 { at.saturating_sub(then).as_secs_f64() } else { 0.0 };
            average * 0.5_f64.powf(idle / LATENCY_HALF_LIFE)
        });
        self.health(at) / (1.0 + latency * (1.0 + 0.1 * f64::from(self.pending)))
    }

    /// From 0, nothing works, to 1. Soon after its return a replica counts less.
    pub(super) fn health(&self, at: Moment) -> f64 {
        let since = |returned: Moment| at.saturating_sub(returned).as_secs_f64() / RETURN_RAMP;
        let ramp = self
            .returned
            .map_or(1.0, |returned| (RETURN_HEALTH + (1.0 - RETURN_HEALTH) * since(returned)).min(1.0));
        self.health * ramp
    }

    /// The moving average of the response time in milliseconds; none before the first answer.
    pub(super) fn latency_ms(&self) -> Option<f64> {
        self.latency.map(|(average, _)| average)
    }

    fn averaged(&self, milliseconds: f64) -> f64 {
        self.latency.map_or(milliseconds, |(average, _)| blended(average, milliseconds))
    }
}

fn blended(average: f64, newest: f64) -> f64 {
    average + ALPHA * (newest - average)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: u64) -> Moment {
        Duration::from_secs(second)
    }

    fn call(replica: &mut ReplicaState, second: u64, milliseconds: u64, ended: Ended) -> bool {
        replica.begin();
        replica.end(at(second), Duration::from_millis(milliseconds), ended, &Tuning::default())
    }

    #[test]
    fn the_score_follows_the_formula() {
        let mut replica = ReplicaState::new(1);
        call(&mut replica, 1, 100, Ended::Well);
        call(&mut replica, 1, 200, Ended::Well);
        assert_eq!(replica.latency_ms(), Some(130.0));
        replica.begin();
        replica.begin();
        assert!((replica.score(at(1)) - 1.0 / (1.0 + 130.0 * 1.2)).abs() < 1e-9);
    }

    #[test]
    fn failing_fast_is_not_being_fast() {
        let mut replica = ReplicaState::new(1);
        call(&mut replica, 1, 100, Ended::Well);
        let before = replica.score(at(1));
        call(&mut replica, 1, 1, Ended::Failed);
        assert_eq!(replica.latency_ms(), Some(100.0));
        assert!(replica.score(at(1)) < before);
    }

    #[test]
    fn a_caller_who_goes_away_says_nothing_about_the_replica() {
        let mut replica = ReplicaState::new(1);
        for _ in 0..10 {
            assert!(!call(&mut replica, 1, 5, Ended::Abandoned));
        }
        assert_eq!((replica.pending, replica.latency_ms()), (0, None));
        assert!((replica.health(at(1)) - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn each_ejection_is_longer_until_the_replica_has_worked_for_a_cooldown() {
        let tuning = Tuning::default();
        let cooldown = tuning.cooldown.as_secs();
        let mut replica = ReplicaState::new(1);
        replica.eject(at(0), &tuning);
        assert_eq!(replica.ejected_until(), Some(at(cooldown)));
        replica.let_back(at(cooldown));
        replica.eject(at(cooldown), &tuning);
        assert_eq!(replica.ejected_until(), Some(at(3 * cooldown)));
        replica.let_back(at(3 * cooldown));
        call(&mut replica, 4 * cooldown, 5, Ended::Well);
        replica.eject(at(1000), &tuning);
        assert_eq!(replica.ejected_until(), Some(at(1000 + cooldown)));
    }

    #[test]
    fn comes_back_carefully_and_only_when_its_probe_works() {
        let tuning = Tuning::default();
        let mut replica = ReplicaState::new(1);
        assert!(!replica.probed(false) && !replica.probed(false) && replica.probed(false));
        replica.eject(at(0), &tuning);
        replica.let_back(at(1000));
        assert!(replica.is_ejected(), "its probe still fails");
        replica.probed(true);
        replica.let_back(at(1000));
        assert!(!replica.is_ejected());
        assert!((replica.health(at(1000)) - RETURN_HEALTH).abs() < 1e-9);
        assert!((replica.health(at(1005)) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_slow_answer_of_long_ago_is_forgiven() {
        let mut replica = ReplicaState::new(1);
        call(&mut replica, 0, 1000, Ended::Well);
        assert!(replica.score(at(60)) > 0.5);
    }
}
