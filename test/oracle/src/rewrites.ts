// What may differ between an agent's own endpoint and the gateway, as one declared list. Whatever is not here must be equal.

export interface Rewrite {
  readonly what: string;
  readonly why: string;
  readonly apply: (text: string) => string;
}

const replace =
  (pattern: RegExp, by: string) =>
  (text: string): string =>
    text.replace(pattern, by);

/** The parts of a `tools/list` result that belong to the fixture; other agents' tools are only at the gateway. */
function ownTools(text: string): string {
  if (!text.includes('"tools":[')) return text;
  return text.replace(/^(data: )?(\{.*\})$/gm, (line, prefix: string | undefined, json: string) => {
    const message = parsed(json);
    if (message?.result?.tools === undefined) return line;
    message.result.tools = message.result.tools.filter(({ name }) => name.startsWith('oracle_') || !name.includes('_'));
    return `${prefix ?? ''}${JSON.stringify(message)}`;
  });
}

function parsed(json: string): { result?: { tools?: Array<{ name: string }> } } | undefined {
  try {
    return JSON.parse(json) as never;
  } catch {
    return undefined;
  }
}

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

/** In this order. Ids of requests and progress tokens are the client's own and are not rewritten: they must come back. */
export const REWRITES: readonly Rewrite[] = [
  { what: 'tools of other agents', why: 'the gateway lists them too', apply: ownTools },
  { what: 'tool names', why: 'the gateway puts the agent’s name first', apply: replace(/\boracle_/g, '') },
  {
    what: 'serverInfo',
    why: 'each endpoint says who it is',
    apply: replace(/"((?:io\.modelcontextprotocol\/)?serverInfo)":\{[^{}]*\}/g, '"$1":{}'),
  },
  {
    what: 'instructions',
    why: 'each endpoint introduces itself',
    apply: replace(/"instructions":"(?:[^"\\]|\\.)*"/g, '"instructions":""'),
  },
  {
    what: 'capabilities for resources and prompts',
    why: 'the fixture has none, other agents have',
    apply: replace(/,"resources":\{\},"prompts":\{\},"completions":\{\}/g, ''),
  },
  { what: 'list cursors', why: 'pages end elsewhere', apply: replace(/,?"nextCursor":"[^"]*"/g, '') },
  {
    what: 'where metadata is',
    why: 'each endpoint has its own (RFC 9728)',
    apply: replace(/resource_metadata="[^"]*"/g, 'resource_metadata=""'),
  },
  { what: 'event ids', why: 'chosen by the endpoint', apply: replace(/^id: .*$/gm, 'id:') },
  { what: 'keep-alive comments', why: 'they depend on the clock', apply: replace(/^: .*\n\n?/gm, '') },
  { what: 'ids that a tool or endpoint makes', why: 'new each time', apply: replace(UUID, '<uuid>') },
  {
    what: 'times that a tool makes',
    why: 'new each time',
    apply: replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'),
  },
];

export const rewritten = (text: string): string => REWRITES.reduce((so, { apply }) => apply(so), text);
