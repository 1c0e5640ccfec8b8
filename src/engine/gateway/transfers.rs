//! The slots of one person for transfers, such as uploads that go on for minutes: for all instances together.
//!
//! Those of the process are in [`super::limits`]; these keep one person from taking all of them, wherever they
//! come in.

use super::{CallError, CallErrorKind, Gateway, Visit};
use crate::engine::spending::{NoSlot, Slot};
use crate::engine::tools::Class;
use jiff::Timestamp;
use std::time::Duration;

/// After how long it makes sense to look whether another transfer may begin.
const WAIT: Duration = Duration::from_secs(5);

impl Gateway {
    /// The slot of a call that is a transfer, held as long as it is kept. What another instance passes on has one
    /// there.
    pub(super) async fn transfer_slot(&self, visit: &Visit, class: Class) -> Result<Option<Slot>, CallError> {
        if class != Class::Transfer || visit.origin.passed_on.is_some() {
            return Ok(None);
        }
        // Its future is large, and most calls never get here.
        let taken = Box::pin(self.spending.transfer(visit.principal.person(), Timestamp::now())).await;
        taken.map_err(|none| CallError { retry_after: Some(WAIT), ..refusal(&none) })
    }
}

fn refusal(none: &NoSlot) -> CallError {
    match none {
        NoSlot::AllTaken(most) => CallError::new(
            CallErrorKind::TooManyRequests,
            format!(
                "As many uploads or readings of whole files are under way in your name as there may be: {most}."
            ),
            "Wait until one of them has ended, then try again.",
        ),
        NoSlot::Catalog(error) => {
            tracing::warn!(%error, "nobody knows how many transfers somebody has under way");
            CallError::new(
                CallErrorKind::Unavailable,
                "How many uploads are under way in your name is not known just now, because the store does not \
                 answer.",
                "Try again in some seconds.",
            )
        }
    }
}
