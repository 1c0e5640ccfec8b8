//! What the statements of all artists have in common, read once for as many of them as are worked out.

use crate::engine::catalog::Catalog;
use crate::engine::catalog::contracts::KeptTerms;
use crate::engine::tools::ToolError;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The titles of the catalogue, and what the contracts say.
pub(super) struct Books {
    /// Titles by ISRC.
    pub(super) titles: Arc<BTreeMap<String, String>>,
    /// The terms of all contracts.
    pub(super) terms: Vec<KeptTerms>,
}

impl Books {
    /// Reads them.
    pub(super) async fn read(catalog: &Catalog) -> Result<Self, ToolError> {
        let terms = catalog.all_contract_terms().await?;
        let releases = catalog.releases().await?;
        let tracks = releases.iter().flat_map(|release| &release.tracks);
        let titles = tracks.map(|track| (track.isrc.clone(), track.title.clone())).collect();
        Ok(Self { titles: Arc::new(titles), terms })
    }
}
