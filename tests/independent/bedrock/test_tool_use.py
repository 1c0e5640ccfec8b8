"""Tool use: a language model calls through `converse` and its stream; the built-in model says that it cannot."""

import json

import pytest

from support.embedded import EmbeddedAws
from support.errors import refused
from support.knowledge import MODEL
from support.language_model import LanguageModel

SCHEMA = {"type": "object", "properties": {"artist": {"type": "string"}}, "required": ["artist"]}
TOOLS = {"tools": [{"toolSpec": {"name": "count_streams", "description": "Counts.", "inputSchema": {"json": SCHEMA}}}]}
QUESTION = {"role": "user", "content": [{"text": "How many streams had Mira?"}]}


def call(**delta):
    return {"delta": {"tool_calls": [{"index": 0, **delta}]}, "finish_reason": None}


CALLS = [
    {"delta": {"content": "I count."}, "finish_reason": None},
    call(id="call_1", type="function", function={"name": "count_streams", "arguments": ""}),
    call(function={"arguments": '{"artist": '}),
    call(function={"arguments": '"Mira"}'}),
    {"delta": {}, "finish_reason": "tool_calls"},
]
ANSWERS = [{"delta": {"content": "Twelve."}, "finish_reason": None}, {"delta": {}, "finish_reason": "stop"}]


@pytest.fixture
def calling(tmp_path):
    """Clients of an embedded AWS whose language model calls a tool first, and then answers."""
    with LanguageModel([CALLS, ANSWERS]) as model:
        with EmbeddedAws(tmp_path / "data", settings={"PATCHLINE_LLM_URL": model.url}) as embedded:
            yield embedded.client("bedrock-runtime"), model


def test_a_call_and_its_result_go_there_and_back(calling):
    models, model = calling
    first = models.converse(modelId=MODEL, messages=[QUESTION], toolConfig=TOOLS)
    assert first["stopReason"] == "tool_use"
    said = first["output"]["message"]
    text, use = said["content"]
    assert text == {"text": "I count."}
    assert use["toolUse"] == {"toolUseId": "call_1", "name": "count_streams", "input": {"artist": "Mira"}}

    result = {"toolUseId": "call_1", "content": [{"json": {"streams": 12}}], "status": "success"}
    answer = {"role": "user", "content": [{"toolResult": result}]}
    second = models.converse(modelId=MODEL, messages=[QUESTION, said, answer], toolConfig=TOOLS)
    assert second["output"]["message"]["content"] == [{"text": "Twelve."}]
    assert second["stopReason"] == "end_turn"

    (offered,) = model.requests[0]["tools"]
    assert offered["function"]["parameters"] == SCHEMA
    _, assistant, tool = model.requests[1]["messages"]
    (called,) = assistant["tool_calls"]
    assert json.loads(called["function"]["arguments"]) == {"artist": "Mira"}
    assert (tool["role"], tool["tool_call_id"], json.loads(tool["content"])) == ("tool", "call_1", {"streams": 12})


def test_a_call_is_streamed_in_a_block_of_its_own(calling):
    models, _ = calling
    stream = models.converse_stream(modelId=MODEL, messages=[QUESTION], toolConfig=TOOLS)["stream"]
    starts, inputs, stop = [], "", None
    for event in stream:
        if "contentBlockStart" in event:
            starts.append(event["contentBlockStart"])
        if "toolUse" in event.get("contentBlockDelta", {}).get("delta", {}):
            assert event["contentBlockDelta"]["contentBlockIndex"] == 1
            inputs += event["contentBlockDelta"]["delta"]["toolUse"]["input"]
        stop = event.get("messageStop", stop)
    (start,) = starts
    assert start == {"contentBlockIndex": 1, "start": {"toolUse": {"toolUseId": "call_1", "name": "count_streams"}}}
    assert json.loads(inputs) == {"artist": "Mira"}
    assert stop["stopReason"] == "tool_use"


def test_the_built_in_model_has_no_tool_use(models):
    with refused("ValidationException", 400) as caught:
        models.converse(modelId=MODEL, messages=[QUESTION], toolConfig=TOOLS)
    assert "doesn't support tool use" in str(caught.value)
    with refused("ValidationException", 400) as caught:
        models.converse_stream(modelId=MODEL, messages=[QUESTION], toolConfig=TOOLS)
    assert "doesn't support tool use in streaming mode" in str(caught.value)
