//! Functions whose result is the same to the last bit on every machine.
//!
//! The standard library's `exp` and `sin` come from the platform and may differ in the last digit.
//! These use only addition, multiplication and division, which IEEE 754 fixes exactly.

/// ln 2.
const LN_2: f64 = std::f64::consts::LN_2;

/// e to the power of `x`, for `x` between -500 and 500, to about 15 digits.
///
/// As 2^k · e^r with |r| ≤ ln 2 / 2, and e^r by its series to the 13th power.
pub(super) fn exp(x: f64) -> f64 {
    let doublings = (x.clamp(-500.0, 500.0) / LN_2).round();
    let rest = x.clamp(-500.0, 500.0) - doublings * LN_2;
    let series = (1..=13).rev().fold(1.0, |sum, power| 1.0 + sum * rest / f64::from(power));
    series * power_of_two(doublings)
}

/// 2 to the power of a whole number between -1022 and 1023.
fn power_of_two(exponent: f64) -> f64 {
    f64::from_bits(rounded(exponent + 1023.0) << 52)
}

/// The sine of an angle given in turns (1 = full circle), to about 10 digits.
///
/// The angle is folded into a quarter turn around 0, and the series goes to the 17th power.
pub(super) fn sine(turns: f64) -> f64 {
    let phase = turns - turns.floor();
    let folded = if phase < 0.25 {
        phase
    } else if phase < 0.75 {
        0.5 - phase
    } else {
        phase - 1.0
    };
    let angle = folded * std::f64::consts::TAU;
    let square = angle * angle;
    let series =
        (1..=8).rev().fold(1.0, |sum, term| 1.0 - sum * square / f64::from(2 * term * (2 * term + 1)));
    angle * series
}

/// The nearest whole number, 0 for negative ones.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounding is what it is for")]
pub(super) fn rounded(x: f64) -> u64 {
    x.max(0.0).round() as u64
}

/// A count as a number to calculate with; exact up to 2⁵³.
#[expect(clippy::cast_precision_loss, reason = "no count of the sample label comes near 2⁵³")]
pub(super) fn number(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_agrees_with_the_platform() {
        for step in -2_000..=2_000 {
            let x = f64::from(step) / 100.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-13, "exp({x})");
        }
    }

    #[test]
    fn sine_agrees_with_the_platform() {
        for step in -3_000..=3_000 {
            let turns = f64::from(step) / 1_000.0;
            let difference = sine(turns) - (turns * std::f64::consts::TAU).sin();
            assert!(difference.abs() < 1e-9, "sine({turns}) is off by {difference}");
        }
    }

    #[test]
    fn counts_are_rounded_and_never_negative() {
        assert_eq!((rounded(2.5), rounded(2.4), rounded(-3.0)), (3, 2, 0));
    }
}
