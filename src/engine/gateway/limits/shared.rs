//! Budgets that all instances share, in `DynamoDB`: exact, because what is taken is taken by a conditional
//! write. Calls are taken some at a time, so that not each of them waits for the store; where many are made, the next
//! are taken before the last are used up, so that none does.

use super::quotas::{Budget, Quota};
use crate::engine::catalog::Catalog;
use crate::engine::catalog::budgets::Taken;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How long calls may be used here after the last of them were taken. Those that are not used by then are lost.
const LEASE: Duration = Duration::from_secs(2);

/// How long the store may take. Without it, this process counts alone.
const PATIENCE: Duration = Duration::from_millis(500);

/// The same for the embedded one: what it waits for, the disk and processors of this machine, everything else here
/// waits for, too, so that counting alone would let nobody in sooner.
const PATIENCE_EMBEDDED: Duration = Duration::from_secs(5);

/// How long the store is left alone after it has failed.
const REST: Duration = Duration::from_secs(5);

/// After how many budgets those that have been quiet are forgotten.
const SWEEP_AT: usize = 10_000;

/// What this process has taken of the shared budgets.
pub(super) struct Shared {
    patience: Duration,
    leases: Mutex<HashMap<String, Arc<tokio::sync::Mutex<Lease>>>>,
    away_until: Mutex<Option<Instant>>,
}

/// What is left of what was taken of one budget, or until when there is nothing to take.
struct Lease {
    left: u32,
    usable_until: Instant,
    refused_until: Instant,
    /// Whether more is being taken while some is left.
    is_refilled: bool,
}

impl Lease {
    /// Nothing is taken yet.
    fn new(now: Instant) -> Self {
        Self { left: 0, usable_until: now, refused_until: now, is_refilled: false }
    }

    /// Uses one call of what is left.
    fn take_one(&mut self, now: Instant) -> bool {
        let has_one = self.left > 0 && now < self.usable_until;
        if has_one {
            self.left -= 1;
        }
        has_one
    }

    /// Whether it is for whoever has just used a call to have more taken. True once, until that is done.
    fn begins_refill(&mut self, quota: Quota) -> bool {
        let begins = !self.is_refilled && quota.refilled_at().is_some_and(|at| self.left <= at);
        self.is_refilled |= begins;
        begins
    }

    /// Adds what was taken while some was left. What would be more than is ever taken at once is lost.
    fn refill(&mut self, taken: u32, quota: Quota, now: Instant) {
        let left = if now < self.usable_until { self.left } else { 0 };
        self.left = left.saturating_add(taken).min(quota.lease());
        self.usable_until = now + LEASE;
    }
}

impl Shared {
    /// Nothing is taken yet. `is_embedded` is whether the store is the embedded one.
    pub(super) fn new(is_embedded: bool) -> Self {
        let patience = if is_embedded { PATIENCE_EMBEDDED } else { PATIENCE };
        Self { patience, leases: Mutex::default(), away_until: Mutex::default() }
    }

    /// Takes one call out of a budget.
    ///
    /// # Errors
    /// How long to wait where the budget is used up. When the store is away, everything is allowed here.
    pub(super) async fn take(&self, catalog: &Arc<Catalog>, budget: &Budget) -> Result<(), Duration> {
        let of_budget = self.lease(&budget.id);
        // One asks the store for all that wait for the same budget.
        let mut lease = of_budget.lock().await;
        let now = Instant::now();
        if lease.take_one(now) {
            if lease.begins_refill(budget.quota) {
                let refilling =
                    refill(Arc::clone(&of_budget), Arc::clone(catalog), budget.clone(), self.patience);
                tokio::spawn(refilling);
            }
            return Ok(());
        }
        if now < lease.refused_until {
            return Err(lease.refused_until - now);
        }
        if self.is_away(now) {
            return Ok(());
        }
        let quota = budget.quota;
        let (interval, burst, wanted) = (quota.interval(), quota.burst.get(), quota.lease());
        let taking = catalog.take_of_budget(&budget.id, interval, burst, wanted, Timestamp::now());
        // Its future is kilobytes large, and most calls never get here.
        match tokio::time::timeout(self.patience, Box::pin(taking)).await {
            Ok(Ok(Taken::Calls(taken))) => {
                lease.left = taken.saturating_sub(1);
                lease.usable_until = Instant::now() + LEASE;
                Ok(())
            }
            Ok(Ok(Taken::NothingFor(wait))) => {
                lease.refused_until = Instant::now() + wait;
                Err(wait)
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "the shared budgets cannot be reached; this process counts alone");
                self.rest();
                Ok(())
            }
            Err(_) => {
                tracing::warn!("the shared budgets do not answer; this process counts alone");
                self.rest();
                Ok(())
            }
        }
    }

    /// Forgets what was taken and what was refused: other figures hold from now on.
    pub(super) fn forget(&self) {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn lease(&self, id: &str) -> Arc<tokio::sync::Mutex<Lease>> {
        let mut leases = self.leases.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = leases.get(id) {
            return Arc::clone(known);
        }
        if leases.len() >= SWEEP_AT {
            let now = Instant::now();
            // Those that somebody waits for stay.
            leases.retain(|_, lease| {
                lease.try_lock().ok().is_none_or(|lease| now < lease.usable_until.max(lease.refused_until))
            });
        }
        let new = Arc::new(tokio::sync::Mutex::new(Lease::new(Instant::now())));
        leases.insert(id.to_owned(), Arc::clone(&new));
        new
    }

    fn is_away(&self, now: Instant) -> bool {
        let away = self.away_until.lock().unwrap_or_else(PoisonError::into_inner);
        away.is_some_and(|until| now < until)
    }

    fn rest(&self) {
        let mut away = self.away_until.lock().unwrap_or_else(PoisonError::into_inner);
        *away = Some(Instant::now() + REST);
    }
}

/// Takes more of a budget while some of what was taken is left. What the store refuses, or is not there for, is told to
/// whoever finds nothing left.
async fn refill(
    lease: Arc<tokio::sync::Mutex<Lease>>,
    catalog: Arc<Catalog>,
    budget: Budget,
    patience: Duration,
) {
    let quota = budget.quota;
    let wanted = quota.lease() - quota.refilled_at().unwrap_or_default();
    let (interval, burst, now) = (quota.interval(), quota.burst.get(), Timestamp::now());
    let taking = catalog.take_of_budget(&budget.id, interval, burst, wanted, now);
    let taken = tokio::time::timeout(patience, Box::pin(taking)).await;
    let mut lease = lease.lock().await;
    lease.is_refilled = false;
    if let Ok(Ok(Taken::Calls(taken))) = taken {
        lease.refill(taken, quota, Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_is_taken_once_when_half_is_left_and_never_more_than_a_lease_is_held() {
        let (quota, now) = (Quota::new(6_000, 600), Instant::now());
        let mut lease = Lease { left: 25, usable_until: now + LEASE, ..Lease::new(now) };
        let mut begun = Vec::new();
        while lease.take_one(now) {
            if lease.begins_refill(quota) {
                begun.push(lease.left);
            }
        }
        assert_eq!(begun, [12], "once, while there was some left");
        lease.refill(13, quota, now);
        assert_eq!(lease.left, 13);
        lease.refill(25, quota, now);
        assert_eq!(lease.left, 25, "what is more than a lease is lost");
    }

    #[test]
    fn what_was_not_used_in_time_is_lost_also_when_more_is_taken() {
        let (quota, now) = (Quota::new(6_000, 600), Instant::now());
        let mut lease = Lease { left: 12, usable_until: now + LEASE, ..Lease::new(now) };
        assert!(!lease.take_one(now + LEASE));
        lease.refill(13, quota, now + LEASE);
        assert_eq!(lease.left, 13);
        assert!(lease.take_one(now + LEASE));
    }

    #[test]
    fn a_small_lease_is_used_up_before_more_is_taken() {
        let (quota, now) = (Quota::new(60, 10), Instant::now());
        let mut lease = Lease { left: 5, usable_until: now + LEASE, ..Lease::new(now) };
        while lease.take_one(now) {
            assert!(!lease.begins_refill(quota));
        }
    }
}
