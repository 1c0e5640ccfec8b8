//! All third parties together.

use super::{Party, PartyTool, Verdicts};
use crate::engine::catalog::Catalog;
use crate::engine::config::ThirdPartySettings;
use crate::engine::gateway::CallError;
use crate::engine::tools::Server;
use crate::model::tool::ToolDescription;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::watch;

/// The third parties of the configuration. Cloning is cheap.
#[derive(Clone)]
pub(in crate::engine::gateway) struct Parties {
    all: Arc<BTreeMap<Server, Arc<Party>>>,
    news: watch::Sender<u64>,
}

impl Parties {
    pub(in crate::engine::gateway) fn new(
        settings: &[ThirdPartySettings],
        catalog: &Arc<Catalog>,
        verdicts: &Verdicts,
    ) -> Self {
        let news = watch::Sender::default();
        let party = |settings: &ThirdPartySettings| {
            let party = Arc::new(Party::new(settings, catalog, verdicts.clone(), news.clone()));
            (party.server, party)
        };
        Self { all: Arc::new(settings.iter().map(party).collect()), news }
    }

    pub(in crate::engine::gateway) fn all(&self) -> impl Iterator<Item = &Arc<Party>> {
        self.all.values()
    }

    /// Tells when the tools that may be listed are other ones.
    pub(in crate::engine::gateway) fn watch(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// Says that the tools that may be listed are other ones, for a reason beside the third parties.
    pub(in crate::engine::gateway) fn tell(&self) {
        self.news.send_modify(|count| *count += 1);
    }

    /// The third party that is known as this server.
    pub(in crate::engine::gateway) fn named(&self, server: &str) -> Option<&Arc<Party>> {
        self.all.values().find(|party| party.server.id() == server)
    }

    /// The tools that may be listed and called.
    pub(in crate::engine::gateway) fn offered(&self) -> Vec<Arc<ToolDescription>> {
        self.all.values().flat_map(|party| party.offered()).collect()
    }

    /// The tool of a name, if it may be called; else why not. None where no third party has it.
    pub(in crate::engine::gateway) fn find(&self, name: &str) -> Option<Result<Arc<PartyTool>, CallError>> {
        self.all.values().find_map(|party| party.find(name))
    }

    /// The server of a tool, whether it may be called or not.
    pub(in crate::engine::gateway) fn server_of(&self, tool: &str) -> Option<Server> {
        self.all.values().find(|party| party.find(tool).is_some()).map(|party| party.server)
    }
}
