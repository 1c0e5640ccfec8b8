//! What is done in the background: alarms are evaluated, and what is older than CloudWatch keeps it goes.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::alarms;
use super::error::MetricsError;
use super::series::RETENTION;
use super::store::Store;
use crate::embedded_aws::periodic::Periodic;

/// How often alarms are evaluated, besides whenever they are asked for.
const EVALUATION: Duration = Duration::from_secs(10);
/// How often old values are removed.
const REMOVAL: Duration = Duration::from_hours(1);

/// The timers. Dropping it stops them.
pub(super) struct Background {
    evaluation: Periodic,
    removal: Periodic,
}

impl Background {
    /// Begins at once.
    pub(super) fn start(store: Arc<Store>) -> Self {
        let watched = Arc::clone(&store);
        Self {
            evaluation: Periodic::start("the evaluation of alarms", EVALUATION, move || {
                alarms::evaluate_all(&watched, Timestamp::now())
            }),
            removal: Periodic::start("the removal of old metrics", REMOVAL, move || remove_old(&store)),
        }
    }

    /// Waits until the work that is under way is over.
    pub(super) async fn stop(&self) {
        self.evaluation.stop().await;
        self.removal.stop().await;
    }
}

fn remove_old(store: &Store) -> Result<(), MetricsError> {
    let samples = store.remove_before(Timestamp::now().as_second() - RETENTION)?;
    if samples > 0 {
        tracing::debug!(samples, "removed old metrics");
    }
    Ok(())
}
