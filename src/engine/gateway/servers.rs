//! What is known of the servers, and what admins may do with them.

use super::{Answer, CallError, CallErrorKind, Gateway, Origin, Principal, Role, Visit};
use crate::engine::catalog::CatalogError;
use crate::engine::tools::views::{
    Approvals, ApproveTool, ApproveToolInput, DrainServer, Drainable, Drains, EnableServer, ViewFleet,
    ViewFleetInput,
};
use crate::engine::tools::{Class, Content, Operation, Server};
use crate::model::fleet::{FleetView, Overall};
use crate::model::tool::ToolDescription;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How often it is read what admins have set: within this time every instance follows.
const POLICY_INTERVAL: Duration = Duration::from_secs(2);

impl Gateway {
    /// A tool that a principal may use.
    pub fn tool(&self, principal: &Principal, name: &str) -> Option<Arc<ToolDescription>> {
        let own = self.registry.find(name);
        if !self.in_scope(principal, name) || !self.rules.offer(principal, name, own.is_none()) {
            return None;
        }
        match own {
            Some(tool) => Some(Arc::clone(tool.description())),
            None => self.parties.find(name)?.ok().map(|tool| Arc::clone(&tool.description)),
        }
    }

    /// Whether a principal may use an operation of a page or a tool at all: what is not offered belongs in no
    /// menu.
    pub fn offers(&self, principal: &Principal, operation: &str) -> bool {
        self.in_scope(principal, operation) && self.rules.offer(principal, operation, false)
    }

    /// Those of some operations of pages that a principal may use at all.
    pub fn offered<'o>(&self, principal: &Principal, operations: &[&'o str]) -> Vec<&'o str> {
        let in_scope = operations.iter().copied().filter(|operation| self.in_scope(principal, operation));
        self.rules.offered(principal, in_scope)
    }

    /// How often each rule would have denied, or did, since this process knows it.
    pub fn violations(&self) -> Vec<(String, u64)> {
        self.rules.violations()
    }

    /// A tool of a third party that may be called.
    pub fn foreign_tool(&self, name: &str) -> Option<Arc<ToolDescription>> {
        if self.registry.find(name).is_some() {
            return None;
        }
        self.parties.find(name)?.ok().map(|tool| Arc::clone(&tool.description))
    }

    /// Whether a call of a tool may have a model do something that costs.
    pub fn pays(&self, tool: &str) -> bool {
        self.registry.find(tool).is_some_and(super::registry::Registered::pays)
    }

    /// Whether the answers of a tool may hold what others wrote. A tool that is not Patchline's own is taken to.
    pub fn tells_of_others(&self, tool: &str) -> bool {
        self.registry.find(tool).is_none_or(|tool| tool.content() == Content::Untrusted)
    }

    /// The servers that have tools, and those of third parties.
    pub fn servers(&self) -> BTreeSet<Server> {
        let mut servers = self.registry.servers();
        servers.extend(self.parties.all().map(|party| party.server));
        servers
    }

    /// The tools that a principal may use.
    pub fn tools(&self, principal: &Principal) -> Vec<ToolDescription> {
        let foreign = self.parties.offered();
        let foreign = foreign.iter().filter(|tool| self.registry.find(&tool.name).is_none());
        let own = self.registry.descriptions().filter(|tool| self.rules.offer(principal, &tool.name, false));
        let foreign = foreign.filter(|tool| self.rules.offer(principal, &tool.name, true));
        let all = own.chain(foreign).filter(|tool| self.in_scope(principal, &tool.name));
        all.map(|tool| ToolDescription::clone(tool)).collect()
    }

    /// Names this process.
    pub fn instance(&self) -> &str {
        self.fleet.instance()
    }

    /// Tells when the list of tools is another one: it counts up.
    pub fn watch_tools(&self) -> watch::Receiver<u64> {
        self.parties.watch()
    }

    /// Begins to check the servers, in the background.
    pub fn watch_fleet(&self) {
        self.fleet.watch(&self.catalog);
        let gateway = self.clone();
        self.fleet.now_and_again(POLICY_INTERVAL, move || {
            let gateway = gateway.clone();
            async move {
                gateway.read_policy().await;
                gateway.follow_limits().await;
            }
        });
    }

    /// Ends what [`Gateway::watch_fleet`] began.
    pub async fn stop_watching(&self) {
        self.fleet.stop(&self.catalog).await;
    }

    /// Checks every server now.
    pub async fn check_fleet(&self) {
        self.fleet.check_all(&self.catalog).await;
    }

    /// All servers in words. Says nothing of the label, so everybody may know.
    pub fn overall(&self) -> Overall {
        self.fleet.overall()
    }

    /// The fleet as this instance sees it now, without history. For whoever has seen
    /// [`Gateway::view_fleet`] and follows it.
    pub fn fleet_now(&self) -> FleetView {
        let mut view = self.fleet.view();
        let foreign = self.parties.offered();
        for server in &mut view.servers {
            let tools = self.registry.descriptions().chain(&foreign);
            let tools = tools.filter(|tool| tool.server == server.id);
            server.tools = tools.map(|tool| tool.name.clone()).collect();
        }
        view
    }

    /// The fleet, or one server of it, with its history. One server of a third party also has the
    /// definitions that wait for an admin.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `NotFound` where there is no such server.
    pub async fn view_fleet(
        &self,
        principal: &Principal,
        origin: &Origin,
        server: Option<String>,
    ) -> Result<Answer<FleetView>, CallError> {
        let mut seen = self.fleet_now();
        for one in &mut seen.servers {
            if server.as_ref() == Some(&one.id)
                && let Some(party) = self.parties.named(&one.id)
            {
                one.reviews = party.reviews();
            }
        }
        self.call::<ViewFleet>(principal, origin, ViewFleetInput { server, seen }).await
    }

    /// Keeps new calls away from a server, or from one replica of it.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Forbidden` for whoever is no admin, `NotFound` where there is no such replica.
    pub async fn drain_server(
        &self,
        principal: &Principal,
        origin: &Origin,
        what: Drainable,
    ) -> Result<Answer<Drains>, CallError> {
        self.only_for_admins(principal, origin, DrainServer::NAME, &what.server)?;
        if let Some(replica) = &what.replica
            && !self.fleet.has_replica(&what.server, replica)
        {
            let error = CallError::new(
                CallErrorKind::NotFound,
                format!("There is no replica of {} {replica:?} at this instance.", what.server),
                "GET /api/fleet tells the replicas with their ids.",
            );
            return Err(self.refused(principal, origin, DrainServer::NAME, error));
        }
        self.change_drains::<DrainServer>(principal, origin, what).await
    }

    /// Lets calls back to a server, or to one replica of it: also to one that is not there any more, such as
    /// a process that has ended, so that its drain can be taken back.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Forbidden` for whoever is no admin.
    pub async fn enable_server(
        &self,
        principal: &Principal,
        origin: &Origin,
        what: Drainable,
    ) -> Result<Answer<Drains>, CallError> {
        self.only_for_admins(principal, origin, EnableServer::NAME, &what.server)?;
        self.change_drains::<EnableServer>(principal, origin, what).await
    }

    /// What an admin decides is known here at once, and by the other instances with their next look.
    async fn change_drains<O: Operation<Input = Drainable, Output = Drains>>(
        &self,
        principal: &Principal,
        origin: &Origin,
        what: Drainable,
    ) -> Result<Answer<Drains>, CallError> {
        let answer = self.call::<O>(principal, origin, what).await?;
        self.fleet.know_drains(&answer.output);
        Ok(answer)
    }

    /// Approves the definition that a third party's tool has now. `sha256` is that of the definition that
    /// the admin has seen.
    ///
    /// # Errors
    /// As [`Gateway::drain_server`]; `Conflict` when the definition has changed since.
    pub async fn approve_tool(
        &self,
        principal: &Principal,
        origin: &Origin,
        server: String,
        tool: String,
        sha256: String,
    ) -> Result<Answer<Approvals>, CallError> {
        self.only_for_admins(principal, origin, ApproveTool::NAME, &server)?;
        let refused = |error| self.refused(principal, origin, ApproveTool::NAME, error);
        let Some(party) = self.parties.named(&server) else {
            let message = format!("The tools of {server} are Patchline's own and need no approval.");
            return Err(refused(CallError::new(CallErrorKind::Invalid, message, "")));
        };
        let definition = party.definition(&tool, &sha256).map_err(refused)?;
        let input = ApproveToolInput { server, tool, sha256, definition };
        let answer = self.call::<ApproveTool>(principal, origin, input).await?;
        party.know_approvals(answer.output.clone());
        Ok(answer)
    }

    fn only_for_admins(
        &self,
        principal: &Principal,
        origin: &Origin,
        operation: &str,
        server: &str,
    ) -> Result<(), CallError> {
        let error = if principal.role != Role::Admin {
            let message = format!("{} may not drain or enable servers.", principal.name);
            CallError::new(CallErrorKind::Forbidden, message, "Ask an admin.")
        } else if !self.fleet.has(server) {
            CatalogError::NotFound { what: "server", id: server.to_owned() }.into()
        } else {
            return Ok(());
        };
        Err(self.refuse(&Visit::new(principal, origin, operation, Class::Page, Value::Null), error))
    }
}
