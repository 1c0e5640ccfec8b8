//! How much a principal may do: calls a minute with a burst, and calls at the same time.

use super::error::{CallError, CallErrorKind};
use super::principal::Principal;
use crate::engine::config::Limits;
use crate::engine::tools::Class;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;
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
    calls: DefaultKeyedRateLimiter<String>,
    calls_at_once: Arc<Semaphore>,
    transfers_at_once: Arc<Semaphore>,
    passed_on_at_once: Arc<Semaphore>,
    checks: AtomicU32,
}

impl Limiter {
    pub(super) fn new(limits: Limits) -> Self {
        let at_least_one = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let quota =
            Quota::per_minute(at_least_one(limits.per_minute)).allow_burst(at_least_one(limits.burst));
        Self {
            calls: RateLimiter::keyed(quota),
            calls_at_once: Arc::new(Semaphore::new(limits.concurrent as usize)),
            transfers_at_once: Arc::new(Semaphore::new(limits.concurrent as usize)),
            passed_on_at_once: Arc::new(Semaphore::new(limits.concurrent as usize)),
            checks: AtomicU32::new(0),
        }
    }

    /// Takes one call out of the principal's budget.
    pub(super) fn check(&self, principal: &Principal) -> Result<(), CallError> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.calls.retain_recent();
        }
        self.calls.check_key(&principal.id).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            let seconds = wait.as_secs() + 1;
            CallError {
                retry_after: Some(wait),
                ..CallError::new(
                    CallErrorKind::TooManyRequests,
                    "Too many calls in a short time.",
                    format!("Wait {seconds} s, then try again."),
                )
            }
        })
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
