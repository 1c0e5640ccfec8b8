//! Something that an issuer says, kept for a while. Readers never wait for each other.

use super::IssuerError;
use arc_swap::ArcSwapOption;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// For how long it is taken as it is.
const FRESH: Duration = Duration::from_hours(1);

/// For how long it still does where the issuer is away.
const OLDEST: Duration = Duration::from_hours(24);

/// For how long nobody asks again after an attempt that failed.
const PAUSE: Duration = Duration::from_secs(2);

/// What is known, and when it was asked for.
#[derive(Debug)]
pub(super) struct Cached<T> {
    known: ArcSwapOption<Dated<T>>,
    asked: Mutex<Asked>,
    gap: Duration,
    pause: Duration,
}

#[derive(Debug)]
struct Dated<T> {
    value: Arc<T>,
    since: Instant,
}

#[derive(Debug, Default)]
struct Asked {
    failed: Option<(Instant, IssuerError)>,
    anew: Option<Instant>,
}

impl<T> Cached<T> {
    /// Nothing. `gap` is the time between two questions because of something that is not known.
    pub(super) fn new(gap: Duration) -> Self {
        Self { known: ArcSwapOption::empty(), asked: Mutex::default(), gap, pause: PAUSE }
    }

    /// What is known; asked for where that is nothing, or old. One asks, while others wait for the first answer
    /// and go on with an old one.
    pub(super) async fn get(
        &self,
        ask: impl Future<Output = Result<T, IssuerError>>,
    ) -> Result<Arc<T>, IssuerError> {
        if let Some(known) = self.younger_than(FRESH) {
            return Ok(known);
        }
        let old = self.younger_than(OLDEST);
        let mut asked = match &old {
            None => self.asked.lock().await,
            Some(old) => match self.asked.try_lock() {
                Ok(asked) => asked,
                Err(_) => return Ok(Arc::clone(old)),
            },
        };
        if let Some(known) = self.younger_than(FRESH) {
            return Ok(known);
        }
        let answer = match &asked.failed {
            Some((at, error)) if at.elapsed() < self.pause => Err(error.clone()),
            _ => ask.await,
        };
        match (answer, old) {
            (Ok(value), _) => {
                asked.failed = None;
                Ok(self.keep(value))
            }
            (Err(error), Some(old)) => {
                tracing::warn!(%error, "an issuer is still believed by what it said before");
                asked.failed = Some((Instant::now(), error));
                Ok(old)
            }
            (Err(error), None) => {
                asked.failed = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }

    /// What the issuer says now, because what was seen does not do; none where that was asked a moment ago.
    pub(super) async fn anew(
        &self,
        seen: &Arc<T>,
        ask: impl Future<Output = Result<T, IssuerError>>,
    ) -> Result<Option<Arc<T>>, IssuerError> {
        let mut asked = self.asked.lock().await;
        // Somebody else may have asked while this one waited.
        if let Some(known) = self.younger_than(FRESH).filter(|known| !Arc::ptr_eq(known, seen)) {
            return Ok(Some(known));
        }
        if asked.anew.is_some_and(|at| at.elapsed() < self.gap) {
            return Ok(None);
        }
        asked.anew = Some(Instant::now());
        ask.await.map(|value| Some(self.keep(value)))
    }

    fn younger_than(&self, age: Duration) -> Option<Arc<T>> {
        let known = self.known.load_full().filter(|known| known.since.elapsed() < age)?;
        Some(Arc::clone(&known.value))
    }

    fn keep(&self, value: T) -> Arc<T> {
        let value = Arc::new(value);
        self.known.store(Some(Arc::new(Dated { value: Arc::clone(&value), since: Instant::now() })));
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(number: u32) -> std::future::Ready<Result<u32, IssuerError>> {
        std::future::ready(Ok(number))
    }

    fn away() -> IssuerError {
        IssuerError::Away { place: "login.example".to_owned(), detail: "no answer".to_owned() }
    }

    #[tokio::test]
    async fn what_was_said_is_not_asked_for_again() {
        let cached = Cached::new(Duration::ZERO);
        assert_eq!(*cached.get(says(1)).await.unwrap(), 1);
        assert_eq!(*cached.get(says(2)).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn after_a_failure_nobody_asks_for_a_moment() {
        // Longer than usual: the moment must not be over before it is asked again on a slow machine.
        let cached = Cached::<u32> { pause: Duration::from_hours(1), ..Cached::new(Duration::ZERO) };
        let failed = std::future::ready(Err(away()));
        assert_eq!(cached.get(failed).await, Err(away()));
        assert_eq!(cached.get(says(1)).await, Err(away()));
    }

    #[tokio::test]
    async fn whoever_makes_names_of_keys_up_makes_nobody_ask_each_time() {
        let cached = Cached::new(Duration::from_hours(1));
        let first = cached.get(says(1)).await.unwrap();
        let second = cached.anew(&first, says(2)).await.unwrap().expect("asked once");
        assert_eq!(*second, 2);
        assert_eq!(cached.anew(&second, says(3)).await, Ok(None));
        let known = cached.anew(&first, says(3)).await.unwrap().expect("somebody else asked");
        assert_eq!(*known, 2);
    }
}
