//! Answers the requests of the protocol, each by the part that it belongs to.

use super::asked::{self, Asked};
use super::followers::Follower;
use super::scope::Scope;
use super::sessions::Callers;
use super::spans::{self, About, within};
use super::subscriptions::{Last, Subscriptions};
use super::tasks::{self, Answer, Answering, Manner};
use super::{completion, elicitation, instructions, logging, prompts, resources, subscriptions, tools};
use crate::engine::Engine;
use futures::FutureExt;
use futures::future::BoxFuture;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CancelTaskParams, CompleteRequestParams, CompleteResult,
    CustomRequest, CustomResult, ErrorCode, GetPromptRequestParams, GetPromptResponse, GetTaskParams,
    GetTaskResult, ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult, ListToolsResult,
    PaginatedRequestParams, ProtocolVersion, ReadResourceRequestParams, ReadResourceResponse, ServerConfig,
    SetLevelRequestMethod, SubscribeRequestParams, SubscriptionFilter, Tool, UnsubscribeRequestParams,
    UpdateTaskParams,
};
use rmcp::service::{NotificationContext, RequestContext, SubscriptionContext};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use std::sync::Arc;

/// What all handlers share.
pub(super) struct Shared {
    pub(super) engine: Engine,
    pub(super) seals: elicitation::Seals,
}

impl Shared {
    pub(super) fn new(engine: &Engine) -> Self {
        Self { engine: engine.clone(), seals: elicitation::Seals::default() }
    }
}

/// Answers the requests of one session, or one request of the newer era.
pub struct Handler {
    pub(super) shared: Arc<Shared>,
    pub(super) scope: Scope,
    pub(super) log_level: logging::Level,
    subscriptions: Subscriptions,
    callers: Callers,
}

impl Handler {
    pub(super) fn new(shared: Arc<Shared>, scope: Scope, callers: Callers) -> Self {
        let (log_level, subscriptions) = (logging::Level::default(), Subscriptions::default());
        Self { shared, scope, log_level, subscriptions, callers }
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.shared.engine
    }

    /// Answers a call, as a task where it takes long and its client knows tasks.
    async fn answered(&self, request: CallToolRequestParams, context: &RequestContext<RoleServer>) -> Answer {
        let asked = Asked::of(context)?;
        if !tasks::are_known(context) {
            return tools::call(self, asked, request, context).await;
        }
        let manner = Manner {
            at_once: tasks::is_wanted_at_once(context),
            stoppable: tools::is_stoppable(self, &asked, &request),
        };
        let (shared, scope, callers) = (Arc::clone(&self.shared), self.scope, self.callers.clone());
        let answering: Answering = Box::new(move |request, context| {
            let own = Self::new(Arc::clone(&shared), scope, callers.clone());
            Box::pin(async move { tools::call(&own, Asked::of(&context)?, request, &context).await })
        });
        tasks::call(self, request, context, manner, answering).await
    }

    /// Answers a call by whatever does it, in the manner of a task. Only for clients that know tasks. Public
    /// for the fixtures of the conformance suite, which are answered by the product's own way.
    ///
    /// # Errors
    /// What answers it says.
    pub async fn answer_as_task(
        &self,
        request: CallToolRequestParams,
        context: &RequestContext<RoleServer>,
        manner: Manner,
        answering: Answering,
    ) -> Answer {
        tasks::call(self, request, context, manner, answering).await
    }
}

/// The methods of the protocol that take parameters: whoever sends them with wrong ones hears about the
/// parameters, not that the method does not exist.
const METHODS_WITH_PARAMETERS: [&str; 5] =
    ["tools/call", "prompts/get", "resources/read", "completion/complete", "subscriptions/listen"];

impl ServerHandler for Handler {
    fn get_info(&self) -> ServerConfig {
        instructions::about(self.scope)
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let from = request.and_then(|page| page.cursor);
        let answering = async { tools::list(self, &Asked::of(&context)?, from.as_deref()) };
        within("tools/list", About::Nothing, &context, answering).await
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let name = request.name.clone();
        let known = tools::is_known(self, &context, &name).then_some(&*name);
        let answering = async {
            // Boxed: what a call may lead to is large, and so is its type.
            let answering: BoxFuture<'_, Answer> = self.answered(request, &context).boxed();
            let answer = answering.await?;
            spans::note_failure(&answer);
            Ok(answer)
        };
        within("tools/call", About::Tool(known), &context, answering).await
    }

    /// Asked for the arguments that have to stand in a header, too.
    fn get_tool(&self, name: &str) -> Option<Tool> {
        tools::with_headers(self, name)
    }

    async fn get_task(
        &self,
        request: GetTaskParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetTaskResult, ErrorData> {
        let answering = tasks::get(self, request.task_id, &context);
        within("tasks/get", About::Nothing, &context, answering).await
    }

    async fn update_task(
        &self,
        request: UpdateTaskParams,
        context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        let answering = tasks::update(self, request.task_id, request.input_responses, &context);
        within("tasks/update", About::Nothing, &context, answering).await
    }

    async fn cancel_task(
        &self,
        request: CancelTaskParams,
        context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        let answering = tasks::cancel(self, request.task_id, &context);
        within("tasks/cancel", About::Nothing, &context, answering).await
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        self.subscriptions.has_listed();
        let from = request.and_then(|page| page.cursor);
        let answering = async { resources::list(self, &Asked::of(&context)?, from.as_deref()).await };
        within("resources/list", About::Nothing, &context, answering).await
    }

    async fn list_resource_templates(
        &self,
        _request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let answering = async { Ok(resources::templates(self)) };
        within("resources/templates/list", About::Nothing, &context, answering).await
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let answering = async { resources::read(self, &Asked::of(&context)?, &request.uri).await };
        let answer = within("resources/read", About::Resource(&request.uri), &context, answering).await;
        answer.map(ReadResourceResponse::from)
    }

    async fn list_prompts(
        &self,
        _request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        within("prompts/list", About::Nothing, &context, async { Ok(prompts::list(self)) }).await
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let known = prompts::is_known(self, &request.name).then_some(request.name.as_str());
        let answering = async { prompts::get(self, &Asked::of(&context)?, &request).await };
        let answer = within("prompts/get", About::Prompt(known), &context, answering).await;
        answer.map(GetPromptResponse::from)
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let answering = async { completion::complete(self, &Asked::of(&context)?, &request).await };
        within("completion/complete", About::Nothing, &context, answering).await
    }

    fn accepted_subscription_filter(&self, requested: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        Some(subscriptions::accepted(requested))
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        subscriptions::listen(self, &context).await
    }

    #[expect(deprecated, reason = "clients of the older era ask for it")]
    async fn set_level(
        &self,
        request: rmcp::model::SetLevelRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        // The newer era says the level in each request.
        if context.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28) {
            return Err(ErrorData::method_not_found::<SetLevelRequestMethod>());
        }
        self.log_level.set(request.level);
        Ok(())
    }

    async fn subscribe(
        &self,
        request: SubscribeRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        Asked::of(&context)?;
        self.subscriptions.add(&request.uri)
    }

    async fn unsubscribe(
        &self,
        request: UnsubscribeRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.subscriptions.remove(&request.uri);
        Ok(())
    }

    async fn on_initialized(&self, context: NotificationContext<RoleServer>) {
        // Whoever is not known is told nothing.
        let (caller, session) = (asked::caller(&context.extensions), asked::session(&context.extensions));
        if let (Some(caller), Some(session)) = (caller, session) {
            let follower = Follower::new(self.engine(), self.scope, caller.clone());
            let last = Last { callers: self.callers.clone(), session };
            self.subscriptions.follow(self.engine(), follower, last, context.peer);
        }
    }

    async fn on_custom_request(
        &self,
        request: CustomRequest,
        _context: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        let method = request.method;
        if METHODS_WITH_PARAMETERS.contains(&method.as_str()) {
            return Err(ErrorData::invalid_params(format!("The parameters of {method} are wrong."), None));
        }
        Err(ErrorData::new(ErrorCode::METHOD_NOT_FOUND, format!("There is no method {method:?}."), None))
    }
}
