//! The stage *do* of a call: which replica takes it, how that one is reached, and another try elsewhere.

use super::fleet::{Admission, Reach, fault};
use super::idempotency::{self, Begun, GivenUp, IdempotencyKey};
use super::passed_on::PassedOn;
use super::upstream::{Client, Errand, Party, Told, UpstreamError, pass_on};
use super::work::Work;
use super::{CallError, CallErrorKind, Gateway, Visit};
use crate::engine::catalog::CatalogError;
use crate::engine::tools::{Class, Context, Progress, Server, ToolError};
use serde_json::Value;
use std::time::{Duration, Instant};

/// How long a change with a key waits for the replica that has begun it and is not heard of any more: until
/// that one's lease has ended, and a little longer.
const WAIT_FOR_BEGUN: Duration = Duration::from_secs(40);

/// How often it asks meanwhile.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// A try that failed.
pub(super) struct Failed {
    pub(super) error: CallError,
    /// Why the replica failed; none where the caller was wrong.
    fault: Option<String>,
    /// Whether it is certain that nothing was begun, so that another replica may try whatever it is.
    nothing_was_done: bool,
}

impl Failed {
    fn nowhere() -> Self {
        let error = CallError::new(
            CallErrorKind::Unavailable,
            "No replica takes the call.",
            "Try again in some seconds; the page Health says what is wrong.",
        );
        Self { error, fault: None, nothing_was_done: true }
    }

    fn of_caller(error: CallError) -> Self {
        Self { error, fault: None, nothing_was_done: false }
    }

    /// What is told after another try. That nothing was done is told only where it holds for each try: one
    /// that may have done it before stays the reason.
    fn after(former: Option<Self>, last: Self) -> Self {
        match former {
            Some(former) if last.nothing_was_done && !former.nothing_was_done => former,
            _ => last,
        }
    }

    /// Whether the change has been begun at a replica that is not heard of any more.
    fn is_begun_elsewhere(&self) -> bool {
        self.error.kind == CallErrorKind::Conflict && self.error.retry_after.is_some()
    }
}

impl From<ToolError> for Failed {
    fn from(error: ToolError) -> Self {
        if let ToolError::Catalog(CatalogError::Aws(failure)) = &error {
            tracing::warn!(%failure, "AWS did not do what was asked");
        }
        Self { fault: fault::of_server(&error), error: error.into(), nothing_was_done: false }
    }
}

/// How a piece of work enters its server.
pub(super) struct Entry {
    server: Option<Server>,
    /// Whether it takes one of the server's places.
    bounded: bool,
    /// Whether it stays in this process.
    stays: bool,
}

impl Gateway {
    /// Lets a call in to its server; none for what belongs to no server, such as parts of pages.
    pub(super) async fn admission(&self, entry: Entry) -> Result<Option<Admission>, CallError> {
        let Some(server) = entry.server else { return Ok(None) };
        let admission = self.fleet.admit(server, entry.bounded, entry.stays).await?;
        self.telemetry.busy(server.id(), admission.busy());
        Ok(Some(admission))
    }

    /// How a piece of work enters its server.
    pub(super) fn entry<W: Work>(&self, visit: &Visit, work: &W) -> Entry {
        let passed_on = visit.origin.passed_on.is_some();
        let foreign = work.party_tool().map(|tool| tool.server);
        Entry {
            server: foreign.or_else(|| self.registry.serving(work.name())),
            // What another instance passes on has its place there; two that wait for each other never go on.
            bounded: work.class() == Class::Call && !passed_on,
            stays: foreign.is_none() && (passed_on || work.arguments().is_none()),
        }
    }

    /// Does the work at a replica. Where the replica fails and the work may be done twice, another tries.
    pub(super) async fn route<W: Work>(
        &self,
        visit: &Visit,
        admission: Option<Admission>,
        mut work: W,
        context: Context,
    ) -> Result<W::Output, Failed> {
        let Some(mut admission) = admission else {
            return match work.here(context) {
                Some(doing) => doing.await.map_err(Failed::from),
                None => Err(Failed::nowhere()),
            };
        };
        let key = self.key_for_replicas(visit, &work);
        let is_done_once = work.effect().changes() || work.pays();
        let may_be_done_twice = !is_done_once || key.is_some();
        let mut failed: Option<Failed> = None;
        loop {
            let lease = if failed.is_some() { admission.begin_again() } else { admission.begin() };
            let Some(lease) = lease else { return Err(failed.unwrap_or_else(Failed::nowhere)) };
            let begun = Instant::now();
            let result = loop {
                let result = match lease.reach() {
                    Reach::InProcess => self.here(visit, &mut work, context.clone(), key.as_ref()).await,
                    Reach::Instance(client) => self.elsewhere(visit, &mut work, &client, key.as_ref()).await,
                    Reach::ThirdParty(party) => foreign(&mut work, &party, &visit.progress).await,
                };
                match result {
                    Err(error)
                        if failed.is_some()
                            && error.is_begun_elsewhere()
                            && begun.elapsed() < WAIT_FOR_BEGUN =>
                    {
                        tokio::time::sleep(ASK_AGAIN).await;
                    }
                    result => break result,
                }
            };
            let fault = result.as_ref().err().and_then(|error| error.fault.clone());
            if let Some(reason) = &fault {
                let (request_id, tool) = (&visit.origin.request_id, work.name());
                tracing::warn!(request_id, tool, reason, "a replica did not do what was asked");
            }
            lease.end(work.name(), &visit.origin.request_id, fault);
            match result {
                Err(error) if error.nothing_was_done || (error.fault.is_some() && may_be_done_twice) => {
                    failed = Some(Failed::after(failed, error));
                }
                result => return result,
            }
        }
    }

    /// The key under which replicas keep a change that may be tried at several of them.
    fn key_for_replicas<W: Work>(&self, visit: &Visit, work: &W) -> Option<IdempotencyKey> {
        let key = visit.origin.idempotency_key.as_ref().filter(|_| visit.origin.passed_on.is_none())?;
        let server = self.registry.serving(work.name())?;
        (work.effect().changes() && work.arguments().is_some() && self.fleet.has_instances(server))
            .then(|| key.for_replicas())
    }

    /// A replica that is this process. With a key it finds out first whether another replica has done it.
    async fn here<W: Work>(
        &self,
        visit: &Visit,
        work: &mut W,
        context: Context,
        key: Option<&IdempotencyKey>,
    ) -> Result<W::Output, Failed> {
        let (Some(key), Some(arguments)) = (key, work.arguments()) else {
            let doing = work.here(context).ok_or_else(Failed::nowhere)?;
            return doing.await.map_err(Failed::from);
        };
        let caller = (&visit.principal, &visit.origin);
        let (catalog, fingerprint) = (&self.catalog, idempotency::fingerprint(arguments));
        let given_up = GivenUp::BegunAnew;
        let begun = idempotency::begin(catalog, caller, key, &visit.name, fingerprint, given_up).await;
        match begun.map_err(Failed::of_caller)? {
            Begun::Before(output, _) => W::arrived(output).ok_or_else(Failed::nowhere),
            Begun::First(running) => {
                let doing = work.here(context).ok_or_else(Failed::nowhere)?;
                let call = async { doing.await.map_err(Failed::from) };
                running
                    .finish(catalog, &visit.bill, call, |output| W::kept(output).unwrap_or(&Value::Null))
                    .await
            }
        }
    }

    /// A replica that is another instance.
    async fn elsewhere<W: Work>(
        &self,
        visit: &Visit,
        work: &mut W,
        client: &Client,
        key: Option<&IdempotencyKey>,
    ) -> Result<W::Output, Failed> {
        let Some(arguments) = work.arguments() else { return Err(Failed::nowhere()) };
        let mark = PassedOn {
            instance: self.fleet.instance().to_owned(),
            request_id: visit.origin.request_id.clone(),
            principal: visit.principal.id.clone(),
            name: visit.principal.name.clone(),
            role: visit.principal.role,
            key: visit.principal.key.clone(),
            bearer: visit.principal.bearer.clone(),
            artists: visit.principal.artists.clone(),
            by_supervisor: visit.principal.by_supervisor,
            in_role: visit.principal.in_role,
        };
        let errand = Errand { tool: work.name(), arguments, mark: &mark, key, progress: &visit.progress };
        match pass_on(client, errand).await {
            Ok(Told::Done(output)) => W::arrived(output).ok_or_else(Failed::nowhere),
            Ok(Told::NotDone(error)) => Err(told_elsewhere(error)),
            Err(error) => {
                let message = format!("The instance at {} failed: {error}.", client.place());
                Err(without_answer(message, &error))
            }
        }
    }
}

/// What a third party does.
async fn foreign<W: Work>(work: &mut W, party: &Party, progress: &Progress) -> Result<W::Output, Failed> {
    let (Some(tool), Some(arguments)) = (work.party_tool(), work.arguments()) else {
        return Err(Failed::nowhere());
    };
    match party.call(tool, arguments, progress).await {
        Ok(Ok(output)) => W::arrived(output).ok_or_else(Failed::nowhere),
        Ok(Err(error)) => Err(Failed::of_caller(error)),
        Err(error) => Err(without_answer(party.in_words(&error), &error)),
    }
}

/// The words of another instance: whether it failed, or the caller was wrong, is told by their kind.
fn told_elsewhere(error: CallError) -> Failed {
    let nothing_was_done = error.nothing_was_done
        || matches!(error.kind, CallErrorKind::TooManyRequests | CallErrorKind::Unauthenticated);
    let failed =
        !nothing_was_done && matches!(error.kind, CallErrorKind::Unavailable | CallErrorKind::Internal);
    Failed { fault: failed.then(|| error.message.clone()), error, nothing_was_done }
}

fn without_answer(message: String, error: &UpstreamError) -> Failed {
    let remedy = if error.nothing_was_done() {
        "Nothing was done. Try again in some seconds; the page Health says what is wrong."
    } else {
        "If it changes something, look whether it was done before you try again."
    };
    let call = CallError {
        retry_after: error.nothing_was_done().then_some(Duration::from_secs(5)),
        ..CallError::new(CallErrorKind::Unavailable, message.clone(), remedy)
    };
    Failed { error: call, fault: Some(message), nothing_was_done: error.nothing_was_done() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(message: &str, nothing_was_done: bool) -> Failed {
        let error = CallError::new(CallErrorKind::Unavailable, message, "");
        let error = CallError { nothing_was_done, ..error };
        Failed { error, fault: None, nothing_was_done }
    }

    fn told(tries: Vec<Failed>) -> (String, bool) {
        let last = tries.into_iter().fold(None, |former, last| Some(Failed::after(former, last)));
        last.map(|failed| (failed.error.message, failed.error.nothing_was_done)).expect("there is a try")
    }

    #[test]
    fn nothing_was_done_only_where_no_try_may_have_done_it() {
        let (lost, drained) = (|| failed("lost", false), || failed("drained", true));
        assert_eq!(told(vec![lost(), drained()]), ("lost".to_owned(), false));
        assert_eq!(told(vec![drained(), lost(), drained()]), ("lost".to_owned(), false));
        assert_eq!(told(vec![drained(), drained()]), ("drained".to_owned(), true));
        assert_eq!(told(vec![lost(), failed("lost again", false)]), ("lost again".to_owned(), false));
    }
}
