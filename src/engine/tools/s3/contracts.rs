//! `store_contract`, `get_contract` and `list_contracts`.

use super::file::{self, FileInput, StoredFile};
use super::listing::{FileList, ListInput};
use crate::engine::catalog::{Catalog, NewObject};
use crate::engine::config::BucketRole;
use crate::engine::tools::content::{self, MAX_BASE64_LENGTH};
use crate::engine::tools::{Class, Context, Effect, Operation, Server, Tool, ToolError, choices};
use crate::model::tool::AwsResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The most bytes of text that `get_contract` answers with.
const MAX_TEXT_BYTES: u64 = 256 * 1024;

const WORD_DOCUMENT: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// A contract, given whole.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StoreContractInput {
    /// The bucket.
    #[schemars(title = "Bucket")]
    pub bucket_name: Option<String>,
    /// The name it gets in the bucket, for instance `art_7k2m9q4x/distribution.pdf`.
    #[schemars(title = "File name", length(min = 1, max = 1024))]
    pub file_name: String,
    /// A PDF, a DOCX, or plain text or Markdown in UTF-8, at most 16 MiB.
    #[schemars(title = "Contract", length(min = 1, max = MAX_BASE64_LENGTH), extend("contentEncoding" = "base64"))]
    pub file_content: String,
    /// What to keep with the contract, for instance its kind and its parties.
    #[schemars(title = "Metadata")]
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// Store it as a new version of a contract of the same name. The older version is kept.
    #[schemars(title = "New version")]
    #[serde(default)]
    pub overwrite: bool,
}

/// Stores a contract.
pub struct StoreContract;

impl Operation for StoreContract {
    const NAME: &'static str = "store_contract";
    const EFFECT: Effect = Effect::Adds;
    const CLASS: Class = Class::Call;
    type Input = StoreContractInput;
    type Output = StoredFile;

    fn resources(input: &StoreContractInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let (bucket, key) =
            file::locate(input.bucket_name.as_deref(), &input.file_name, BucketRole::Contracts, catalog)?;
        Ok(vec![choices::s3("PutObject", bucket, key.as_str())])
    }

    async fn run(input: StoreContractInput, context: Context) -> Result<StoredFile, ToolError> {
        let catalog = &context.catalog;
        let (bucket, key) =
            file::locate(input.bucket_name.as_deref(), &input.file_name, BucketRole::Contracts, catalog)?;
        file::check_metadata(&input.metadata)?;
        let bytes = content::decode(&input.file_content, "split the document")?;
        let content_type = document_type(&bytes, key.as_str())?;
        let new = NewObject {
            bucket: bucket.to_owned(),
            key,
            content_type: content_type.to_owned(),
            metadata: input.metadata,
            overwrite: input.overwrite,
        };
        file::store(&new, bytes, &context).await
    }
}

impl Tool for StoreContract {
    const SERVER: Server = Server::S3;
    const TITLE: &'static str = "Store a contract";
    const DESCRIPTION: &'static str = "Stores a contract in the label's contracts bucket. Versions are kept: \
        a new one never removes an older one.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_buckets(schema, BucketRole::Contracts, catalog);
    }
}

/// A stored contract.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contract {
    /// The file.
    #[serde(flatten)]
    pub file: StoredFile,
    /// Its text, for plain text and Markdown of at most 256 KiB.
    pub text: Option<String>,
}

/// Describes a stored contract, with its text where it is plain.
pub struct GetContract;

impl Operation for GetContract {
    const NAME: &'static str = "get_contract";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = FileInput;
    type Output = Contract;

    fn resources(input: &FileInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        input.read_resource(BucketRole::Contracts, catalog)
    }

    async fn run(input: FileInput, context: Context) -> Result<Contract, ToolError> {
        let catalog = &context.catalog;
        let (bucket, key) = input.locate(BucketRole::Contracts, catalog)?;
        let info = catalog.object_info(bucket, &key).await?;
        let plain = info.content_type.starts_with("text/") && info.bytes <= MAX_TEXT_BYTES;
        let text = if plain {
            let body = catalog.open_object(bucket, &key, None).await?.body;
            let bytes = body.collect().await.map_err(|error| {
                ToolError::NotAvailable(format!("The contract could not be read: {error}."))
            })?;
            String::from_utf8(bytes.to_vec()).ok()
        } else {
            None
        };
        Ok(Contract { file: file::describe(info, &context).await?, text })
    }
}

impl Tool for GetContract {
    const SERVER: Server = Server::S3;
    const TITLE: &'static str = "Get a contract";
    const DESCRIPTION: &'static str = "Describes a contract, gives addresses to download it, and its text \
        where it is plain text or Markdown.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_buckets(schema, BucketRole::Contracts, catalog);
    }
}

/// Lists contracts.
pub struct ListContracts;

impl Operation for ListContracts {
    const NAME: &'static str = "list_contracts";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = ListInput;
    type Output = FileList;

    fn resources(input: &ListInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        input.resource(BucketRole::Contracts, catalog)
    }

    async fn run(input: ListInput, context: Context) -> Result<FileList, ToolError> {
        input.list(BucketRole::Contracts, &context.catalog).await
    }
}

impl Tool for ListContracts {
    const SERVER: Server = Server::S3;
    const TITLE: &'static str = "List contracts";
    const DESCRIPTION: &'static str =
        "Lists the label's contracts in the order of their names, page by page.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_buckets(schema, BucketRole::Contracts, catalog);
    }
}

/// The media type of a document by its content. Only the difference between plain text and Markdown,
/// which no byte shows, is taken from the name.
fn document_type(bytes: &[u8], name: &str) -> Result<&'static str, ToolError> {
    match infer::get(bytes).map(|kind| kind.mime_type()) {
        Some("application/pdf") => return Ok("application/pdf"),
        Some(WORD_DOCUMENT) => return Ok(WORD_DOCUMENT),
        Some("text/html" | "text/xml") | None => {}
        Some(other) => {
            let message = format!("this is {other}; PDF, DOCX, plain text and Markdown are accepted");
            return Err(ToolError::field("fileContent", message));
        }
    }
    let text = std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
    match text {
        Some(_) if name.to_ascii_lowercase().ends_with(".md") => Ok("text/markdown; charset=utf-8"),
        Some(_) => Ok("text/plain; charset=utf-8"),
        None => Err(ToolError::field("fileContent", "the content is neither PDF nor DOCX nor text in UTF-8")),
    }
}
