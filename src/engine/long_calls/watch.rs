//! What the process that does a long call has to do beside it: say that it is alive, look whether the owner
//! wants something, and write down how far the call is.

use super::news::Waiting;
use super::{ALIVE, LOOK, LongCalls, SIGN_OF_LIFE};
use crate::engine::catalog::CatalogError;
use crate::engine::catalog::long_calls::{LongCall, LongCallState};
use jiff::Timestamp;
use serde_json::Value;
use std::time::Instant;

/// Why a call is not gone on with.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stopped {
    /// Its owner wants that.
    Unwanted,
    /// The process ends.
    Closing,
    /// Nobody can get what it comes to: it counts as ended already, or its time is over.
    Over,
}

/// The watch over a call that is kept.
pub(super) struct Watch<'a> {
    calls: &'a LongCalls,
    call: &'a LongCall,
    news: Waiting,
    alive: Instant,
}

impl<'a> Watch<'a> {
    /// Over a call that has just been kept.
    pub(super) fn new(calls: &'a LongCalls, call: &'a LongCall) -> Self {
        Self { calls, call, news: calls.news.wait_for(&call.id), alive: Instant::now() }
    }

    /// Waits until the call has to stop. One that is not stoppable stops at no wish.
    pub(super) async fn stopped(&mut self, stoppable: bool) -> Stopped {
        loop {
            match self.look(stoppable).await {
                Err(why) if stoppable => return why,
                // It is finished, but there is nothing to watch any more.
                Err(Stopped::Over) => return std::future::pending().await,
                Ok(_) | Err(_) => {}
            }
        }
    }

    /// Asks the owner, and waits for all answers, a JSON object; with them comes who gave the last one.
    pub(super) async fn answered(&mut self, questions: &Value) -> Result<(String, Option<String>), Stopped> {
        let asked = questions.to_string();
        self.stored(|call| {
            // A question that was stored, though the store did not say so, may have been answered already.
            if call.state == LongCallState::Working {
                call.state = LongCallState::Asking;
                call.questions = Some(asked.clone());
                (call.answers, call.answered_by) = (None, None);
            }
        })
        .await?;
        let answered = loop {
            if let Some(seen) = self.look(true).await?
                && seen.state == LongCallState::Asking
                && seen.questions.as_deref().is_none_or(|open| open == "{}")
            {
                break (seen.answers.unwrap_or_else(|| "{}".to_owned()), seen.answered_by);
            }
        };
        self.stored(|call| {
            call.state = LongCallState::Working;
            (call.questions, call.answers, call.answered_by) = (None, None, None);
        })
        .await?;
        Ok(answered)
    }

    /// Writes down why the call was not gone on with.
    pub(super) async fn end_early(&self, why: Stopped) {
        let state = match why {
            Stopped::Unwanted => LongCallState::Cancelled,
            Stopped::Closing => LongCallState::Interrupted,
            Stopped::Over => return,
        };
        self.end(state, None).await;
    }

    /// Writes down how the call ended, again and again until that is stored: what was done cannot be done
    /// again, and its owner asks for it.
    pub(super) async fn end(&self, state: LongCallState, outcome: Option<String>) {
        let end = |call: &mut LongCall| {
            call.state = state;
            call.outcome.clone_from(&outcome);
            (call.questions, call.answers, call.answered_by) = (None, None, None);
        };
        // Once it is stored, the call is over.
        while self.is_kept() && self.change(&end).await.is_ok() {
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Makes a change, again and again until it is stored.
    async fn stored(&mut self, change: impl Fn(&mut LongCall)) -> Result<(), Stopped> {
        while self.change(&change).await?.is_none() {
            self.look(true).await?;
        }
        Ok(())
    }

    /// Waits a little, or for news, and looks what is stored now; nothing where the store is away.
    async fn look(&mut self, stoppable: bool) -> Result<Option<LongCall>, Stopped> {
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = self.news.told() => {}
            // A change goes on while the process ends, and with it the signs of life.
            () = self.calls.stopping.cancelled(), if stoppable => return Err(Stopped::Closing),
        }
        if !self.is_kept() {
            return Err(Stopped::Over);
        }
        let seen = if self.alive.elapsed() >= SIGN_OF_LIFE {
            self.sign_of_life().await?
        } else {
            self.noted(self.calls.catalog.long_call(&self.call.owner, &self.call.id).await)?
        };
        match seen {
            Some(seen) if seen.stop_wanted => Err(Stopped::Unwanted),
            seen => Ok(seen),
        }
    }

    async fn sign_of_life(&mut self) -> Result<Option<LongCall>, Stopped> {
        let given = Instant::now();
        let seen = self.change(|call| call.alive_until = alive_until(Timestamp::now())).await?;
        // One that is not stored is tried again at the next look.
        if seen.is_some() {
            self.alive = given;
        }
        Ok(seen)
    }

    async fn change(&self, change: impl Fn(&mut LongCall)) -> Result<Option<LongCall>, Stopped> {
        self.noted(self.calls.catalog.change_long_call(&self.call.owner, &self.call.id, change).await)
    }

    /// What is stored now; nothing where the store is away.
    fn noted(&self, seen: Result<LongCall, CatalogError>) -> Result<Option<LongCall>, Stopped> {
        match seen {
            Ok(seen) if seen.state.has_ended() => Err(Stopped::Over),
            Ok(seen) => Ok(Some(seen)),
            Err(CatalogError::NotFound { .. }) => Err(Stopped::Over),
            Err(error) => {
                tracing::warn!(%error, id = self.call.id, "the state of a long call is not known");
                Ok(None)
            }
        }
    }

    fn is_kept(&self) -> bool {
        Timestamp::now().as_second() < self.call.expires_at
    }
}

/// Until when the process counts as alive that says now that it is.
pub(super) fn alive_until(now: Timestamp) -> i64 {
    (now + ALIVE).as_millisecond()
}
