//! Which servers were found to speak only the older era of the protocol.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long it is believed that a server speaks only the older era.
const VERDICT: Duration = Duration::from_hours(24);

/// Which origins were found to speak only the older era, and when. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub struct Verdicts(Arc<Mutex<HashMap<String, Instant>>>);

impl Verdicts {
    pub(super) fn is_old(&self, origin: &str) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(origin).is_some_and(|since| since.elapsed() < VERDICT)
    }

    pub(super) fn note(&self, origin: &str, old: bool) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if old {
            let since = known.entry(origin.to_owned()).or_insert_with(Instant::now);
            if since.elapsed() >= VERDICT {
                *since = Instant::now();
            }
        } else {
            known.remove(origin);
        }
    }
}
