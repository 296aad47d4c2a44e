"""What a person sees through one of Python's clients, as JSON.

Usage: python_client.py CLIENT URL TOKEN DATASET, where CLIENT is a function of this file.
"""

import asyncio
import json
import sys
from contextlib import asynccontextmanager


@asynccontextmanager
async def mcp_1(url, headers):
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async with streamablehttp_client(url, headers=headers) as (read, write, _):
        async with ClientSession(read, write) as session:
            await session.initialize()
            yield session.list_tools, session.call_tool


@asynccontextmanager
async def mcp_2(url, headers, mode="2026-07-28"):
    import httpx2
    from mcp import Client
    from mcp.client.streamable_http import streamable_http_client

    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        async with Client(streamable_http_client(url, http_client=http), mode=mode) as client:
            yield client.list_tools, client.call_tool


def mcp_2_legacy(url, headers):
    return mcp_2(url, headers, mode="legacy")


@asynccontextmanager
async def fastmcp_4(url, headers):
    from fastmcp import Client
    from fastmcp.client.transports import StreamableHttpTransport

    async with Client(StreamableHttpTransport(url, headers=headers)) as client:
        yield client.list_tools, client.call_tool_mcp


def told(error):
    """Every text of an exception, those of a group too."""
    inner = [told(each) for each in getattr(error, "exceptions", [])]
    return "\n".join([str(error), *inner])


async def look(connect, url, token, dataset):
    seen = {}
    try:
        async with connect(url, {"Authorization": f"Bearer {token}"}) as (list_tools, call):
            listed = await list_tools()
            seen["tools"] = [tool.name for tool in getattr(listed, "tools", listed)]
            failed = await call("architect_get_template_readme", {"name": "nothing"})
            seen["failed"] = getattr(failed, "is_error", None) or getattr(failed, "isError", None)
            seen["text"] = failed.content[0].text
            large = await call("curator_fetch_dataset", {"datasetId": dataset})
            seen["bytes"] = len(large.content[0].text)
            structured = getattr(large, "structured_content", None) or getattr(large, "structuredContent", None)
            seen["rows"] = len(structured["rows"])
    except BaseException as error:
        seen["error"] = told(error)
    return seen


_, client, *arguments = sys.argv
print(json.dumps(asyncio.run(look(globals()[client], *arguments))))
