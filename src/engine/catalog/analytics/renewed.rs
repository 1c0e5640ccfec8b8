//! Figures that are kept for a while and read anew before it is over, as long as somebody asks for them: with hundreds of
//! artists nobody waits for all of them at once.

use super::rollup::{LONGEST_AGE, Reading, USUAL_AGE};
use crate::engine::catalog::CatalogError;
use crate::model::identifier::ArtistId;
use jiff::SignedDuration;
use moka::future::Cache;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// How many are read anew side by side, beside what pages read: one, so that pages have the other processors.
const SIDE_BY_SIDE: usize = 1;

/// A generation of the figures, and whose they are.
pub(super) type Key = (u64, ArtistId);

/// Figures, and when they were read.
#[derive(Debug)]
struct Aged<T> {
    figures: Arc<T>,
    read_at: Instant,
    /// Whether they are to be read anew at once.
    is_old: bool,
    /// Whether they are being read anew.
    is_renewed: AtomicBool,
}

impl<T> Aged<T> {
    fn new(Reading { figures, is_old }: Reading<T>) -> Arc<Self> {
        Arc::new(Self {
            figures: Arc::new(figures),
            read_at: Instant::now(),
            is_old,
            is_renewed: AtomicBool::new(false),
        })
    }

    /// Whether they are to be read anew, which is said to one who asks only.
    fn is_due(&self, after: Duration) -> bool {
        (self.is_old || self.read_at.elapsed() >= after) && !self.is_renewed.swap(true, Ordering::SeqCst)
    }
}

/// Figures of many artists.
#[derive(Debug)]
pub(super) struct Renewed<T: Send + Sync + 'static> {
    kept: Cache<Key, Arc<Aged<T>>>,
    /// Older ones are read anew when they are asked for.
    after: Duration,
    turns: Arc<Semaphore>,
}

impl<T: Send + Sync + 'static> Renewed<T> {
    /// Keeps those of so many artists until they have an age. They are read anew in the last third of it.
    pub(super) fn new(most: u64, age: Duration) -> Self {
        Self {
            kept: Cache::builder().max_capacity(most).time_to_live(age).build(),
            after: age * 2 / 3,
            turns: Arc::new(Semaphore::new(SIDE_BY_SIDE)),
        }
    }

    /// What is kept, or what is read now. Reading is told how old may be what it finds made already.
    ///
    /// # Errors
    /// What reading says.
    pub(super) async fn get<R>(
        &self,
        key: Key,
        read: impl Fn(SignedDuration) -> R + Send + Sync,
    ) -> Result<Arc<T>, CatalogError>
    where
        R: Future<Output = Result<Reading<T>, CatalogError>> + Send + 'static,
    {
        let now = async { read(LONGEST_AGE).await.map(Aged::new) };
        let kept: Result<_, Arc<CatalogError>> = self.kept.try_get_with(key.clone(), now).await;
        let kept = kept.map_err(|error| (*error).clone())?;
        if kept.is_due(self.after) {
            self.renew(key, Arc::clone(&kept), read(USUAL_AGE));
        }
        Ok(Arc::clone(&kept.figures))
    }

    /// After a change: what is known is old, and is not read anew either.
    pub(super) fn forget(&self) {
        self.kept.invalidate_all();
    }

    /// Reads them in the background, when it is their turn, unless they are not kept any more by then.
    fn renew(
        &self,
        key: Key,
        old: Arc<Aged<T>>,
        reading: impl Future<Output = Result<Reading<T>, CatalogError>> + Send + 'static,
    ) {
        let (kept, turns) = (self.kept.clone(), Arc::clone(&self.turns));
        tokio::spawn(async move {
            let Ok(_turn) = turns.acquire().await else { return };
            if !kept.get(&key).await.is_some_and(|there| Arc::ptr_eq(&there, &old)) {
                return;
            }
            match reading.await {
                Ok(reading) => kept.insert(key, Aged::new(reading)).await,
                // What is there stays until its age is over; then whoever asks is told.
                Err(error) => tracing::debug!(%error, "figures could not be read anew"),
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU32;

    #[tokio::test]
    async fn what_is_asked_for_in_the_last_third_of_its_age_is_read_anew_meanwhile() {
        let times = Arc::new(AtomicU32::new(0));
        let read = |_| {
            let times = Arc::clone(&times);
            async move { Ok(Reading { figures: times.fetch_add(1, Ordering::SeqCst), is_old: false }) }
        };
        let key = || -> Key { (0, "art_1".parse().expect("an id")) };
        let kept = Renewed { after: Duration::ZERO, ..Renewed::new(10, Duration::from_hours(1)) };
        assert_eq!(*kept.get(key(), read).await.expect("figures"), 0);
        // What is there is the answer until the new ones have been read.
        while *kept.get(key(), read).await.expect("figures") == 0 {
            tokio::task::yield_now().await;
        }
        assert!(times.load(Ordering::SeqCst) >= 2);
        let long = Renewed::new(10, Duration::from_hours(1));
        long.get(key(), read).await.expect("figures");
        let before = times.load(Ordering::SeqCst);
        long.get(key(), read).await.expect("figures");
        assert_eq!(times.load(Ordering::SeqCst), before);
    }

    #[tokio::test]
    async fn what_was_forgotten_is_not_read_anew_in_the_background() {
        let times = Arc::new(AtomicU32::new(0));
        let read = |_| {
            let times = Arc::clone(&times);
            async move { Ok(Reading { figures: times.fetch_add(1, Ordering::SeqCst), is_old: false }) }
        };
        let kept = Renewed { after: Duration::ZERO, ..Renewed::new(10, Duration::from_hours(1)) };
        let all = u32::try_from(SIDE_BY_SIDE).expect("few");
        let others = kept.turns.acquire_many(all).await.expect("all turns");
        kept.get((0, "art_1".parse().expect("an id")), read).await.expect("figures");
        // What reads them anew stands in the queue now.
        tokio::task::yield_now().await;
        kept.forget();
        drop(others);
        // Whoever comes after it has all turns when it is done.
        let _others = kept.turns.acquire_many(all).await.expect("all turns");
        assert_eq!(times.load(Ordering::SeqCst), 1);
    }
}
