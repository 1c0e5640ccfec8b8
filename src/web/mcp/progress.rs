//! Tells a client how far its request is, while it runs, and stops it when nobody waits any more.

use crate::engine::tools::{Progress, Step};
use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, Peer, RoleServer};
use std::pin::pin;

/// Does something that reports its progress, and tells the client of it if the client asked for that.
/// When the client takes its request back, the work is dropped, which stops a read.
pub(super) async fn told<T, W>(
    context: &RequestContext<RoleServer>,
    work: impl FnOnce(Progress) -> W,
) -> Result<T, ErrorData>
where
    W: Future<Output = T>,
{
    let telling = async {
        match context.meta.get_progress_token() {
            Some(token) => watched(&context.peer, token, work).await,
            None => work(Progress::ignored()).await,
        }
    };
    tokio::select! {
        done = telling => Ok(done),
        () = context.ct.cancelled() => Err(ErrorData::internal_error("The request was taken back.", None)),
    }
}

async fn watched<T, W>(peer: &Peer<RoleServer>, token: ProgressToken, work: impl FnOnce(Progress) -> W) -> T
where
    W: Future<Output = T>,
{
    let (progress, mut watcher) = Progress::watched();
    let mut work = pin!(work(progress));
    let mut teller = Teller { peer, token, told: None };
    loop {
        tokio::select! {
            done = &mut work => {
                // What was reported together with the end.
                let step = watcher.borrow_and_update().clone();
                teller.tell(step).await;
                return done;
            }
            Ok(()) = watcher.changed() => {
                let step = watcher.borrow_and_update().clone();
                teller.tell(step).await;
            }
        }
    }
}

/// Tells of steps, each further than the one before.
struct Teller<'a> {
    peer: &'a Peer<RoleServer>,
    token: ProgressToken,
    told: Option<u64>,
}

impl Teller<'_> {
    async fn tell(&mut self, step: Step) {
        let nothing = step.message.is_empty() && step.total.is_none();
        if nothing || self.told.is_some_and(|told| step.done <= told) {
            return;
        }
        self.told = Some(step.done);
        let mut param = ProgressNotificationParam::new(self.token.clone(), number(step.done));
        param.total = step.total.map(number);
        param.message = Some(step.message);
        // A client that is gone is noticed by the cancellation of the request.
        let _ = self.peer.notify_progress(param).await;
    }
}

#[expect(clippy::cast_precision_loss, reason = "progress is shown to people; nothing is counted with it")]
fn number(count: u64) -> f64 {
    count as f64
}
