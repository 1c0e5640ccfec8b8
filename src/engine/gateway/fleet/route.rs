//! The way of one call to a replica: admission, the call itself, and another try elsewhere.

use super::replica::Ended;
use super::server::Failure;
use super::{Fleet, Member, Reach, Server};
use crate::engine::gateway::{CallError, CallErrorKind};
use std::time::{Duration, Instant};
use tokio::sync::OwnedSemaphorePermit;

/// How long a call waits while a server is doing as much at once as it may.
const PLACE_WAIT: Duration = Duration::from_secs(10);

/// A call that was let in to a server. Holds a place among those that run at the same time.
pub(crate) struct Admission {
    fleet: Fleet,
    server: Server,
    _place: Option<OwnedSemaphorePermit>,
    /// The replicas that are not asked, or not again.
    tried: Vec<usize>,
}

/// A call under way at a replica. When it is dropped without [`Lease::end`], its caller has gone away.
pub(crate) struct Lease<'a> {
    admission: &'a mut Admission,
    index: usize,
    begun: Instant,
    ended: bool,
}

impl Fleet {
    /// Lets a call in. `bounded` calls take one of the server's places; transfers have limits of their own.
    /// What `stays` is done by this process or not at all.
    ///
    /// # Errors
    /// When the server, or every replica that could take the call, is drained, its circuit is open, or it has
    /// no place.
    pub(crate) async fn admit(
        &self,
        server: Server,
        bounded: bool,
        stays: bool,
    ) -> Result<Admission, CallError> {
        self.drains().check(server)?;
        let Some(member) = self.member(server) else { return Err(not_there(server)) };
        // Before anything is waited for, and before the one trial of an open circuit is taken.
        let tried = self.not_asked(server, member, stays)?;
        let place = if bounded {
            let waiting = tokio::time::timeout(PLACE_WAIT, member.places.clone().acquire_owned()).await;
            Some(waiting.ok().and_then(Result::ok).ok_or_else(|| full(server))?)
        } else {
            None
        };
        let at = self.now();
        member.state().admit(at).map_err(|wait| resting(server, wait))?;
        Ok(Admission { fleet: self.clone(), server, _place: place, tried })
    }

    /// The replicas that a call is not given to.
    ///
    /// # Errors
    /// When there is no other.
    fn not_asked(&self, server: Server, member: &Member, stays: bool) -> Result<Vec<usize>, CallError> {
        let left_out = self.left_out(server, member);
        if left_out.len() == member.replicas.len() {
            return Err(all_drained(server));
        }
        if !stays {
            return Ok(left_out);
        }
        let all = 0..member.replicas.len();
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            all.partition(|index| matches!(member.replicas[*index].reach, Reach::InProcess));
        if here.iter().all(|index| left_out.contains(index)) {
            return Err(drained_here(server));
        }
        Ok(elsewhere)
    }
}

impl Fleet {
    /// Whether a server has replicas at other instances.
    pub(crate) fn has_instances(&self, server: Server) -> bool {
        let elsewhere = |replica: &super::Replica| matches!(replica.reach, Reach::Instance(_));
        self.member(server).is_some_and(|member| member.replicas.iter().any(elsewhere))
    }

    /// Whether a server has more than one replica, so that a call could be tried elsewhere.
    pub(crate) fn has_others(&self, server: Server) -> bool {
        self.member(server).is_some_and(|member| member.replicas.len() > 1)
    }
}

impl Admission {
    /// Which share of its places the server has in use.
    pub(crate) fn busy(&self) -> f64 {
        let Some(member) = self.fleet.member(self.server) else { return 0.0 };
        let free = u32::try_from(member.places.available_permits()).unwrap_or(u32::MAX);
        f64::from(member.most_places.saturating_sub(free)) / f64::from(member.most_places)
    }

    /// The replica that takes the call.
    pub(crate) fn begin(&mut self) -> Option<Lease<'_>> {
        self.lease(false)
    }

    /// Another replica, after the one before failed: only where the budget allows it, and only for what
    /// may be done twice.
    pub(crate) fn begin_again(&mut self) -> Option<Lease<'_>> {
        self.lease(true)
    }

    fn lease(&mut self, again: bool) -> Option<Lease<'_>> {
        let at = self.fleet.now();
        let member = self.fleet.member(self.server)?;
        let mut random = || self.fleet.random();
        let index = if again {
            member.state().begin_again(at, &self.tried, &mut random)
        } else {
            member.state().begin(at, &self.tried, &mut random)
        }?;
        self.tried.push(index);
        Some(Lease { admission: self, index, begun: Instant::now(), ended: false })
    }
}

impl Lease<'_> {
    /// How the replica is reached.
    pub(in crate::engine::gateway) fn reach(&self) -> Reach {
        let member = self.admission.fleet.member(self.admission.server);
        member
            .and_then(|member| member.replicas.get(self.index))
            .map_or(Reach::InProcess, |replica| replica.reach.clone())
    }

    /// The call ended. `fault` is why, where the server failed.
    pub(crate) fn end(mut self, tool: &str, request_id: &str, fault: Option<String>) {
        let at = self.admission.fleet.now();
        let ended = match fault {
            None => Ok(Ended::Well),
            Some(reason) => {
                let request_id = Some(request_id.to_owned());
                Err(Failure { at, what: tool.to_owned(), reason, request_id })
            }
        };
        self.note(ended);
    }

    fn note(&mut self, ended: Result<Ended, Failure>) {
        self.ended = true;
        let fleet = &self.admission.fleet;
        if let Some(member) = fleet.member(self.admission.server) {
            member.state().end(self.index, self.begun.elapsed(), ended, fleet.now());
        }
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.note(Ok(Ended::Abandoned));
        }
    }
}

fn unavailable(message: String, remedy: &str, wait: Duration) -> CallError {
    CallError { retry_after: Some(wait), ..CallError::new(CallErrorKind::Unavailable, message, remedy) }
}

fn resting(server: Server, wait: Duration) -> CallError {
    unavailable(
        format!("The server {} is given a rest, because most of its last calls failed.", server.id()),
        "Try again in some seconds; the page Health says what is wrong.",
        wait,
    )
}

fn full(server: Server) -> CallError {
    unavailable(
        format!("The server {} is doing as much at once as it may.", server.id()),
        "Try again in some seconds.",
        PLACE_WAIT,
    )
}

fn all_drained(server: Server) -> CallError {
    drained(
        format!("The server {} takes no new calls: all its replicas are drained.", server.id()),
        "Try again when an admin has enabled one on the page Health.",
    )
}

/// For what no other replica can do: files and large arguments are not passed on, and what another instance
/// has passed on goes no further.
fn drained_here(server: Server) -> CallError {
    drained(
        format!("This instance is drained for the server {}, and only it could take this call.", server.id()),
        "Files and arguments of more than 3 MiB are not passed on to the other replicas: send them to another \
         instance, or try again when an admin has enabled this one on the page Health.",
    )
}

fn drained(message: String, remedy: &str) -> CallError {
    CallError { nothing_was_done: true, ..unavailable(message, remedy, Duration::from_secs(30)) }
}

fn not_there(server: Server) -> CallError {
    CallError::new(
        CallErrorKind::NotFound,
        format!("The server {} is switched off.", server.id()),
        "An operator can switch it on with its ENABLE_ variable.",
    )
}
