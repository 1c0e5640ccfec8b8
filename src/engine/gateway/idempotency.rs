//! Changes that are asked for twice: with a key, the second answers with the result of the first.
//!
//! A call with a key is begun by a conditional write, kept alive while it runs, and its result is kept
//! for a day. What a killed process has begun is free again when its lease ends.

use super::error::{CallError, CallErrorKind};
use super::principal::{Origin, Principal};
use super::redaction;
use crate::engine::catalog::kept_calls::{KeptCall, Lease, State};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::spending::Bill;
use crate::model::field::FieldError;
use crate::model::money::MicroDollars;
use crate::model::task::Spent;
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::str::FromStr;
use std::time::Duration;

/// How long a result is kept.
const KEPT: Duration = Duration::from_hours(24);

/// How long a call counts as running after its process was last heard of.
const LEASE: Duration = Duration::from_secs(30);

/// How often a running call is said to be running.
const RENEWAL: Duration = Duration::from_secs(10);

/// How many hexadecimal digits the name of a change has: as many as a UUID.
const NAME_LENGTH: usize = 32;

/// The longest key.
const LONGEST: usize = 255;

/// The largest result that is kept: an item of `DynamoDB` has 400 KB.
const LARGEST_RESULT: usize = 300 * 1024;

/// Tells a change that is asked for again from another change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The text.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// What names it where the key itself is not to be kept.
    pub fn digest(&self) -> String {
        redaction::digest(self.0.as_bytes())
    }

    /// The key under which a replica keeps what was passed on to it: another one, because this instance
    /// keeps the key itself while the call runs.
    pub(super) fn for_replicas(&self) -> Self {
        Self(format!("passed-on:{}", redaction::digest(self.0.as_bytes())))
    }
}

/// Why a text is not an idempotency key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key has 1 to 255 visible ASCII characters")]
pub struct NotAKey;

impl FromStr for IdempotencyKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let fits = (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(text.to_owned())) } else { Err(NotAKey) }
    }
}

impl From<NotAKey> for CallError {
    fn from(error: NotAKey) -> Self {
        let field = FieldError::new("Idempotency-Key", error.to_string());
        let message = format!("The idempotency key is wrong: {error}.");
        Self {
            fields: vec![field],
            ..Self::new(CallErrorKind::Invalid, message, "Send a UUID, for instance.")
        }
    }
}

/// What tells arguments from others, whatever their order.
pub(super) fn fingerprint(arguments: &Value) -> String {
    redaction::digest(sorted(arguments).to_string().as_bytes())
}

/// The name of a change with a key, the same here and at a replica, and for every attempt. A key may be
/// used anew when its day is over, so the arguments belong to the name.
pub(super) fn name_of_change(
    principal: &Principal,
    origin: &Origin,
    key: &IdempotencyKey,
    tool: &str,
    fingerprint: &str,
) -> String {
    let key = if origin.passed_on.is_some() { key.clone() } else { key.for_replicas() };
    let mut name =
        redaction::digest(format!("{}\n{tool}\n{}\n{fingerprint}", principal.id, key.0).as_bytes());
    name.truncate(NAME_LENGTH);
    name
}

/// What is to be done about a call with a key.
pub(super) enum Begun {
    /// It is the first; do it.
    First(Running),
    /// It was done; this was its result, and what it has taken.
    Before(Value, Spent),
}

/// A call with a key that is being done.
pub(super) struct Running {
    lease: Lease,
}

/// What becomes of a call that a process has begun which is not heard of any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GivenUp {
    /// It is begun anew: what it changes is known again.
    BegunAnew,
    /// It is never made again with its key: a model may have been paid for it.
    Left,
}

/// Begins a call with a key, or finds out that it was done.
pub(super) async fn begin(
    catalog: &Catalog,
    (principal, origin): (&Principal, &Origin),
    key: &IdempotencyKey,
    tool: &str,
    fingerprint: String,
    given_up: GivenUp,
) -> Result<Begun, CallError> {
    let identity = format!("{}\n{tool}\n{}", principal.id, key.0);
    let now = Timestamp::now();
    let call = KeptCall {
        id: redaction::digest(identity.as_bytes()),
        arguments_sha256: fingerprint,
        state: State::Running,
        lease: origin.request_id.clone(),
        lease_ends: (now + LEASE).as_millisecond(),
        result: None,
        spent: None,
        expires_at: (now + KEPT).as_second(),
    };
    match catalog.begin_kept_call(&call, given_up == GivenUp::BegunAnew, now).await {
        Ok(None) => Ok(Begun::First(Running { lease: call.into_lease() })),
        Ok(Some(known)) if known.arguments_sha256 != call.arguments_sha256 => Err(other_arguments(tool)),
        Ok(Some(known)) => match known.result.as_deref().map(serde_json::from_str) {
            Some(Ok(result)) => Ok(Begun::Before(result, spent_by(&known))),
            Some(Err(_)) => Err(not_kept(tool)),
            None if known.state == State::Done => Err(not_kept(tool)),
            None if given_up == GivenUp::Left && known.lease_ends <= now.as_millisecond() => {
                Err(interrupted(tool))
            }
            None => Err(running(tool)),
        },
        Err(error) => Err(unkept(error)),
    }
}

impl Running {
    /// Does the call, keeping its lease meanwhile, and keeps the result if there is one. A call that
    /// failed may be tried again with the same key, unless a model was paid for it.
    pub(super) async fn finish<T, E>(
        self,
        catalog: &Catalog,
        bill: &Bill,
        call: impl Future<Output = Result<T, E>>,
        result: impl FnOnce(&T) -> &Value,
    ) -> Result<T, E> {
        let lease = self.lease;
        let renewing = async {
            loop {
                tokio::time::sleep(RENEWAL).await;
                let until = (Timestamp::now() + LEASE).as_millisecond();
                if let Err(error) = catalog.renew_kept_call(&lease, until).await {
                    tracing::warn!(%error, "the lease of a call with an idempotency key was not renewed");
                }
            }
        };
        let ended = tokio::select! {
            ended = call => ended,
            // It renews without end.
            never = renewing => never,
        };
        let kept = match &ended {
            Ok(done) => {
                let text = result(done).to_string();
                let text = (text.len() <= LARGEST_RESULT).then_some(text);
                let spent = bill.spent().or_none().and_then(|spent| serde_json::to_string(&spent).ok());
                catalog.finish_kept_call(&lease, text.as_deref(), spent.as_deref()).await
            }
            // Over at once, and never begun anew.
            Err(_) if bill.total() > MicroDollars::ZERO => catalog.renew_kept_call(&lease, 0).await,
            Err(_) => catalog.forget_kept_call(&lease).await,
        };
        if let Err(error) = kept {
            tracing::error!(%error, "what became of a call with an idempotency key was not kept");
        }
        ended
    }
}

/// The same arguments in one order, so that the order in which a client writes them does not matter.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut names: Vec<_> = fields.keys().collect();
            names.sort_unstable();
            Value::Object(
                names.into_iter().map(|name| (name.clone(), sorted(&fields[name]))).collect::<Map<_, _>>(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

fn other_arguments(tool: &str) -> CallError {
    CallError::new(
        CallErrorKind::KeyReused,
        format!("This idempotency key was used for {tool} with other arguments. Nothing was changed."),
        "Use a new key for a new change.",
    )
}

fn running(tool: &str) -> CallError {
    CallError {
        retry_after: Some(Duration::from_secs(1)),
        ..CallError::new(
            CallErrorKind::Conflict,
            format!("{tool} with this idempotency key is being done at this moment."),
            "Ask again in a second with the same key: you get the result of that call.",
        )
    }
}

/// What a kept call has taken.
fn spent_by(call: &KeptCall) -> Spent {
    let kept = call.spent.as_deref().and_then(|spent| serde_json::from_str(spent).ok());
    kept.unwrap_or_default()
}

fn interrupted(tool: &str) -> CallError {
    CallError::new(
        CallErrorKind::Conflict,
        format!("{tool} with this idempotency key was interrupted; what it found is not known."),
        "It may have been paid for. Ask again with a new key if it is still needed.",
    )
}

fn not_kept(tool: &str) -> CallError {
    CallError::new(
        CallErrorKind::Conflict,
        format!("{tool} with this idempotency key was done before, but its result was too large to keep."),
        "Read what was changed.",
    )
}

fn unkept(error: CatalogError) -> CallError {
    let cause = CallError::from(error);
    let message =
        format!("Nothing was changed, because the idempotency key cannot be kept. {}", cause.message);
    CallError {
        retry_after: cause.retry_after,
        ..CallError::new(CallErrorKind::Unavailable, message, cause.remedy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_key_is_visible_ascii_of_limited_length() {
        assert!("6f2c1b1e-run-7".parse::<IdempotencyKey>().is_ok());
        for wrong in ["", "two words", "ключ", &"a".repeat(256)] {
            assert_eq!(wrong.parse::<IdempotencyKey>(), Err(NotAKey), "{wrong}");
        }
    }

    #[test]
    fn the_order_of_arguments_does_not_matter() {
        let one = json!({ "b": [{ "y": 1, "x": 2 }], "a": null });
        let other = json!({ "a": null, "b": [{ "x": 2, "y": 1 }] });
        assert_eq!(fingerprint(&one), fingerprint(&other));
        assert_ne!(fingerprint(&one), fingerprint(&json!({ "a": null })));
    }
}
