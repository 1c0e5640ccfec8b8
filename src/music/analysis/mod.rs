//! What the daily figures of artists mean: changes, trends, anomalies, momentum, forecasts, risks.
//!
//! Everything here is a function of series of days. A day without data is none, never nought, and what
//! cannot be said from the data is none as well. Only tools need it, so it is compiled for the server only.

pub mod anomaly;
pub mod attribution;
pub mod authenticity;
pub mod cadence;
#[cfg(test)]
mod chance;
pub mod cohort;
pub mod comparison;
pub mod daily;
pub mod forecast;
pub mod holidays;
pub mod holt_winters;
pub mod level;
pub mod mann_kendall;
pub mod memory;
pub mod momentum;
pub mod probability;
pub mod similarity;
pub mod slope;
pub mod statistics;
pub mod trend;
pub mod weekly;

/// What can be said about a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is larger than chance explains, at 95 %.
    Proven,
    /// Chance explains it.
    NotProven,
    /// There are too few days.
    NotEnoughData,
}
