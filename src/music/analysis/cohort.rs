//! The index of a group of artists: how the group as a whole moves, whatever the size of its members.

use super::daily::Daily;
use super::statistics::{count, mean};
use jiff::civil::Date;

/// Fewer artists are no group.
pub const NEEDED_ARTISTS: usize = 3;

/// The index of a group by day: e to the mean, over the artists with data on the day, of how much ln(1 + x)
/// differs from the artist's own mean over all days. So each artist counts alike, and one who is missing on
/// a day moves nothing. None on days on which fewer than half of the artists have data.
pub fn index(artists: &[Daily], from: Date, to: Date) -> Daily {
    let relative: Vec<Daily> = artists
        .iter()
        .filter_map(|artist| {
            let logarithms = artist.between(from, to).logarithms();
            let own = mean(&logarithms.known())?;
            Some(logarithms.map(|_, value| Some(value - own)))
        })
        .collect();
    let on = |date: Date| {
        let values: Vec<f64> = relative.iter().filter_map(|artist| artist.on(date)).collect();
        let enough = values.len() * 2 >= relative.len();
        mean(&values).filter(|_| enough).map(f64::exp)
    };
    Daily { first: from, values: super::daily::days(from, to).map(on).collect() }
}

/// Whether an artist has data on three quarters of the days, so that the index may count on them.
pub fn is_covered(artist: &Daily, from: Date, to: Date) -> bool {
    let part = artist.between(from, to);
    count(part.days_with_data()) >= 0.75 * count(part.values.len()) && !part.values.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::analysis::daily::after;
    use jiff::civil::date;

    const FROM: Date = date(2026, 8, 1);

    fn artist(size: f64, missing: Option<usize>) -> Daily {
        let value = |day: usize| {
            let level = if day < 5 { size } else { 2.0 * size };
            (Some(day) != missing).then_some(level)
        };
        Daily { first: FROM, values: (0..10).map(value).collect() }
    }

    #[test]
    fn large_and_small_artists_count_alike_and_a_missing_day_moves_nothing() {
        let group = [artist(1e6, None), artist(1e4, Some(3)), artist(1e5, None)];
        let index = index(&group, FROM, after(FROM, 9));
        let ratio = index.values[9].zip(index.values[0]).map(|(now, then)| now / then);
        assert!(ratio.is_some_and(|ratio| (ratio - 2.0).abs() < 1e-3), "{ratio:?}");
        let steps: Vec<f64> = index.values[..5]
            .windows(2)
            .map(|pair| pair[1].unwrap_or(9.0) / pair[0].unwrap_or(1.0))
            .collect();
        assert!(steps.iter().all(|step| (step - 1.0).abs() < 0.05), "{steps:?}");
    }

    #[test]
    fn an_artist_of_a_few_days_is_not_covered() {
        assert!(is_covered(&artist(1.0, Some(3)), FROM, after(FROM, 9)));
        assert!(!is_covered(&artist(1.0, None), FROM, after(FROM, 30)));
    }
}
