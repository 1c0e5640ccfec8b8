//! Contracts: the list with its notice dates, the page of one with its text, and entering what it says.

use super::figures::page_of;
use crate::document;
use crate::engine::catalog::contracts::KeptTerms;
use crate::engine::catalog::schema::CONTRACT_TERMS_TABLE;
use crate::engine::catalog::{Catalog, ObjectKey, ownership};
use crate::engine::config::{BucketRole, TableRole};
use crate::engine::tools::music::royalties::check_terms;
use crate::engine::tools::names::folded;
use crate::engine::tools::s3::{FileOrder, ListInput, media_url};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::artist::Artist;
use crate::model::contract::{
    ContractDetail, ContractList, ContractPage, ContractQuery, ContractRow, ContractTerms, ContractVersion,
    NOTICE_AHEAD, Proposal, TermsForm, id_of,
};
use crate::model::tool::AwsResource;
use crate::music::contract::terms;
use jiff::civil::Date;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use tokio::task::spawn_blocking;

/// The most contracts that are listed.
const MOST_LISTED: u32 = 1000;
/// The most text that a page shows, in bytes.
const MOST_TEXT: usize = 512 * 1024;

/// A page of the list of contracts.
pub struct BrowseContracts;

impl Operation for BrowseContracts {
    const NAME: &'static str = "browse_contracts";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    const SCOPED: bool = true;
    type Input = ContractQuery;
    type Output = ContractList;

    fn resources(_: &ContractQuery, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![
            choices::s3("ListBucket", catalog.buckets.default_of(BucketRole::Contracts), ""),
            choices::dynamodb("Scan", CONTRACT_TERMS_TABLE),
            choices::dynamodb("Scan", catalog.table(TableRole::Artists)),
        ])
    }

    async fn run(query: ContractQuery, context: Context) -> Result<ContractList, ToolError> {
        let catalog = &context.catalog;
        let every = ListInput {
            bucket_name: None,
            prefix: String::new(),
            max_keys: MOST_LISTED,
            order: FileOrder::Name,
            cursor: None,
        };
        let listed = every.list(BucketRole::Contracts, &context).await?;
        let artists = catalog.artists().await?;
        let kept = catalog.all_contract_terms().await?;
        let mut kept: HashMap<String, ContractTerms> =
            kept.into_iter().map(|kept| (kept.contract, kept.terms)).collect();
        let is_cut = listed.next_cursor.is_some();
        let bucket = listed.bucket_name;
        let as_of = today(&context);
        let rows = listed.files.into_iter().map(|file| ContractRow {
            id: id_of(&file.file_name),
            artist: artist_of(&file.file_name, &artists),
            terms: kept.remove(&KeptTerms::name(&bucket, &file.file_name)),
            stored_at: file.last_modified,
            file_name: file.file_name,
        });
        let rows: Vec<ContractRow> = rows.collect();
        let notices = rows.iter().filter(|row| is_soon(row, as_of)).count();
        let search = folded(&query.search);
        let mut rows: Vec<ContractRow> = rows
            .into_iter()
            .filter(|row| !query.notice_soon || is_soon(row, as_of))
            .filter(|row| matches(row, &search))
            .collect();
        rows.sort_by_key(|row| {
            let next = notice(row).filter(|day| *day >= as_of);
            (next.is_none(), next, row.file_name.clone())
        });
        let (rows, total, page) = page_of(rows, query.page);
        let notices = u32::try_from(notices).unwrap_or(u32::MAX);
        let sample = rows.iter().any(|row| is_of_sample(&row.file_name, &artists));
        Ok(ContractList { rows, total, page, notices, as_of, is_cut, sample })
    }
}

/// Names a contract of the default bucket.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContractInput {
    /// The file's name in the bucket of contracts, for instance `art_7k2m9q4x/distribution.pdf`.
    #[schemars(title = "Contract", length(min = 1, max = 1024))]
    pub file_name: String,
}

/// The page of a contract.
pub struct ViewContract;

impl Operation for ViewContract {
    const NAME: &'static str = "view_contract";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ContractInput;
    type Output = ContractDetail;

    fn resources(input: &ContractInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let key = key(&input.file_name)?;
        let bucket = catalog.buckets.default_of(BucketRole::Contracts);
        Ok(vec![
            choices::s3("GetObject", bucket, key.as_str()),
            choices::s3("ListBucketVersions", bucket, key.as_str()),
        ])
    }

    async fn run(input: ContractInput, context: Context) -> Result<ContractDetail, ToolError> {
        let catalog = &context.catalog;
        let (bucket, key) = (catalog.buckets.default_of(BucketRole::Contracts), key(&input.file_name)?);
        let info = catalog.object_info(bucket, &key).await?;
        let (pages, unread) = match text(catalog, bucket, &key, info.bytes).await? {
            Ok(pages) => (pages, None),
            Err(why) => (Vec::new(), Some(why)),
        };
        let artists = catalog.artists().await?;
        let kept = catalog.contract_terms(&KeptTerms::name(bucket, key.as_str())).await?;
        let versions = catalog.object_versions(bucket, &key).await?.versions.into_iter();
        let address = media_url(bucket, key.as_str());
        Ok(ContractDetail {
            id: id_of(key.as_str()),
            artist: artist_of(key.as_str(), &artists),
            sample: info.is_sample(),
            file_name: key.to_string(),
            content_type: info.content_type,
            version: kept.as_ref().map_or(0, |kept| kept.version),
            changed: kept.as_ref().map(|kept| (kept.updated_by.clone(), kept.updated_at.clone())),
            terms: kept.map(|kept| kept.terms),
            versions: versions
                .map(|version| ContractVersion {
                    url: version_url(&address, &version.version_id),
                    stored_at: version.last_modified,
                    size_bytes: version.bytes,
                    is_newest: version.is_newest,
                })
                .collect(),
            url: address,
            proposals: proposals(&pages),
            pages,
            unread,
            as_of: today(&context),
        })
    }
}

/// A contract, and what it says.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SetTermsInput {
    /// The file's name in the bucket.
    pub file_name: String,
    /// What was entered.
    pub form: TermsForm,
}

/// Keeps what a contract says.
pub struct SetContractTerms;

impl Operation for SetContractTerms {
    const NAME: &'static str = "set_contract_terms";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Call;
    type Input = SetTermsInput;
    type Output = ();

    fn resources(input: &SetTermsInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let key = key(&input.file_name)?;
        let terms = input.form.read().map_err(ToolError::Invalid)?;
        check_terms(&terms).map_err(ToolError::Invalid)?;
        let bucket = catalog.buckets.default_of(BucketRole::Contracts);
        Ok(vec![
            choices::s3("GetObject", bucket, key.as_str()),
            choices::dynamodb("PutItem", CONTRACT_TERMS_TABLE),
        ])
    }

    async fn run(input: SetTermsInput, context: Context) -> Result<(), ToolError> {
        let catalog = &context.catalog;
        let (bucket, key) = (catalog.buckets.default_of(BucketRole::Contracts), key(&input.file_name)?);
        // Of a contract that is there.
        catalog.object_info(bucket, &key).await?;
        let kept = KeptTerms {
            contract: KeptTerms::name(bucket, key.as_str()),
            version: input.form.version.saturating_add(1),
            terms: input.form.read().map_err(ToolError::Invalid)?,
            updated_by: context.actor.clone(),
            updated_at: context.now.to_string(),
        };
        Ok(catalog.keep_contract_terms(&kept).await?)
    }
}

fn key(file_name: &str) -> Result<ObjectKey, ToolError> {
    file_name.parse().map_err(|error| ToolError::field("fileName", format!("{error}")))
}

fn today(context: &Context) -> Date {
    context.now.to_zoned(context.catalog.time_zone.clone()).date()
}

/// The artist that the folder of a contract names, by name where it is known.
fn artist_of(file_name: &str, artists: &[Artist]) -> Option<String> {
    let id = ownership::by_name(Some(BucketRole::Contracts), file_name)?;
    let artist = artists.iter().find(|artist| artist.artist_id.as_str() == id);
    Some(artist.map_or(id, |artist| artist.name.as_str()).to_owned())
}

/// Whether the folder of a contract is that of an artist of the sample label: a list knows no more of its files.
fn is_of_sample(file_name: &str, artists: &[Artist]) -> bool {
    let id = ownership::by_name(Some(BucketRole::Contracts), file_name);
    artists.iter().any(|artist| artist.sample && Some(artist.artist_id.as_str()) == id)
}

fn notice(row: &ContractRow) -> Option<Date> {
    row.terms.as_ref().and_then(ContractTerms::notice_on)
}

/// Whether a notice date is among the next 90 days.
fn is_soon(row: &ContractRow, today: Date) -> bool {
    notice(row).is_some_and(|day| (0..=NOTICE_AHEAD).contains(&(day - today).get_days()))
}

fn matches(row: &ContractRow, search: &str) -> bool {
    let terms = row.terms.iter().flat_map(|terms| {
        terms.parties.iter().map(String::as_str).chain([terms.territory.as_str(), terms.kind.as_str()])
    });
    let mut texts = [row.file_name.as_str()].into_iter().chain(row.artist.as_deref()).chain(terms);
    texts.any(|text| folded(text).contains(search))
}

fn version_url(address: &str, version: &str) -> String {
    format!("{address}?versionId={}", utf8_percent_encode(version, NON_ALPHANUMERIC))
}

/// The text by pages, or why there is none.
async fn text(
    catalog: &Catalog,
    bucket: &str,
    key: &ObjectKey,
    bytes: u64,
) -> Result<Result<Vec<ContractPage>, String>, ToolError> {
    if let Err(error) = document::check_size(bytes) {
        return Ok(Err(error.to_string()));
    }
    let opened = catalog.open_object(bucket, key, None, None).await?;
    let read = opened.body.collect().await;
    let content = read.map_err(|error| {
        ToolError::NotAvailable(format!("The contract could not be read: {error}. Try again."))
    })?;
    let content = content.into_bytes();
    let document = spawn_blocking(move || document::read(&content)).await.map_err(|error| {
        ToolError::NotAvailable(format!("The contract could not be read: {error}. Export it again."))
    })?;
    let document = match document {
        Ok(document) => document,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let mut left = MOST_TEXT;
    let mut pages = Vec::new();
    for page in document.pages {
        if left == 0 {
            break;
        }
        let shown = &page.text[..page.text.floor_char_boundary(left)];
        left -= shown.len().min(left);
        pages.push(ContractPage { number: page.number, text: shown.to_owned() });
    }
    Ok(Ok(pages))
}

/// What the text may say, each thing once.
fn proposals(pages: &[ContractPage]) -> Vec<Proposal> {
    let mut found: Vec<Proposal> = Vec::new();
    for page in pages {
        for term in terms(&page.text) {
            if found.iter().all(|known| known.field != term.field || known.value != term.value) {
                found.push(Proposal {
                    field: term.field.to_owned(),
                    value: term.value,
                    page: page.number,
                    quote: term.quote,
                });
            }
        }
    }
    found
}
