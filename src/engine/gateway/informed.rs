//! Tools that have to be told what only the door knows, before they are done.

use super::Gateway;
use crate::engine::tools::Tool;
use crate::engine::tools::reports::{CheckSystemHealth, SystemHealthInput};

/// A tool that is told something by the door.
pub(super) trait Informed: Tool {
    /// Adds it to what was asked.
    fn inform(input: &mut Self::Input, gateway: &Gateway);
}

impl Informed for CheckSystemHealth {
    /// What this process has seen of its servers.
    fn inform(input: &mut SystemHealthInput, gateway: &Gateway) {
        input.seen = gateway.fleet_now();
    }
}
