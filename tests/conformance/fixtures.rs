//! The handler of the product with what the suite asks for around it. What is not the suite's goes through.

use crate::{legacy_questions, prompts, questions, resources, schemas, tasks, tools};
use patchline::web::mcp::Handler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CancelTaskParams, CompleteRequestParams, CompleteResult,
    CustomRequest, CustomResult, GetPromptRequestParams, GetPromptResponse, GetTaskParams, GetTaskResult,
    ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult, ListToolsResult,
    PaginatedRequestParams, ReadResourceRequestParams, ReadResourceResponse, ServerConfig,
    SubscribeRequestParams, SubscriptionFilter, Tool, UnsubscribeRequestParams, UpdateTaskParams,
};
use rmcp::service::{NotificationContext, RequestContext, SubscriptionContext};
use rmcp::{ErrorData, RoleServer, ServerHandler};

/// The suite's things around the product's handler.
pub(crate) struct Fixtures {
    product: Handler,
}

impl Fixtures {
    pub(crate) fn around(product: Handler) -> Self {
        Self { product }
    }
}

type Context = RequestContext<RoleServer>;

impl ServerHandler for Fixtures {
    fn get_info(&self) -> ServerConfig {
        self.product.get_info()
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListToolsResult, ErrorData> {
        let mut listed = self.product.list_tools(request, context).await?;
        if listed.next_cursor.is_none() {
            listed.tools.extend(tools::list());
            listed.tools.extend(schemas::list());
        }
        Ok(listed)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: Context,
    ) -> Result<CallToolResponse, ErrorData> {
        if let Some(answer) = tools::call(&request, &context).await {
            return answer.map(CallToolResponse::from);
        }
        if let Some(answer) = questions::call(&request, &context) {
            return answer;
        }
        if let Some(answer) = schemas::call(&request) {
            return Ok(answer.into());
        }
        if let Some(answer) = tasks::call(&self.product, &request, &context).await {
            return answer;
        }
        if let Some(answer) = legacy_questions::call(&request, &context).await {
            return answer.map(CallToolResponse::from);
        }
        self.product.call_tool(request, context).await
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        schemas::find(name).or_else(|| self.product.get_tool(name))
    }

    async fn get_task(&self, request: GetTaskParams, context: Context) -> Result<GetTaskResult, ErrorData> {
        self.product.get_task(request, context).await
    }

    async fn update_task(&self, request: UpdateTaskParams, context: Context) -> Result<(), ErrorData> {
        self.product.update_task(request, context).await
    }

    async fn cancel_task(&self, request: CancelTaskParams, context: Context) -> Result<(), ErrorData> {
        self.product.cancel_task(request, context).await
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListResourcesResult, ErrorData> {
        let mut listed = self.product.list_resources(request, context).await?;
        if listed.next_cursor.is_none() {
            listed.resources.extend(resources::list());
        }
        Ok(listed)
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let mut listed = self.product.list_resource_templates(request, context).await?;
        listed.resource_templates.push(resources::template());
        Ok(listed)
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: Context,
    ) -> Result<ReadResourceResponse, ErrorData> {
        match resources::read(&request.uri) {
            Some(result) => Ok(result.into()),
            None => self.product.read_resource(request, context).await,
        }
    }

    async fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListPromptsResult, ErrorData> {
        let mut listed = self.product.list_prompts(request, context).await?;
        listed.prompts.extend(prompts::list());
        Ok(listed)
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: Context,
    ) -> Result<GetPromptResponse, ErrorData> {
        match prompts::get(&request) {
            Some(answer) => Ok(answer),
            None => self.product.get_prompt(request, context).await,
        }
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: Context,
    ) -> Result<CompleteResult, ErrorData> {
        match prompts::complete(&request) {
            Some(answer) => Ok(answer),
            None => self.product.complete(request, context).await,
        }
    }

    fn accepted_subscription_filter(&self, requested: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        self.product.accepted_subscription_filter(requested)
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        let mut tools = tools::watch_list();
        let follows_tools = context.accepted().tools_list_changed == Some(true);
        let sink = context.sink().clone();
        let product = self.product.listen(context);
        tokio::pin!(product);
        loop {
            tokio::select! {
                ended = &mut product => return ended,
                Ok(()) = tools.changed(), if follows_tools => {
                    if sink.notify_tool_list_changed().await.is_err() {
                        return Ok(());
                    }
                }
            }
        }
    }

    #[expect(deprecated, reason = "the older era has it")]
    async fn set_level(
        &self,
        request: rmcp::model::SetLevelRequestParams,
        context: Context,
    ) -> Result<(), ErrorData> {
        self.product.set_level(request, context).await
    }

    #[expect(deprecated, reason = "the older era has it")]
    async fn subscribe(&self, request: SubscribeRequestParams, context: Context) -> Result<(), ErrorData> {
        if request.uri == resources::WATCHED {
            Ok(())
        } else {
            self.product.subscribe(request, context).await
        }
    }

    #[expect(deprecated, reason = "the older era has it")]
    async fn unsubscribe(
        &self,
        request: UnsubscribeRequestParams,
        context: Context,
    ) -> Result<(), ErrorData> {
        self.product.unsubscribe(request, context).await
    }

    async fn on_initialized(&self, context: NotificationContext<RoleServer>) {
        self.product.on_initialized(context).await;
    }

    async fn on_custom_request(
        &self,
        request: CustomRequest,
        context: Context,
    ) -> Result<CustomResult, ErrorData> {
        self.product.on_custom_request(request, context).await
    }
}
