//! Budgets that all instances share, in `DynamoDB`: exact, because what is taken is taken by a conditional
//! write. Calls are taken some at a time, so that not each of them waits for the store.

use super::quotas::Budget;
use crate::engine::catalog::Catalog;
use crate::engine::catalog::budgets::Taken;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How long calls that were taken may be used here. Those that are not used by then are lost.
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
    pub(super) async fn take(&self, catalog: &Catalog, budget: &Budget) -> Result<(), Duration> {
        let lease = self.lease(&budget.id);
        // One asks the store for all that wait for the same budget.
        let mut lease = lease.lock().await;
        let now = Instant::now();
        if lease.left > 0 && now < lease.usable_until {
            lease.left -= 1;
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
        let now = Instant::now();
        let new = Lease { left: 0, usable_until: now, refused_until: now };
        let new = Arc::new(tokio::sync::Mutex::new(new));
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
