//! What the contracts of an artist say about royalties, as the arithmetic of statements has it.

use super::ledger::Account;
use crate::engine::catalog::contracts::KeptTerms;
use crate::engine::catalog::{CatalogError, ownership};
use crate::engine::config::BucketRole;
use crate::engine::tools::ToolError;
use crate::model::contract::ContractTerms;
use crate::model::field::FieldError;
use crate::model::identifier::ArtistId;
use crate::model::royalty_terms::{ReserveTerms, RoyaltyRate};
use crate::music::royalty::exact::minor_digits;
use crate::music::royalty::reserve::Reserve;
use crate::music::royalty::terms::{Agreement, Rate, Terms};
use crate::music::royalty::usage::{Channel, Format, Store};
use crate::music::territory::Region;
use jiff::civil::Date;

/// The terms of an account: what the contracts in the artist's folder say, and the account's rate for all else. Where no
/// contract names a least payment, there is none: the ledger knows none.
pub(super) fn of(kept: &[KeptTerms], artist: &ArtistId, account: &Account) -> Result<Terms, ToolError> {
    let own = kept.iter().filter(|kept| {
        ownership::by_name(Some(BucketRole::Contracts), file_name(kept)) == Some(artist.as_str())
    });
    let agreements = own
        .filter_map(|kept| agreement(kept, &account.currency).transpose())
        .collect::<Result<_, ToolError>>()?;
    Terms::new(agreements, Some(account.rate_basis_points), 0).map_err(|error| {
        ToolError::NotAvailable(format!(
            "The statement cannot be worked out: {error}. Correct it on the page of the contract."
        ))
    })
}

/// The file of a contract, without its bucket.
fn file_name(kept: &KeptTerms) -> &str {
    kept.contract.split_once('/').map_or("", |(_, file_name)| file_name)
}

/// Checks what a contract says before it is kept, as statements will read it: two rates may not be for the same, also
/// where they name one store differently.
///
/// # Errors
/// What is wrong with its rates.
pub(in crate::engine::tools) fn check(terms: &ContractTerms) -> Result<(), Vec<FieldError>> {
    let wrong = |message: String| vec![FieldError::new("royaltyRates", message)];
    let agreement = read("this contract", terms, "USD").map_err(wrong)?;
    Terms::new(agreement.into_iter().collect(), None, 0).map(|_| ()).map_err(|error| wrong(error.to_string()))
}

/// What a contract says about royalties; none where it says nothing of them.
fn agreement(kept: &KeptTerms, currency: &str) -> Result<Option<Agreement>, ToolError> {
    read(file_name(kept), &kept.terms, currency).map_err(|detail| {
        ToolError::Catalog(CatalogError::Unreadable {
            what: "terms of contract",
            id: kept.contract.clone(),
            detail,
        })
    })
}

/// What terms say about royalties to an account in a currency; otherwise what cannot be read.
fn read(name: &str, terms: &ContractTerms, currency: &str) -> Result<Option<Agreement>, String> {
    if terms.royalty_rates.is_empty() && terms.reserve.is_none() && terms.least_payment.is_none() {
        return Ok(None);
    }
    let least = terms.least_payment.map(|least| least.in_minor_units(minor_digits(currency)));
    let least = least.map(i64::try_from).transpose();
    Ok(Some(Agreement {
        name: name.to_owned(),
        from: terms.starts_on.map(month),
        to: terms.ends_on.map(month),
        rates: terms.royalty_rates.iter().map(rate).collect::<Result<_, String>>()?,
        reserve: terms.reserve.as_ref().map(reserve).transpose()?,
        least_payment: least.map_err(|_| "the least payment is too large".to_owned())?,
    }))
}

/// The month of a day, as lines name the month of use.
pub(super) fn month(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

fn rate(rate: &RoyaltyRate) -> Result<Rate, String> {
    let format = |id: &String| Format::named(id).ok_or_else(|| format!("{id:?} is no format"));
    let region = |id: &str| Region::named(id).ok_or_else(|| format!("{id:?} is no region"));
    Ok(Rate {
        territory: rate.territory.clone(),
        region: rate.region.as_deref().map(region).transpose()?,
        store: rate.store.as_deref().map(Store::named),
        channel: rate.channel.as_deref().map(channel).transpose()?,
        format: rate.format.as_ref().map(format).transpose()?,
        basis_points: rate.basis_points,
    })
}

fn channel(id: &str) -> Result<Channel, String> {
    Channel::named(id).ok_or_else(|| format!("{id:?} is no channel"))
}

fn reserve(terms: &ReserveTerms) -> Result<Reserve, String> {
    let channels = terms.channels.iter().map(|id| channel(id)).collect::<Result<_, String>>()?;
    Reserve::new(terms.basis_points, channels, terms.periods, terms.months).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::least_payment::LeastPayment;
    use crate::model::royalty_terms::{CHANNELS, FORMATS, REGIONS};
    use jiff::civil::date;

    #[test]
    fn what_the_form_knows_the_arithmetic_knows_by_the_same_words() {
        let known: Vec<(&str, &str)> =
            Channel::ALL.into_iter().map(|channel| (channel.id(), channel.words())).collect();
        assert_eq!(known, CHANNELS);
        assert_eq!(Format::ALL.map(Format::id), FORMATS);
        assert_eq!(Region::ALL.map(|region| (region.id(), region.words())), REGIONS);
    }

    fn kept(terms: ContractTerms) -> KeptTerms {
        KeptTerms {
            contract: "patchline-contracts/art_1/deal.pdf".to_owned(),
            version: 1,
            terms,
            updated_by: "mina".to_owned(),
            updated_at: "2026-11-01T00:00:00Z".to_owned(),
        }
    }

    #[test]
    fn a_contract_holds_from_the_month_of_its_first_day() {
        let german = RoyaltyRate {
            territory: Some("DE".to_owned()),
            region: None,
            store: Some("Spotify".to_owned()),
            channel: Some("physical".to_owned()),
            format: None,
            basis_points: 1_800,
        };
        let terms = ContractTerms {
            starts_on: Some(date(2026, 3, 15)),
            royalty_rates: vec![german],
            ..ContractTerms::default()
        };
        let read = agreement(&kept(terms), "USD").expect("terms").expect("an agreement");
        assert_eq!((read.name.as_str(), read.from.as_deref()), ("art_1/deal.pdf", Some("2026-03")));
        assert_eq!(read.rates[0].scope(), "DE, Spotify, physical");
        assert_eq!(agreement(&kept(ContractTerms::default()), "USD").expect("terms"), None);
        let least = ContractTerms { least_payment: Some(LeastPayment(50_000)), ..ContractTerms::default() };
        let least = |currency| {
            agreement(&kept(least.clone()), currency).expect("terms").map(|read| read.least_payment)
        };
        assert_eq!((least("USD"), least("JPY")), (Some(Some(5_000)), Some(Some(50))));
    }
}
