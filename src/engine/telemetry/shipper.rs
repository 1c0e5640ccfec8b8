//! Sends lines to a log group in batches, without ever keeping anybody waiting who has a line.

use super::batch::Batch;
use super::destination::Destination;
use super::line::{Fields, Line};
use super::tally::Tally;
use crate::engine::aws::{AwsFailure, FailureKind};
use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

/// Lines that may wait. Beyond that, further ones are lost and counted.
const QUEUE: usize = 10_000;

/// How long the first line of a batch waits for others.
const GATHER: Duration = Duration::from_secs(1);

/// The pause after a first failure. It doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The way to the task that sends.
pub(super) struct Shipper {
    lines: mpsc::Sender<Line>,
    orders: mpsc::Sender<Order>,
    lost: Arc<AtomicU64>,
}

/// The same for one that must not keep the task alive.
pub(super) struct WeakShipper {
    lines: mpsc::WeakSender<Line>,
    lost: Arc<AtomicU64>,
}

enum Order {
    Flush(oneshot::Sender<()>),
    Close(oneshot::Sender<()>),
}

impl Shipper {
    /// Starts the task. It ends with [`Shipper::close`] or when this is dropped.
    pub(super) fn start(destination: Destination, tally: Arc<Tally>) -> Self {
        let (lines, waiting) = mpsc::channel(QUEUE);
        let (orders, ordered) = mpsc::channel(4);
        let lost = Arc::new(AtomicU64::new(0));
        let task = Task {
            destination,
            tally,
            waiting,
            ordered,
            lost: Arc::clone(&lost),
            batch: Batch::default(),
            due: None,
            pause: None,
        };
        tokio::spawn(task.run());
        Self { lines, orders, lost }
    }

    /// Hands a line over. Never waits.
    pub(super) fn send(&self, line: Line) {
        hand_over(&self.lines, line, &self.lost);
    }

    /// Sends what is there; after one failure it stays where it is.
    pub(super) async fn flush(&self) {
        self.order(Order::Flush).await;
    }

    /// Sends what is there, once, and ends the task.
    pub(super) async fn close(&self) {
        self.order(Order::Close).await;
    }

    pub(super) fn downgrade(&self) -> WeakShipper {
        WeakShipper { lines: self.lines.downgrade(), lost: Arc::clone(&self.lost) }
    }

    async fn order(&self, order: impl FnOnce(oneshot::Sender<()>) -> Order) {
        let (done, answer) = oneshot::channel();
        if self.orders.send(order(done)).await.is_ok() {
            // The task answers, or has ended, which is as good.
            let _ = answer.await;
        }
    }
}

impl WeakShipper {
    /// Hands a line over if the task still runs. Never waits.
    pub(super) fn send(&self, line: Line) {
        if let Some(lines) = self.lines.upgrade() {
            hand_over(&lines, line, &self.lost);
        }
    }
}

fn hand_over(lines: &mpsc::Sender<Line>, line: Line, lost: &AtomicU64) {
    if let Err(mpsc::error::TrySendError::Full(_)) = lines.try_send(line) {
        lost.fetch_add(1, Ordering::Relaxed);
    }
}

struct Task {
    destination: Destination,
    tally: Arc<Tally>,
    waiting: mpsc::Receiver<Line>,
    ordered: mpsc::Receiver<Order>,
    lost: Arc<AtomicU64>,
    batch: Batch,
    /// When the batch is to be sent.
    due: Option<Instant>,
    /// The pause after the last try, if it failed.
    pause: Option<Duration>,
}

impl Task {
    async fn run(mut self) {
        if let Err(failure) = self.destination.prepare().await {
            self.away(&failure);
        }
        loop {
            let due = self.due;
            tokio::select! {
                biased;
                order = self.ordered.recv() => {
                    self.drain().await;
                    match order {
                        // Whoever waited may have gone away meanwhile.
                        Some(Order::Flush(done)) => {
                            let _ = done.send(());
                        }
                        Some(Order::Close(done)) => {
                            // What it holds is let go of before anybody is told.
                            drop(self);
                            let _ = done.send(());
                            return;
                        }
                        None => return,
                    }
                }
                () = at(due), if due.is_some() => {
                    self.attempt().await;
                }
                line = self.waiting.recv(), if !self.batch.is_full() => match line {
                    Some(line) => self.take(line),
                    None => return self.drain().await,
                },
            }
        }
    }

    fn take(&mut self, line: Line) {
        self.batch.push(line);
        if self.pause.is_some() {
            return;
        }
        if self.batch.is_full() {
            self.due = Some(Instant::now());
        } else if self.due.is_none() {
            self.due = Some(Instant::now() + GATHER);
        }
    }

    /// Sends until nothing is left, or until it fails.
    async fn drain(&mut self) {
        loop {
            while !self.batch.is_full() {
                let Ok(line) = self.waiting.try_recv() else { break };
                self.batch.push(line);
            }
            if self.batch.is_empty() || !self.attempt().await {
                return;
            }
        }
    }

    /// Tries to send the batch. True when its lines are gone, for good or ill.
    async fn attempt(&mut self) -> bool {
        let lines = self.batch.sendable();
        let count = lines.len();
        match self.destination.put(lines).await {
            Ok(refused) => {
                self.lose(refused);
                self.batch.remove(count);
                self.back();
            }
            Err(failure) if matches!(failure.kind, FailureKind::Invalid | FailureKind::TooLarge) => {
                // It would be refused again and keep all others from being sent.
                tracing::warn!(%failure, count, "lines of the log were refused and are lost");
                self.lose(count);
                self.batch.remove(count);
            }
            Err(failure) => {
                self.away(&failure);
                return false;
            }
        }
        self.due = (!self.batch.is_empty()).then(Instant::now);
        true
    }

    fn lose(&self, lines: usize) {
        self.lost.fetch_add(lines as u64, Ordering::Relaxed);
    }

    /// Remembers that a try failed, and says so the first time.
    fn away(&mut self, failure: &AwsFailure) {
        let pause = self.pause.map_or(FIRST_PAUSE, |pause| (pause * 2).min(LONGEST_PAUSE));
        if self.pause.is_none() {
            let group = &self.destination.group;
            tracing::warn!(%failure, group, "the log cannot be written to CloudWatch; its lines wait");
        }
        self.pause = Some(pause);
        self.due = Some(Instant::now() + pause);
    }

    /// After a success: says what was lost meanwhile, in the log itself and as a metric.
    fn back(&mut self) {
        if self.pause.take().is_some() {
            tracing::info!(group = self.destination.group, "the log is written to CloudWatch again");
        }
        let lost = self.lost.swap(0, Ordering::Relaxed);
        if lost > 0 {
            self.tally.count_lost(lost);
            let now = Timestamp::now();
            let mut fields = Fields::new(now, "WARN", "patchline::log");
            fields.add("message", format!("{lost} lines are missing here; CloudWatch could not take them"));
            fields.add("lost_lines", lost);
            self.batch.push(fields.into_line(now));
            tracing::warn!(lost, group = self.destination.group, "lines of the log are lost");
        }
    }
}

async fn at(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}
