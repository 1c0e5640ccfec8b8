//! Clients of both eras for the tests.

use crate::support::{KEY, Patchline, Served};
use rmcp::model::{
    CallToolRequestParams, CallToolResult, ClientCapabilities, ClientConfig, ContentBlock,
    ElicitRequestParams, ElicitResult, ElicitationAction, ElicitationCapability, FormElicitationCapability,
    JsonObject, ProgressNotificationParam, ProtocolVersion, ResourceUpdatedNotificationParam,
};
use rmcp::service::{NotificationContext, RequestContext, RunningService};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::{ClientHandler, ClientLifecycleMode, ClientServiceExt, ErrorData, RoleClient};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::sync::mpsc;

/// The era that a client speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Era {
    Modern,
    Legacy,
}

pub(super) const BOTH: [Era; 2] = [Era::Modern, Era::Legacy];

/// A connected client.
pub(super) type Client = RunningService<RoleClient, Person>;

/// The person behind a client: how questions are answered, and what was heard.
#[derive(Clone)]
pub(super) struct Person {
    answer: Option<Value>,
    can_be_asked: bool,
    pub(super) questions: Arc<Mutex<Vec<Value>>>,
    progress: mpsc::UnboundedSender<ProgressNotificationParam>,
    updates: mpsc::UnboundedSender<String>,
}

/// What a person hears.
pub(super) struct Heard {
    pub(super) progress: mpsc::UnboundedReceiver<ProgressNotificationParam>,
    pub(super) updates: mpsc::UnboundedReceiver<String>,
}

impl Person {
    /// Somebody who cannot be asked.
    pub(super) fn silent() -> (Self, Heard) {
        let (progress, heard_progress) = mpsc::unbounded_channel();
        let (updates, heard_updates) = mpsc::unbounded_channel();
        let person = Self { answer: None, can_be_asked: false, questions: Arc::default(), progress, updates };
        (person, Heard { progress: heard_progress, updates: heard_updates })
    }

    /// Somebody who answers each question with this.
    pub(super) fn answering(answer: Value) -> Self {
        Self { answer: Some(answer), can_be_asked: true, ..Self::silent().0 }
    }

    /// Somebody who can be asked, and does not want to answer.
    pub(super) fn declining() -> Self {
        Self { can_be_asked: true, ..Self::silent().0 }
    }
}

impl ClientHandler for Person {
    fn get_info(&self) -> ClientConfig {
        let mut info = ClientConfig::default();
        if self.can_be_asked {
            let mut capabilities = ClientCapabilities::default();
            let form = FormElicitationCapability::new();
            capabilities.elicitation = Some(ElicitationCapability::new().with_form(form));
            info.capabilities = capabilities;
        }
        info
    }

    async fn create_elicitation(
        &self,
        request: ElicitRequestParams,
        _context: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        self.questions.lock().expect("no test panics while it holds this").push(json!(request));
        Ok(match &self.answer {
            Some(answer) => ElicitResult::new(ElicitationAction::Accept).with_content(answer.clone()),
            None => ElicitResult::new(ElicitationAction::Decline),
        })
    }

    async fn on_progress(&self, step: ProgressNotificationParam, _context: NotificationContext<RoleClient>) {
        self.progress.send(step).ok();
    }

    async fn on_resource_updated(
        &self,
        update: ResourceUpdatedNotificationParam,
        _context: NotificationContext<RoleClient>,
    ) {
        self.updates.send(update.uri).ok();
    }
}

/// A Patchline that listens, with an artist and a release.
pub(super) async fn served() -> (Patchline, Served) {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let served = patchline.listen().await;
    (patchline, served)
}

/// A client of an era at an address.
pub(super) async fn connect(served: &Served, path: &str, era: Era, person: Person) -> Client {
    connect_with_key(served, path, era, person, KEY).await
}

/// The same with a key of somebody.
pub(super) async fn connect_with_key(
    served: &Served,
    path: &str,
    era: Era,
    person: Person,
    key: &str,
) -> Client {
    let url = format!("{}{path}", served.url());
    let config = StreamableHttpClientTransportConfig::with_uri(url).auth_header(key);
    let transport = StreamableHttpClientTransport::from_config(config);
    let lifecycle = match era {
        Era::Legacy => ClientLifecycleMode::Initialize,
        Era::Modern => {
            ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] }
        }
    };
    person.serve_with_lifecycle(transport, lifecycle).await.expect("the client connects")
}

/// The result of a call, whatever it is.
pub(super) async fn call(client: &Client, tool: &str, arguments: Value) -> CallToolResult {
    client.call_tool(request(tool, arguments)).await.expect("a result")
}

pub(super) fn request(tool: &str, arguments: Value) -> CallToolRequestParams {
    let arguments: JsonObject = arguments.as_object().cloned().expect("an object");
    CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments)
}

/// The first text of a result.
pub(super) fn text(result: &CallToolResult) -> String {
    result.content.iter().find_map(ContentBlock::as_text).map(|text| text.text.clone()).unwrap_or_default()
}
