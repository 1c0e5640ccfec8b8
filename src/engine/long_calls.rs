//! Calls that take longer than a client wants to wait: the client is told where to look, the call goes on
//! in the background, and what it comes to is kept in the store, where every instance finds it.
//!
//! Such a call is kept before its client is told of it. The process that does it says every few seconds
//! that it is alive; a call whose process is not heard of any more counts as interrupted, so none is being
//! done for ever.

use super::catalog::long_calls::{LongCall, LongCallState};
use super::catalog::{Catalog, CatalogError};
use futures::future::BoxFuture;
use jiff::Timestamp;
use serde_json::Value;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

/// How long a client waits before its call becomes a long one.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long one is kept, from its beginning. One that is not done by then is stopped.
pub const KEPT: Duration = Duration::from_hours(24);

/// How long a process counts as alive after it was last heard of, and how often it says so.
pub const ALIVE: Duration = Duration::from_secs(15);
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

/// How often it looks whether its owner has said something at another instance.
const LOOK: Duration = Duration::from_secs(1);

/// The most at the same time in this process. Beyond that, clients wait as they do for other calls.
const MOST: usize = 1_000;

/// The largest outcome that is kept: an item of `DynamoDB` has 400 KB.
const LARGEST: usize = 300 * 1024;

/// A call that may become a long one.
pub struct NewCall {
    /// Whose it is.
    pub owner: String,
    /// The tool.
    pub tool: String,
    /// Whether it becomes one at once.
    pub at_once: bool,
    /// Whether it may be stopped in the middle. A change may not.
    pub stoppable: bool,
    /// What is kept in place of an outcome that is too large.
    pub too_large: Value,
}

/// How an attempt at a call ended, as it is kept.
pub enum Ended {
    /// It was done, or the tool said why not.
    Done(Value),
    /// It could not be done.
    Failed(Value),
    /// It cannot go on without answers to these questions, an object by their names. The state comes back
    /// with them.
    Asks {
        /// The questions.
        questions: Value,
        /// What the call has to know when it goes on.
        state: Option<String>,
    },
}

/// Answers to the questions of an attempt, for the next one.
#[derive(Debug, Clone)]
pub struct Answers {
    /// By the names of the questions.
    pub answers: Value,
    /// What the attempt wanted to have back.
    pub state: Option<String>,
}

/// What a client is told.
pub enum Told<A> {
    /// How the call ended.
    Ended(A),
    /// That it goes on.
    Kept(Box<LongCall>),
}

/// Does the call, or goes on with it after questions.
pub type Attempt<A> = Box<dyn Fn(Option<Answers>) -> BoxFuture<'static, A> + Send + Sync>;

/// The long calls of this process. Cloning is cheap.
#[derive(Clone)]
pub struct LongCalls {
    catalog: Arc<Catalog>,
    places: Arc<Semaphore>,
    running: TaskTracker,
    stopping: CancellationToken,
    news: Arc<Notify>,
}

impl LongCalls {
    /// None yet.
    pub fn new(catalog: Arc<Catalog>) -> Self {
        Self {
            catalog,
            places: Arc::new(Semaphore::new(MOST)),
            running: TaskTracker::new(),
            stopping: CancellationToken::new(),
            news: Arc::default(),
        }
    }

    /// Does a call, and answers when it has ended or has become a long one; none when it stopped in the
    /// middle by a mistake of ours. When the caller goes away before, the call is dropped.
    pub async fn run<A: Send + 'static>(
        &self,
        call: NewCall,
        attempt: Attempt<A>,
        kept: fn(A) -> Ended,
    ) -> Option<Told<A>> {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            return Some(Told::Ended(attempt(None).await));
        };
        let (tell, told) = oneshot::channel();
        let run = Run { calls: self.clone(), call, attempt, kept, _place: place };
        self.running.spawn(run.begin(tell).in_current_span());
        told.await.ok()
    }

    /// Says that an owner wants something of a call that may be one of these.
    pub fn look_now(&self) {
        self.news.notify_waiters();
    }

    /// Interrupts them. Changes get the time to be made.
    pub async fn stop(&self, patience: Duration) {
        self.stopping.cancel();
        self.running.close();
        if tokio::time::timeout(patience, self.running.wait()).await.is_err() {
            tracing::warn!(calls = self.running.len(), "long calls were still being done; they are cut off");
        }
    }
}

/// Why a call is not gone on with.
#[derive(Debug, Clone, Copy)]
enum Stopped {
    /// Its owner wants that.
    Unwanted,
    /// The process ends.
    Closing,
    /// Its time is over.
    Expired,
}

struct Run<A> {
    calls: LongCalls,
    call: NewCall,
    attempt: Attempt<A>,
    kept: fn(A) -> Ended,
    _place: OwnedSemaphorePermit,
}

impl<A: Send + 'static> Run<A> {
    async fn begin(self, mut tell: oneshot::Sender<Told<A>>) {
        let mut doing = (self.attempt)(None);
        if !self.call.at_once {
            tokio::select! {
                ended = &mut doing => {
                    // Whoever is gone needs no answer.
                    let _ = tell.send(Told::Ended(ended));
                    return;
                }
                () = tell.closed() => return,
                () = tokio::time::sleep(PATIENCE) => {}
            }
        }
        match self.keep().await {
            Ok(kept) => {
                let known = tell.send(Told::Kept(Box::new(kept.clone()))).is_ok();
                self.go_on(kept, doing, known).await;
            }
            Err(error) => {
                tracing::warn!(%error, tool = self.call.tool, "a long call cannot be kept, so its client waits");
                tokio::select! {
                    ended = doing => {
                        let _ = tell.send(Told::Ended(ended));
                    }
                    () = tell.closed() => {}
                }
            }
        }
    }

    async fn keep(&self) -> Result<LongCall, CatalogError> {
        let now = Timestamp::now();
        let call = LongCall {
            owner: self.call.owner.clone(),
            id: format!("task_{}", ulid::Ulid::new().to_string().to_lowercase()),
            tool: self.call.tool.clone(),
            state: LongCallState::Working,
            created_at: now.to_string(),
            updated_at: now.to_string(),
            alive_until: alive_until(now),
            stop_wanted: false,
            questions: None,
            answers: None,
            outcome: None,
            version: 1,
            expires_at: (now + KEPT).as_second(),
        };
        self.calls.catalog.add_long_call(&call).await?;
        Ok(call)
    }

    /// Does the rest of a call that is kept, up to its end. `known` is whether its client has heard of it.
    async fn go_on(&self, kept: LongCall, mut doing: BoxFuture<'static, A>, known: bool) {
        let mut watch = Watch { calls: &self.calls, call: &kept, alive: Instant::now() };
        if !known {
            watch.end(LongCallState::Cancelled, None).await;
            return;
        }
        loop {
            let ended = tokio::select! {
                ended = &mut doing => (self.kept)(ended),
                why = watch.stopped(self.call.stoppable) => return watch.end_early(why).await,
            };
            match ended {
                Ended::Done(outcome) => {
                    return watch.end(LongCallState::Done, Some(self.fitting(&outcome))).await;
                }
                Ended::Failed(outcome) => {
                    return watch.end(LongCallState::Failed, Some(self.fitting(&outcome))).await;
                }
                Ended::Asks { questions, state } => match watch.answered(&questions).await {
                    Ok(answers) => doing = (self.attempt)(Some(Answers { answers, state })),
                    Err(why) => return watch.end_early(why).await,
                },
            }
        }
    }

    fn fitting(&self, outcome: &Value) -> String {
        let text = outcome.to_string();
        if text.len() <= LARGEST { text } else { self.call.too_large.to_string() }
    }
}

/// What the process that does a call has to do beside it.
struct Watch<'a> {
    calls: &'a LongCalls,
    call: &'a LongCall,
    alive: Instant,
}

impl Watch<'_> {
    /// Waits until the call has to stop. One that is not stoppable stops at no wish.
    async fn stopped(&mut self, stoppable: bool) -> Stopped {
        loop {
            match self.look().await {
                Err(why) if stoppable => return why,
                _ => {}
            }
        }
    }

    /// Asks the owner, and waits for all answers.
    async fn answered(&mut self, questions: &Value) -> Result<Value, Stopped> {
        let asked = questions.to_string();
        self.change(|call| {
            call.state = LongCallState::Asking;
            call.questions = Some(asked.clone());
            call.answers = None;
        })
        .await;
        loop {
            let Some(seen) = self.look().await? else { continue };
            let open = seen.questions.as_deref().unwrap_or("{}");
            if seen.state == LongCallState::Asking && open == "{}" {
                let answers = seen.answers.as_deref().and_then(|text| serde_json::from_str(text).ok());
                self.change(|call| {
                    call.state = LongCallState::Working;
                    (call.questions, call.answers) = (None, None);
                })
                .await;
                return Ok(answers.unwrap_or_default());
            }
        }
    }

    /// Waits a little, or for news, and looks what is stored now; nothing where the store is away.
    async fn look(&mut self) -> Result<Option<LongCall>, Stopped> {
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = self.calls.news.notified() => {}
            () = self.calls.stopping.cancelled() => {
                // A change goes on meanwhile, so this comes here again and again.
                tokio::time::sleep(LOOK / 10).await;
                return Err(Stopped::Closing);
            }
        }
        let seen = if self.alive.elapsed() >= SIGN_OF_LIFE {
            self.alive = Instant::now();
            self.change(|call| call.alive_until = alive_until(Timestamp::now())).await
        } else {
            self.note(self.calls.catalog.long_call(&self.call.owner, &self.call.id).await)
        };
        if self.call.expires_at <= Timestamp::now().as_second() {
            return Err(Stopped::Expired);
        }
        match seen {
            Some(seen) if seen.stop_wanted => Err(Stopped::Unwanted),
            seen => Ok(seen),
        }
    }

    async fn end_early(&self, why: Stopped) {
        let state = match why {
            Stopped::Unwanted => LongCallState::Cancelled,
            Stopped::Closing | Stopped::Expired => LongCallState::Interrupted,
        };
        self.end(state, None).await;
    }

    async fn end(&self, state: LongCallState, outcome: Option<String>) {
        self.change(|call| {
            call.state = state;
            call.outcome.clone_from(&outcome);
            (call.questions, call.answers) = (None, None);
        })
        .await;
    }

    async fn change(&self, change: impl Fn(&mut LongCall)) -> Option<LongCall> {
        self.note(self.calls.catalog.change_long_call(&self.call.owner, &self.call.id, change).await)
    }

    fn note(&self, seen: Result<LongCall, CatalogError>) -> Option<LongCall> {
        let id = &self.call.id;
        seen.inspect_err(|error| tracing::warn!(%error, id, "the state of a long call is not known")).ok()
    }
}

fn alive_until(now: Timestamp) -> i64 {
    (now + ALIVE).as_millisecond()
}
