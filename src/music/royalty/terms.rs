//! What a contract says about money: rates by territory, channel and format, reserves, the least payment.

use super::exact::WHOLE_BASIS_POINTS;

/// A rate and what it is for. What is left open holds for all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// ISO 3166-1 alpha-2.
    pub territory: Option<String>,
    /// The store or channel.
    pub channel: Option<String>,
    /// Stream, download, vinyl and the like.
    pub format: Option<String>,
    /// The part of receipts that is credited, in hundredths of a percent.
    pub basis_points: u32,
}

impl Rate {
    /// One rate for all.
    pub fn of_all(basis_points: u32) -> Self {
        Self { territory: None, channel: None, format: None, basis_points }
    }

    fn fits(&self, use_of: Use<'_>) -> bool {
        let fits = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|wanted| wanted == is);
        fits(&self.territory, use_of.territory)
            && fits(&self.channel, use_of.channel)
            && fits(&self.format, use_of.format)
    }

    /// How narrow it is: the more is named, the narrower; of as many, the territory, then the channel.
    fn narrowness(&self) -> (u8, bool, bool) {
        let named = [self.territory.is_some(), self.channel.is_some(), self.format.is_some()];
        (named.iter().map(|is| u8::from(*is)).sum(), named[0], named[1])
    }

    fn names_the_same(&self, other: &Self) -> bool {
        (&self.territory, &self.channel, &self.format) == (&other.territory, &other.channel, &other.format)
    }
}

/// Where and how a recording was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use<'a> {
    /// The territory.
    pub territory: &'a str,
    /// The store or channel.
    pub channel: &'a str,
    /// The format.
    pub format: &'a str,
}

/// The terms of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    rates: Vec<Rate>,
    reserve_basis_points: u32,
    least_payment: i64,
}

/// Why terms cannot be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// A rate or reserve is more than everything.
    #[error("{0} basis points are more than the whole of {WHOLE_BASIS_POINTS}")]
    TooMuch(u32),
    /// Two rates are for exactly the same.
    #[error("two rates are for the same territory, channel and format; keep one of them")]
    Twice,
    /// A payment cannot have to be more than a sum below zero.
    #[error("the least payment cannot be below zero")]
    LeastPayment,
}

impl Terms {
    /// Checks the terms. The reserve is the part of royalties that is held back, in hundredths of a percent; less
    /// than the least payment (minor units) is carried forward instead of being paid.
    ///
    /// # Errors
    /// When a part is more than the whole, two rates are for the same, or the least payment is below zero.
    pub fn new(rates: Vec<Rate>, reserve_basis_points: u32, least_payment: i64) -> Result<Self, TermsError> {
        let parts = rates.iter().map(|rate| rate.basis_points).chain([reserve_basis_points]);
        if let Some(part) = parts.into_iter().find(|part| *part > WHOLE_BASIS_POINTS) {
            return Err(TermsError::TooMuch(part));
        }
        let twice = |(place, rate): (usize, &Rate)| rates[..place].iter().any(|r| r.names_the_same(rate));
        if rates.iter().enumerate().any(twice) {
            return Err(TermsError::Twice);
        }
        if least_payment < 0 {
            return Err(TermsError::LeastPayment);
        }
        Ok(Self { rates, reserve_basis_points, least_payment })
    }

    /// The rate of a use: the narrowest that fits; none where the contract says nothing of it.
    pub fn rate(&self, use_of: Use<'_>) -> Option<&Rate> {
        self.rates.iter().filter(|rate| rate.fits(use_of)).max_by_key(|rate| rate.narrowness())
    }

    /// The part of royalties that is held back, in hundredths of a percent.
    pub fn reserve_basis_points(&self) -> u32 {
        self.reserve_basis_points
    }

    /// The least that is paid out, in minor units.
    pub fn least_payment(&self) -> i64 {
        self.least_payment
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(territory: Option<&str>, channel: Option<&str>, basis_points: u32) -> Rate {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Rate { territory: owned(territory), channel: owned(channel), format: None, basis_points }
    }

    fn of<'a>(territory: &'a str, channel: &'a str) -> Use<'a> {
        Use { territory, channel, format: "stream" }
    }

    #[test]
    fn the_narrower_rate_wins() {
        let rates = vec![
            rate(None, None, 1_500),
            rate(Some("JP"), None, 1_000),
            rate(None, Some("spotify"), 2_000),
            rate(Some("JP"), Some("spotify"), 800),
        ];
        let terms = Terms::new(rates, 0, 0).expect("terms");
        let points = |use_of| terms.rate(use_of).map(|rate| rate.basis_points);
        assert_eq!(points(of("DE", "appleMusic")), Some(1_500));
        assert_eq!(points(of("JP", "appleMusic")), Some(1_000));
        assert_eq!(points(of("DE", "spotify")), Some(2_000));
        assert_eq!(points(of("JP", "spotify")), Some(800));
        let only_japan = Terms::new(vec![rate(Some("JP"), None, 1_000)], 0, 0).expect("terms");
        assert_eq!(only_japan.rate(of("DE", "spotify")), None);
    }

    #[test]
    fn terms_that_cannot_be_are_refused() {
        assert_eq!(Terms::new(vec![Rate::of_all(10_001)], 0, 0), Err(TermsError::TooMuch(10_001)));
        let twice = vec![Rate::of_all(1), Rate::of_all(2)];
        assert_eq!(Terms::new(twice, 0, 0), Err(TermsError::Twice));
        assert_eq!(Terms::new(Vec::new(), 0, -1), Err(TermsError::LeastPayment));
    }
}
