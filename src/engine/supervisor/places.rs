//! Places of steps that are done at the same time. Whoever waits gets one in turn with other people, so that the
//! many steps of one person keep nobody else waiting.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// The places of this process.
#[derive(Debug)]
pub(super) struct Places(Mutex<State>);

#[derive(Debug)]
struct State {
    free: usize,
    /// Who waits, in the order in which they have their turn.
    queues: VecDeque<Queue>,
}

/// The steps of one person that wait.
#[derive(Debug)]
struct Queue {
    owner: String,
    waiting: VecDeque<oneshot::Sender<Place>>,
}

/// A place. When it is dropped, whoever has their turn gets it.
#[derive(Debug)]
pub(super) struct Place(Option<Arc<Places>>);

impl Places {
    pub(super) fn new(count: usize) -> Arc<Self> {
        Arc::new(Self(Mutex::new(State { free: count, queues: VecDeque::new() })))
    }

    /// Waits for a place for a step of somebody.
    pub(super) async fn take(self: &Arc<Self>, owner: &str) -> Place {
        let turn = {
            let mut state = self.state();
            if state.free > 0 {
                state.free -= 1;
                return Place(Some(Arc::clone(self)));
            }
            state.wait(owner)
        };
        // What waits is kept until it gets its place, so that an error never comes.
        turn.await.unwrap_or(Place(None))
    }

    /// The queues are whole at any moment, so a panic elsewhere does no harm to them.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who gets the place that has come free; where nobody waits, it is counted as free.
    fn next(&self) -> Option<oneshot::Sender<Place>> {
        let mut state = self.state();
        let next = state.next();
        if next.is_none() {
            state.free += 1;
        }
        next
    }
}

impl State {
    fn wait(&mut self, owner: &str) -> oneshot::Receiver<Place> {
        let (sender, turn) = oneshot::channel();
        match self.queues.iter_mut().find(|queue| queue.owner == owner) {
            Some(queue) => queue.waiting.push_back(sender),
            None => {
                self.queues.push_back(Queue { owner: owner.to_owned(), waiting: VecDeque::from([sender]) });
            }
        }
        turn
    }

    /// The oldest step of whoever has their turn, who goes to the end of the line.
    fn next(&mut self) -> Option<oneshot::Sender<Place>> {
        while let Some(mut queue) = self.queues.pop_front() {
            let next = queue.waiting.pop_front();
            if !queue.waiting.is_empty() {
                self.queues.push_back(queue);
            }
            if next.is_some() {
                return next;
            }
        }
        None
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(places) = self.0.take() else { return };
        let mut place = Place(Some(Arc::clone(&places)));
        loop {
            let Some(next) = places.next() else {
                // It is counted as free, and must not be once more.
                place.0 = None;
                return;
            };
            match next.send(place) {
                Ok(()) => return,
                // Whoever waited has gone.
                Err(back) => place = back,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[tokio::test]
    async fn each_person_has_a_turn_whatever_others_wait_for() {
        let places = Places::new(1);
        let first = places.take("ada").await;
        let mut of_ada: Vec<_> = (0..3).map(|_| Box::pin(places.take("ada"))).collect();
        let mut of_grace = Box::pin(places.take("grace"));
        for waiting in &mut of_ada {
            assert!(waiting.as_mut().now_or_never().is_none());
        }
        assert!(of_grace.as_mut().now_or_never().is_none());
        drop(first);
        let second = of_ada.remove(0).now_or_never().expect("the first who waited");
        drop(second);
        let third = of_grace.now_or_never().expect("then somebody else");
        drop(of_ada.remove(0));
        drop(third);
        let fourth = of_ada.remove(0).now_or_never().expect("who went away is passed over");
        drop(fourth);
        assert!(places.take("joan").now_or_never().is_some(), "it is free again");
    }
}
