//! The sample label as its users see it: complete, valid, always the same, and with what analysis must find.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod catalogue;
mod entered;
mod figures;
mod files;
mod ledger;
mod plants;
mod sameness;

use jiff::civil::{Date, date};
use patchline::engine::sample::{DEFAULT_SEED, SampleLabel};

/// An ordinary day in autumn.
const TODAY: Date = date(2026, 11, 22);
/// A day with Christmas and New Year within the last weeks.
const AFTER_HOLIDAYS: Date = date(2027, 1, 20);

/// The label on an ordinary day.
fn label() -> SampleLabel {
    SampleLabel::generate(DEFAULT_SEED, TODAY)
}

/// The label on both days, each with its day; the second from another seed.
fn labels() -> [(SampleLabel, Date); 2] {
    [(label(), TODAY), (SampleLabel::generate(7, AFTER_HOLIDAYS), AFTER_HOLIDAYS)]
}
