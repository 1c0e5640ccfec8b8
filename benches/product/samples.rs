//! Measured times, and what can be said about them.

use std::time::Duration;

/// Times in ascending order; at least one.
#[derive(Debug, Clone)]
pub(crate) struct Samples(Vec<Duration>);

impl Samples {
    /// None when nothing was measured.
    pub(crate) fn new(mut times: Vec<Duration>) -> Option<Self> {
        times.sort_unstable();
        Some(Self(times)).filter(|samples| !samples.0.is_empty())
    }

    /// The time that `percent` of all do not exceed (nearest rank), for `percent` up to 100.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.0.len() * percent).div_ceil(100).clamp(1, self.0.len());
        self.0[rank - 1]
    }

    /// The shortest.
    pub(crate) fn shortest(&self) -> Duration {
        self.percentile(0)
    }

    /// The longest.
    pub(crate) fn longest(&self) -> Duration {
        self.percentile(100)
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }
}
