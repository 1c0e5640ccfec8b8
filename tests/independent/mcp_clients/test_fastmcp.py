"""FastMCP's client, with the rest of the protocol as it sees it."""

import asyncio

from fastmcp import Client

from support.server import KEY


def test_fastmcp_lists_calls_and_reads(address):
    async def scenario():
        async with Client(address, auth=KEY) as client:
            tools = await client.list_tools()
            assert any(tool.name == "find_tools" for tool in tools)
            found = await client.call_tool("find_tools", {"query": "streaming figures by day"})
            assert any(tool["name"] == "scan_analytics_data" for tool in found.structured_content["tools"])
            failed = await client.call_tool("query_artist_data", {"limit": 0}, raise_on_error=False)
            assert failed.is_error
            templates = await client.list_resource_templates()
            assert len(templates) == 4
            names = {prompt.name for prompt in await client.list_prompts()}
            assert {"artist_performance", "change_release", "weekly_report"} <= names

    asyncio.run(asyncio.wait_for(scenario(), 300))


def test_the_compact_mode_needs_three_tools_only(address):
    async def scenario():
        async with Client(f"{address}?mode=compact", auth=KEY) as client:
            assert [tool.name for tool in await client.list_tools()] == ["find_tools", "describe_tool", "call_tool"]
            call = {"name": "query_artist_data", "arguments": {"limit": 2}}
            called = await client.call_tool("call_tool", call)
            assert len(called.structured_content["rows"]) == 2

    asyncio.run(asyncio.wait_for(scenario(), 300))


def test_one_server_has_an_address_of_its_own(address):
    async def scenario():
        async with Client(f"{address}/s3", auth=KEY) as client:
            names = [tool.name for tool in await client.list_tools()]
            assert "list_audio_files" in names and "query_artist_data" not in names

    asyncio.run(asyncio.wait_for(scenario(), 300))
