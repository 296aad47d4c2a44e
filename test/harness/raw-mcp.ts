// MCP requests written by hand, for what a well-behaved client would not send.

export const MODERN_VERSION = '2026-07-28';

export interface RawRequest {
  readonly url: string;
  readonly token: string;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly meta?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
}

/** One request of protocol 2026-07-28; the body of the answer as text. */
export async function rawMcp(request: RawRequest): Promise<{ status: number; text: string }> {
  const { url, token, method = 'tools/call', params = {}, meta = {}, headers = {} } = request;
  const name = params.name;
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': MODERN_VERSION,
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method,
      params: {
        ...params,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': MODERN_VERSION,
          'io.modelcontextprotocol/clientCapabilities': {},
          ...meta,
        },
      },
    }),
  });
  return { status: answer.status, text: await answer.text() };
}
