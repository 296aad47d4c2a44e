// How a dataset is read elsewhere: the command, an HTTP call, Python. Texts for people to copy; the token is theirs to fill in.
import type { Dataset } from '../dataset.js';

export interface Snippet {
  readonly name: string;
  readonly text: string;
}

const PROTOCOL = '2026-07-28';

/** @param lab the lab's address, without a slash at the end */
export function snippetsFor({ datasetId, format }: Pick<Dataset, 'datasetId' | 'format'>, lab: string): readonly Snippet[] {
  return [
    {
      name: 'Command',
      text: `npx @labmesh/cli dataset fetch ${datasetId} -o data.${format}`,
    },
    {
      name: 'Python',
      text: `# pip install fastmcp pandas
import os
import pandas as pd
from fastmcp import Client
from fastmcp.client.transports import StreamableHttpTransport

lab = StreamableHttpTransport(
    "${lab}/mcp", headers={"Authorization": f"Bearer {os.environ['LABMESH_TOKEN']}"}
)
async with Client(lab) as client:
    answer = await client.call_tool("curator_fetch_dataset", {"datasetId": "${datasetId}"})
table = pd.DataFrame(answer.structured_content["rows"])`,
    },
    {
      name: 'curl',
      text: `curl -s ${lab}/mcp -H "Authorization: Bearer $LABMESH_TOKEN" \\
  -H "Content-Type: application/json" -H "Accept: application/json, text/event-stream" \\
  -H "MCP-Protocol-Version: ${PROTOCOL}" -H "Mcp-Method: tools/call" -H "Mcp-Name: curator_fetch_dataset" \\
  -d '{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
    "name": "curator_fetch_dataset", "arguments": {"datasetId": "${datasetId}", "limit": 10},
    "_meta": {"io.modelcontextprotocol/protocolVersion": "${PROTOCOL}",
      "io.modelcontextprotocol/clientInfo": {"name": "curl", "version": "8"},
      "io.modelcontextprotocol/clientCapabilities": {}}}}'`,
    },
  ];
}
