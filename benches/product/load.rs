//! Load on a running server: at a fixed rate, or as much as it takes.

use crate::problem::{Because, Problem};
use crate::samples::Samples;
use bytes::Bytes;
use futures::future::join_all;
use std::time::{Duration, Instant};

/// After how long a request counts as failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// What came of it.
#[derive(Debug)]
pub(crate) struct Load {
    /// The times of the requests that were answered with 200.
    pub(crate) times: Samples,
    /// The requests that were not.
    pub(crate) failed: usize,
    /// From the first request to the last answer.
    pub(crate) lasted: Duration,
}

impl Load {
    fn new(times: Vec<Option<Duration>>, lasted: Duration) -> Result<Self, Problem> {
        let failed = times.iter().filter(|time| time.is_none()).count();
        let times = Samples::new(times.into_iter().flatten().collect()).because("get any answer")?;
        Ok(Self { times, failed, lasted })
    }

    /// Answered requests a second.
    #[expect(clippy::cast_precision_loss, reason = "shown with three digits")]
    pub(crate) fn rate(&self) -> f64 {
        self.times.count() as f64 / self.lasted.as_secs_f64()
    }
}

/// Sends at a fixed rate, whether the server keeps up or not, and counts every time from the moment
/// at which the request was due. So waiting behind a slow answer counts, as it does for a user.
pub(crate) async fn open_loop<F, A>(ask: F, per_second: u32, lasting: Duration) -> Result<Load, Problem>
where
    F: Fn() -> A + Clone + Send + 'static,
    A: Future<Output = Result<Bytes, Problem>> + Send + 'static,
{
    let interval = Duration::from_secs(1) / per_second;
    let (sender, mut answers) = tokio::sync::mpsc::unbounded_channel();
    let runtime = tokio::runtime::Handle::current();
    let begun = Instant::now();
    // A thread, because it wakes up within a tenth of a millisecond; timers of the runtime take a whole.
    tokio::task::spawn_blocking(move || {
        let mut due = begun;
        while due < begun + lasting && !sender.is_closed() {
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            let (answer, sender) = (ask(), sender.clone());
            runtime.spawn(async move {
                let answered = tokio::time::timeout(PATIENCE, answer).await;
                let time = matches!(answered, Ok(Ok(_))).then(|| due.elapsed());
                // Nobody listens any more when the measurement ran out of time.
                let _ = sender.send(time);
            });
            due += interval;
        }
    });
    let mut times = Vec::new();
    while let Some(time) = answers.recv().await {
        times.push(time);
    }
    Load::new(times, begun.elapsed())
}

/// Asks again as soon as an answer is there, on several connections at once.
pub(crate) async fn closed_loop<F, A>(ask: F, connections: usize, lasting: Duration) -> Result<Load, Problem>
where
    F: Fn() -> A + Clone + Send + 'static,
    A: Future<Output = Result<Bytes, Problem>> + Send + 'static,
{
    let begun = Instant::now();
    let asking = (0..connections).map(|_| {
        let ask = ask.clone();
        tokio::spawn(async move {
            let mut times = Vec::new();
            while begun.elapsed() < lasting {
                let sent = Instant::now();
                let answered = tokio::time::timeout(PATIENCE, ask()).await;
                times.push(matches!(answered, Ok(Ok(_))).then(|| sent.elapsed()));
            }
            times
        })
    });
    let mut times = Vec::new();
    for asked in join_all(asking).await {
        times.extend(asked.because("ask on several connections")?);
    }
    Load::new(times, begun.elapsed())
}
