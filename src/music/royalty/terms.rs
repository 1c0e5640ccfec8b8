//! What contracts say about money: rates by territory, channel and format, reserves, the least payment.
//!
//! The order in which rates are looked for is fixed:
//! 1. The agreement in force in the month of use. Where several are, the one that began last; of those that began in
//!    the same month, the one whose name comes first.
//! 2. Of its rates that fit, the one that names the most of territory, channel and format. Of as many: one that names
//!    the territory before one that names the channel before one that names the format; of two that name the same,
//!    a kind of streaming before streaming as a whole.
//! 3. Where none fits, or no agreement is in force, the rate of the account.
//!
//! What a report leaves open fits only rates that leave it open, too.

use super::exact::WHOLE_BASIS_POINTS;
use super::reserve::Reserve;
use super::usage::{Channel, Format};

/// A rate and what it is for. What is left open holds for all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate {
    /// ISO 3166-1 alpha-2.
    pub territory: Option<String>,
    /// Streaming, downloads and the like.
    pub channel: Option<Channel>,
    /// Vinyl, album and the like.
    pub format: Option<Format>,
    /// The part of receipts that is credited, in hundredths of a percent.
    pub basis_points: u32,
}

impl Rate {
    /// One rate for all.
    pub fn of_all(basis_points: u32) -> Self {
        Self { territory: None, channel: None, format: None, basis_points }
    }

    /// What it is for, as people read it: `DE, physical, vinyl`, or `all`.
    pub fn scope(&self) -> String {
        let channel = self.channel.map(Channel::words);
        let format = self.format.map(Format::id);
        let named: Vec<&str> = self.territory.as_deref().into_iter().chain(channel).chain(format).collect();
        if named.is_empty() { "all".to_owned() } else { named.join(", ") }
    }

    fn fits(&self, use_of: Use<'_>) -> bool {
        self.territory.as_deref().is_none_or(|wanted| wanted == use_of.territory)
            && self.channel.is_none_or(|wanted| use_of.channel.is_some_and(|is| wanted.holds(is)))
            && self.format.is_none_or(|wanted| use_of.format == Some(wanted))
    }

    /// How narrow it is: see the order above.
    fn narrowness(&self) -> (u8, bool, bool, bool) {
        let named = [self.territory.is_some(), self.channel.is_some(), self.format.is_some()];
        let is_kind = self.channel.is_some_and(|channel| channel != Channel::Streaming);
        (named.iter().map(|is| u8::from(*is)).sum(), named[0], named[1], is_kind)
    }

    fn names_the_same(&self, other: &Self) -> bool {
        (&self.territory, self.channel, self.format) == (&other.territory, other.channel, other.format)
    }
}

/// Where and how a recording was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use<'a> {
    /// The territory.
    pub territory: &'a str,
    /// The channel; none where the report does not say.
    pub channel: Option<Channel>,
    /// The format; none where the report does not say.
    pub format: Option<Format>,
}

/// What one contract says, and in which months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// What it is called.
    pub name: String,
    /// The first month of use, such as `2026-09`; none where it always was.
    pub from: Option<String>,
    /// The last month of use; none where it has no end.
    pub to: Option<String>,
    /// The rates.
    pub rates: Vec<Rate>,
    /// What is held back; none where nothing is.
    pub reserve: Option<Reserve>,
}

impl Agreement {
    fn is_in_force(&self, month: &str) -> bool {
        self.from.as_deref().is_none_or(|from| from <= month)
            && self.to.as_deref().is_none_or(|to| month <= to)
    }
}

/// What applies to a use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule<'a> {
    /// The agreement whose rate it is; none of the rate of the account.
    pub agreement: Option<&'a str>,
    /// The rate.
    pub rate: &'a Rate,
    /// What is held back of it.
    pub reserve: Option<&'a Reserve>,
}

/// The terms of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// In the order in which they are looked at.
    agreements: Vec<Agreement>,
    account: Option<Rate>,
    least_payment: i64,
}

/// Why terms cannot be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// A rate is more than everything.
    #[error("{0} basis points are more than the whole of {WHOLE_BASIS_POINTS}")]
    TooMuch(u32),
    /// Two rates are for exactly the same.
    #[error("two rates of {0} are for the same territory, channel and format; keep one of them")]
    Twice(String),
    /// A payment cannot have to be more than a sum below zero.
    #[error("the least payment cannot be below zero")]
    LeastPayment,
}

impl Terms {
    /// Checks the terms. The rate of the account (in hundredths of a percent) holds where no agreement says anything;
    /// less than the least payment (minor units) is carried forward instead of being paid.
    ///
    /// # Errors
    /// When a rate is more than the whole, two rates of an agreement are for the same, or the least payment is below
    /// zero.
    pub fn new(
        mut agreements: Vec<Agreement>,
        account_basis_points: Option<u32>,
        least_payment: i64,
    ) -> Result<Self, TermsError> {
        let rates = agreements.iter().flat_map(|agreement| &agreement.rates).map(|rate| rate.basis_points);
        if let Some(part) = rates.chain(account_basis_points).find(|part| *part > WHOLE_BASIS_POINTS) {
            return Err(TermsError::TooMuch(part));
        }
        for Agreement { name, rates, .. } in &agreements {
            let twice = |(place, rate): (usize, &Rate)| rates[..place].iter().any(|r| r.names_the_same(rate));
            if rates.iter().enumerate().any(twice) {
                return Err(TermsError::Twice(name.clone()));
            }
        }
        if least_payment < 0 {
            return Err(TermsError::LeastPayment);
        }
        agreements.sort_by(|a, b| b.from.cmp(&a.from).then_with(|| a.name.cmp(&b.name)));
        Ok(Self { agreements, account: account_basis_points.map(Rate::of_all), least_payment })
    }

    /// The same with one rate for all, whatever the agreements say; what they hold back stays.
    ///
    /// # Errors
    /// When the rate is more than the whole.
    pub fn with_one_rate(&self, basis_points: u32) -> Result<Self, TermsError> {
        let without_rates = |agreement: &Agreement| Agreement { rates: Vec::new(), ..agreement.clone() };
        let agreements = self.agreements.iter().map(without_rates).collect();
        Self::new(agreements, Some(basis_points), self.least_payment)
    }

    /// What applies to a use in a month; none where neither an agreement nor the account says anything of it.
    pub fn rule(&self, month: &str, use_of: Use<'_>) -> Option<Rule<'_>> {
        let agreement = self.agreements.iter().find(|agreement| agreement.is_in_force(month));
        let rates = agreement.into_iter().flat_map(|agreement| &agreement.rates);
        let narrowest = rates.filter(|rate| rate.fits(use_of)).max_by_key(|rate| rate.narrowness());
        let reserve = agreement.and_then(|agreement| agreement.reserve.as_ref());
        Some(Rule {
            agreement: agreement.filter(|_| narrowest.is_some()).map(|agreement| agreement.name.as_str()),
            rate: narrowest.or(self.account.as_ref())?,
            reserve: reserve.filter(|reserve| reserve.is_held_on(use_of.channel)),
        })
    }

    /// The agreements, in the order in which they are looked at.
    pub fn agreements(&self) -> &[Agreement] {
        &self.agreements
    }

    /// The least that is paid out, in minor units.
    pub fn least_payment(&self) -> i64 {
        self.least_payment
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(
        territory: Option<&str>,
        channel: Option<Channel>,
        format: Option<Format>,
        basis_points: u32,
    ) -> Rate {
        Rate { territory: territory.map(str::to_owned), channel, format, basis_points }
    }

    fn agreement(name: &str, from: Option<&str>, to: Option<&str>, rates: Vec<Rate>) -> Agreement {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Agreement { name: name.to_owned(), from: owned(from), to: owned(to), rates, reserve: None }
    }

    #[test]
    fn the_narrower_rate_wins_in_the_order_that_is_written_down() {
        let (paid, any) = (Some(Channel::StreamingSubscription), Some(Channel::Streaming));
        let (physical, vinyl) = (Some(Channel::Physical), Some(Format::Vinyl));
        let rates = vec![
            rate(None, None, None, 1_500),
            rate(Some("JP"), None, None, 1_000),
            rate(None, any, None, 2_000),
            rate(None, paid, None, 2_200),
            rate(None, None, vinyl, 1_100),
            rate(Some("JP"), None, vinyl, 900),
            rate(None, physical, vinyl, 1_200),
            rate(Some("DE"), physical, vinyl, 1_300),
        ];
        let terms = Terms::new(vec![agreement("a", None, None, rates)], Some(1), 0).expect("terms");
        let points = |territory, channel, format| {
            let rule = terms.rule("2026-09", Use { territory, channel, format });
            rule.map(|rule| rule.rate.basis_points)
        };
        assert_eq!(points("NO", None, None), Some(1_500), "what is left open has the rate for all");
        assert_eq!(points("NO", any, None), Some(2_000));
        assert_eq!(points("NO", Some(Channel::StreamingAdFunded), None), Some(2_000));
        assert_eq!(points("NO", paid, None), Some(2_200), "a kind of streaming before streaming");
        assert_eq!(points("JP", paid, None), Some(1_000), "the territory before the channel");
        assert_eq!(points("NO", None, vinyl), Some(1_100));
        assert_eq!(points("NO", physical, vinyl), Some(1_200));
        assert_eq!(
            points("JP", physical, vinyl),
            Some(900),
            "territory and format before channel and format"
        );
        assert_eq!(points("DE", physical, vinyl), Some(1_300), "the most that is named");
    }

    #[test]
    fn the_agreement_in_force_that_began_last_is_looked_at_and_then_the_account() {
        let old = agreement("old", Some("2020-01"), None, vec![rate(None, None, None, 1_000)]);
        let new =
            agreement("new", Some("2026-01"), Some("2026-06"), vec![rate(Some("JP"), None, None, 2_000)]);
        let terms = Terms::new(vec![old, new], Some(1_800), 0).expect("terms");
        let applied = |month, territory| {
            let rule = terms.rule(month, Use { territory, channel: None, format: None });
            rule.map(|rule| (rule.agreement, rule.rate.basis_points))
        };
        assert_eq!(applied("2019-12", "JP"), Some((None, 1_800)));
        assert_eq!(applied("2025-12", "JP"), Some((Some("old"), 1_000)));
        assert_eq!(applied("2026-01", "JP"), Some((Some("new"), 2_000)));
        assert_eq!(applied("2026-01", "DE"), Some((None, 1_800)), "agreements are not mixed");
        assert_eq!(applied("2026-07", "JP"), Some((Some("old"), 1_000)));
    }

    #[test]
    fn terms_that_cannot_be_are_refused() {
        assert_eq!(Terms::new(Vec::new(), Some(10_001), 0), Err(TermsError::TooMuch(10_001)));
        let twice = agreement("a", None, None, vec![Rate::of_all(1), Rate::of_all(2)]);
        assert_eq!(Terms::new(vec![twice], None, 0), Err(TermsError::Twice("a".to_owned())));
        assert_eq!(Terms::new(Vec::new(), None, -1), Err(TermsError::LeastPayment));
    }
}
