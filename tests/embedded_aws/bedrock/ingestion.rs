//! The control plane: which bases there are, and what ingestion jobs report.

use std::time::Duration;

use aws_sdk_bedrockagent::types::{
    IngestionJob, IngestionJobFilter, IngestionJobFilterAttribute, IngestionJobFilterOperator,
    IngestionJobSortBy, IngestionJobSortByAttribute, IngestionJobStatus, KnowledgeBaseSummary,
    KnowledgeBaseType, S3DataSourceConfiguration, SortOrder,
};

use super::super::code_of;
use super::documents::pdf;
use super::{BASE, BUCKET, Failure, Knowledge, Outcome};

const SOURCE: &str = "documents";

impl Knowledge {
    /// Runs a job to its end.
    async fn ingest(&self) -> Result<IngestionJob, Failure> {
        let started =
            self.agent.start_ingestion_job().knowledge_base_id(BASE).data_source_id(SOURCE).send().await?;
        let id = started.ingestion_job().ok_or("no job")?.ingestion_job_id().to_owned();
        loop {
            let job = self.agent.get_ingestion_job().knowledge_base_id(BASE).data_source_id(SOURCE);
            let job = job.ingestion_job_id(&id).send().await?.ingestion_job().ok_or("no job")?.clone();
            if !matches!(job.status(), IngestionJobStatus::Starting | IngestionJobStatus::InProgress) {
                return Ok(job);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Scanned, with metadata, new, modified, with modified metadata, deleted, failed.
fn counts(job: &IngestionJob) -> [i64; 7] {
    let Some(found) = job.statistics() else { return [-1; 7] };
    [
        found.number_of_documents_scanned(),
        found.number_of_metadata_documents_scanned(),
        found.number_of_new_documents_indexed(),
        found.number_of_modified_documents_indexed(),
        found.number_of_metadata_documents_modified(),
        found.number_of_documents_deleted(),
        found.number_of_documents_failed(),
    ]
}

#[tokio::test]
async fn bases_and_sources_are_shown() -> Outcome {
    let knowledge = Knowledge::new().await?;
    let bases = knowledge.agent.list_knowledge_bases().send().await?;
    let ids: Vec<&str> =
        bases.knowledge_base_summaries().iter().map(KnowledgeBaseSummary::knowledge_base_id).collect();
    assert_eq!(ids, [BASE]);
    let base = knowledge.agent.get_knowledge_base().knowledge_base_id(BASE).send().await?;
    let base = base.knowledge_base().ok_or("no base")?;
    assert_eq!(base.name(), "Music industry");
    assert_eq!(
        base.knowledge_base_configuration().map(|c| c.r#type().clone()),
        Some(KnowledgeBaseType::Vector)
    );
    let sources = knowledge.agent.list_data_sources().knowledge_base_id(BASE).send().await?;
    assert_eq!(sources.data_source_summaries()[0].data_source_id(), SOURCE);
    let source =
        knowledge.agent.get_data_source().knowledge_base_id(BASE).data_source_id(SOURCE).send().await?;
    let source =
        source.data_source().and_then(|source| source.data_source_configuration()).ok_or("no source")?;
    let bucket = source.s3_configuration().map(S3DataSourceConfiguration::bucket_arn);
    assert_eq!(bucket, Some(format!("arn:aws:s3:::{BUCKET}").as_str()));
    Ok(())
}

#[tokio::test]
async fn a_job_reports_what_changed_since_the_last() -> Outcome {
    let knowledge = Knowledge::new().await?;
    for key in ["a", "b", "c"] {
        knowledge.put(key, format!("Text {key}.")).await?;
    }
    knowledge.put("a.metadata.json", r#"{"metadataAttributes": {"n": 1}}"#).await?;
    let job = knowledge.ingest().await?;
    assert_eq!(job.status(), &IngestionJobStatus::Complete);
    assert_eq!(counts(&job), [3, 1, 3, 0, 0, 0, 0]);

    knowledge.put("a.metadata.json", r#"{"metadataAttributes": {"n": 2}}"#).await?;
    knowledge.put("b", "Changed.").await?;
    knowledge.put("d", "New.").await?;
    knowledge.s3.delete_object().bucket(BUCKET).key("c").send().await?;
    assert_eq!(counts(&knowledge.ingest().await?), [3, 1, 1, 1, 1, 1, 0]);
    assert_eq!(counts(&knowledge.ingest().await?), [3, 1, 0, 0, 0, 0, 0]);
    Ok(())
}

#[tokio::test]
async fn documents_that_cannot_be_read_are_named_with_the_reason() -> Outcome {
    let knowledge = Knowledge::new().await?;
    knowledge.put("good", "A zebra.").await?;
    knowledge.put("broken.pdf", "%PDF-1.7\nnothing more").await?;
    knowledge.put("latin", b"Gr\xf6\xdfe".to_vec()).await?;
    knowledge.put("picture", b"\x89PNG\r\n\x1a\n".to_vec()).await?;
    knowledge.put("scan", pdf(&[""])?).await?;
    let mut office = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    office.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    knowledge.put("secret.docx", office).await?;
    knowledge.put("noted", "Fine.").await?;
    knowledge.put("noted.metadata.json", "{}").await?;
    let job = knowledge.ingest().await?;
    assert_eq!(job.status(), &IngestionJobStatus::Complete);
    assert_eq!(counts(&job)[6], 6);
    let reasons = job.failure_reasons().join("\n");
    for (key, why) in [
        ("broken.pdf", "damaged"),
        ("latin", "not UTF-8"),
        ("picture", "PNG"),
        ("scan", "pictures only"),
        ("secret.docx", "encrypted"),
        ("noted", "metadataAttributes"),
    ] {
        let line = reasons.lines().find(|line| line.starts_with(&format!("s3://{BUCKET}/{key}: ")));
        assert!(line.is_some_and(|line| line.contains(why)), "{key}: {reasons}");
    }
    assert_eq!(knowledge.keys("zebra").await?, ["good"]);
    Ok(())
}

#[tokio::test]
async fn jobs_are_listed_and_survive_a_restart() -> Outcome {
    let knowledge = Knowledge::new().await?;
    let first = knowledge.ingest().await?.ingestion_job_id().to_owned();
    let second = knowledge.ingest().await?.ingestion_job_id().to_owned();
    let knowledge = knowledge.reopen().await?;
    let list = || knowledge.agent.list_ingestion_jobs().knowledge_base_id(BASE).data_source_id(SOURCE);
    let page = list().max_results(1).send().await?;
    assert_eq!(page.ingestion_job_summaries()[0].ingestion_job_id(), second);
    let rest = list().max_results(1).next_token(page.next_token().unwrap_or_default()).send().await?;
    assert_eq!(rest.ingestion_job_summaries()[0].ingestion_job_id(), first);
    assert_eq!(rest.next_token(), None);

    let oldest = IngestionJobSortBy::builder()
        .attribute(IngestionJobSortByAttribute::StartedAt)
        .order(SortOrder::Ascending)
        .build()?;
    let sorted = list().sort_by(oldest).send().await?;
    assert_eq!(sorted.ingestion_job_summaries()[0].ingestion_job_id(), first);
    let failed = IngestionJobFilter::builder()
        .attribute(IngestionJobFilterAttribute::Status)
        .operator(IngestionJobFilterOperator::Eq)
        .values("FAILED")
        .build()?;
    assert!(list().filters(failed).send().await?.ingestion_job_summaries().is_empty());
    Ok(())
}

#[tokio::test]
async fn the_same_token_starts_one_job() -> Outcome {
    let knowledge = Knowledge::new().await?;
    let start = || knowledge.agent.start_ingestion_job().knowledge_base_id(BASE).data_source_id(SOURCE);
    let token = "0123456789-0123456789-0123456789-0123456789";
    let first = start().client_token(token).send().await?;
    let again = start().client_token(token).send().await?;
    let id = |job: Option<&IngestionJob>| job.map(|job| job.ingestion_job_id().to_owned());
    assert_eq!(id(first.ingestion_job()), id(again.ingestion_job()));
    Ok(())
}

#[tokio::test]
async fn what_is_not_there_is_refused() -> Outcome {
    let knowledge = Knowledge::new().await?;
    let agent = &knowledge.agent;
    let missing = agent.get_knowledge_base().knowledge_base_id("other").send().await;
    assert_eq!(code_of(missing), "ResourceNotFoundException");
    let missing = agent.get_data_source().knowledge_base_id(BASE).data_source_id("other").send().await;
    assert_eq!(code_of(missing), "ResourceNotFoundException");
    let missing = agent.start_ingestion_job().knowledge_base_id(BASE).data_source_id("other").send().await;
    assert_eq!(code_of(missing), "ResourceNotFoundException");
    let missing =
        agent.get_ingestion_job().knowledge_base_id(BASE).data_source_id(SOURCE).ingestion_job_id("other");
    assert_eq!(code_of(missing.send().await), "ResourceNotFoundException");
    let deleted = agent.delete_knowledge_base().knowledge_base_id(BASE).send().await;
    assert_eq!(code_of(deleted), "UnknownOperationException");
    Ok(())
}

/// A base that was started while its files could not be read, which they can be again now.
async fn that_could_not_be_read() -> Result<Knowledge, Failure> {
    let knowledge = Knowledge::new().await?;
    knowledge.put("zebra.md", "A zebra is striped.").await?;
    assert_eq!(knowledge.keys("zebra").await?, ["zebra.md"]);
    let (knowledge, place, aside) = knowledge.without_contents().await?;
    assert_eq!(code_of(knowledge.ask("zebra").send().await), "InternalServerException");
    std::fs::rename(aside, place)?;
    Ok(knowledge)
}

#[tokio::test]
async fn a_base_that_could_not_be_read_is_searched_again_once_its_files_are_back() -> Outcome {
    // Nothing in the bucket changes: only its files can be read again.
    let knowledge = that_could_not_be_read().await?;
    let found = async {
        loop {
            match knowledge.keys("zebra").await {
                Ok(keys) => return keys,
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    };
    assert_eq!(tokio::time::timeout(Duration::from_secs(30), found).await?, ["zebra.md"]);
    Ok(())
}

#[tokio::test]
async fn a_job_that_succeeds_ends_the_trouble_of_a_base() -> Outcome {
    let knowledge = that_could_not_be_read().await?;
    assert_eq!(knowledge.ingest().await?.status(), &IngestionJobStatus::Complete);
    assert_eq!(knowledge.keys("zebra").await?, ["zebra.md"]);
    Ok(())
}
