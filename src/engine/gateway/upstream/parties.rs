//! All third parties together.

use super::{Party, PartyTool, Verdicts};
use crate::engine::config::ThirdPartySettings;
use crate::engine::gateway::CallError;
use crate::engine::tools::Server;
use crate::model::tool::ToolDescription;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The third parties of the configuration. Cloning is cheap.
#[derive(Clone, Default)]
pub(in crate::engine::gateway) struct Parties(Arc<BTreeMap<Server, Arc<Party>>>);

impl Parties {
    pub(in crate::engine::gateway) fn new(settings: &[ThirdPartySettings], verdicts: &Verdicts) -> Self {
        let party = |settings: &ThirdPartySettings| {
            let party = Arc::new(Party::new(settings, verdicts.clone()));
            (party.server, party)
        };
        Self(Arc::new(settings.iter().map(party).collect()))
    }

    pub(in crate::engine::gateway) fn all(&self) -> impl Iterator<Item = &Arc<Party>> {
        self.0.values()
    }

    /// The third party that is known as this server.
    pub(in crate::engine::gateway) fn named(&self, server: &str) -> Option<&Arc<Party>> {
        self.0.values().find(|party| party.server.id() == server)
    }

    /// The tools that may be listed and called.
    pub(in crate::engine::gateway) fn offered(&self) -> Vec<Arc<ToolDescription>> {
        self.0.values().flat_map(|party| party.offered()).collect()
    }

    /// The tool of a name, if it may be called; else why not. None where no third party has it.
    pub(in crate::engine::gateway) fn find(&self, name: &str) -> Option<Result<Arc<PartyTool>, CallError>> {
        self.0.values().find_map(|party| party.find(name))
    }

    /// The server of a tool, whether it may be called or not.
    pub(in crate::engine::gateway) fn server_of(&self, tool: &str) -> Option<Server> {
        self.0.values().find(|party| party.find(tool).is_some()).map(|party| party.server)
    }
}
