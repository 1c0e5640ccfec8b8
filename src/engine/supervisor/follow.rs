//! Following a task, one's own or a shared one: what this process changes is told at once, and for what others change
//! it is looked each second. Of a shared one it is asked at each look whether its link still works, and before anything
//! is told whether whoever follows may read it.

use super::operations::ViewTask;
use super::sharing::ViewSharedTask;
use super::{Shared, Told, journal};
use crate::engine::gateway::{CallError, CallErrorKind, Origin, Principal};
use crate::engine::tools::Operation;
use crate::model::task::TaskView;
use futures::Stream;
use futures::stream;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

/// How often it is looked for what others have changed.
const LOOK: Duration = Duration::from_secs(1);

/// How often it is looked up what whoever follows may.
const LOOK_AT_RIGHTS: Duration = Duration::from_secs(5);

/// What is followed, and by what right.
pub(super) enum Followed {
    /// A task of one's own, by its id.
    Own(String),
    /// The task of a link, by its secret: as whoever follows may read it at each moment, while the link works.
    Shared(String),
}

impl Followed {
    /// The operation at the door that reads it.
    fn operation(&self) -> &'static str {
        match self {
            Self::Own(_) => ViewTask::NAME,
            Self::Shared(_) => ViewSharedTask::NAME,
        }
    }
}

/// Somebody who follows a task.
struct Follower {
    shared: Arc<Shared>,
    principal: Principal,
    origin: Origin,
    followed: Followed,
    /// The task's id; of a shared one it is known with the first look.
    id: String,
    news: Receiver<Told>,
    /// What was seen last; none before the first look.
    seen: Option<u32>,
    /// When it was looked last what the follower may.
    allowed: Instant,
    ended: bool,
}

/// The task as it is, then each change of it, until it has ended. The first look is one at the door.
pub(super) fn follow(
    shared: Arc<Shared>,
    principal: Principal,
    origin: Origin,
    followed: Followed,
) -> impl Stream<Item = Result<TaskView, CallError>> + Send + 'static {
    let news = shared.news.subscribe();
    let id = match &followed {
        Followed::Own(id) => id.clone(),
        Followed::Shared(_) => String::new(),
    };
    let (seen, allowed, ended) = (None, Instant::now(), false);
    let begun = Follower { shared, principal, origin, followed, id, news, seen, allowed, ended };
    stream::unfold(begun, |mut follower| async move {
        let next = follower.next().await?;
        Some((next, follower))
    })
}

impl Follower {
    async fn next(&mut self) -> Option<Result<TaskView, CallError>> {
        if self.ended {
            return None;
        }
        let next = match self.seen {
            None => self.first().await,
            Some(seen) => self.change_after(seen).await?,
        };
        match &next {
            Ok(view) => {
                self.seen = Some(view.revision);
                self.id.clone_from(&view.id);
                self.ended = view.state.has_ended();
            }
            Err(_) => self.ended = true,
        }
        Some(next)
    }

    async fn first(&self) -> Result<TaskView, CallError> {
        let (shared, principal, origin) = (&self.shared, &self.principal, &self.origin);
        match &self.followed {
            Followed::Own(id) => {
                let answer = shared.gateway.call::<ViewTask>(principal, origin, id.clone()).await?;
                Ok(answer.output)
            }
            Followed::Shared(secret) => Ok(shared.shared_task(principal, origin, secret).await?.task),
        }
    }

    /// The next change; none where the process ends.
    async fn change_after(&mut self, seen: u32) -> Option<Result<TaskView, CallError>> {
        // News of other tasks, however many, do not put off the look.
        let mut look = tokio::time::interval_at(Instant::now() + LOOK, LOOK);
        loop {
            tokio::select! {
                told = self.news.recv() => match told {
                    Ok(told) if *told.id != *self.id => continue,
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return None,
                },
                _ = look.tick() => {}
                () = self.shared.stopping.cancelled() => return None,
            }
            if let Err(error) = self.look_at_rights().await {
                return Some(Err(error));
            }
            match self.look(seen).await {
                Ok(None) => {}
                Ok(Some(view)) => return Some(Ok(view)),
                Err(error) => return Some(Err(error)),
            }
        }
    }

    /// Whoever has lost their account, their key or the permission is told nothing more.
    async fn look_at_rights(&mut self) -> Result<(), CallError> {
        if self.allowed.elapsed() >= LOOK_AT_RIGHTS {
            match self.shared.again(&self.principal, self.origin.address).await {
                Ok(Some(now)) => (self.principal, self.allowed) = (now, Instant::now()),
                Ok(None) => return Err(no_more(&self.principal)),
                // What they may is looked up again with the next look.
                Err(error) if error.kind == CallErrorKind::Unavailable => {}
                Err(error) => return Err(error),
            }
        }
        if self.shared.gateway.offers(&self.principal, self.followed.operation()) {
            Ok(())
        } else {
            Err(no_more(&self.principal))
        }
    }

    async fn look(&self, seen: u32) -> Result<Option<TaskView>, CallError> {
        match &self.followed {
            Followed::Own(id) => {
                let (catalog, owner) = (&self.shared.catalog, &self.principal.id);
                if self.is_as_seen(owner, id, seen).await? {
                    return Ok(None);
                }
                Ok(Some(journal::view(catalog, owner, id).await?))
            }
            Followed::Shared(secret) => {
                let found = self.shared.shared_by(secret).await?;
                if self.is_as_seen(&found.owner, &found.id, seen).await? {
                    return Ok(None);
                }
                let readable = self.shared.seen(&self.principal, &self.origin, &found).await??;
                Ok(Some(readable.task))
            }
        }
    }

    async fn is_as_seen(&self, owner: &str, id: &str, seen: u32) -> Result<bool, CallError> {
        let revision = self.shared.catalog.revision_of_task(owner, id).await?;
        Ok(revision.is_some_and(|revision| revision.version == seen))
    }
}

fn no_more(principal: &Principal) -> CallError {
    let message = format!("{} may not see tasks any more.", principal.name);
    CallError::new(CallErrorKind::Forbidden, message, "Ask an admin for the permission.")
}
