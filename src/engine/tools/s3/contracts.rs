//! `store_contract`, `get_contract` and `list_contracts`.

use super::contract_terms::{self, TermsInput};
use super::describe::FilesTool;
use super::file::{self, FileInput, FoundFile, StoredFile};
use super::listing::ListFiles;
use super::upload::{self, UploadInput};
use crate::engine::catalog::Catalog;
use crate::engine::catalog::schema::CONTRACT_TERMS_TABLE;
use crate::engine::config::BucketRole;
use crate::engine::tools::content::MAX_BASE64_LENGTH;
use crate::engine::tools::{
    Class, Content, Context, Effect, Operation, Server, Subject, Tool, ToolError, choices,
};
use crate::model::tool::AwsResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The most bytes of text that `get_contract` answers with.
const MAX_TEXT_BYTES: u64 = 256 * 1024;

const WORD_DOCUMENT: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// A contract, given whole, and what it says.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StoreContractInput {
    /// The bucket.
    #[schemars(title = "Bucket")]
    pub bucket_name: Option<String>,
    /// The name it gets in the bucket.
    #[schemars(title = "File name", length(min = 1, max = 1024))]
    pub file_name: String,
    /// The file, at most 16 MiB.
    #[schemars(title = "File", length(min = 1, max = MAX_BASE64_LENGTH), extend("contentEncoding" = "base64"))]
    pub file_content: String,
    /// What to keep with the file.
    #[schemars(title = "Metadata")]
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// Replace a file of the same name. Its older version is kept.
    #[schemars(title = "Replace")]
    #[serde(default)]
    pub overwrite: bool,
    /// What the contract says: it is shown on the page of the contract, and its notice date is told of. Terms that
    /// are known already are replaced.
    #[schemars(title = "Terms")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<TermsInput>,
}

impl StoreContractInput {
    /// The file alone, and the terms.
    fn parts(self) -> (UploadInput, Option<TermsInput>) {
        let file = UploadInput {
            bucket_name: self.bucket_name,
            file_name: self.file_name,
            file_content: self.file_content,
            metadata: self.metadata,
            overwrite: self.overwrite,
        };
        (file, self.terms)
    }
}

/// A contract that was stored.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoredContract {
    /// The file.
    #[serde(flatten)]
    pub file: StoredFile,
    /// What could not be done beside storing it.
    #[schemars(title = "Not done")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
}

/// Stores a contract.
pub struct StoreContract;

impl Operation for StoreContract {
    const NAME: &'static str = "store_contract";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Call;
    type Input = StoreContractInput;
    type Output = StoredContract;

    fn resources(input: &StoreContractInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let bucket = input.bucket_name.as_deref();
        let mut touched = file::written_resource(bucket, &input.file_name, BucketRole::Contracts, catalog)?;
        if let Some(terms) = &input.terms {
            terms.read()?;
            touched.push(choices::dynamodb("PutItem", CONTRACT_TERMS_TABLE));
        }
        Ok(touched)
    }

    fn subject(input: &StoreContractInput) -> Subject {
        Subject::bytes(Some(upload::size(&input.file_content)))
    }

    async fn run(input: StoreContractInput, context: Context) -> Result<StoredContract, ToolError> {
        let (input, terms) = input.parts();
        let terms = terms.map(|terms| terms.read()).transpose()?;
        let bytes = input.content("split the document")?;
        let content_type = document_type(&bytes, &input.file_name)?;
        let stored = input.store(bytes, content_type, BucketRole::Contracts, &context).await?;
        let kept = match terms {
            Some(terms) => {
                contract_terms::keep(terms, &stored.bucket_name, &stored.file_name, &context).await
            }
            None => Ok(()),
        };
        // The contract is there, and would be refused as known if it was sent again for its terms.
        let notice = kept.err().map(|error| {
            tracing::warn!(%error, file = stored.file_name, "the terms of a contract could not be kept");
            format!(
                "The contract is stored, but its terms are not: {error}. Enter them on the page of the contract, or \
                 store it again as a new version with its terms."
            )
        });
        Ok(StoredContract { file: stored, notice })
    }
}

impl Tool for StoreContract {
    const SERVER: Server = Server::S3;
    const CONTENT: Content = Content::Trusted;
    const TITLE: &'static str = "Store a contract";
    const DESCRIPTION: &'static str = "Stores a contract in the label's contracts bucket. Versions are kept: \
        a new one never removes an older one; get_contract reads them. What it says can be given with it: parties, \
        territory, term, days of notice, rates, options.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_buckets(schema, BucketRole::Contracts, catalog);
        let name = "The name it gets in the bucket, for instance `art_7k2m9q4x/distribution.pdf`.";
        choices::refine(schema, "fileName", &json!({ "description": name }));
        let content = "A PDF, a DOCX, or plain text or Markdown in UTF-8, at most 16 MiB.";
        choices::refine(schema, "fileContent", &json!({ "title": "Contract", "description": content }));
        let metadata = "What to keep with the contract, for instance its kind and its parties.";
        choices::refine(schema, "metadata", &json!({ "description": metadata }));
        let overwrite =
            "Store it as a new version of a contract of the same name. The older version is kept.";
        choices::refine(schema, "overwrite", &json!({ "title": "New version", "description": overwrite }));
    }
}

/// A stored contract.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contract {
    /// The file.
    #[serde(flatten)]
    pub file: FoundFile,
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
        let info = input.info(BucketRole::Contracts, &context).await?;
        let plain = info.content_type.starts_with("text/") && info.bytes <= MAX_TEXT_BYTES;
        let text = if plain {
            let version = input.version_id.as_deref();
            let body = catalog.open_object(bucket, &key, version, None).await?.body;
            let bytes = body.collect().await.map_err(|error| {
                ToolError::NotAvailable(format!("The contract could not be read: {error}."))
            })?;
            String::from_utf8(bytes.to_vec()).ok()
        } else {
            None
        };
        Ok(Contract { file: input.found(BucketRole::Contracts, info, &context).await?, text })
    }
}

impl Tool for GetContract {
    const SERVER: Server = Server::S3;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Get a contract";
    const DESCRIPTION: &'static str = "Describes a contract, gives addresses to download it, and its text \
        where it is plain text or Markdown. With includeVersions it lists the versions that are kept; with \
        versionId it reads one of them.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_buckets(schema, BucketRole::Contracts, catalog);
    }
}

/// Lists contracts.
pub type ListContracts = ListFiles<AllContracts>;

/// All contracts.
pub struct AllContracts;

impl FilesTool for AllContracts {
    const ROLE: BucketRole = BucketRole::Contracts;
    const NAME: &'static str = "list_contracts";
    const TITLE: &'static str = "List contracts";
    const DESCRIPTION: &'static str =
        "Lists the label's contracts, page by page in the order of their names, or the newest first.";
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;

    #[test]
    fn fuzz_kind_of_a_contract() {
        let seeds: [&[u8]; 5] = [
            b"%PDF-1.7\n",
            b"PK\x03\x04",
            b"<!DOCTYPE html><script>1</script>",
            b"A contract.\n",
            b"\xff\xfeA\0",
        ];
        fuzzing::bytes(500, &seeds, &["word/document.xml", "[Content_Types].xml", "<?xml", "MZ"], |bytes| {
            for name in ["a.txt", "a.MD", "a.html", "a"] {
                let Ok(kind) = document_type(bytes, name) else { continue };
                match kind {
                    // A preface of a kilobyte is allowed to it.
                    "application/pdf" => {
                        assert!(bytes.windows(4).take(1024).any(|four| four == b"%PDF"), "taken for a PDF");
                    }
                    WORD_DOCUMENT => assert!(bytes.starts_with(b"PK"), "taken for a DOCX"),
                    other => {
                        assert!(
                            other.starts_with("text/plain") || other.starts_with("text/markdown"),
                            "{other}"
                        );
                        let text = std::str::from_utf8(bytes).expect("a text is UTF-8");
                        assert!(!text.contains('\0'));
                    }
                }
            }
        });
    }
}
