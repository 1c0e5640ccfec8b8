//! `summarize_contract`: what a contract says, in short, from its page.

use crate::engine::catalog::Catalog;
use crate::engine::catalog::schema::CONTRACT_TERMS_TABLE;
use crate::engine::config::BucketRole;
use crate::engine::tools::views::{ContractInput, ViewContract};
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Tool, ToolError};
use crate::model::contract::ContractDetail;
use crate::model::contract_summary::{ContractSummary, SummarizedTerms};
use crate::model::tool::AwsResource;

/// Summarises a contract.
pub struct SummarizeContract;

impl Operation for SummarizeContract {
    const NAME: &'static str = "summarize_contract";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = ContractInput;
    type Output = ContractSummary;

    fn resources(input: &ContractInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        ViewContract::resources(input, catalog)
    }

    async fn run(input: ContractInput, context: Context) -> Result<ContractSummary, ToolError> {
        let bucket = context.catalog.buckets.default_of(BucketRole::Contracts);
        let source = format!(
            "{bucket}/{}, its newest version; terms of table {CONTRACT_TERMS_TABLE}",
            input.file_name
        );
        Ok(summary(ViewContract::run(input, context).await?, source))
    }
}

fn summary(page: ContractDetail, source: String) -> ContractSummary {
    let notes = notes(&page);
    ContractSummary {
        file_name: page.file_name,
        artist: page.artist,
        url: page.url,
        content_type: page.content_type,
        terms: page.terms.map(|terms| SummarizedTerms::of(terms, page.changed)),
        found: page.proposals,
        pages_read: count(page.pages.len()),
        versions: count(page.versions.len()),
        stored_at: page.versions.into_iter().find(|version| version.is_newest).and_then(|one| one.stored_at),
        as_of: page.as_of.to_string(),
        source,
        notes,
    }
}

fn notes(page: &ContractDetail) -> Vec<String> {
    let mut notes = Vec::new();
    if page.terms.is_none() {
        notes.push(
            "Nobody has entered the terms of this contract yet; its page has the form for that.".to_owned(),
        );
    } else {
        notes.push(
            "The terms are as somebody has entered them; the text of the contract is what holds.".to_owned(),
        );
    }
    notes.extend(page.unread.as_ref().map(|why| format!("Its text could not be read: {why}")));
    if page.unread.is_none() && page.proposals.is_empty() {
        notes.push(
            "No term was found in its text by the words in which contracts usually name them.".to_owned(),
        );
    }
    if !page.proposals.is_empty() {
        notes.push(
            "What was found in the text is quoted, and checked by nobody: read the clause before relying on it."
                .to_owned(),
        );
    }
    notes
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Tool for SummarizeContract {
    const SERVER: Server = Server::Music;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Summarise a contract";
    const DESCRIPTION: &'static str = "What a stored contract says in short: parties, territory, term, the last day \
        for notice, rates and options as somebody has entered them, and what was found in its text with the words \
        in which it stands.";
}
