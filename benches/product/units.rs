//! How quantities are written: three digits that count, with their unit.

use std::time::Duration;

/// A time with the unit that suits it.
pub(crate) fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    let (value, unit) = match seconds {
        s if s >= 1.0 => (s, "s"),
        s if s >= 1e-3 => (s * 1e3, "ms"),
        s => (s * 1e6, "µs"),
    };
    format!("{} {unit}", digits(value))
}

/// A number of bytes in KiB, MiB or GiB.
#[expect(clippy::cast_precision_loss, reason = "shown with three digits")]
pub(crate) fn bytes(count: u64) -> String {
    let kib = count as f64 / 1024.0;
    let (value, unit) = match kib {
        k if k >= 1024.0 * 1024.0 => (k / 1024.0 / 1024.0, "GiB"),
        k if k >= 1024.0 => (k / 1024.0, "MiB"),
        k => (k, "KiB"),
    };
    format!("{} {unit}", digits(value))
}

/// How many times `b` goes into `a`.
pub(crate) fn ratio(a: f64, b: f64) -> String {
    if b > 0.0 { digits(a / b) } else { "?".to_owned() }
}

/// A number with three digits that count; large ones keep all digits before the point.
pub(crate) fn digits(value: f64) -> String {
    match value.abs() {
        v if v >= 100.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
