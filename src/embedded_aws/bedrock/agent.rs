//! The Agent: which knowledge bases there are, and their ingestion jobs.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::embedding;
use super::faults::{internal_error, invalid, not_found};
use super::knowledge_base::{IngestionJob, JobOrder, KnowledgeBase};
use super::paging::page;
use super::request::Fields;
use crate::embedded_aws::fault::Fault;

/// Of lists; AWS allows the same.
const LONGEST_PAGE: usize = 1000;
const DEFAULT_PAGE: usize = 100;
/// The longest description of a job, in characters.
const LONGEST_DESCRIPTION: usize = 200;
/// The account that ARNs name; there is no other.
const ACCOUNT: &str = "000000000000";

/// Answers for the Agent.
pub(super) struct Agent {
    region: String,
    /// Stands for the time at which declared things were made, which is not known.
    opened: Timestamp,
}

impl Agent {
    pub(super) fn new(region: String) -> Self {
        Self { region, opened: Timestamp::now() }
    }

    /// `ListKnowledgeBases`
    pub(super) fn list_knowledge_bases<'a>(
        &self,
        bases: impl Iterator<Item = &'a KnowledgeBase>,
        body: &Value,
    ) -> Result<Value, Fault> {
        let summaries = bases.map(|base| {
            let declared = base.declaration();
            json!({
                "knowledgeBaseId": declared.id,
                "name": declared.name,
                "description": declared.description,
                "status": "ACTIVE",
                "updatedAt": self.opened.to_string(),
            })
        });
        listed(
            "knowledgeBaseSummaries",
            summaries.collect(),
            &Fields::of(body, &["maxResults", "nextToken"])?,
            &[],
        )
    }

    /// `GetKnowledgeBase`
    pub(super) fn knowledge_base(&self, base: &KnowledgeBase) -> Value {
        let declared = base.declaration();
        json!({ "knowledgeBase": {
            "knowledgeBaseId": declared.id,
            "name": declared.name,
            "description": declared.description,
            "knowledgeBaseArn": format!("arn:aws:bedrock:{}:{ACCOUNT}:knowledge-base/{}", self.region, declared.id),
            "roleArn": format!("arn:aws:iam::{ACCOUNT}:role/embedded-aws"),
            "knowledgeBaseConfiguration": self.configuration(),
            "status": "ACTIVE",
            "createdAt": self.opened.to_string(),
            "updatedAt": self.opened.to_string(),
        } })
    }

    /// Where the embedding model is not built in, none is named.
    fn configuration(&self) -> Value {
        let Some(model) = embedding::model() else { return json!({ "type": "VECTOR" }) };
        let arn = format!("arn:aws:bedrock:{}::foundation-model/{model}", self.region);
        json!({ "type": "VECTOR", "vectorKnowledgeBaseConfiguration": { "embeddingModelArn": arn } })
    }

    /// `ListDataSources`
    pub(super) fn list_data_sources(&self, base: &KnowledgeBase, body: &Value) -> Result<Value, Fault> {
        let declared = base.declaration();
        let summary = json!({
            "knowledgeBaseId": declared.id,
            "dataSourceId": declared.data_source_id,
            "name": declared.data_source_id,
            "status": "AVAILABLE",
            "updatedAt": self.opened.to_string(),
        });
        let fields = Fields::of(body, &["maxResults", "nextToken"])?;
        listed("dataSourceSummaries", vec![summary], &fields, &[&declared.id])
    }

    /// `GetDataSource`
    pub(super) fn data_source(&self, base: &KnowledgeBase, source: &str) -> Result<Value, Fault> {
        check_source(base, source)?;
        let declared = base.declaration();
        Ok(json!({ "dataSource": {
            "knowledgeBaseId": declared.id,
            "dataSourceId": declared.data_source_id,
            "name": declared.data_source_id,
            "status": "AVAILABLE",
            "dataSourceConfiguration": {
                "type": "S3",
                "s3Configuration": { "bucketArn": format!("arn:aws:s3:::{}", declared.bucket) },
            },
            "dataDeletionPolicy": "DELETE",
            "createdAt": self.opened.to_string(),
            "updatedAt": self.opened.to_string(),
        } }))
    }
}

/// `StartIngestionJob`
pub(super) fn start_ingestion_job(base: &KnowledgeBase, source: &str, body: &Value) -> Result<Value, Fault> {
    check_source(base, source)?;
    let fields = Fields::of(body, &["clientToken", "description"])?;
    let description = fields.text("description")?.map(str::to_owned);
    if description.as_ref().is_some_and(|text| !(1..=LONGEST_DESCRIPTION).contains(&text.chars().count())) {
        return Err(invalid(format!("description must have 1 to {LONGEST_DESCRIPTION} characters")));
    }
    let token = fields.text("clientToken")?;
    job_json(&base.start_job(description, token)?)
}

/// `GetIngestionJob`
pub(super) fn ingestion_job(base: &KnowledgeBase, source: &str, id: &str) -> Result<Value, Fault> {
    check_source(base, source)?;
    let job = base.job(id).ok_or_else(|| not_found(format!("there is no ingestion job with the id {id}")))?;
    job_json(&job)
}

/// `ListIngestionJobs`
pub(super) fn list_ingestion_jobs(base: &KnowledgeBase, source: &str, body: &Value) -> Result<Value, Fault> {
    check_source(base, source)?;
    let fields = Fields::of(body, &["filters", "maxResults", "nextToken", "sortBy"])?;
    let order = match fields.object("sortBy", &["attribute", "order"])? {
        Some(sort) => order_of(&sort)?,
        None => JobOrder::Descending,
    };
    let mut summaries = Vec::new();
    for job in base.jobs(order) {
        summaries.push(serde_json::to_value(&job).map_err(|error| internal_error(error.to_string()))?);
    }
    for filter in fields.objects("filters", &["attribute", "operator", "values"])? {
        let statuses = statuses_of(&filter)?;
        summaries.retain(|job| {
            job.get("status")
                .and_then(Value::as_str)
                .is_some_and(|status| statuses.iter().any(|s| s == status))
        });
    }
    for summary in &mut summaries {
        summary.as_object_mut().and_then(|summary| summary.remove("failureReasons"));
    }
    let request = format!("{:?} {:?}", body.get("filters"), body.get("sortBy"));
    listed("ingestionJobSummaries", summaries, &fields, &[&base.declaration().id, &request])
}

fn order_of(sort: &Fields<'_>) -> Result<JobOrder, Fault> {
    match (sort.required_text("attribute")?, sort.required_text("order")?) {
        ("STARTED_AT", "ASCENDING") => Ok(JobOrder::Ascending),
        ("STARTED_AT", "DESCENDING") => Ok(JobOrder::Descending),
        (attribute, order) => Err(invalid(format!(
            "sortBy must be STARTED_AT, ASCENDING or DESCENDING, not {attribute} {order}"
        ))),
    }
}

fn statuses_of(filter: &Fields<'_>) -> Result<Vec<String>, Fault> {
    match (filter.required_text("attribute")?, filter.required_text("operator")?) {
        ("STATUS", "EQ") => filter.texts("values"),
        (attribute, operator) => {
            Err(invalid(format!("filters must be STATUS EQ with values, not {attribute} {operator}")))
        }
    }
}

fn check_source(base: &KnowledgeBase, source: &str) -> Result<(), Fault> {
    if base.declaration().data_source_id == source {
        return Ok(());
    }
    let id = &base.declaration().id;
    Err(not_found(format!("the knowledge base {id} has no data source with the id {source}")))
}

fn job_json(job: &IngestionJob) -> Result<Value, Fault> {
    let job = serde_json::to_value(job).map_err(|error| internal_error(error.to_string()))?;
    Ok(json!({ "ingestionJob": job }))
}

/// A page of a list, by `maxResults` and `nextToken`.
fn listed(name: &str, all: Vec<Value>, fields: &Fields<'_>, request: &[&str]) -> Result<Value, Fault> {
    let limit = fields.integer("maxResults", 1..=LONGEST_PAGE)?.unwrap_or(DEFAULT_PAGE);
    let page = page(all, limit, fields.text("nextToken")?, &[&[name], request].concat())?;
    let mut answer = json!({ name: page.items });
    if let (Some(token), Some(answer)) = (page.next_token, answer.as_object_mut()) {
        answer.insert("nextToken".to_owned(), token.into());
    }
    Ok(answer)
}
