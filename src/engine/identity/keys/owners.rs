//! Whose keys are: known from their last use, so that a key and its owner can be read at the same time.
//!
//! The owner of a key never changes, so what is kept here is never wrong. What may change, the key and the account
//! themselves, is read anew where it was not a moment ago.

use crate::engine::catalog::keys::ApiKey;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Of how many keys it is kept. Beyond that all are forgotten.
const MOST: usize = 10_000;

/// The owners of keys, by the ids of the keys. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub(in crate::engine::identity) struct Owners(Arc<Mutex<HashMap<String, String>>>);

impl Owners {
    /// Whose the key of an id is; none where it was not used here yet.
    pub(super) fn of(&self, key: &str) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    /// Keeps whose a key is that somebody has shown.
    pub(super) fn keep(&self, key: &ApiKey) {
        let mut owners = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if owners.len() >= MOST {
            owners.clear();
        }
        owners.insert(key.id.clone(), key.owner.clone());
    }
}
