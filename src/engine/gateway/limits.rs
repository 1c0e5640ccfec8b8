//! How much a principal may do: calls a minute with a burst, and calls at the same time.
//!
//! Calls a minute are counted here first, which costs no request and holds while the store is away, and then
//! in budgets that all instances share.

mod quotas;
mod shared;

use super::error::{CallError, CallErrorKind, LimitReached};
use super::principal::Principal;
use crate::engine::catalog::Catalog;
use crate::engine::config::Config;
use crate::engine::tools::Class;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, RateLimiter};
use quotas::{Budget, Quota, Quotas};
use shared::Shared;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a call waits for a free slot.
const SLOT_WAIT: Duration = Duration::from_secs(10);

/// After how many checks principals that have been quiet are forgotten.
const SWEEP_EVERY: u32 = 10_000;

/// The limits of this process.
pub(super) struct Limiter {
    quotas: Quotas,
    here: HashMap<Quota, DefaultKeyedRateLimiter<String>>,
    shared: Shared,
    calls_at_once: Arc<Semaphore>,
    transfers_at_once: Arc<Semaphore>,
    passed_on_at_once: Arc<Semaphore>,
    checks: AtomicU32,
}

impl Limiter {
    pub(super) fn new(config: &Config) -> Self {
        let quotas = Quotas::new(config);
        let limiter = |quota: Quota| {
            let allowed = governor::Quota::per_minute(quota.per_minute).allow_burst(quota.burst);
            (quota, RateLimiter::keyed(allowed))
        };
        let slots = || Arc::new(Semaphore::new(config.limits.concurrent as usize));
        Self {
            here: quotas.all().map(limiter).collect(),
            quotas,
            shared: Shared::default(),
            calls_at_once: slots(),
            transfers_at_once: slots(),
            passed_on_at_once: slots(),
            checks: AtomicU32::new(0),
        }
    }

    /// Takes one call out of the principal's budgets.
    pub(super) async fn check(
        &self,
        catalog: &Catalog,
        principal: &Principal,
        operation: &str,
    ) -> Result<(), CallError> {
        for budget in self.quotas.of(principal, operation) {
            self.count_here(&budget)?;
            let taken = self.shared.take(catalog, &budget).await;
            taken.map_err(|wait| too_many(&budget, wait))?;
        }
        Ok(())
    }

    /// The same for a call that is refused anyway: it counts in this process only.
    pub(super) fn check_here(&self, principal: &Principal, operation: &str) -> Result<(), CallError> {
        self.quotas.of(principal, operation).iter().try_for_each(|budget| self.count_here(budget))
    }

    fn count_here(&self, budget: &Budget) -> Result<(), CallError> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            for limiter in self.here.values() {
                limiter.retain_recent();
            }
        }
        let Some(limiter) = self.here.get(&budget.quota) else { return Ok(()) };
        limiter
            .check_key(&budget.id)
            .map_err(|until| too_many(budget, until.wait_time_from(DefaultClock::default().now())))
    }

    /// Waits for a free slot among what runs at the same time. Transfers have slots of their own, so
    /// that slow uploads never keep calls waiting, and so have calls that other instances pass on: two
    /// instances that wait for each other's slots would never go on. Signals and parts of pages need none.
    pub(super) async fn slot(
        &self,
        class: Class,
        passed_on: bool,
    ) -> Result<Option<OwnedSemaphorePermit>, CallError> {
        let slots = match class {
            Class::Call if passed_on => Arc::clone(&self.passed_on_at_once),
            Class::Call => Arc::clone(&self.calls_at_once),
            Class::Transfer => Arc::clone(&self.transfers_at_once),
            Class::Signal | Class::Page => return Ok(None),
        };
        match tokio::time::timeout(SLOT_WAIT, slots.acquire_owned()).await {
            Ok(Ok(slot)) => Ok(Some(slot)),
            Ok(Err(_)) | Err(_) => Err(CallError {
                retry_after: Some(SLOT_WAIT),
                ..CallError::new(
                    CallErrorKind::Unavailable,
                    "Patchline is doing as much at once as it may (MAX_CONCURRENT_OPERATIONS).",
                    "Try again in some seconds.",
                )
            }),
        }
    }
}

fn too_many(budget: &Budget, wait: Duration) -> CallError {
    let seconds = wait.as_secs() + 1;
    CallError {
        retry_after: Some(wait),
        limit: Some(LimitReached { name: budget.name, per_minute: budget.quota.per_minute.get() }),
        ..CallError::new(
            CallErrorKind::TooManyRequests,
            "Too many calls in a short time.",
            format!("Wait {seconds} s, then try again."),
        )
    }
}
