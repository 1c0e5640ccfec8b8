//! The contract that a release names, as far as people have entered what it says.

use crate::engine::catalog::contracts::KeptTerms;
use crate::engine::catalog::{Catalog, CatalogError, ownership};
use crate::engine::config::BucketRole;
use crate::model::release::Release;
use crate::music::quality::release::Contract;
use crate::music::territory::Territories;

/// A contract, where one is named, and what is not known of it.
pub(super) struct NamedContract {
    /// What it says; none where the release names none.
    pub(super) contract: Option<Contract>,
    /// Where the release may come out, where that is said and can be read.
    pub(super) territory: Option<Territories>,
    /// What is not known.
    pub(super) notes: Vec<String>,
}

/// The contract that a release names. What stands in another artist's folder counts as one of which nothing is known.
pub(super) async fn of(release: &Release, catalog: &Catalog) -> Result<NamedContract, CatalogError> {
    let mut notes = Vec::new();
    let territory = release.territory.as_deref().map(str::parse::<Territories>);
    let territory = match territory {
        Some(Ok(territory)) => Some(territory),
        Some(Err(error)) => {
            notes.push(format!("Where it may come out cannot be read: {error}."));
            None
        }
        None => {
            notes.push("Where it may come out is not in the record.".to_owned());
            None
        }
    };
    let Some(file) = release.contract.as_deref() else {
        notes.push(
            "No contract is named in the record, so that it is not known whether one is signed, in force, and \
             allows it."
                .to_owned(),
        );
        return Ok(NamedContract { contract: None, territory, notes });
    };
    let is_of_artist =
        ownership::by_name(Some(BucketRole::Contracts), file) == Some(release.artist_id.as_str());
    let name = KeptTerms::name(catalog.buckets.default_of(BucketRole::Contracts), file);
    let kept = if is_of_artist { catalog.contract_terms(&name).await? } else { None };
    let Some(terms) = kept.map(|kept| kept.terms) else {
        notes.push(
            "What its contract says has not been entered, or it is no contract of the artist: enter it on the \
             page of the contract."
                .to_owned(),
        );
        return Ok(NamedContract { contract: Some(Contract::default()), territory, notes });
    };
    let allowed = terms.territory.parse::<Territories>().ok();
    if allowed.is_none() {
        notes.push(
            "The territory of its contract is not entered as “world except Japan” or “Norway and Sweden”, so that \
             it was not compared."
                .to_owned(),
        );
    }
    let contract = Contract {
        signed_on: terms.signed_on,
        starts_on: terms.starts_on,
        ends_on: terms.ends_on,
        territory: allowed,
    };
    Ok(NamedContract { contract: Some(contract), territory, notes })
}
