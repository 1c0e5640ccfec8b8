//! Order statistics, ranks and autocorrelation of plain numbers.

/// Makes a median absolute deviation comparable with a standard deviation of the normal distribution:
/// 1 / Φ⁻¹(3/4), as usually rounded.
pub const MAD_TO_DEVIATION: f64 = 1.4826;

/// A count to calculate with.
#[expect(clippy::cast_precision_loss, reason = "series have far fewer than 2^53 values")]
pub fn count(number: usize) -> f64 {
    number as f64
}

/// The whole number nearest to a position; nought for what is below it or no number.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of floats saturates")]
pub(super) fn position(number: f64) -> usize {
    number.round_ties_even() as usize
}

/// The arithmetic mean; none of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / count(values.len()))
}

/// The median: of an even number, the mean of the middle two. None of nothing.
pub fn median(values: &[f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// The quantile at `part` (0 to 1), linear between neighbours: type 7 of Hyndman and Fan, which is what
/// numpy and R do unless told otherwise. None of nothing.
pub fn quantile(values: &[f64], part: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    quantile_of_sorted(&sorted, part)
}

/// The same of values that are in order.
pub(super) fn quantile_of_sorted(sorted: &[f64], part: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = part.clamp(0.0, 1.0) * count(last);
    let below = position(place.floor());
    let (low, high) = (sorted[below], sorted[(below + 1).min(last)]);
    Some(low + (high - low) * (place - place.floor()))
}

/// The median absolute deviation from the median. None of nothing.
pub fn median_absolute_deviation(values: &[f64]) -> Option<f64> {
    let middle = median(values)?;
    let deviations: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    median(&deviations)
}

/// Ranks from 1; equal values share the mean of their ranks.
pub fn ranks(values: &[f64]) -> Vec<f64> {
    let values = &with_one_nought(values);
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|one, other| values[*one].total_cmp(&values[*other]));
    let mut ranks = vec![0.0; values.len()];
    for group in order.chunk_by(|one, other| values[*one].total_cmp(&values[*other]).is_eq()) {
        let below = values_below(values, values[group[0]]);
        for place in group {
            ranks[*place] = count(below) + f64::midpoint(count(group.len()), 1.0);
        }
    }
    ranks
}

/// The values with −0 as 0, which a total order tells apart.
fn with_one_nought(values: &[f64]) -> Vec<f64> {
    values.iter().map(|value| value + 0.0).collect()
}

fn values_below(values: &[f64], limit: f64) -> usize {
    values.iter().filter(|value| value.total_cmp(&limit).is_lt()).count()
}

/// The sizes of the groups of equal values that have more than one member.
pub(super) fn ties(values: &[f64]) -> Vec<usize> {
    let mut sorted = with_one_nought(values);
    sorted.sort_by(f64::total_cmp);
    let groups = sorted.chunk_by(|one, other| one.total_cmp(other).is_eq());
    groups.map(<[f64]>::len).filter(|members| *members > 1).collect()
}

/// Autocorrelations at lags 0, 1, …, each divided by the whole length (the biased form, which is that of
/// Box and Jenkins). Noughts beyond lag 0 where all values are equal.
pub fn autocorrelations(values: &[f64], lags: usize) -> Vec<f64> {
    let middle = mean(values).unwrap_or_default();
    let centred: Vec<f64> = values.iter().map(|value| value - middle).collect();
    let at = |lag: usize| -> f64 { centred.iter().zip(centred.iter().skip(lag)).map(|(a, b)| a * b).sum() };
    let power = at(0);
    let lags = 0..=lags.min(values.len().saturating_sub(1));
    lags.map(|lag| match (lag, power > 0.0) {
        (0, _) => 1.0,
        (_, true) => at(lag) / power,
        (_, false) => 0.0,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_linear_between_neighbours() {
        let values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!(median(&values), Some(2.5));
        assert_eq!(quantile(&values, 0.1), Some(1.3));
        assert_eq!((quantile(&values, 0.0), quantile(&values, 1.0)), (Some(1.0), Some(4.0)));
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn equal_values_share_their_rank() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
        assert_eq!(ties(&[3.0, 1.0, 3.0, 2.0, 1.0, 3.0]), [2, 3]);
        assert_eq!((ranks(&[0.0, -0.0]), ties(&[0.0, -0.0])), (vec![1.5, 1.5], vec![2]));
    }

    #[test]
    fn a_series_without_movement_has_no_memory() {
        assert_eq!(autocorrelations(&[2.0; 4], 2), [1.0, 0.0, 0.0]);
        assert_eq!(autocorrelations(&[1.0, -1.0, 1.0, -1.0], 1), [1.0, -0.75]);
    }
}
