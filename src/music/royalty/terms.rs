//! What contracts say about money: rates by place, store, channel and format, reserves, the least payment.
//!
//! The order in which rates are looked for is fixed:
//! 1. The agreement in force in the month of use that names rates or a reserve: one that names a least payment only
//!    leaves those to the others. Where several do, the one that began last; of those that began in the same month, the
//!    one whose name comes first.
//! 2. Of its rates that fit, the one that names the most of place, store, channel and format. Of as many: a territory
//!    before the European Union before a continent before no place; then one that names the store before one that names
//!    the channel before one that names the format; of two that name the same, a kind of streaming before streaming as a
//!    whole.
//! 3. Where none fits, or no agreement is in force, the rate of the account.
//!
//! Two rates of an agreement can be as narrow as each other for the same use only where they are for exactly the same;
//! that is refused. What a report leaves open fits only rates that leave it open, too.
//!
//! The least payment of a statement is that of the agreement in force in the month of its last day; of several that name
//! one, the one that began last. A balance below it is carried over to the next statement.

use super::exact::WHOLE_BASIS_POINTS;
use super::reserve::Reserve;
use super::usage::{Channel, Format, Store};
use crate::music::import::names;
use crate::music::territory::Region;

/// A rate and what it is for. What is left open holds for all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate {
    /// ISO 3166-1 alpha-2.
    pub territory: Option<String>,
    /// A group of territories, instead of one.
    pub region: Option<Region>,
    /// The store.
    pub store: Option<Store>,
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
        Self { territory: None, region: None, store: None, channel: None, format: None, basis_points }
    }

    /// What it is for, as people read it: `DE, physical, vinyl`, `EU, Spotify`, or `all`.
    pub fn scope(&self) -> String {
        let place = self.territory.as_deref().into_iter().chain(self.region.map(Region::words));
        let store = self.store.as_ref().map(Store::name);
        let channel = self.channel.map(Channel::words);
        let named: Vec<&str> = place.chain(store).chain(channel).chain(self.format.map(Format::id)).collect();
        if named.is_empty() { "all".to_owned() } else { named.join(", ") }
    }

    /// Whether it is for a use, at a store as it is compared.
    fn fits(&self, use_of: Use<'_>, store: &str) -> bool {
        self.territory.as_deref().is_none_or(|wanted| wanted == use_of.territory)
            && self.region.is_none_or(|wanted| wanted.holds(use_of.territory))
            && self.at_store().is_none_or(|wanted| wanted == store)
            && self.channel.is_none_or(|wanted| use_of.channel.is_some_and(|is| wanted.holds(is)))
            && self.format.is_none_or(|wanted| use_of.format == Some(wanted))
    }

    /// Its store as it is compared.
    fn at_store(&self) -> Option<&str> {
        self.store.as_ref().map(Store::compared)
    }

    /// How narrow it is: see the order above.
    fn narrowness(&self) -> (u8, u8, bool, bool, bool) {
        let place = match (&self.territory, self.region) {
            (Some(_), _) => 3,
            (None, Some(Region::Eu)) => 2,
            (None, Some(_)) => 1,
            (None, None) => 0,
        };
        let (has_store, has_channel) = (self.store.is_some(), self.channel.is_some());
        let named = [place > 0, has_store, has_channel, self.format.is_some()];
        let is_kind = self.channel.is_some_and(|channel| channel != Channel::Streaming);
        (named.iter().map(|is| u8::from(*is)).sum(), place, has_store, has_channel, is_kind)
    }

    fn names_the_same(&self, other: &Self) -> bool {
        (&self.territory, self.region, self.at_store(), self.channel, self.format)
            == (&other.territory, other.region, other.at_store(), other.channel, other.format)
    }
}

/// Where and how a recording was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use<'a> {
    /// The territory.
    pub territory: &'a str,
    /// The store, as the report has it.
    pub store: &'a str,
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
    /// The least that is paid out, in minor units of the account's currency; none where it names none.
    pub least_payment: Option<i64>,
}

impl Agreement {
    fn is_in_force(&self, month: &str) -> bool {
        self.from.as_deref().is_none_or(|from| from <= month)
            && self.to.as_deref().is_none_or(|to| month <= to)
    }

    /// Whether it says what is credited or held back.
    fn has_rates_or_reserve(&self) -> bool {
        !self.rates.is_empty() || self.reserve.is_some()
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
    #[error("two rates of {agreement} are for the same, {scope}; keep one of them")]
    Twice {
        /// The agreement.
        agreement: String,
        /// What both are for.
        scope: String,
    },
    /// A payment cannot have to be more than a sum below zero.
    #[error("the least payment cannot be below zero")]
    LeastPayment,
}

impl Terms {
    /// Checks the terms. The rate of the account (in hundredths of a percent) and the least payment (minor units) hold
    /// where no agreement says anything; less than the least payment is carried over instead of being paid.
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
            let is_twice =
                |(place, rate): &(usize, &Rate)| rates[..*place].iter().any(|r| r.names_the_same(rate));
            if let Some((_, rate)) = rates.iter().enumerate().find(is_twice) {
                return Err(TermsError::Twice { agreement: name.clone(), scope: rate.scope() });
            }
        }
        let least = agreements.iter().filter_map(|agreement| agreement.least_payment);
        if least.chain([least_payment]).any(|least| least < 0) {
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
        // Those without rates stay without, so that the same agreement is looked at as before.
        let with_rate = |agreement: &Agreement| {
            let rates = agreement.rates.first().map(|_| Rate::of_all(basis_points)).into_iter().collect();
            Agreement { rates, ..agreement.clone() }
        };
        let agreements = self.agreements.iter().map(with_rate).collect();
        Self::new(agreements, Some(basis_points), self.least_payment)
    }

    /// What applies to a use in a month; none where neither an agreement nor the account says anything of it.
    pub fn rule(&self, month: &str, use_of: Use<'_>) -> Option<Rule<'_>> {
        let mut in_force = self.agreements.iter().filter(|agreement| agreement.is_in_force(month));
        let agreement = in_force.find(|agreement| agreement.has_rates_or_reserve());
        let rates = agreement.into_iter().flat_map(|agreement| &agreement.rates);
        let store = names::store(use_of.store);
        let narrowest = rates.filter(|rate| rate.fits(use_of, &store)).max_by_key(|rate| rate.narrowness());
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

    /// The least that is paid out by a statement whose last day is in a month, in minor units.
    pub fn least_payment(&self, month: &str) -> i64 {
        let mut in_force = self.agreements.iter().filter(|agreement| agreement.is_in_force(month));
        in_force.find_map(|agreement| agreement.least_payment).unwrap_or(self.least_payment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rate(
        territory: Option<&str>,
        channel: Option<Channel>,
        format: Option<Format>,
        basis_points: u32,
    ) -> Rate {
        Rate { territory: territory.map(str::to_owned), channel, format, ..Rate::of_all(basis_points) }
    }

    fn agreement(name: &str, from: Option<&str>, to: Option<&str>, rates: Vec<Rate>) -> Agreement {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let (from, to) = (owned(from), owned(to));
        Agreement { name: name.to_owned(), from, to, rates, reserve: None, least_payment: None }
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
            let rule = terms.rule("2026-09", Use { territory, store: "", channel, format });
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
    fn a_country_comes_before_the_union_before_a_continent_and_a_store_before_a_channel() {
        let region = |region, points| Rate { region: Some(region), ..Rate::of_all(points) };
        let spotify = |points| Rate { store: Some(Store::named("Spotify")), ..Rate::of_all(points) };
        let streaming = Some(Channel::Streaming);
        let rates = vec![
            region(Region::Europe, 1_000),
            region(Region::Eu, 1_100),
            rate(Some("DE"), None, None, 1_200),
            spotify(1_300),
            rate(None, streaming, None, 1_400),
            Rate { region: Some(Region::Europe), ..spotify(1_500) },
        ];
        let terms = Terms::new(vec![agreement("a", None, None, rates)], Some(1), 0).expect("terms");
        let points = |territory, store, channel| {
            let rule = terms.rule("2026-09", Use { territory, store, channel, format: None });
            rule.map(|rule| rule.rate.basis_points)
        };
        assert_eq!(points("NO", "Deezer", None), Some(1_000));
        assert_eq!(points("FR", "Deezer", streaming), Some(1_100), "the place before the channel");
        assert_eq!(points("DE", "Deezer", None), Some(1_200));
        assert_eq!(points("US", "spotify", streaming), Some(1_300), "the store before the channel");
        assert_eq!(points("US", "Deezer", streaming), Some(1_400));
        assert_eq!(points("DE", "Spotify", streaming), Some(1_500), "the most that is named");
        assert_eq!(points("US", "Deezer", None), Some(1), "the account");
    }

    #[test]
    fn the_least_payment_is_that_of_the_agreement_in_force_on_the_last_day() {
        let least = |name, from, to, least_payment| Agreement {
            least_payment,
            ..agreement(name, from, to, vec![Rate::of_all(1)])
        };
        let old = least("old", Some("2020-01"), None, Some(5_000));
        let new = least("new", Some("2026-01"), Some("2026-06"), Some(2_000));
        let silent = least("silent", Some("2026-05"), None, None);
        let terms = Terms::new(vec![old, new, silent], None, 7).expect("terms");
        let months = ["2019-12", "2025-12", "2026-01", "2026-06", "2026-07"];
        assert_eq!(months.map(|month| terms.least_payment(month)), [7, 5_000, 2_000, 2_000, 5_000]);
    }

    #[test]
    fn the_agreement_in_force_that_began_last_is_looked_at_and_then_the_account() {
        let old = agreement("old", Some("2020-01"), None, vec![rate(None, None, None, 1_000)]);
        let new =
            agreement("new", Some("2026-01"), Some("2026-06"), vec![rate(Some("JP"), None, None, 2_000)]);
        let terms = Terms::new(vec![old, new], Some(1_800), 0).expect("terms");
        let applied = |month, territory| {
            let rule = terms.rule(month, Use { territory, store: "", channel: None, format: None });
            rule.map(|rule| (rule.agreement, rule.rate.basis_points))
        };
        assert_eq!(applied("2019-12", "JP"), Some((None, 1_800)));
        assert_eq!(applied("2025-12", "JP"), Some((Some("old"), 1_000)));
        assert_eq!(applied("2026-01", "JP"), Some((Some("new"), 2_000)));
        assert_eq!(applied("2026-01", "DE"), Some((None, 1_800)), "agreements are not mixed");
        assert_eq!(applied("2026-07", "JP"), Some((Some("old"), 1_000)));
    }

    #[test]
    fn an_agreement_that_names_a_least_payment_only_leaves_the_rates_to_the_one_before() {
        let old = agreement("old", Some("2020-01"), None, vec![Rate::of_all(2_500)]);
        let silent = agreement("amendment", Some("2024-01"), None, Vec::new());
        let amendment = Agreement { least_payment: Some(5_000), ..silent };
        let terms = Terms::new(vec![old, amendment], Some(1_800), 0).expect("terms");
        let applied = |terms: &Terms| {
            let use_of = Use { territory: "NO", store: "", channel: None, format: None };
            terms.rule("2026-09", use_of).map(|rule| rule.rate.basis_points)
        };
        assert_eq!((applied(&terms), terms.least_payment("2026-09")), (Some(2_500), 5_000));
        assert_eq!(applied(&terms.with_one_rate(3_000).expect("terms")), Some(3_000));
    }

    #[test]
    fn terms_that_cannot_be_are_refused() {
        assert_eq!(Terms::new(Vec::new(), Some(10_001), 0), Err(TermsError::TooMuch(10_001)));
        let twice = agreement("a", None, None, vec![Rate::of_all(1), Rate::of_all(2)]);
        let refused = Terms::new(vec![twice], None, 0).expect_err("two of a kind");
        assert_eq!(refused.to_string(), "two rates of a are for the same, all; keep one of them");
        // The same store by another name.
        let apple = |name, points| Rate { store: Some(Store::named(name)), ..Rate::of_all(points) };
        let twice = agreement("a", None, None, vec![apple("Apple", 1), apple("Apple Music", 2)]);
        assert!(matches!(Terms::new(vec![twice], None, 0), Err(TermsError::Twice { .. })));
        assert_eq!(Terms::new(Vec::new(), None, -1), Err(TermsError::LeastPayment));
    }

    fn any_rates() -> impl Strategy<Value = Vec<Rate>> {
        let regions = [Region::Eu, Region::Europe, Region::Asia];
        let place = prop_oneof![
            Just((None::<String>, None::<Region>)),
            prop::sample::select(vec!["DE", "NO", "JP"])
                .prop_map(|code| (Some(code.to_owned()), None::<Region>)),
            prop::sample::select(regions.to_vec()).prop_map(|region| (None::<String>, Some(region))),
        ];
        let store = prop::option::of(prop::sample::select(vec!["Spotify", "spotify", "Deezer"]));
        let channel = prop::option::of(prop::sample::select(Channel::ALL.to_vec()));
        let format = prop::option::of(prop::sample::select(vec![Format::Track, Format::Vinyl]));
        let rate = (place, store, channel, format, 0_u32..=10_000).prop_map(
            |((territory, region), store, channel, format, basis_points)| Rate {
                territory,
                region,
                store: store.map(Store::named),
                channel,
                format,
                basis_points,
            },
        );
        proptest::collection::vec(rate, 0..40)
    }

    proptest! {
        #[test]
        fn what_is_kept_has_one_narrowest_rate_for_each_use_in_whatever_order_it_was_entered(
            all in any_rates(),
            territory in prop::sample::select(vec!["DE", "NO", "JP", "ZZ"]),
            store in prop::sample::select(vec!["Spotify", "Deezer", ""]),
            channel in prop::option::of(prop::sample::select(Channel::ALL.to_vec())),
            format in prop::option::of(prop::sample::select(vec![Format::Track, Format::Vinyl])),
        ) {
            let mut rates: Vec<Rate> = Vec::new();
            for rate in all {
                if !rates.iter().any(|known| known.names_the_same(&rate)) {
                    rates.push(rate);
                }
            }
            let use_of = Use { territory, store, channel, format };
            let fitting = rates.iter().filter(|rate| rate.fits(use_of, &names::store(store)));
            let mut narrow: Vec<_> = fitting.map(Rate::narrowness).collect();
            let count = narrow.len();
            narrow.sort_unstable();
            narrow.dedup();
            prop_assert_eq!(narrow.len(), count, "no two are as narrow as each other");
            let turned = rates.iter().rev().cloned().collect();
            let terms = |rates| Terms::new(vec![agreement("a", None, None, rates)], Some(1), 0).expect("terms");
            let points = |terms: &Terms| terms.rule("2026-09", use_of).map(|rule| rule.rate.basis_points);
            prop_assert_eq!(points(&terms(rates)), points(&terms(turned)));
        }
    }
}
