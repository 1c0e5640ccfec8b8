//! What the calls of models of one piece of work cost, for its record.

use crate::model::money::MicroDollars;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What was spent so far. Cloning is cheap, and all clones count the same.
#[derive(Debug, Clone, Default)]
pub struct Bill(Arc<AtomicU64>);

impl Bill {
    /// What was spent so far, whether it came from a budget or not.
    pub fn total(&self) -> MicroDollars {
        MicroDollars(self.0.load(Ordering::Relaxed))
    }

    pub(super) fn add(&self, cost: MicroDollars) {
        self.0.fetch_add(cost.0, Ordering::Relaxed);
    }
}
