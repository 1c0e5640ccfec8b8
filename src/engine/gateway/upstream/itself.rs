//! How Patchline introduces itself to other servers, and what it hears from them during a call.

use super::error::shortened;
use super::questions;
use crate::engine::config::Questions;
use crate::engine::tools::{Progress, Step};
use rmcp::model::{
    ClientCapabilities, ClientConfig, ElicitRequestParams, ElicitResult, ElicitationCapability, ErrorData,
    FormElicitationCapability, Implementation, ProgressNotificationParam, ProgressToken, ProtocolVersion,
};
use rmcp::service::{NotificationContext, RequestContext};
use rmcp::{ClientHandler, RoleClient};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The client as servers see it. How far a call is goes to whoever made the call. Cloning is cheap.
#[derive(Clone, Default)]
pub(super) struct Itself {
    followed: Arc<Mutex<HashMap<ProgressToken, Progress>>>,
    pub(super) questions: Questions,
}

impl Itself {
    /// The same with these answers where a server asks back.
    pub(super) fn answering(self, questions: Questions) -> Self {
        Self { questions, ..self }
    }

    /// Passes on how far the call with this token is.
    pub(super) fn follow(&self, token: ProgressToken, progress: &Progress) {
        self.followed().insert(token, progress.clone());
    }

    pub(super) fn forget(&self, token: &ProgressToken) {
        self.followed().remove(token);
    }

    /// A panic elsewhere leaves a map that is still right.
    fn followed(&self) -> MutexGuard<'_, HashMap<ProgressToken, Progress>> {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ClientHandler for Itself {
    fn get_info(&self) -> ClientConfig {
        let name = Implementation::new("patchline", env!("CARGO_PKG_VERSION"));
        let mut capabilities = ClientCapabilities::default();
        if self.questions == Questions::Defaults {
            let forms = FormElicitationCapability::new();
            capabilities.elicitation = Some(ElicitationCapability::new().with_form(forms));
        }
        // The newest that begins with `initialize`; the newer era names its own in each request.
        ClientConfig::new(capabilities, name).with_protocol_version(ProtocolVersion::V_2025_11_25)
    }

    async fn create_elicitation(
        &self,
        asked: ElicitRequestParams,
        _: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        Ok(questions::answer(self.questions, &asked))
    }

    async fn on_progress(&self, heard: ProgressNotificationParam, _: NotificationContext<RoleClient>) {
        let followed = self.followed();
        if let Some(progress) = followed.get(&heard.progress_token) {
            let message = heard.message.as_deref().map(shortened).unwrap_or_default();
            progress.report(Step { done: whole(heard.progress), total: heard.total.map(whole), message });
        }
    }
}

/// Progress is shown to people; nothing is counted with it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "beyond the ends it stays there")]
fn whole(number: f64) -> u64 {
    number as u64
}
