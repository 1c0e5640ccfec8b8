//! How many long calls may be under way: one may last a day when nobody answers its question, so neither one
//! owner nor all together may have them without end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The most of one owner, and of all together.
const MOST_OF_ONE: usize = 100;
const MOST: usize = 1_000;

/// The places of this process. Cloning is cheap.
#[derive(Clone, Default)]
pub(super) struct Places(Arc<Mutex<HashMap<String, usize>>>);

/// A place that is taken, until this is dropped.
pub(super) struct Place {
    places: Places,
    owner: String,
}

impl Places {
    /// Takes one; none where the owner, or all together, have as many as there may be.
    pub(super) fn take(&self, owner: &str) -> Option<Place> {
        let mut taken = self.lock();
        let all: usize = taken.values().sum();
        let own = taken.get(owner).copied().unwrap_or_default();
        if own >= MOST_OF_ONE || all >= MOST {
            return None;
        }
        taken.insert(owner.to_owned(), own + 1);
        Some(Place { places: self.clone(), owner: owner.to_owned() })
    }

    /// The counts are whole at any moment, so a panic elsewhere does no harm to them.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        if let Some(own) = taken.get_mut(&self.owner) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.owner);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_one_nor_all_take_them_without_end() {
        let places = Places::default();
        let mut taken: Vec<_> =
            (0..MOST_OF_ONE).map(|_| places.take("ada").expect("there is room")).collect();
        assert!(places.take("ada").is_none(), "one owner has as many as it may");
        for number in 1..MOST / MOST_OF_ONE {
            let name = format!("owner {number}");
            taken.extend((0..MOST_OF_ONE).map(|_| places.take(&name).expect("another owner has room")));
        }
        assert!(places.take("grace").is_none(), "all together have as many as they may");
        taken.pop();
        assert!(places.take("grace").is_some(), "one that has ended leaves its place");
        drop(taken);
        assert!(places.lock().is_empty(), "nobody is remembered for ever");
    }
}
