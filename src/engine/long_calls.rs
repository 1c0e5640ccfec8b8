//! Calls that take longer than a client wants to wait: the client is told where to look, the call goes on
//! in the background, and what it comes to is kept in the store, where every instance finds it.
//!
//! Such a call is kept before its client is told of it. The process that does it says every few seconds
//! that it is alive; a call whose process is not heard of any more counts as interrupted, so none is being
//! done for ever.

mod news;
mod watch;

use super::catalog::long_calls::{LongCall, LongCallState};
use super::catalog::{Catalog, CatalogError};
use super::places::{Place, Places};
use futures::future::BoxFuture;
use jiff::Timestamp;
use news::News;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{Instrument, Span};
use watch::{Watch, alive_until};

/// How long a client waits before its call becomes a long one, unless somebody says otherwise.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long one is kept, from its beginning. A read that is not done by then is stopped; a change is made
/// all the same, but nobody is told of it any more.
pub const KEPT: Duration = Duration::from_hours(24);

/// How long a process counts as alive after it was last heard of, and how often it says so.
pub const ALIVE: Duration = Duration::from_secs(15);
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

/// How often it looks whether its owner has said something at another instance.
const LOOK: Duration = Duration::from_secs(1);

/// How long it may take to write down what became of changes that were cut off, when the process ends.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// How many may be under way, of one owner and of all together: one may last a day when nobody answers its
/// question.
const MOST_OF_ONE: usize = 100;
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
    /// The span of what is done, which ends with the call.
    pub span: Span,
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
    /// A JSON object by the names of the questions.
    pub answers: String,
    /// What the attempt wanted to have back.
    pub state: Option<String>,
    /// Who answered last, as it was kept; none where nothing had to be answered so far.
    pub by: Option<String>,
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
    patience: Duration,
    catalog: Arc<Catalog>,
    places: Places<String>,
    running: TaskTracker,
    stopping: CancellationToken,
    cut_off: CancellationToken,
    news: News,
}

impl LongCalls {
    /// None yet.
    pub fn new(catalog: Arc<Catalog>) -> Self {
        Self {
            patience: PATIENCE,
            catalog,
            places: Places::new(MOST_OF_ONE, MOST),
            running: TaskTracker::new(),
            stopping: CancellationToken::new(),
            cut_off: CancellationToken::new(),
            news: News::default(),
        }
    }

    /// The same, for clients that wait so long before their calls become long ones.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Does a call, and answers when it has ended or has become a long one; none when it stopped in the
    /// middle by a mistake of ours. When the caller goes away before, which drops this, the call is dropped.
    /// Where there is no place for one more, the caller waits as for any other call.
    pub async fn run<A: Send + 'static>(
        &self,
        call: NewCall,
        attempt: Attempt<A>,
        kept: fn(A) -> Ended,
    ) -> Option<Told<A>> {
        let Ok(place) = self.places.take(call.owner.clone()) else {
            return Some(Told::Ended(attempt(None).await));
        };
        let (tell, told) = oneshot::channel();
        let (span, cut_off) = (call.span.clone(), self.cut_off.clone());
        let run = Run { calls: self.clone(), call, attempt, kept, _place: place };
        let running = async move { cut_off.run_until_cancelled(run.begin(tell)).await };
        self.running.spawn(running.instrument(span));
        told.await.ok()
    }

    /// Says that the owner of a call, which may be one of these, wants something of it.
    pub fn look_at(&self, id: &str) {
        self.news.tell(id);
    }

    /// Interrupts them. Changes get the time to be made; those that take longer go on until whoever makes
    /// them cuts them off.
    pub async fn stop(&self, patience: Duration) {
        self.stopping.cancel();
        self.running.close();
        // What is left then is told of by whoever cuts it off.
        let _ = tokio::time::timeout(patience, self.running.wait()).await;
    }

    /// Waits a moment until it is written down what became of the last ones. What takes longer is cut off.
    pub async fn end(&self) {
        if tokio::time::timeout(LAST_WORDS, self.running.wait()).await.is_err() {
            tracing::warn!(calls = self.running.len(), "long calls were still being done; they are cut off");
            self.cut_off.cancel();
            self.running.wait().await;
        }
    }
}

struct Run<A> {
    calls: LongCalls,
    call: NewCall,
    attempt: Attempt<A>,
    kept: fn(A) -> Ended,
    _place: Place<String>,
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
                () = tokio::time::sleep(self.calls.patience) => {}
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
            answered_by: None,
            outcome: None,
            version: 1,
            expires_at: (now + KEPT).as_second(),
        };
        self.calls.catalog.add_long_call(&call).await?;
        Ok(call)
    }

    /// Does the rest of a call that is kept, up to its end. `known` is whether its client has heard of it.
    async fn go_on(&self, kept: LongCall, mut doing: BoxFuture<'static, A>, known: bool) {
        let mut watch = Watch::new(&self.calls, &kept);
        // What is not gone on with gives back what it holds before that is written down, which may take long.
        if !known {
            drop(doing);
            watch.end(LongCallState::Cancelled, None).await;
            return;
        }
        let mut by = None;
        loop {
            let ended = tokio::select! {
                ended = &mut doing => (self.kept)(ended),
                why = watch.stopped(self.call.stoppable) => {
                    drop(doing);
                    return watch.end_early(why).await;
                }
            };
            match ended {
                Ended::Done(outcome) => {
                    return watch.end(LongCallState::Done, Some(self.fitting(&outcome))).await;
                }
                Ended::Failed(outcome) => {
                    return watch.end(LongCallState::Failed, Some(self.fitting(&outcome))).await;
                }
                Ended::Asks { questions, state } => match watch.answered(&questions).await {
                    Ok((answers, answered_by)) => {
                        by = answered_by.or(by);
                        doing = (self.attempt)(Some(Answers { answers, state, by: by.clone() }));
                    }
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
