"""Documents in the bucket are found by what they say, and only while they are there."""

import json

from support.errors import refused
from support.knowledge import BASE, BUCKET, ask, keys


def test_a_document_is_found_with_its_source_and_attributes(knowledge, documents):
    documents("loudness.md", "# Loudness\n\nServices aim at -14 LUFS.")
    documents("loudness.md.metadata.json", json.dumps({"metadataAttributes": {"topic": "loudness", "year": 2026}}))
    documents("dates.md", "# Dates\n\nRecords come out on Fridays.")
    (result,) = ask(knowledge, "how loud in LUFS")
    assert result["content"] == {"type": "TEXT", "text": "Loudness\n\nServices aim at -14 LUFS."}
    assert result["location"] == {"type": "S3", "s3Location": {"uri": f"s3://{BUCKET}/loudness.md"}}
    assert 0 < result["score"] < 1
    assert (result["metadata"]["topic"], result["metadata"]["year"]) == ("loudness", 2026)


def test_a_document_is_found_by_attributes_that_are_to_be_embedded(knowledge, documents):
    asked = {"type": "STRING", "stringValue": "who yanks it\nwhere is the thingamabob"}
    for name, included in (("a.md", False), ("b.md", True)):
        attributes = {"asked": {"value": asked, "includeForEmbedding": included}}
        documents(f"{name}.metadata.json", json.dumps({"metadataAttributes": attributes}))
        documents(name, "Invoices are payable in euros.")
    (result,) = ask(knowledge, "thingamabob")
    assert keys([result]) == ["b.md"]
    assert result["content"]["text"] == "Invoices are payable in euros."
    assert result["metadata"]["asked"] == asked["stringValue"]


def test_changes_of_the_bucket_are_searchable_at_once(knowledge, documents, s3):
    documents("a.md", "A zebra.")
    assert keys(ask(knowledge, "zebra")) == ["a.md"]
    documents("a.md", "A giraffe.")
    # By its meaning it is still near: a giraffe is another animal of the savannah.
    assert [result["content"]["text"] for result in ask(knowledge, "giraffe")] == ["A giraffe."]
    assert all(result["content"]["text"] == "A giraffe." for result in ask(knowledge, "zebra"))
    s3.delete_object(Bucket=BUCKET, Key="a.md")
    assert ask(knowledge, "giraffe") == []


def test_filters_choose_by_attributes(knowledge, documents):
    for year in (2024, 2025, 2026):
        documents(f"{year}.md", "A zebra.")
        documents(f"{year}.md.metadata.json", json.dumps({"metadataAttributes": {"year": year, "tags": [f"t{year}"]}}))
    found = ask(knowledge, "zebra", filter={"greaterThan": {"key": "year", "value": 2024}})
    assert sorted(keys(found)) == ["2025.md", "2026.md"]
    found = ask(knowledge, "zebra", filter={"listContains": {"key": "tags", "value": "t2025"}})
    assert keys(found) == ["2025.md"]
    both = {"orAll": [{"equals": {"key": "year", "value": 2024}}, {"in": {"key": "year", "value": [2026]}}]}
    assert sorted(keys(ask(knowledge, "zebra", filter=both))) == ["2024.md", "2026.md"]


def test_results_come_in_pages(knowledge, documents):
    for number in range(5):
        documents(f"{number}.md", "A zebra.")
    found = knowledge.get_paginator("retrieve").paginate(
        knowledgeBaseId=BASE,
        retrievalQuery={"text": "zebra"},
        retrievalConfiguration={"vectorSearchConfiguration": {"numberOfResults": 2}},
    )
    pages = [keys(page["retrievalResults"]) for page in found]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert sorted(sum(pages, [])) == [f"{number}.md" for number in range(5)]


def test_an_unknown_base_and_unknown_options_are_refused(knowledge, documents):
    with refused("ResourceNotFoundException", 404):
        knowledge.retrieve(knowledgeBaseId="another-base", retrievalQuery={"text": "x"})
    with refused("ValidationException", 400) as caught:
        knowledge.retrieve(
            knowledgeBaseId=BASE,
            retrievalQuery={"text": "x"},
            guardrailConfiguration={"guardrailId": "guardrail", "guardrailVersion": "1"},
        )
    assert "guardrailConfiguration" in str(caught.value)
