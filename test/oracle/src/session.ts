// A session from a seed: who calls, in which era, and what it does. Sessions of the older eras open and end properly.
import { LEGACY, type Leg } from './leg.js';
import { anyOperation, type Operation } from './operations.js';
import { Random } from './random.js';
import { entryOf } from './transcript.js';
import type { Sent } from './wire.js';

export interface Session {
  /** A token that leaves out most rights, instead of the operator's. */
  readonly narrow: boolean;
  readonly operations: readonly Operation[];
}

const OPERATIONS_MIN = 6;
const OPERATIONS_MAX = 14;

export function sessionOf(seed: number): Session {
  const random = new Random(seed);
  const narrow = random.chance(0.3);
  const legacy = random.chance(0.5);
  const some = Array.from({ length: random.int(OPERATIONS_MIN, OPERATIONS_MAX) }, () =>
    anyOperation(legacy ? 'legacy' : 'modern', random),
  );
  return { narrow, operations: legacy ? [opening(random), ...some, ...ending(random)] : some };
}

const initialize = (leg: Leg, version: unknown, params: object = {}): Sent => ({
  headers: leg.headers(),
  body: JSON.stringify({
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: { protocolVersion: version, capabilities: {}, clientInfo: { name: 'oracle', version: '1' }, ...params },
  }),
});

function opening(random: Random): Operation {
  const version = random.weighted<string>([
    [4, LEGACY[0]],
    [3, LEGACY[1]],
    [1, LEGACY[2]],
    [1, '2099-01-01'],
  ]);
  const wrong = random.chance(0.2);
  const told = random.chance(0.8);
  return {
    what: `initialize ${version}${wrong ? ', after a wrong one' : ''}${told ? '' : ', not followed by initialized'}`,
    async run(leg) {
      const entries: string[] = [];
      if (wrong) entries.push(entryOf(await leg.send(initialize(leg, 7, { clientInfo: null }))));
      const got = await leg.send(initialize(leg, version));
      const id = got.headers['mcp-session-id'];
      const agreed = /"protocolVersion":"([\d-]+)"/.exec(got.text)?.[1] ?? version;
      leg.session = typeof id === 'string' ? { id, version: agreed } : undefined;
      entries.push(entryOf(got));
      if (told) {
        const body = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });
        entries.push(entryOf(await leg.send({ headers: leg.legacy({ method: 'x' }).headers, body })));
      }
      return entries;
    },
  };
}

/** The session's own stream, twice at once; then its end, and a call after it. */
function ending(random: Random): Operation[] {
  const stream: Operation = {
    what: 'GET the session’s stream, and once more while it is open',
    async run(leg) {
      const { headers } = leg.legacy({ method: 'x' });
      const first = await leg.wire.open({ method: 'GET', headers });
      const opened = await first.until(() => true);
      const second = await leg.send({ method: 'GET', headers });
      first.close();
      return [entryOf(opened), entryOf(second)];
    },
  };
  const end: Operation = {
    what: 'DELETE, and a call after it',
    async run(leg) {
      const sent = leg.legacy({ method: 'tools/list', id: 1 });
      return [
        entryOf(await leg.send({ method: 'DELETE', headers: sent.headers })),
        entryOf(await leg.send(sent)),
        entryOf(await leg.send({ method: 'DELETE', headers: sent.headers })),
      ];
    },
  };
  return random.chance(0.4) ? [stream, end] : [end];
}
