"""Ingestion jobs report what they found."""

from support.knowledge import BASE, BUCKET, SOURCE
from support.waiting import wait_until


def ingest(agent):
    started = agent.start_ingestion_job(knowledgeBaseId=BASE, dataSourceId=SOURCE)["ingestionJob"]

    def finished():
        job = agent.get_ingestion_job(
            knowledgeBaseId=BASE, dataSourceId=SOURCE, ingestionJobId=started["ingestionJobId"]
        )["ingestionJob"]
        return job if job["status"] not in ("STARTING", "IN_PROGRESS") else None

    return wait_until(finished, "the ingestion job to end")


def test_the_base_and_its_source_are_shown(agent):
    (base,) = agent.list_knowledge_bases()["knowledgeBaseSummaries"]
    assert base["knowledgeBaseId"] == BASE
    (source,) = agent.list_data_sources(knowledgeBaseId=BASE)["dataSourceSummaries"]
    assert source["dataSourceId"] == SOURCE
    whole = agent.get_data_source(knowledgeBaseId=BASE, dataSourceId=SOURCE)["dataSource"]
    assert whole["dataSourceConfiguration"]["s3Configuration"]["bucketArn"] == f"arn:aws:s3:::{BUCKET}"
    assert agent.get_knowledge_base(knowledgeBaseId=BASE)["knowledgeBase"]["status"] == "ACTIVE"


def test_a_job_counts_documents_and_names_those_that_failed(agent, documents):
    ingest(agent)
    documents("good.md", "A zebra.")
    documents("bad.pdf", b"%PDF-1.7\nnothing more")
    job = ingest(agent)
    assert job["status"] == "COMPLETE"
    found = job["statistics"]
    assert (found["numberOfDocumentsScanned"], found["numberOfNewDocumentsIndexed"]) == (2, 1)
    assert found["numberOfDocumentsFailed"] == 1
    (reason,) = job["failureReasons"]
    assert reason.startswith("s3://patchline-knowledge/bad.pdf: ")
    listed = agent.list_ingestion_jobs(knowledgeBaseId=BASE, dataSourceId=SOURCE)["ingestionJobSummaries"]
    assert listed[0]["ingestionJobId"] == job["ingestionJobId"]
