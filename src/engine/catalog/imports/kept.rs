//! What imports write: figures of days, of which only what a file says is known, and lines of statements.

use crate::engine::catalog::item::{self, Item};
use crate::engine::catalog::schema::IMPORTS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::config::TableRole;
use crate::model::analytics::{Platform, sort_key};
use crate::model::engagement::Engagement;
use crate::model::identifier::ArtistId;
use crate::music::import::reading::Sale;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The attribute with the import that has written an entry. What is recorded otherwise has none.
pub(super) const IMPORT: &str = "importId";

/// The partition of the lines of an artist's statements.
pub(crate) fn lines_of(artist: &str) -> String {
    format!("lines#{artist}")
}

/// The figures of an artist on a day and platform, of which some may not be known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptFigures {
    pub(crate) artist_id: ArtistId,
    pub(crate) date: Date,
    pub(crate) platform: Platform,
    pub(crate) streams: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) listeners: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) saves: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) followers: Option<u64>,
    pub(crate) territories: BTreeMap<String, u64>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) tracks: BTreeMap<String, u64>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) track_saves: BTreeMap<String, u64>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) track_listeners: BTreeMap<String, u64>,
    #[serde(default, skip_serializing_if = "Engagement::is_unknown")]
    pub(crate) engagement: Engagement,
    pub(crate) source: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) import_id: Option<String>,
}

/// A line of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptLine {
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) sale: Sale,
    pub(crate) source: String,
    /// The day of the report, or on which it was brought where it says none.
    pub(crate) received_on: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) import_id: Option<String>,
}

/// Something that an import writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum KeptEntry {
    Figures(Box<KeptFigures>),
    Line(Box<KeptLine>),
}

/// Where an entry stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) partition: String,
    pub(crate) sort: String,
}

impl KeptEntry {
    /// Where it stands.
    pub(crate) fn place(&self) -> Place {
        match self {
            Self::Figures(figures) => Place {
                partition: figures.artist_id.to_string(),
                sort: sort_key(figures.date, figures.platform),
            },
            Self::Line(line) => Place { partition: line.kind.clone(), sort: line.id.clone() },
        }
    }

    /// The artist whose figures it tells; none where it is a line of a statement.
    pub(crate) fn artist_of_figures(&self) -> Option<&str> {
        match self {
            Self::Figures(figures) => Some(figures.artist_id.as_str()),
            Self::Line(_) => None,
        }
    }

    /// The import that has written it.
    pub(crate) fn import_id(&self) -> Option<&str> {
        match self {
            Self::Figures(figures) => figures.import_id.as_deref(),
            Self::Line(line) => line.import_id.as_deref(),
        }
    }

    /// Whether it says the same, whoever has written it.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Figures(one), Self::Figures(other)) => {
                let said = |f: &KeptFigures| (f.streams, f.listeners, f.saves, f.followers);
                said(one) == said(other)
                    && one.territories == other.territories
                    && one.tracks == other.tracks
                    && one.track_saves == other.track_saves
                    && one.track_listeners == other.track_listeners
                    && one.engagement == other.engagement
            }
            // The name of a line is made of what it says.
            (Self::Line(one), Self::Line(other)) => one.id == other.id,
            _ => false,
        }
    }

    pub(super) fn item(&self) -> Result<Item, CatalogError> {
        match self {
            Self::Figures(figures) => {
                let mut found = item::write("row of figures", figures.artist_id.as_str(), figures)?;
                let sort = sort_key(figures.date, figures.platform);
                found.insert("dayPlatform".to_owned(), AttributeValue::S(sort));
                Ok(found)
            }
            Self::Line(line) => item::write("line of a statement", &line.id, line),
        }
    }

    /// The attributes that tell whether it is still what was read, beside the import.
    pub(super) fn guards(&self) -> Vec<(&'static str, AttributeValue)> {
        match self {
            Self::Figures(figures) => {
                let number = |number: u64| AttributeValue::N(number.to_string());
                let mut guards = vec![
                    ("streams", number(figures.streams)),
                    ("source", AttributeValue::S(figures.source.clone())),
                ];
                let others = [
                    ("listeners", figures.listeners),
                    ("saves", figures.saves),
                    ("followers", figures.followers),
                ];
                guards.extend(others.into_iter().filter_map(|(name, value)| Some((name, number(value?)))));
                if !figures.engagement.is_unknown() {
                    let known = figures.engagement.known();
                    let known = known.map(|(metric, value)| (metric.id().to_owned(), number(value)));
                    guards.push(("engagement", AttributeValue::M(known.collect())));
                }
                guards
            }
            Self::Line(_) => Vec::new(),
        }
    }
}

/// What an import writes to, all of it of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Target {
    Figures,
    Lines,
}

impl Target {
    /// The table, and the names of its keys.
    pub(super) fn table(self, catalog: &Catalog) -> (&str, &'static str, &'static str) {
        match self {
            Self::Figures => (catalog.table(TableRole::Analytics), "artistId", "dayPlatform"),
            Self::Lines => (IMPORTS_TABLE, "kind", "id"),
        }
    }

    pub(super) fn read(self, found: Item) -> Result<KeptEntry, CatalogError> {
        match self {
            Self::Figures => {
                let id = item::text(&found, "artistId").to_owned();
                item::read("row of figures", &id, found).map(|figures| KeptEntry::Figures(Box::new(figures)))
            }
            Self::Lines => {
                let id = item::text(&found, "id").to_owned();
                item::read("line of a statement", &id, found).map(|line| KeptEntry::Line(Box::new(line)))
            }
        }
    }
}
