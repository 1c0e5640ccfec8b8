"""FastMCP serving one tool with a fixed answer, for comparison: fastmcp_server.py PORT, the answer in ANSWER."""

import json
import os
import sys

from fastmcp import FastMCP

answer = json.loads(os.environ["ANSWER"])
server = FastMCP("comparison")


@server.tool
def query_artist_data(artistId: str) -> dict:
    return answer


server.run(
    transport="http",
    host="127.0.0.1",
    port=int(sys.argv[1]),
    show_banner=False,
    log_level="error",
    stateless_http=True,
    json_response=True,
)
