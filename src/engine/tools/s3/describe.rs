//! `get_…`: describes a stored file of one kind.

use super::file::{FileInput, FoundFile};
use crate::engine::catalog::Catalog;
use crate::engine::config::BucketRole;
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Tool, ToolError, choices};
use crate::model::tool::AwsResource;
use serde_json::Value;
use std::marker::PhantomData;

/// How a tool over one kind of files is called, and where these files are.
pub trait FilesTool: Send + Sync + 'static {
    /// What the buckets are for.
    const ROLE: BucketRole;
    /// The name that callers use.
    const NAME: &'static str;
    /// The name that people read.
    const TITLE: &'static str;
    /// What it does, in a sentence.
    const DESCRIPTION: &'static str;
}

/// Describes a stored file.
pub struct DescribeFile<T>(PhantomData<T>);

impl<T: FilesTool> Operation for DescribeFile<T> {
    const NAME: &'static str = T::NAME;
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = FileInput;
    type Output = FoundFile;

    fn resources(input: &FileInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        input.read_resource(T::ROLE, catalog)
    }

    async fn run(input: FileInput, context: Context) -> Result<FoundFile, ToolError> {
        let info = input.info(T::ROLE, &context).await?;
        input.found(T::ROLE, info, &context).await
    }
}

impl<T: FilesTool> Tool for DescribeFile<T> {
    const SERVER: Server = Server::S3;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = T::TITLE;
    const DESCRIPTION: &'static str = T::DESCRIPTION;

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_buckets(schema, T::ROLE, catalog);
    }
}
