//! Wakes the long call of which its owner has said something, and no other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// The calls of this process that wait for news. Cloning is cheap.
#[derive(Clone, Default)]
pub(super) struct News(Arc<Mutex<HashMap<String, Arc<Notify>>>>);

/// A call that waits for news, until this is dropped.
pub(super) struct Waiting {
    news: News,
    id: String,
    told: Arc<Notify>,
}

impl News {
    /// Waits for news of a call.
    pub(super) fn wait_for(&self, id: &str) -> Waiting {
        let told = Arc::<Notify>::default();
        self.lock().insert(id.to_owned(), Arc::clone(&told));
        Waiting { news: self.clone(), id: id.to_owned(), told }
    }

    /// Tells a call that there are news of it, if it is one of this process.
    pub(super) fn tell(&self, id: &str) {
        if let Some(told) = self.lock().get(id) {
            told.notify_one();
        }
    }

    /// The map is whole at any moment, so a panic elsewhere does no harm to it.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Notify>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// Waits until there are some; those that came before count, too.
    pub(super) async fn told(&self) {
        self.told.notified().await;
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.news.lock().remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[test]
    fn only_the_call_that_they_are_of_is_woken() {
        let news = News::default();
        let (one, other) = (news.wait_for("one"), news.wait_for("other"));
        news.tell("one");
        news.tell("of nobody here");
        assert!(one.told().now_or_never().is_some());
        assert!(other.told().now_or_never().is_none());
        drop((one, other));
        assert!(news.lock().is_empty(), "nobody is remembered for ever");
    }
}
