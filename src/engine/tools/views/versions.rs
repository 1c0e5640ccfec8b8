//! Settings that are kept as versions: the one that holds, and a copy of each that held before it.

use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::tools::{Context, ToolError};
use futures::future::try_join_all;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// How many former versions are shown.
const SHOWN: usize = 20;

/// What is kept as versions.
pub(super) trait Versioned: Serialize + DeserializeOwned + Send + Sync {
    /// The name of the version that holds.
    const KEPT_AS: &'static str;
    /// What it is called in messages.
    const WHAT: &'static str;

    /// Its number.
    fn version(&self) -> u32;

    /// The same as a version of this number, by somebody, since a time in RFC 3339.
    fn stamped(self, version: u32, by: String, since: String) -> Self;
}

/// A version as it is stored: whole, as JSON, so that what it says has one form everywhere.
#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    version: u32,
    document: String,
}

impl Stored {
    fn of<T: Versioned>(value: &T) -> Result<Self, CatalogError> {
        let document = serde_json::to_string(value).map_err(|error| unreadable::<T>(&error))?;
        Ok(Self { version: value.version(), document })
    }

    fn read<T: Versioned>(self) -> Result<T, CatalogError> {
        serde_json::from_str(&self.document).map_err(|error| unreadable::<T>(&error))
    }
}

fn unreadable<T: Versioned>(error: &serde_json::Error) -> CatalogError {
    CatalogError::Unreadable { what: T::WHAT, id: T::KEPT_AS.to_owned(), detail: error.to_string() }
}

fn name_of_former<T: Versioned>(version: u32) -> String {
    format!("{}#{version}", T::KEPT_AS)
}

/// The version that holds; none while nobody has changed anything.
pub(super) async fn holding<T: Versioned>(catalog: &Catalog) -> Result<Option<T>, CatalogError> {
    catalog.setting::<Stored>(T::KEPT_AS).await?.map(Stored::read).transpose()
}

/// A version that held before, by its number; none where there is none.
pub(super) async fn former<T: Versioned>(catalog: &Catalog, version: u32) -> Result<Option<T>, CatalogError> {
    catalog.setting::<Stored>(&name_of_former::<T>(version)).await?.map(Stored::read).transpose()
}

/// Those that held before one, the newest first, so many as are shown.
pub(super) async fn history<T: Versioned>(catalog: &Catalog, holding: u32) -> Result<Vec<T>, CatalogError> {
    let numbers = (1..holding).rev().take(SHOWN);
    let read = try_join_all(numbers.map(|number| former(catalog, number))).await?;
    Ok(read.into_iter().flatten().collect())
}

/// Stores a new version in the place of the one that the change was made from. That one is copied first, so
/// that no version is ever lost.
pub(super) async fn replace<T: Versioned>(expected: u32, next: T, context: &Context) -> Result<T, ToolError> {
    let catalog = &context.catalog;
    let held: Option<T> = holding(catalog).await?;
    let version = held.as_ref().map_or(0, Versioned::version);
    if version != expected {
        let current = Some(version);
        return Err(CatalogError::Conflict { what: T::WHAT, id: T::KEPT_AS.to_owned(), current }.into());
    }
    if let Some(held) = &held {
        catalog.set_setting(&name_of_former::<T>(version), &Stored::of(held)?).await?;
    }
    let since = context.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let next = next.stamped(version + 1, context.actor.clone(), since);
    let read = held.map(|held| held.version());
    catalog.replace_setting(T::WHAT, T::KEPT_AS, &Stored::of(&next)?, read).await?;
    Ok(next)
}
