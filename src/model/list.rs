//! Lists that are searched, ordered and paged: the query from the address, and the page of rows.

use super::analysis::Band;
use super::analytics::Freshness;
use super::artist::{ArtistRow, ArtistSort};
use super::release::{ReleaseRow, ReleaseSort, ReleaseStatus};
use super::saved_view::SavedView;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Rows on one page of a list.
pub const PAGE_SIZE: u32 = 50;

/// What the list of artists was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ArtistQuery {
    /// Part of a name or of what tells namesakes apart; case and accents do not matter.
    pub search: String,
    /// Only this genre.
    pub genre: Option<String>,
    /// Only artists who grow like this.
    pub band: Option<Band>,
    /// Only artists of this size.
    pub stage: Option<String>,
    /// The order.
    pub sort: ArtistSort,
    /// Whether the order is turned round.
    pub descending: bool,
    /// The page, from 1; 0 is read as 1.
    pub page: u32,
    /// Whether the views of the list that the caller keeps are wanted, too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub with_views: bool,
}

/// A page of artists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtistList {
    /// The rows of this page.
    pub rows: Vec<Arc<ArtistRow>>,
    /// Rows on all pages.
    pub total: u32,
    /// This page, from 1.
    pub page: u32,
    /// All genres of the label, for the filter.
    pub genres: Vec<String>,
    /// Where the figures come from.
    pub freshness: Freshness,
    /// How many artists are stored in a form that cannot be read, and are missing here.
    pub unreadable: u32,
    /// The views of the list that the caller keeps, by name, where they are wanted and can be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<SavedView>,
}

/// What the list of releases was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReleaseQuery {
    /// Part of a title, an artist's name, a UPC or an ISRC.
    pub search: String,
    /// Only releases that stand here.
    pub status: Option<ReleaseStatus>,
    /// The order.
    pub sort: ReleaseSort,
    /// Whether the order is turned round.
    pub descending: bool,
    /// The page, from 1; 0 is read as 1.
    pub page: u32,
}

/// A page of releases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseList {
    /// The rows of this page.
    pub rows: Vec<ReleaseRow>,
    /// Rows on all pages.
    pub total: u32,
    /// This page, from 1.
    pub page: u32,
    /// True when the rows are generated sample data.
    pub sample: bool,
    /// How many releases are stored in a form that cannot be read, and are missing here.
    pub unreadable: u32,
}
