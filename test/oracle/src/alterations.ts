// One wrong thing in an otherwise right request: a header or a field dropped, altered, doubled, renamed.

import { anyJson, type Random } from './random.js';
import type { Sent } from './wire.js';

export interface Alteration {
  readonly what: string;
  apply(sent: Sent): Sent;
}

const HEADERS = [
  'authorization',
  'content-type',
  'accept',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'mcp-session-id',
] as const;

const VALUES: Readonly<Record<(typeof HEADERS)[number], readonly string[]>> = {
  authorization: ['', 'Bearer', 'Bearer x', 'Basic abc', 'bearer  nonsense', `Bearer ${'x'.repeat(9_000)}`],
  'content-type': ['text/plain', 'application/json; charset=utf-8', 'application/jsonp', 'APPLICATION/JSON', ''],
  accept: ['*/*', 'application/json', 'text/event-stream', 'text/html', ''],
  'mcp-protocol-version': ['2026-07-28', '2025-11-25', '2025-06-18', '2024-11-05', '2099-01-01', 'x', ''],
  'mcp-method': [
    'tools/call',
    'tools/list',
    'resources/read',
    'prompts/get',
    'TOOLS/CALL',
    'x',
    '',
    '=?base64?dG9vbHMvY2FsbA==?=',
  ],
  'mcp-name': ['other', 'oracle-note://n001', '', '=?base64?!!?=', '=?base64?b3RoZXI=?=', '%65cho'],
  'mcp-session-id': ['', 'x', '00000000-0000-4000-8000-000000000000'],
};

const PATHS: ReadonlyArray<readonly string[]> = [
  ['jsonrpc'],
  ['id'],
  ['method'],
  ['params'],
  ['params', 'name'],
  ['params', 'arguments'],
  ['params', 'uri'],
  ['params', 'cursor'],
  ['params', 'ref'],
  ['params', 'ref', 'type'],
  ['params', 'argument'],
  ['params', 'argument', 'value'],
  ['params', '_meta'],
  ['params', '_meta', 'io.modelcontextprotocol/protocolVersion'],
  ['params', '_meta', 'io.modelcontextprotocol/clientCapabilities'],
  ['params', '_meta', 'progressToken'],
];

/** Values that turn one request into another kind: known methods, older versions, empty shapes. */
const TELLING: readonly unknown[] = [
  '2.0',
  '1.0',
  'tools/list',
  'resources/templates/list',
  'ref/prompt',
  'oracle-note://n001',
  'ping',
  'initialize',
  '2025-11-25',
  '2099-01-01',
  {},
  [],
  null,
  0,
];

type Json = Record<string, unknown>;

function atPath(body: Json, path: readonly string[], change: (holder: Json, key: string) => void): Json {
  const copy = structuredClone(body);
  let holder: unknown = copy;
  for (const key of path.slice(0, -1)) holder = (holder as Json | undefined)?.[key];
  const last = path.at(-1);
  if (typeof holder === 'object' && holder !== null && last !== undefined) change(holder as Json, last);
  return copy;
}

const onHeaders = (what: string, change: Sent['headers']): Alteration => ({
  what,
  apply: (sent) => ({ ...sent, headers: { ...sent.headers, ...change } }),
});

/** The same name in the form that any text may have (`=?base64?…?=`): not a fault, so it must be understood. */
const encodedName: Alteration = {
  what: 'mcp-name in base64',
  apply: (sent) => {
    const name = String(sent.headers['mcp-name'] ?? '');
    return { ...sent, headers: { ...sent.headers, 'mcp-name': `=?base64?${Buffer.from(name).toString('base64')}?=` } };
  },
};

const onBody = (what: string, path: readonly string[], change: (holder: Json, key: string) => void): Alteration => ({
  what,
  apply: (sent) => ({ ...sent, body: JSON.stringify(atPath(JSON.parse(sent.body as string) as Json, path, change)) }),
});

export function anyAlteration(random: Random): Alteration {
  const header = random.pick(HEADERS);
  const path = random.pick(PATHS);
  const value = random.chance(0.5) ? random.pick(TELLING) : anyJson(random, 1);
  const at = path.join('.');
  return random.weighted<() => Alteration>([
    [2, () => onHeaders(`without ${header}`, { [header]: undefined })],
    [
      4,
      () => {
        const other = random.pick(VALUES[header]);
        return onHeaders(`${header}: ${other.slice(0, 60)}`, { [header]: other });
      },
    ],
    [
      1,
      () => {
        const other = random.pick(VALUES[header]);
        return onHeaders(`${header} twice`, { [header]: [other, other] });
      },
    ],
    [0.5, () => encodedName],
    [2, () => onBody(`without ${at}`, path, (holder, key) => delete holder[key])],
    [
      4,
      () =>
        onBody(`${at} = ${JSON.stringify(value)}`, path, (holder, key) => {
          holder[key] = value;
        }),
    ],
    [
      1,
      () =>
        onBody(`${at} renamed`, path, (holder, key) => {
          holder[`${key}X`] = holder[key];
          delete holder[key];
        }),
    ],
    [
      1,
      () =>
        onBody(`${at} doubled`, path, (holder, key) => {
          holder[key] = [holder[key], holder[key]];
        }),
    ],
  ])();
}
