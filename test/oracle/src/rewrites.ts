// What may differ between an agent's own endpoint and the gateway, as one declared list. Whatever is not here must be equal.
// That pages of a list end elsewhere is the one thing more: `pages.ts` joins them.
import { onLists } from './pages.js';

export interface Rewrite {
  readonly what: string;
  readonly why: string;
  readonly apply: (text: string) => string;
}

const replace =
  (pattern: RegExp, by: string) =>
  (text: string): string =>
    text.replace(pattern, by);

/** What lists hold, and how the fixture's own is told from other agents'. */
const LISTED: Readonly<Record<string, (item: Readonly<Record<string, unknown>>) => boolean>> = {
  tools: ({ name }) => isOwnName(String(name)),
  prompts: ({ name }) => isOwnName(String(name)),
  resources: ({ uri }) => String(uri).startsWith('oracle-'),
  resourceTemplates: ({ uriTemplate }) => String(uriTemplate).startsWith('oracle-'),
};
const isOwnName = (name: string): boolean => name.startsWith('oracle_') || !name.includes('_');

/** A list without the items of other agents: these are only at the gateway. */
const ownItems = (text: string): string =>
  onLists(text, (result, kind) => {
    result[kind] = result[kind]?.filter((item) => LISTED[kind]?.(item) === true) ?? [];
  });

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

/** In this order. Ids of requests and progress tokens are the client's own and are not rewritten: they must come back. */
export const REWRITES: readonly Rewrite[] = [
  { what: 'tools, prompts and resources of other agents', why: 'the gateway lists them too', apply: ownItems },
  {
    what: 'names of tools and prompts',
    why: 'the gateway puts the agent’s name first',
    apply: replace(/\boracle_/g, ''),
  },
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
  { what: 'list cursors', why: 'pages end elsewhere', apply: replace(/,?"nextCursor":"[^"]*"/g, '') },
  { what: 'event ids', why: 'chosen by the endpoint', apply: replace(/^id: .*$/gm, 'id:') },
  { what: 'keep-alive comments', why: 'they depend on the clock', apply: replace(/^: .*\n\n?/gm, '') },
  {
    what: 'leaf hashes of receipts',
    why: 'two calls have two records',
    apply: replace(/"leafHash":"[0-9a-f]{64}"/g, '"leafHash":"<hash>"'),
  },
  { what: 'ids that a tool or endpoint makes', why: 'new each time', apply: replace(UUID, '<uuid>') },
  {
    what: 'times that a tool makes',
    why: 'new each time',
    apply: replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'),
  },
];

export const rewritten = (text: string): string => REWRITES.reduce((so, { apply }) => apply(so), text);
