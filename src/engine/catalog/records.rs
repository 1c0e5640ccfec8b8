//! All records of a table, of which one that cannot be read does not hide the others.

use super::item::{self, Item};
use serde::de::DeserializeOwned;
use std::ops::Deref;

/// The records of a table that can be read, and how many cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Records<T> {
    records: Vec<T>,
    /// How many records are stored in a form that Patchline cannot read.
    pub unreadable: u32,
}

impl<T: DeserializeOwned> Records<T> {
    /// Reads items whose id stands in an attribute; what cannot be read is logged with the reason.
    pub(super) fn read(what: &'static str, id: &str, items: Vec<Item>) -> Self {
        let mut unreadable = 0;
        let records = items.into_iter().filter_map(|found| {
            let named = item::text(&found, id).to_owned();
            match item::read(what, &named, found) {
                Ok(record) => Some(record),
                Err(error) => {
                    tracing::error!(%error, "a stored record is left out of lists");
                    unreadable += 1;
                    None
                }
            }
        });
        let records = records.collect();
        Self { records, unreadable }
    }
}

impl<T> Records<T> {
    /// The records in another order.
    pub(super) fn sorted_by(mut self, order: impl FnMut(&T, &T) -> std::cmp::Ordering) -> Self {
        self.records.sort_by(order);
        self
    }
}

impl<T> Deref for Records<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.records
    }
}
