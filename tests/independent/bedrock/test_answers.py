"""Answers with citations, and models."""

import json

from support.errors import refused
from support.knowledge import BASE, MODEL

PASSAGES = '<passage id="a">Records come out on Fridays.</passage><passage id="b">A long song earns 17.64 cents.</passage>'


def answer(knowledge, question, model=MODEL):
    configuration = {"knowledgeBaseId": BASE, "modelArn": model}
    return knowledge.retrieve_and_generate(
        input={"text": question},
        retrieveAndGenerateConfiguration={"type": "KNOWLEDGE_BASE", "knowledgeBaseConfiguration": configuration},
    )


def user(text):
    return [{"role": "user", "content": [{"text": text}]}]


def test_an_answer_cites_with_right_spans(knowledge, documents):
    documents("rates.md", "Ein Lied: a long song earns 17.64 ¢ for each copy. It was less before.")
    given = answer(knowledge, "what does a long song earn?")
    text = given["output"]["text"]
    assert text.startswith("No language model was used.")
    for citation in given["citations"]:
        part = citation["generatedResponsePart"]["textResponsePart"]
        assert text[part["span"]["start"]:part["span"]["end"]] == part["text"]
    (reference,) = given["citations"][0]["retrievedReferences"]
    assert reference["location"]["s3Location"]["uri"].endswith("/rates.md")


def test_converse_and_its_stream_say_the_same(models):
    messages = user(f"{PASSAGES} What does a long song earn?")
    whole = models.converse(modelId=MODEL, messages=messages)
    text = whole["output"]["message"]["content"][0]["text"]
    assert "17.64 cents.” [b]" in text
    assert whole["stopReason"] == "end_turn"
    events = list(models.converse_stream(modelId=MODEL, messages=messages)["stream"])
    kinds = [next(iter(event)) for event in events]
    assert (kinds[0], kinds[-3:]) == ("messageStart", ["contentBlockStop", "messageStop", "metadata"])
    pieces = [event["contentBlockDelta"]["delta"]["text"] for event in events if "contentBlockDelta" in event]
    assert "".join(pieces) == text
    assert events[-1]["metadata"]["usage"] == whole["usage"]


def test_models_without_access_are_refused(models, knowledge):
    foreign = "anthropic.claude-sonnet-4-5-20250929-v1:0"
    with refused("AccessDeniedException", 403):
        models.converse(modelId=foreign, messages=user("x"))
    with refused("AccessDeniedException", 403):
        answer(knowledge, "x", model=foreign)
    with refused("ValidationException", 400):
        models.converse(modelId="nonsense", messages=user("x"))


def test_guardrails_are_refused_by_name(models):
    guardrail = {"guardrailIdentifier": "guardrail", "guardrailVersion": "1"}
    with refused("ValidationException", 400) as caught:
        models.converse(modelId=MODEL, messages=user("x"), guardrailConfig=guardrail)
    assert "guardrailConfig" in str(caught.value)


def test_an_answer_in_pieces_says_the_same(knowledge, documents):
    documents("rates.md", "Ein Lied: a long song earns 17.64 ¢ for each copy. It was less before.")
    question = "what does a long song earn?"
    whole = answer(knowledge, question)
    configuration = {"knowledgeBaseId": BASE, "modelArn": MODEL}
    stream = knowledge.retrieve_and_generate_stream(
        input={"text": question},
        retrieveAndGenerateConfiguration={"type": "KNOWLEDGE_BASE", "knowledgeBaseConfiguration": configuration},
    )["stream"]
    events = list(stream)
    assert "".join(event["output"]["text"] for event in events if "output" in event) == whole["output"]["text"]
    citations = [event["citation"] for event in events if "citation" in event]
    part = lambda citation: citation["generatedResponsePart"]["textResponsePart"]
    assert [part(citation) for citation in citations] == [part(citation) for citation in whole["citations"]]


def test_a_model_is_invoked_in_its_own_form(models):
    body = json.dumps({"messages": user(f"{PASSAGES} What does a long song earn?")})
    given = models.invoke_model(modelId=MODEL, contentType="application/json", body=body)
    said = json.loads(given["body"].read())
    assert "17.64 cents.” [b]" in said["output"]["message"]["content"][0]["text"]
    assert said["stopReason"] == "end_turn"
    assert given["contentType"] == "application/json"
