//! What an address of MCP offers: everything, or one server.

use crate::engine::tools::Server;
use crate::model::tool::ToolDescription;

/// What an address offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Every server that exists.
    All,
    /// One server.
    Only(Server),
}

impl Scope {
    /// The address.
    pub(super) fn path(self) -> String {
        match self {
            Scope::All => "/mcp".to_owned(),
            Scope::Only(server) => format!("/mcp/{}", server.id()),
        }
    }

    /// Whether what belongs to a server is offered.
    pub(super) fn has(self, server: Server) -> bool {
        self == Scope::All || self == Scope::Only(server)
    }

    /// Whether a tool is offered.
    pub(super) fn offers(self, tool: &ToolDescription) -> bool {
        match self {
            Scope::All => true,
            Scope::Only(server) => tool.server == server.id(),
        }
    }
}
