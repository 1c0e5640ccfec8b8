"""The names of the embedded knowledge base, and questions to it."""

BASE = "kb-music-industry"
SOURCE = "documents"
BUCKET = "patchline-knowledge"
MODEL = "local.extractive-v1"


def ask(knowledge, question, **options):
    """The results of a search; options are those of the vector search."""
    request = {"knowledgeBaseId": BASE, "retrievalQuery": {"text": question}}
    if options:
        request["retrievalConfiguration"] = {"vectorSearchConfiguration": options}
    return knowledge.retrieve(**request)["retrievalResults"]


def keys(results):
    return [result["location"]["s3Location"]["uri"].removeprefix(f"s3://{BUCKET}/") for result in results]
