//! How many albums streams count as in a chart.
//!
//! Billboard and Luminate: paid streams divided by one number, streams financed by advertising divided
//! by another, both dated. The units are not rounded before they are added.

/// How many streams count as one album.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratios {
    /// Paid streams.
    pub premium: f64,
    /// Streams financed by advertising.
    pub advertising: f64,
}

/// The album units that streams come to; none when a ratio is no positive number.
#[expect(clippy::cast_precision_loss, reason = "numbers of streams are far below 2^52")]
pub fn album_units(ratios: Ratios, premium: u64, advertising: u64) -> Option<f64> {
    let is_ratio = |ratio: f64| ratio.is_finite() && ratio > 0.0;
    (is_ratio(ratios.premium) && is_ratio(ratios.advertising))
        .then(|| premium as f64 / ratios.premium + advertising as f64 / ratios.advertising)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_of_each_by_the_old_and_the_new_ratios() {
        let units = |premium, advertising| {
            album_units(Ratios { premium, advertising }, 1_000_000, 1_000_000).expect("units")
        };
        assert!((units(1000.0, 2500.0) - 1400.0).abs() < 1e-9);
        assert!((units(1250.0, 3750.0) - 1_066.667).abs() < 1e-3);
    }

    #[test]
    fn without_ratios_there_are_no_units() {
        assert_eq!(album_units(Ratios { premium: 0.0, advertising: 1.0 }, 1, 1), None);
        assert_eq!(album_units(Ratios { premium: f64::NAN, advertising: 1.0 }, 1, 1), None);
    }
}
