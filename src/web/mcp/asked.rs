//! What a request says beside its parameters: who asks, in which mode, and whether it is a repetition.

use super::door::SESSION;
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind, Channel, NotAKey, PassedOn, Principal};
use crate::web::caller::Caller;
use axum::http::request::Parts;
use rmcp::model::Extensions;
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use serde::Deserialize;

/// The `_meta` field of a change that may be asked for again.
pub(super) const IDEMPOTENCY_KEY: &str = "patchline/idempotencyKey";

/// What a request says beside its parameters.
pub(super) struct Asked {
    /// Who asks.
    pub(super) caller: Caller,
    /// Whether only the tools that find other tools are listed.
    pub(super) compact: bool,
    /// Whether the sender is believed to be another instance.
    pub(super) believed: bool,
}

impl Asked {
    /// Reads what the door has found out, and the address.
    pub(super) fn of(context: &RequestContext<RoleServer>) -> Result<Self, ErrorData> {
        let parts = context.extensions.get::<Parts>();
        let (Some(parts), Some(caller)) = (parts, caller(&context.extensions)) else {
            return Err(no_door());
        };
        let mark = context.meta.get(PassedOn::META);
        if caller.principal == Principal::instance() && mark.is_none() {
            let message = "The key of instances only passes on calls that somebody made elsewhere.";
            return Err(ErrorData::invalid_request(message, None));
        }
        let compact =
            parts.uri.query().is_some_and(|query| query.split('&').any(|pair| pair == "mode=compact"));
        let mut caller = caller.clone();
        let believed = caller.may_pass_on();
        // A mark that cannot be read is told when the call is made.
        if believed && let Some(mark) = mark.and_then(|mark| PassedOn::deserialize(mark).ok()) {
            caller.principal = mark.principal();
        }
        Ok(Self { caller, compact, believed })
    }

    /// The same with the key for repetitions and the mark of another instance, where the request has them.
    pub(super) fn with_key(mut self, context: &RequestContext<RoleServer>) -> Result<Self, CallError> {
        if let Some(key) = context.meta.get(IDEMPOTENCY_KEY) {
            self.caller.origin.idempotency_key = Some(key.as_str().ok_or(NotAKey)?.parse()?);
        }
        // Whoever else marks a call is not believed: it is a call like any other.
        if let Some(mark) = context.meta.get(PassedOn::META)
            && self.believed
        {
            let mark: PassedOn = serde_json::from_value(mark.clone()).map_err(|error| wrong_mark(&error))?;
            self.caller.principal = mark.principal();
            self.caller.origin.passed_on = Some(mark);
        }
        Ok(self)
    }
}

/// Goes on with a request as somebody else: whoever has answered what it asked.
pub(super) fn go_on_as(
    context: &mut RequestContext<RoleServer>,
    principal: Principal,
) -> Result<(), ErrorData> {
    let parts = context.extensions.get_mut::<Parts>();
    let caller = parts.and_then(|parts| parts.extensions.get_mut::<Caller>()).ok_or_else(no_door)?;
    caller.principal = principal;
    Ok(())
}

/// Who asks, looked up again by what the request has brought: a key may have been revoked since, a token may have
/// expired, and somebody may have lost their account, their role or their artists. None where they may ask no more.
pub(super) async fn again(context: &RequestContext<RoleServer>, engine: &Engine) -> Option<Caller> {
    let parts = context.extensions.get::<Parts>()?;
    let known = Caller::identify(parts, engine, Channel::Mcp).await.ok()?;
    let mut context = context.clone();
    go_on_as(&mut context, known.principal).ok()?;
    Asked::of(&context).ok().map(|asked| asked.caller)
}

/// The session that a message of the older era belongs to.
pub(super) fn session(extensions: &Extensions) -> Option<String> {
    let id = extensions.get::<Parts>()?.headers.get(SESSION)?;
    id.to_str().ok().map(str::to_owned)
}

fn no_door() -> ErrorData {
    ErrorData::internal_error("The request did not come through the door.", None)
}

/// Who sends a message, as the door has found out.
pub(super) fn caller(extensions: &Extensions) -> Option<&Caller> {
    extensions.get::<Parts>()?.extensions.get::<Caller>()
}

fn wrong_mark(error: &serde_json::Error) -> CallError {
    CallError::new(
        CallErrorKind::Invalid,
        format!("The mark {} of a call that is passed on cannot be read: {error}.", PassedOn::META),
        "Run the same version of Patchline at all instances.",
    )
}
