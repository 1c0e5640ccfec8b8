"""The Python SDK's client, in every way that it can connect: it asks first, is pinned, or is of the older era."""

import asyncio
import base64

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import ElicitResult, PromptReference, ResourceTemplateReference

from support.server import BEARER

WAYS = ["auto", "legacy", "2026-07-28"]


def connected(address, **settings):
    """A client that brings the key."""
    http = httpx2.AsyncClient(headers=BEARER, timeout=httpx2.Timeout(30, read=300))
    return Client(streamable_http_client(address, http_client=http), **settings)


def run(scenario):
    """Runs a scenario, and gives up on it before the suite does."""
    return asyncio.run(asyncio.wait_for(scenario, 300))


async def choosing(number):
    """An answer to the question for an artist: the option of this number."""

    async def answer(_context, question):
        options = question.requested_schema["properties"]["artistId"]["oneOf"]
        answer.offered = [option["const"] for option in options]
        return ElicitResult(action="accept", content={"artistId": answer.offered[number]})

    answer.offered = []
    return answer


@pytest.mark.parametrize("way", WAYS)
def test_tools_are_listed_and_called(address, way):
    async def scenario():
        async with connected(address, mode=way) as client:
            assert client.protocol_version == ("2025-11-25" if way == "legacy" else "2026-07-28")
            listed = await client.list_tools()
            names = [tool.name for tool in listed.tools]
            assert len(names) == len(set(names)) and "query_artist_data" in names
            assert all(tool.output_schema for tool in listed.tools)
            result = await client.call_tool("query_artist_data", {"limit": 3})
            assert not result.is_error
            assert len(result.structured_content["rows"]) == 3
            assert "| artistId |" in result.content[0].text

    run(scenario())


@pytest.mark.parametrize("way", WAYS)
def test_wrong_arguments_are_a_result_and_an_unknown_tool_is_an_error(address, way):
    async def scenario():
        async with connected(address, mode=way) as client:
            result = await client.call_tool("query_artist_data", {"limit": 0})
            assert result.is_error and "limit" in result.content[0].text
            with pytest.raises(MCPError) as caught:
                await client.call_tool("query_artists_data", {})
            assert caught.value.code == -32602 and "query_artist_data" in str(caught.value)

    run(scenario())


@pytest.mark.parametrize("way", WAYS)
def test_the_person_is_asked_which_artist_is_meant(address, way):
    async def scenario():
        for number in (0, 1):
            answer = await choosing(number)
            async with connected(address, mode=way, elicitation_callback=answer) as client:
                result = await client.call_tool("query_artist_data", {"name": "mira"})
                assert len(answer.offered) == 2
                assert result.structured_content["rows"][0]["artistId"] == answer.offered[number]

    run(scenario())


@pytest.mark.parametrize("way", WAYS)
def test_a_client_that_cannot_ask_gets_the_candidates(address, way):
    async def scenario():
        async with connected(address, mode=way) as client:
            result = await client.call_tool("query_artist_data", {"name": "mira"})
            assert result.is_error and result.content[0].text.count("art_") >= 2

    run(scenario())


@pytest.mark.parametrize("way", WAYS)
def test_resources_are_listed_page_by_page_and_read(address, way):
    async def scenario():
        async with connected(address, mode=way) as client:
            found, cursor = [], None
            while True:
                page = await client.list_resources(cursor=cursor)
                found += page.resources
                cursor = page.next_cursor
                if cursor is None:
                    break
            addresses = [str(resource.uri) for resource in found]
            assert len(addresses) == len(set(addresses))
            for begin in ("artists/", "releases/", "files/patchline-artwork/", "knowledge/entries/"):
                assert any(address.startswith(f"patchline://{begin}") for address in addresses), begin
            artist = next(address for address in addresses if "/artists/" in address)
            text = (await client.read_resource(artist)).contents[0].text
            assert '"artistId"' in text
            picture = next(address for address in addresses if "artwork" in address)
            blob = (await client.read_resource(picture)).contents[0].blob
            assert base64.b64decode(blob).startswith(b"\x89PNG")
            entry = next(address for address in addresses if "knowledge/entries" in address)
            assert (await client.read_resource(entry)).contents[0].text.startswith("# ")
            with pytest.raises(MCPError) as caught:
                await client.read_resource("patchline://artists/nobody")
            assert caught.value.code == (-32002 if way == "legacy" else -32602)

    run(scenario())


@pytest.mark.parametrize("way", WAYS)
def test_prompts_are_listed_and_completed(address, way):
    async def scenario():
        async with connected(address, mode=way) as client:
            prompts = (await client.list_prompts()).prompts
            names = [prompt.name for prompt in prompts]
            assert len(names) == len(set(names))
            assert {"artist_performance", "change_release", "weekly_report"} <= set(names)
            reference = PromptReference(type="ref/prompt", name="artist_performance")
            completed = await client.complete(reference, {"name": "artist", "value": "mira"})
            assert len(completed.completion.values) >= 2
            prompt = await client.get_prompt("artist_performance", {"artist": completed.completion.values[0]})
            assert "doing this month" in prompt.messages[0].content.text
            assert prompt.messages[1].content.type == "resource"
            files = ResourceTemplateReference(type="ref/resource", uri="patchline://files/{bucket}/{+fileName}")
            buckets = await client.complete(files, {"name": "bucket", "value": "patchline-a"})
            assert sorted(buckets.completion.values) == ["patchline-artwork", "patchline-audio"]
            typed = {"name": "fileName", "value": ""}
            names = await client.complete(files, typed, {"bucket": "patchline-audio"})
            assert names.completion.values

    run(scenario())


@pytest.mark.parametrize("way", WAYS)
def test_a_long_call_says_how_far_it_is(address, way):
    async def scenario():
        steps = []

        async def heard(progress, _total, _message):
            steps.append(progress)

        async with connected(address, mode=way) as client:
            arguments = {"query": "fields @timestamp, @message | limit 5"}
            result = await client.call_tool("query_performance_logs", arguments, progress_callback=heard)
            assert not result.is_error, result.content
            assert steps == sorted(set(steps))

    run(scenario())


@pytest.mark.parametrize("way", WAYS)
def test_a_change_with_a_key_happens_once(address, way):
    async def scenario():
        async with connected(address, mode=way) as client:
            rows = (await client.call_tool("query_release_data", {"limit": 1})).structured_content["rows"]
            release, version = rows[0]["releaseId"], rows[0]["version"]
            change = {"releaseId": release, "expectedVersion": version, "updateData": {"title": f"Once, {way}"}}
            meta = {"patchline/idempotencyKey": f"python-{way}"}
            first = await client.call_tool("update_release_data", change, meta=meta)
            again = await client.call_tool("update_release_data", change, meta=meta)
            assert not first.is_error and not again.is_error, (first.content, again.content)
            assert first.structured_content == again.structured_content
            assert again.meta["patchline/replayed"] is True and "patchline/replayed" not in first.meta
            other = await client.call_tool("update_release_data", change | {"expectedVersion": 99}, meta=meta)
            assert other.is_error and "other arguments" in other.content[0].text

    run(scenario())


def test_a_followed_release_is_told_of(address):
    async def scenario():
        async with connected(address) as client:
            row = (await client.call_tool("query_release_data", {"limit": 1})).structured_content["rows"][0]
            uri = f"patchline://releases/{row['releaseId']}"
            async with client.listen(resource_subscriptions=[uri]) as followed:
                change = {"releaseId": row["releaseId"], "expectedVersion": row["version"], "updateData": {"title": "Told"}}
                assert not (await client.call_tool("update_release_data", change)).is_error
                async for event in followed:
                    assert uri in repr(event)
                    break

    run(scenario())
