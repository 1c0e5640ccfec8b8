//! Exponential smoothing after Holt and Winters, with a damped trend and a season that is added.

/// A season of a week.
pub const WEEK: usize = 7;

/// How quickly level, trend and season follow new values, and how long a trend lasts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// α: of the level, 0 to 1.
    pub level: f64,
    /// β: of the trend, 0 to 1.
    pub trend: f64,
    /// γ: of the season, 0 to 1.
    pub season: f64,
    /// φ: what is left of the trend after a step, 0 to 1.
    pub damping: f64,
}

/// Where the smoothing stands.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// The level.
    pub level: f64,
    /// The trend from step to step.
    pub trend: f64,
    /// What each of the next steps differs by, the next one first.
    pub season: Vec<f64>,
}

impl State {
    /// The usual beginning: the level is the mean of the first season, the trend the mean step between the
    /// first and the second season, the season what the first one differs by from its mean. None with
    /// fewer than two seasons.
    pub fn begin(values: &[f64], length: usize) -> Option<Self> {
        let (first, rest) = values.split_at_checked(length)?;
        let level = super::statistics::mean(first)?;
        let second = super::statistics::mean(rest.get(..length)?)?;
        let season = first.iter().map(|value| value - level).collect();
        Some(Self { level, trend: (second - level) / super::statistics::count(length), season })
    }

    /// What is expected `ahead` steps from here, from 1: level + (φ + … + φʰ) trend + season.
    pub fn expected(&self, ahead: usize, weights: Weights) -> f64 {
        let damped: f64 = std::iter::successors(Some(weights.damping), |power| Some(power * weights.damping))
            .take(ahead)
            .sum();
        let season = self.season.get((ahead.max(1) - 1) % self.season.len().max(1));
        self.level + damped * self.trend + season.copied().unwrap_or_default()
    }

    /// Moves on by a value, and tells by how much it was missed.
    ///
    /// With l and b from the step before: l' = α(x − s) + (1 − α)(l + φb); b' = β(l' − l) + (1 − β)φb;
    /// s' = γ(x − l − φb) + (1 − γ)s. The form of statsmodels' `ExponentialSmoothing`
    /// and, with αβ for the weight of the trend, of its `ETSModel`.
    pub fn advance(&mut self, value: f64, weights: Weights) -> f64 {
        let expected_level = self.level + weights.damping * self.trend;
        let season = self.season.first().copied().unwrap_or_default();
        let level = weights.level * (value - season) + (1.0 - weights.level) * expected_level;
        let damped = weights.damping * self.trend;
        self.trend = weights.trend * (level - self.level) + (1.0 - weights.trend) * damped;
        self.level = level;
        if let Some(next) = self.season.first_mut() {
            *next = weights.season * (value - expected_level) + (1.0 - weights.season) * season;
            self.season.rotate_left(1);
        }
        value - expected_level - season
    }

    /// Moves on by all values, and tells the sum of the squares by which they were missed.
    pub fn advance_all(&mut self, values: &[f64], weights: Weights) -> f64 {
        values.iter().map(|value| self.advance(*value, weights).powi(2)).sum()
    }
}

/// The state at the end of a series, and the weights with which it was reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The state.
    pub state: State,
    /// The weights.
    pub weights: Weights,
}

/// Smooths a series of days with the weights, among a few sensible ones, that miss least one step ahead.
/// None with fewer than two weeks.
pub fn fit(values: &[f64]) -> Option<Fit> {
    let begin = State::begin(values, WEEK)?;
    let fits = candidates().map(|weights| {
        let mut state = begin.clone();
        let missed = state.advance_all(values, weights);
        (missed, Fit { state, weights })
    });
    fits.min_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, fit)| fit)
}

/// The weights that are tried.
fn candidates() -> impl Iterator<Item = Weights> {
    let levels = [0.1, 0.25, 0.5, 0.75];
    let others = [(0.01, 0.05), (0.01, 0.2), (0.1, 0.05), (0.1, 0.2)];
    levels.into_iter().flat_map(move |level| {
        others.into_iter().flat_map(move |(trend, season)| {
            [0.85, 0.95].into_iter().map(move |damping| Weights { level, trend, season, damping })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEIGHTS: Weights = Weights { level: 0.3, trend: 0.1, season: 0.2, damping: 0.9 };

    #[test]
    fn a_week_that_repeats_is_expected_to_repeat() {
        let week = [5.0, 6.0, 7.0, 8.0, 9.0, 3.0, 4.0];
        let series: Vec<f64> = week.into_iter().cycle().take(70).collect();
        let fit = fit(&series).expect("ten weeks");
        for (ahead, value) in week.iter().enumerate() {
            assert!((fit.state.expected(ahead + 1, fit.weights) - value).abs() < 1e-9);
        }
    }

    #[test]
    fn a_trend_is_damped() {
        let state = State { level: 10.0, trend: 1.0, season: vec![0.0] };
        assert!((state.expected(1, WEIGHTS) - 10.9).abs() < 1e-12);
        assert!((state.expected(2, WEIGHTS) - 11.71).abs() < 1e-12);
        assert!(state.expected(1000, WEIGHTS) < 19.000_001);
    }

    #[test]
    fn a_week_is_too_little() {
        assert_eq!(fit(&[1.0; 13]), None);
    }
}
