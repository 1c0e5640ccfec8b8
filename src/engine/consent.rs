//! `patchline consent PREFIX`: has a person consent to what Patchline may do at a third party's server.

use super::aws::{AwsClients, Embedded};
use super::catalog::{Catalog, CatalogError};
use super::config::{Access, Config, Grant};
use super::gateway::{Consent, UpstreamError, ask_for_consent};
use std::sync::Arc;

/// Why nobody has consented.
#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    /// There is no such server.
    #[error("the file of MCP_UPSTREAMS has no [[upstream]] with the prefix {prefix:?}; it has: {known}")]
    Unknown {
        /// What was asked for.
        prefix: String,
        /// What there is.
        known: String,
    },
    /// The server wants no person.
    #[error(
        "{0} needs nobody's consent: that is for an [upstream.oauth] with grant = \"authorization_code\""
    )]
    NotNeeded(String),
    /// It was asked for, without success.
    #[error("{prefix} did not let Patchline in: {error}")]
    Refused {
        /// The server.
        prefix: String,
        /// Why.
        error: UpstreamError,
    },
    /// The store is not there.
    #[error("{0}")]
    Catalog(#[from] CatalogError),
}

/// Asks for it, and keeps it for all instances over the same data. Answers with the number of tools that the
/// server lists then.
///
/// # Errors
/// Why nobody has consented.
pub async fn ask(
    config: &Config,
    embedded: Option<&Embedded>,
    prefix: &str,
    consent: Arc<dyn Consent>,
) -> Result<usize, ConsentError> {
    let known = &config.upstreams.third_parties;
    let Some(settings) = known.iter().find(|party| party.prefix == prefix) else {
        let known: Vec<_> = known.iter().map(|party| party.prefix.as_str()).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        return Err(ConsentError::Unknown { prefix: prefix.to_owned(), known });
    };
    let wants_a_person = match &settings.access {
        Access::OAuth(oauth) => matches!(oauth.grant, Grant::AuthorizationCode(_)),
        Access::Open | Access::Key(_) => false,
    };
    if !wants_a_person {
        return Err(ConsentError::NotNeeded(prefix.to_owned()));
    }
    let catalog = Arc::new(Catalog::new(AwsClients::connect(config, embedded).await, config));
    if embedded.is_some() {
        catalog.create_missing().await?;
    }
    let asked = ask_for_consent(settings, &catalog, consent).await;
    asked.map_err(|error| ConsentError::Refused { prefix: prefix.to_owned(), error })
}
