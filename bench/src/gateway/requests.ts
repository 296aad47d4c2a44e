// The requests that are measured, as bytes on the wire know them.
const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

export interface Wire {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What every right answer holds. */
  readonly expect: string;
}

const rpc = (method: string, params: object): string => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
const modern = (method: string): Record<string, string> => ({
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': method,
});
const echoed = { arguments: { message: 'hello' } };

/** A call of the no-op tool under the name it has at this endpoint. */
export const callOf = (name: string): Wire => ({
  body: rpc('tools/call', { name, ...echoed, _meta: META }),
  headers: { ...modern('tools/call'), 'mcp-name': name },
  expect: 'hello',
});
export const CALL = callOf('noop_echo');

/** The same call as SDK v1 speaks it. */
export const olderCallOf = (name: string): Wire => ({
  body: rpc('tools/call', { name, ...echoed }),
  headers: { 'mcp-protocol-version': '2025-11-25' },
  expect: 'hello',
});
export const OLDER_CALL = olderCallOf('noop_echo');

export const LIST: Wire = {
  body: rpc('tools/list', { _meta: META }),
  headers: modern('tools/list'),
  expect: '"noop_echo"',
};

/** The same as clients ask it that take a compressed answer: `fetch` does, and so do both official SDKs that use it. */
export const LIST_GZIP: Wire = {
  ...LIST,
  headers: { ...LIST.headers, 'accept-encoding': 'gzip, deflate' },
  expect: 'content-encoding: gzip',
};

/** A stream that stays open until its client leaves. */
export const LISTEN: Wire = {
  body: rpc('subscriptions/listen', { notifications: { toolsListChanged: true }, _meta: META }),
  headers: modern('subscriptions/listen'),
  expect: '',
};
