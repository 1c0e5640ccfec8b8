//! What was changed, told to whoever follows it in this process.

use crate::model::tool::AwsResource;
use serde_json::Value;
use std::sync::Arc;
use tokio::sync::broadcast;

/// How many changes a slow follower may be behind before it misses some.
const BEHIND: usize = 256;

/// A change that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The operation that made it.
    pub operation: String,
    /// Its arguments as they are recorded: without file contents and secrets.
    pub arguments: Value,
    /// What it touched.
    pub resources: Vec<AwsResource>,
}

/// Where changes are told.
#[derive(Clone)]
pub(super) struct Changes(broadcast::Sender<Arc<Change>>);

impl Default for Changes {
    fn default() -> Self {
        Self(broadcast::Sender::new(BEHIND))
    }
}

impl Changes {
    pub(super) fn watch(&self) -> broadcast::Receiver<Arc<Change>> {
        self.0.subscribe()
    }

    pub(super) fn tell(&self, operation: &str, arguments: &Value, resources: &[AwsResource]) {
        if self.0.receiver_count() == 0 {
            return;
        }
        let (operation, arguments, resources) = (operation.to_owned(), arguments.clone(), resources.to_vec());
        // The last follower may have gone in this moment; then nobody needs to know.
        let _ = self.0.send(Arc::new(Change { operation, arguments, resources }));
    }
}
