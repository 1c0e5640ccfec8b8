//! A third party's MCP server: which tools it lists, which of them are approved, and calling those.
//!
//! A definition counts only with the hash that an admin has approved. A new one and a changed one are
//! neither listed nor called until somebody has looked at it.

use super::consents::KeptConsent;
pub(in crate::engine::gateway) use super::definition::PartyTool;
use super::error::shortened;
use super::{Client, Consent, UpstreamError, Verdicts};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::config::ThirdPartySettings;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::tools::views::Approvals;
use crate::engine::tools::{Progress, Server};
use crate::model::fleet::{DefinitionReview, Standing};
use crate::model::tool::ToolDescription;
use rmcp::model::CallToolRequestParams;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};
use tokio::sync::watch;

/// The most that is read of a third party's answer.
const LARGEST_ANSWER: usize = 8 * 1024 * 1024;

/// A third party.
pub(in crate::engine::gateway) struct Party {
    pub(in crate::engine::gateway) server: Server,
    pub(in crate::engine::gateway) client: Client,
    approved: BTreeMap<String, String>,
    known: RwLock<Known>,
    /// Counts how often what is offered has changed.
    news: watch::Sender<u64>,
}

/// What was listed and read last.
#[derive(Default)]
struct Known {
    tools: Vec<Arc<PartyTool>>,
    refused: Vec<String>,
    approvals: Approvals,
}

impl Known {
    fn offered<'a>(&'a self, party: &'a Party) -> impl Iterator<Item = &'a Arc<PartyTool>> {
        self.tools.iter().filter(|tool| self.standing(party, tool) == Standing::Approved)
    }

    fn standing(&self, party: &Party, tool: &PartyTool) -> Standing {
        let pinned = [
            party.approved.get(&tool.own_name),
            self.approvals.tools.get(&tool.own_name).map(|approval| &approval.sha256),
        ];
        if pinned.iter().flatten().any(|hash| **hash == tool.sha256) {
            Standing::Approved
        } else if pinned.iter().flatten().next().is_some() {
            Standing::Changed
        } else {
            Standing::New
        }
    }
}

/// A client of a third party's server, as the operator has set it up.
fn client(settings: &ThirdPartySettings, catalog: &Arc<Catalog>, verdicts: Verdicts) -> Client {
    let (url, access) = (settings.url.clone(), settings.access.clone());
    Client::new(url, access, settings.timeout, LARGEST_ANSWER, verdicts)
        .of_third_party()
        .in_revision(settings.revision)
        .answering(settings.questions)
        .kept_at(KeptConsent::new(Arc::clone(catalog), &settings.prefix))
}

/// Has somebody consent to what Patchline may do at a third party's server, and keeps that for all
/// instances. Answers with the number of tools that are listed with it.
///
/// # Errors
/// Why nobody consented, or why it does not do.
pub async fn ask_for_consent(
    settings: &ThirdPartySettings,
    catalog: &Arc<Catalog>,
    consent: Arc<dyn Consent>,
) -> Result<usize, UpstreamError> {
    let client = client(settings, catalog, Verdicts::default()).with_consent(consent);
    Ok(client.list_patiently().await?.len())
}

impl Party {
    pub(super) fn new(
        settings: &ThirdPartySettings,
        catalog: &Arc<Catalog>,
        verdicts: Verdicts,
        news: watch::Sender<u64>,
    ) -> Self {
        Self {
            server: Server::third_party(&settings.prefix),
            client: client(settings, catalog, verdicts),
            approved: settings.approved.clone(),
            known: RwLock::default(),
            news,
        }
    }

    /// The tools that may be listed and called.
    pub(super) fn offered(&self) -> Vec<Arc<ToolDescription>> {
        let known = self.read();
        known.offered(self).map(|tool| Arc::clone(&tool.description)).collect()
    }

    /// Changes what is known, and tells whoever follows the list of tools when that is another one then.
    fn learn(&self, learn: impl FnOnce(&mut Known)) {
        let mut known = self.write();
        let list = |known: &Known| -> Vec<String> {
            known.offered(self).map(|tool| format!("{} {}", tool.own_name, tool.sha256)).collect()
        };
        let before = list(&known);
        learn(&mut known);
        if list(&known) != before {
            self.news.send_modify(|changes| *changes += 1);
        }
    }

    /// The tool of a name, if it may be called; else why not. None where it is not one of this party.
    pub(super) fn find(&self, name: &str) -> Option<Result<Arc<PartyTool>, CallError>> {
        let known = self.read();
        let tool = known.tools.iter().find(|tool| tool.description.name == name)?;
        Some(match known.standing(self, tool) {
            Standing::Approved => Ok(Arc::clone(tool)),
            standing => Err(self.quarantined(name, standing)),
        })
    }

    fn quarantined(&self, name: &str, standing: Standing) -> CallError {
        let server = self.server.id();
        let why = if standing == Standing::Changed {
            format!(
                "The definition of {name} has changed at {server} since it was approved, so it is not called."
            )
        } else {
            format!("The tool {name} of {server} has not been approved yet, so it is not called.")
        };
        let remedy = format!("An admin can look at it and approve it on the page /health/{server}.");
        CallError::new(CallErrorKind::Forbidden, why, remedy)
    }

    /// Asks what there is now, and what has been approved. What was known stays where nobody answers.
    ///
    /// # Errors
    /// Why it could not be asked, or is not as it should be, in words.
    pub(in crate::engine::gateway) async fn refresh(&self, catalog: &Catalog) -> Result<(), String> {
        let (listed, approvals) =
            tokio::join!(self.client.list(), Approvals::read(catalog, self.server.id()));
        match approvals {
            Ok(approvals) => self.know_approvals(approvals),
            Err(error) => tracing::warn!(%error, server = self.server.id(), "approvals could not be read"),
        }
        let listed = listed.map_err(|error| self.in_words(&error))?;
        let (mut tools, mut refused): (Vec<Arc<PartyTool>>, Vec<String>) = (Vec::new(), Vec::new());
        for tool in &listed {
            match PartyTool::read(self.server, tool) {
                Ok(tool) if tools.iter().any(|other| other.own_name == tool.own_name) => {
                    refused.push(format!("It lists {} twice.", tool.own_name));
                }
                Ok(tool) => tools.push(Arc::new(tool)),
                Err(why) => refused.push(why),
            }
        }
        self.learn(|known| {
            if known.refused != refused {
                for why in &refused {
                    tracing::warn!(server = self.server.id(), why, "a tool of a third party is not offered");
                }
            }
            known.tools = tools;
            known.refused.clone_from(&refused);
        });
        match refused.into_iter().next() {
            None => Ok(()),
            Some(why) => Err(format!("A tool is not offered. {why}")),
        }
    }

    /// Takes over what has been approved.
    pub(in crate::engine::gateway) fn know_approvals(&self, approvals: Approvals) {
        self.learn(|known| {
            if !approvals.is_older_than(&known.approvals) {
                known.approvals = approvals;
            }
        });
    }

    /// The definition with this hash that a tool has now, for an admin who approves it.
    ///
    /// # Errors
    /// When the tool is gone, or has changed again since the admin looked at it.
    pub(in crate::engine::gateway) fn definition(
        &self,
        tool: &str,
        sha256: &str,
    ) -> Result<String, CallError> {
        let known = self.read();
        let Some(tool) = known.tools.iter().find(|known| known.own_name == tool) else {
            return Err(CatalogError::NotFound { what: "tool", id: tool.to_owned() }.into());
        };
        if tool.sha256 != sha256 {
            let message =
                format!("The definition of {} has changed again since you looked at it.", tool.own_name);
            return Err(CallError::new(
                CallErrorKind::Conflict,
                message,
                "Look at it again, then approve it.",
            ));
        }
        Ok(pretty(&tool.definition))
    }

    /// What waits for an admin.
    pub(in crate::engine::gateway) fn reviews(&self) -> Vec<DefinitionReview> {
        let known = self.read();
        let reviews = known.tools.iter().map(|tool| DefinitionReview {
            tool: tool.own_name.clone(),
            name: tool.description.name.clone(),
            standing: known.standing(self, tool),
            sha256: tool.sha256.clone(),
            now: pretty(&tool.definition),
            before: None,
            approved_by: known.approvals.tools.get(&tool.own_name).map(|approval| approval.by.clone()),
        });
        reviews.filter(|review| review.standing != Standing::Approved).collect()
    }

    /// Calls a tool. The result is structured where the tool promises that, else it is its content.
    ///
    /// # Errors
    /// When there is no answer, or none that keeps to the definition.
    pub(in crate::engine::gateway) async fn call(
        &self,
        tool: &PartyTool,
        arguments: &Value,
        progress: &Progress,
    ) -> Result<Result<Value, CallError>, UpstreamError> {
        let mut params = CallToolRequestParams::new(tool.own_name.clone());
        params.arguments = arguments.as_object().cloned();
        let result = self.client.call(params, progress).await?;
        if result.is_error == Some(true) {
            let text = result.content.iter().find_map(|block| block.as_text()).map(|text| text.text.clone());
            let message = format!("{} says: {}", tool.description.name, shortened(&text.unwrap_or_default()));
            let remedy = "Correct the arguments, or ask whoever runs that server.";
            return Ok(Err(CallError::new(CallErrorKind::Invalid, message, remedy)));
        }
        if !tool.promises_structure() {
            return Ok(Ok(json!({ "content": result.content })));
        }
        let structured = result
            .structured_content
            .ok_or_else(|| UpstreamError::Lies("the result has no structured part".to_owned()))?;
        tool.check_result(&structured)
            .map_err(|why| UpstreamError::Lies(format!("the result does not fit its schema, {why}")))?;
        Ok(Ok(structured))
    }

    /// Why a call or a check failed, for people.
    pub(in crate::engine::gateway) fn in_words(&self, error: &UpstreamError) -> String {
        format!("The server {} at {} failed: {error}.", self.server.id(), self.client.place())
    }

    /// A panic elsewhere leaves lists that are still right.
    fn read(&self) -> std::sync::RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// JSON as people compare it: a line for each field.
fn pretty(definition: &Value) -> String {
    // Writing what was read as JSON cannot fail.
    serde_json::to_string_pretty(definition).unwrap_or_default()
}
