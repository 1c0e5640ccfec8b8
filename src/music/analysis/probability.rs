//! The normal distribution and Student's t: probabilities, and the quantiles that intervals are made of.

use std::f64::consts::{FRAC_2_SQRT_PI, PI, SQRT_2};

/// Steps after which a series or a continued fraction has long converged.
const STEPS: u32 = 500;
/// What counts as no difference.
const PRECISION: f64 = 1e-16;
/// Takes the place of a denominator of nought (Lentz).
const TINY: f64 = 1e-300;

/// The probability that a standard normal number is at most `z`.
pub fn normal(z: f64) -> f64 {
    if z < 0.0 { upper_tail(-z) } else { 1.0 - upper_tail(z) }
}

/// The probability that a standard normal number is further from nought than `z`: a two-sided p-value.
pub fn two_sided(z: f64) -> f64 {
    2.0 * upper_tail(z.abs())
}

/// Half of the complementary error function at z/√2. By its series where that converges quickly, else by
/// its continued fraction (Abramowitz and Stegun 7.1.6 and 7.1.14).
fn upper_tail(z: f64) -> f64 {
    let x = z / SQRT_2;
    if x < 2.0 {
        let mut term = x;
        let mut sum = x;
        for step in 1..STEPS {
            term *= 2.0 * x * x / f64::from(2 * step + 1);
            sum += term;
            if term.abs() <= PRECISION * sum.abs() {
                break;
            }
        }
        return 0.5 * (1.0 - FRAC_2_SQRT_PI * (-x * x).exp() * sum);
    }
    let fraction = (1..=100_u32).rev().fold(x, |below, step| x + f64::from(step) / 2.0 / below);
    0.5 * (-x * x).exp() / PI.sqrt() / fraction
}

/// The number that a standard normal number does not exceed with this probability.
///
/// By bisection, which is exact to the last digits and needs no table of coefficients.
pub fn normal_quantile(probability: f64) -> f64 {
    bisect(normal, probability, 40.0)
}

/// The probability that a number with Student's distribution is at most `t`, with `freedom` degrees of
/// freedom, not necessarily whole.
pub fn student(t: f64, freedom: f64) -> f64 {
    let tail = 0.5 * incomplete_beta(freedom / (freedom + t * t), freedom / 2.0, 0.5);
    if t < 0.0 { tail } else { 1.0 - tail }
}

/// The number that one with Student's distribution does not exceed with this probability.
pub fn student_quantile(probability: f64, freedom: f64) -> f64 {
    bisect(|t| student(t, freedom), probability, 1e7)
}

/// Where a growing function between `-reach` and `reach` takes a value.
fn bisect(function: impl Fn(f64) -> f64, value: f64, reach: f64) -> f64 {
    let (mut low, mut high) = (-reach, reach);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if function(middle) < value { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// The regularised incomplete beta function, by its continued fraction (Abramowitz and Stegun 26.5.8)
/// evaluated by Lentz's method.
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = a * x.ln() + b * (1.0 - x).ln() + ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b);
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - front.exp() * beta_fraction(1.0 - x, b, a) / b;
    }
    front.exp() * beta_fraction(x, a, b) / a
}

fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    let safe = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut upper = 1.0;
    let mut lower = 1.0 / safe(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = lower;
    for step in (1..STEPS).map(f64::from) {
        let even = step * (b - step) * x / ((a + 2.0 * step - 1.0) * (a + 2.0 * step));
        let odd = -(a + step) * (a + b + step) * x / ((a + 2.0 * step) * (a + 2.0 * step + 1.0));
        let mut change = 1.0;
        for part in [even, odd] {
            lower = 1.0 / safe(1.0 + part * lower);
            upper = safe(1.0 + part / upper);
            change = upper * lower;
            fraction *= change;
        }
        if (change - 1.0).abs() <= PRECISION {
            break;
        }
    }
    fraction
}

/// ln Γ(x) for x > 0: moved up by recurrence, then by Stirling's series.
fn ln_gamma(x: f64) -> f64 {
    let mut moved = 0.0;
    let mut large = x;
    while large < 15.0 {
        moved += large.ln();
        large += 1.0;
    }
    let inverse = 1.0 / large;
    let square = inverse * inverse;
    let series = inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square / 1680.0)));
    (large - 0.5) * large.ln() - large + 0.5 * (2.0 * PI).ln() + series - moved
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of tables.
    #[test]
    fn quantiles_are_those_of_tables() {
        let near = |value: f64, expected: f64| assert!((value - expected).abs() < 1e-9, "{value}");
        near(normal_quantile(0.975), 1.959_963_984_540_054);
        near(two_sided(1.959_963_984_540_054), 0.05);
        near(two_sided(5.0), 5.733_031_437_583_869e-7);
        near(student_quantile(0.975, 1.0), 12.706_204_736_174_7);
        near(student_quantile(0.975, 27.0), 2.051_830_516_480_28);
        near(student_quantile(0.025, 5.5), -student_quantile(0.975, 5.5));
    }

    #[test]
    fn probabilities_meet_in_the_middle() {
        assert!((normal(0.0) - 0.5).abs() < 1e-15 && (student(0.0, 3.0) - 0.5).abs() < 1e-12);
    }
}
