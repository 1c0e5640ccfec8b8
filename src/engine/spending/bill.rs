//! What the calls of models of one piece of work cost, for its record and for whoever adds it up.

use crate::engine::config::Tokens;
use crate::model::money::MicroDollars;
use crate::model::task::Spent;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What was spent so far. Cloning is cheap, and all clones count the same.
#[derive(Debug, Clone, Default)]
pub struct Bill(Arc<Sums>);

#[derive(Debug, Default)]
struct Sums {
    micro_dollars: AtomicU64,
    input_tokens: AtomicU64,
    output_tokens: AtomicU64,
}

impl Bill {
    /// What was spent so far, whether it came from a budget or not.
    pub fn total(&self) -> MicroDollars {
        MicroDollars(self.0.micro_dollars.load(Ordering::Relaxed))
    }

    /// The same with the tokens that models have read and written.
    pub fn spent(&self) -> Spent {
        Spent {
            input_tokens: self.0.input_tokens.load(Ordering::Relaxed),
            output_tokens: self.0.output_tokens.load(Ordering::Relaxed),
            micro_dollars: self.total().0,
        }
    }

    pub(super) fn add(&self, cost: MicroDollars, tokens: Tokens) {
        self.0.micro_dollars.fetch_add(cost.0, Ordering::Relaxed);
        self.0.input_tokens.fetch_add(tokens.input, Ordering::Relaxed);
        self.0.output_tokens.fetch_add(tokens.output, Ordering::Relaxed);
    }
}
