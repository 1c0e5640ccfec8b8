//! Places that neither one owner nor all together may take without end: of calls that go on as tasks, of
//! streams that are open.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The places of this process. Cloning is cheap.
#[derive(Clone)]
pub struct Places<O: Eq + Hash> {
    most_of_one: usize,
    most: usize,
    taken: Arc<Mutex<HashMap<O, usize>>>,
}

/// A place that is taken, until this is dropped.
pub struct Place<O: Eq + Hash> {
    places: Places<O>,
    owner: O,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoPlace {
    /// The owner has as many as one may have.
    #[error("the owner has {0}, which is the most")]
    OfOwner(usize),
    /// All together have as many as there are.
    #[error("all {0} are taken")]
    OfAll(usize),
}

impl<O: Eq + Hash + Clone> Places<O> {
    /// None taken so far.
    #[must_use]
    pub fn new(most_of_one: usize, most: usize) -> Self {
        Self { most_of_one, most, taken: Arc::default() }
    }

    /// Takes one.
    ///
    /// # Errors
    /// When the owner, or all together, have as many as there may be.
    pub fn take(&self, owner: O) -> Result<Place<O>, NoPlace> {
        let mut taken = self.lock();
        let all: usize = taken.values().sum();
        let own = taken.get(&owner).copied().unwrap_or_default();
        if own >= self.most_of_one {
            return Err(NoPlace::OfOwner(own));
        }
        if all >= self.most {
            return Err(NoPlace::OfAll(all));
        }
        taken.insert(owner.clone(), own + 1);
        Ok(Place { places: self.clone(), owner })
    }

    /// How many are taken.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lock().values().sum()
    }
}

impl<O: Eq + Hash> Places<O> {
    /// The counts are whole at any moment, so a panic elsewhere does no harm to them.
    fn lock(&self) -> MutexGuard<'_, HashMap<O, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<O: Eq + Hash> Drop for Place<O> {
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
        let places = Places::new(2, 4);
        let mut taken: Vec<_> = (0..2).map(|_| places.take("ada").expect("there is room")).collect();
        assert_eq!(places.take("ada").err(), Some(NoPlace::OfOwner(2)));
        taken.extend((0..2).map(|_| places.take("grace").expect("another owner has room")));
        assert_eq!(places.take("joan").err(), Some(NoPlace::OfAll(4)));
        taken.pop();
        assert!(places.take("joan").is_ok(), "one that has ended leaves its place");
        drop(taken);
        assert_eq!(places.count(), 0);
        assert!(places.lock().is_empty(), "nobody is remembered for ever");
    }
}
