//! How much a principal may do: calls a minute with a burst, and calls at the same time.
//!
//! Calls a minute are counted here first, which costs no request and holds while the store is away, and then
//! in budgets that all instances share.

mod quotas;
mod shared;

use super::error::{CallError, CallErrorKind, LimitReached};
use super::left::CallsLeft;
use super::principal::Principal;
use crate::engine::catalog::Catalog;
use crate::engine::config::{Allowances, Config};
use crate::engine::tools::Class;
use crate::engine::tools::views::CallBudget;
use arc_swap::ArcSwap;
use governor::RateLimiter;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
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

/// Counts the calls of each budget, and tells what is left.
type Counter = RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// The limits of this process.
pub(super) struct Limiter {
    figures: ArcSwap<Figures>,
    shared: Shared,
    calls_at_once: Arc<Semaphore>,
    transfers_at_once: Arc<Semaphore>,
    passed_on_at_once: Arc<Semaphore>,
    checks: AtomicU32,
}

/// The figures that hold, with what this process has counted by each of them.
struct Figures {
    quotas: Quotas,
    here: HashMap<Quota, Arc<Counter>>,
}

impl Figures {
    /// Figures that keep what was counted before by those that stay.
    fn new(allowances: &Allowances, before: Option<&Self>) -> Self {
        let quotas = Quotas::new(allowances);
        let limiter = |quota: Quota| {
            let kept = before.and_then(|before| before.here.get(&quota)).cloned();
            let allowed = governor::Quota::per_minute(quota.per_minute).allow_burst(quota.burst);
            (quota, kept.unwrap_or_else(|| Arc::new(RateLimiter::keyed(allowed).with_middleware())))
        };
        Self { here: quotas.all().map(limiter).collect(), quotas }
    }
}

impl Limiter {
    pub(super) fn new(config: &Config) -> Self {
        let slots = || Arc::new(Semaphore::new(config.concurrent as usize));
        Self {
            figures: ArcSwap::from_pointee(Figures::new(&config.allowances, None)),
            shared: Shared::new(config.embedded.is_some()),
            calls_at_once: slots(),
            transfers_at_once: slots(),
            passed_on_at_once: slots(),
            checks: AtomicU32::new(0),
        }
    }

    /// From now on other figures hold.
    pub(super) fn follow(&self, allowances: &Allowances) {
        let before = self.figures.load_full();
        self.figures.store(Arc::new(Figures::new(allowances, Some(&*before))));
        self.shared.forget();
    }

    /// The budget of all calls of a principal.
    pub(super) fn whole(&self, principal: &Principal) -> CallBudget {
        let Budget { id, quota, .. } = self.figures.load().quotas.whole(principal);
        CallBudget {
            id,
            interval: quota.interval(),
            per_minute: quota.per_minute.get(),
            burst: quota.burst.get(),
        }
    }

    /// Takes one call out of the principal's budgets. Answers with what is left of each.
    pub(super) async fn check(
        &self,
        catalog: &Arc<Catalog>,
        principal: &Principal,
        operation: &str,
    ) -> Result<Vec<CallsLeft>, CallError> {
        let figures = self.figures.load_full();
        let mut left = Vec::new();
        for budget in figures.quotas.of(principal, operation) {
            left.extend(self.count_here(&figures, &budget)?);
            let taken = self.shared.take(catalog, &budget).await;
            taken.map_err(|wait| too_many(&budget, wait))?;
        }
        Ok(left)
    }

    /// The same for a call that is refused anyway: it counts in this process only.
    pub(super) fn check_here(&self, principal: &Principal, operation: &str) -> Result<(), CallError> {
        let figures = self.figures.load();
        let budgets = figures.quotas.of(principal, operation);
        budgets.iter().try_for_each(|budget| self.count_here(&figures, budget).map(drop))
    }

    fn count_here(&self, figures: &Figures, budget: &Budget) -> Result<Option<CallsLeft>, CallError> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            for limiter in figures.here.values() {
                limiter.retain_recent();
            }
        }
        let Some(limiter) = figures.here.get(&budget.quota) else { return Ok(None) };
        match limiter.check_key(&budget.id) {
            Ok(state) => {
                let Quota { per_minute, burst } = budget.quota;
                let left = state.remaining_burst_capacity().min(burst.get());
                let whole_in = budget.quota.interval() * (burst.get() - left);
                Ok(Some(CallsLeft { name: budget.name, per_minute: per_minute.get(), left, whole_in }))
            }
            Err(until) => Err(too_many(budget, until.wait_time_from(DefaultClock::default().now()))),
        }
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
        limit: Some(LimitReached::calls(budget.name, budget.quota.per_minute.get())),
        ..CallError::new(
            CallErrorKind::TooManyRequests,
            budget.in_words(),
            format!("Wait {seconds} s, then try again."),
        )
    }
}
