//! Exact arithmetic with money: whole minor units (cents), never floating point.

/// All of something, in hundredths of a percent.
pub const WHOLE_BASIS_POINTS: u32 = 10_000;

/// A unit of a currency in millionths, in which exchange rates are written.
pub const MICROS: i64 = 1_000_000;

/// `amount` × `numerator` / `denominator`, rounded half away from zero as statements do; none where the
/// denominator is not positive or the result does not fit.
pub fn scaled(amount: i64, numerator: i64, denominator: i64) -> Option<i64> {
    if denominator <= 0 {
        return None;
    }
    let product = i128::from(amount) * i128::from(numerator);
    let denominator = i128::from(denominator);
    let rounded = (product.abs() + denominator / 2) / denominator * product.signum();
    i64::try_from(rounded).ok()
}

/// What an amount in minor units of a currency is worth in minor units of another, at a rate in millionths of a whole
/// unit for a whole unit; rounded half away from zero. The digits are those of both minor units, so that a hundred yen
/// are not taken for one dollar. None where it does not fit.
pub fn exchanged(amount: i64, rate_micros: i64, from_digits: u32, to_digits: u32) -> Option<i64> {
    let numerator = rate_micros.checked_mul(10_i64.checked_pow(to_digits)?)?;
    let denominator = MICROS.checked_mul(10_i64.checked_pow(from_digits)?)?;
    scaled(amount, numerator, denominator)
}

/// Divides an amount by weights so that the parts add up to it exactly: each part is rounded towards zero, and
/// the units that are left go to the largest remainders (Hamilton's method), of equal ones to the first.
/// None where there is no weight above zero.
pub fn divided(amount: i64, weights: &[u32]) -> Option<Vec<i64>> {
    let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if total == 0 {
        return None;
    }
    let size = i128::from(amount).abs();
    let products: Vec<i128> = weights.iter().map(|weight| size * i128::from(*weight)).collect();
    let mut parts: Vec<i128> = products.iter().map(|product| product / total).collect();
    let left = size - parts.iter().sum::<i128>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|place| std::cmp::Reverse(products[*place] % total));
    // Fewer units are left than there are weights above zero, so each of them gets one at most.
    for place in order.into_iter().take(usize::try_from(left).unwrap_or_default()) {
        parts[place] += 1;
    }
    let sign = i128::from(amount.signum());
    parts.into_iter().map(|part| i64::try_from(part * sign).ok()).collect()
}

/// How many digits the minor unit of a currency has (ISO 4217): two for most.
pub fn minor_digits(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND"
        | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// An amount as people read it: `USD 1,234.56`, below zero with a sign before the figures.
pub fn written(minor: i64, currency: &str) -> String {
    let digits = minor_digits(currency);
    let per_unit = 10_u64.pow(digits);
    let size = minor.unsigned_abs();
    let sign = if minor < 0 { "-" } else { "" };
    let whole = grouped(size / per_unit);
    if digits == 0 {
        return format!("{currency} {sign}{whole}");
    }
    let width = digits as usize;
    format!("{currency} {sign}{whole}.{:0>width$}", size % per_unit)
}

/// A number with commas between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_are_rounded_away_from_zero() {
        assert_eq!(scaled(5, 1, 10), Some(1));
        assert_eq!(scaled(-5, 1, 10), Some(-1));
        assert_eq!(scaled(4, 1, 10), Some(0));
        assert_eq!(scaled(1_234, 1_085_000, MICROS), Some(1_339));
        assert_eq!(scaled(1, 1, 0), None);
        assert_eq!(scaled(i64::MAX, 2, 1), None);
    }

    #[test]
    fn a_currency_without_cents_is_exchanged_by_whole_units() {
        // 10,000 yen at 0.0067 are 67 dollars, and 67 dollars at 149.253731 are 10,000 yen.
        assert_eq!(exchanged(10_000, 6_700, 0, 2), Some(6_700));
        assert_eq!(exchanged(6_700, 149_253_731, 2, 0), Some(10_000));
        assert_eq!(exchanged(1_234, 1_085_000, 2, 2), Some(1_339));
    }

    #[test]
    fn the_largest_remainder_gets_the_cent_that_is_left() {
        assert_eq!(divided(100, &[3_333, 3_333, 3_334]), Some(vec![33, 33, 34]));
        assert_eq!(divided(-100, &[1, 1, 1]), Some(vec![-34, -33, -33]));
        assert_eq!(divided(5, &[0, 1]), Some(vec![0, 5]));
        assert_eq!(divided(5, &[0, 0]), None);
        assert_eq!(divided(5, &[]), None);
    }

    #[test]
    fn amounts_are_written_as_people_read_them() {
        assert_eq!(written(123_456, "USD"), "USD 1,234.56");
        assert_eq!(written(-5, "EUR"), "EUR -0.05");
        assert_eq!(written(1_234_567, "JPY"), "JPY 1,234,567");
        assert_eq!(written(1_500, "KWD"), "KWD 1.500");
        assert_eq!(written(i64::MIN, "USD"), "USD -92,233,720,368,547,758.08");
    }

    proptest! {
        #[test]
        fn parts_add_up_and_no_part_is_a_unit_away_from_its_share(
            amount in any::<i64>(),
            weights in proptest::collection::vec(0_u32..=10_000, 1..12),
        ) {
            let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
            let parts = divided(amount, &weights);
            prop_assert_eq!(parts.is_none(), total == 0);
            let Some(parts) = parts else { return Ok(()) };
            prop_assert_eq!(parts.iter().map(|part| i128::from(*part)).sum::<i128>(), i128::from(amount));
            for (part, weight) in parts.iter().zip(&weights) {
                let distance = i128::from(*part) * total - i128::from(amount) * i128::from(*weight);
                prop_assert!(distance.abs() < total);
                prop_assert!(*weight > 0 || *part == 0);
            }
        }
    }
}
