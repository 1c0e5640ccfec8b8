//! What is to be done behind the door, whatever its types: by this process, by another instance, or by a
//! third party.

use super::upstream::PartyTool;
use crate::engine::catalog::Catalog;
use crate::engine::tools::{Class, Context, Effect, Operation, Subject, Tool, ToolError};
use crate::model::tool::AwsResource;
use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::Value;
use std::marker::PhantomData;
use std::sync::Arc;

/// Something to be done by this process.
pub(super) type Doing<T> = BoxFuture<'static, Result<T, ToolError>>;

/// What is to be done.
pub(super) trait Work: Send + 'static {
    /// What comes of it.
    type Output: Send + 'static;

    /// The name in records.
    fn name(&self) -> &str;
    fn effect(&self) -> Effect;
    fn class(&self) -> Class;

    /// What it would touch.
    fn resources(&self, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError>;

    /// What it is about, as far as its input tells.
    fn subject(&self) -> Subject {
        Subject::default()
    }

    /// Whether it keeps to the artists that it may show.
    fn is_scoped(&self) -> bool {
        false
    }

    /// Does it in this process; none where it cannot be done once more.
    fn here(&mut self, context: Context) -> Option<Doing<Self::Output>>;

    /// Whether it may have a model do something that costs.
    fn pays(&self) -> bool {
        false
    }

    /// What another replica would be sent; none for what only this process does.
    fn arguments(&self) -> Option<&Value> {
        None
    }

    /// The tool of a third party that does it.
    fn party_tool(&self) -> Option<&Arc<PartyTool>> {
        None
    }

    /// The result that came from elsewhere, or was kept.
    fn arrived(_output: Value) -> Option<Self::Output> {
        None
    }

    /// The result as it is kept.
    fn kept(_output: &Self::Output) -> Option<&Value> {
        None
    }
}

/// An operation with its types, which is done once and here.
pub(super) struct Once<O: Operation>(Option<O::Input>);

impl<O: Operation> Once<O> {
    pub(super) fn new(input: O::Input) -> Self {
        Self(Some(input))
    }
}

impl<O: Operation> Work for Once<O> {
    type Output = O::Output;

    fn name(&self) -> &str {
        O::NAME
    }

    fn effect(&self) -> Effect {
        O::EFFECT
    }

    fn class(&self) -> Class {
        O::CLASS
    }

    fn resources(&self, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        self.0.as_ref().map(|input| O::resources(input, catalog)).transpose().map(Option::unwrap_or_default)
    }

    fn subject(&self) -> Subject {
        self.0.as_ref().map(O::subject).unwrap_or_default()
    }

    fn is_scoped(&self) -> bool {
        O::SCOPED
    }

    fn here(&mut self, context: Context) -> Option<Doing<O::Output>> {
        let input = self.0.take()?;
        // Some futures are kilobytes large, and lie in the futures of all who call them.
        Some(async move { O::run(input, context).await }.boxed())
    }
}

/// A tool with JSON in and out. With its arguments it can be done once more, and elsewhere.
pub(super) struct Call<T: Tool> {
    first: Option<T::Input>,
    arguments: Option<Value>,
    tool: PhantomData<fn() -> T>,
}

impl<T: Tool> Call<T> {
    /// A call that is done once, or as often as needed where its arguments are kept.
    pub(super) fn new(input: T::Input, arguments: Option<Value>) -> Self {
        Self { first: Some(input), arguments, tool: PhantomData }
    }
}

impl<T: Tool> Work for Call<T> {
    type Output = Value;

    fn name(&self) -> &str {
        T::NAME
    }

    fn effect(&self) -> Effect {
        T::EFFECT
    }

    fn class(&self) -> Class {
        T::CLASS
    }

    fn resources(&self, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        self.first
            .as_ref()
            .map(|input| T::resources(input, catalog))
            .transpose()
            .map(Option::unwrap_or_default)
    }

    fn subject(&self) -> Subject {
        self.first.as_ref().map(T::subject).unwrap_or_default()
    }

    fn is_scoped(&self) -> bool {
        T::SCOPED
    }

    fn pays(&self) -> bool {
        T::PAYS
    }

    fn here(&mut self, context: Context) -> Option<Doing<Value>> {
        let again = || self.arguments.clone().and_then(|arguments| serde_json::from_value(arguments).ok());
        let input: T::Input = self.first.take().or_else(again)?;
        let done = async move {
            let output = T::run(input, context).await?;
            serde_json::to_value(output)
                .map_err(|error| ToolError::Unwritable { tool: T::NAME, detail: error.to_string() })
        };
        Some(done.boxed())
    }

    fn arguments(&self) -> Option<&Value> {
        self.arguments.as_ref()
    }

    fn arrived(output: Value) -> Option<Value> {
        Some(output)
    }

    fn kept(output: &Value) -> Option<&Value> {
        Some(output)
    }
}

/// A call of a third party's tool.
pub(super) struct Foreign {
    tool: Arc<PartyTool>,
    arguments: Value,
}

impl Foreign {
    pub(super) fn new(tool: Arc<PartyTool>, arguments: Value) -> Self {
        Self { tool, arguments }
    }
}

impl Work for Foreign {
    type Output = Value;

    fn name(&self) -> &str {
        &self.tool.description.name
    }

    fn effect(&self) -> Effect {
        if self.tool.reads_only() { Effect::Reads } else { Effect::Replaces }
    }

    fn class(&self) -> Class {
        Class::Call
    }

    fn resources(&self, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let description = &self.tool.description;
        let (service, name) = (description.server.clone(), description.name.clone());
        Ok(vec![AwsResource { service, action: "mcp:CallTool".to_owned(), name }])
    }

    fn here(&mut self, _: Context) -> Option<Doing<Value>> {
        None
    }

    fn arguments(&self) -> Option<&Value> {
        Some(&self.arguments)
    }

    fn party_tool(&self) -> Option<&Arc<PartyTool>> {
        Some(&self.tool)
    }

    fn arrived(output: Value) -> Option<Value> {
        Some(output)
    }
}
