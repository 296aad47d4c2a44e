// What a session does, one thing at a time. Chance decides what it is before it runs: both sides then do exactly the same.
import { type Alteration, anyAlteration } from './alterations.js';
import { anyBody } from './bodies.js';
import { anyCall, anyId, progressCall } from './calls.js';
import type { Leg, Message } from './leg.js';
import { asOnePage } from './pages.js';
import { anyText, type Random } from './random.js';
import { anyRead, LISTS } from './reads.js';
import { entryOf } from './transcript.js';
import type { Sent } from './wire.js';

export type Era = 'modern' | 'legacy';

export interface Operation {
  readonly what: string;
  /** What came back, as comparable text. */
  run(leg: Leg): Promise<string[]>;
}

const LIST_PAGES_MAX = 50;

const cursorOf = (list: string, inner: string | null): string =>
  Buffer.from(JSON.stringify([list, inner])).toString('base64url');

/** A call of a tool, or a request about resources and prompts. */
const anyRequest = (random: Random): Message => (random.chance(0.6) ? anyCall(random) : anyRead(random));

const short = (value: unknown): string => JSON.stringify(value)?.slice(0, 160) ?? 'nothing';
const built = (leg: Leg, era: Era, message: Message): Sent =>
  era === 'modern' ? leg.modern(message) : leg.legacy(message);
const numbered = (random: Random, message: Message): Message => ({ ...message, id: anyId(random) });

const one = (era: Era, message: Message): Operation => ({
  what: `${era} ${short(message)}`,
  run: async (leg) => [entryOf(await leg.send(built(leg, era, message)))],
});

/** All pages of the list, to the last. Where a page ends is the endpoint's own affair, so they are compared as one. */
const list = (era: Era, method: string): Operation => ({
  what: `${era} ${method}`,
  async run(leg) {
    const pages: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < LIST_PAGES_MAX; page++) {
      const params = cursor === undefined ? {} : { cursor };
      const got = await leg.send(built(leg, era, { method, params, id: 1 }));
      cursor = /"nextCursor":"([^"]*)"/.exec(got.text)?.[1];
      pages.push(entryOf(got));
      if (cursor === undefined) break;
    }
    return asOnePage(pages);
  },
});

const altered = (era: Era, message: Message, alterations: readonly Alteration[]): Operation => ({
  what: `${era} ${short(message)} with ${alterations.map(({ what }) => what).join(', ')}`,
  run: async (leg) => [
    entryOf(await leg.send(alterations.reduce((sent, alteration) => alteration.apply(sent), built(leg, era, message)))),
  ],
});

function malformed(era: Era, random: Random): Operation {
  const { what, body } = anyBody(random);
  return {
    what: `${era} body: ${what}`,
    run: async (leg) => [entryOf(await leg.send({ ...built(leg, era, { method: 'tools/list', id: 1 }), body }))],
  };
}

function method(era: Era, random: Random): Operation {
  const name = random.pick(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'GET', 'HEAD']);
  const ended = era === 'legacy' && (name === 'DELETE' || name === 'GET');
  return {
    what: `${era} ${name}`,
    // Not on an open session: these would end it, or hold its stream.
    run: async (leg) => {
      const sent = built(leg, era, { method: 'tools/list', id: 1 });
      const headers = ended ? { ...sent.headers, 'mcp-session-id': 'not-a-session' } : sent.headers;
      return [entryOf(await leg.send({ method: name, headers }))];
    },
  };
}

/** Several at once, some with the same id where an era allows it; answers stand in the order of the questions. */
function together(era: Era, random: Random): Operation {
  const sameIds = era === 'modern' && random.chance(0.4);
  const messages = Array.from({ length: random.int(2, 6) }, (_, n) => ({
    ...random.weighted([
      [3, () => progressCall(random)],
      [5, () => anyCall(random)],
      [2, () => anyRead(random)],
    ])(),
    id: sameIds ? 1 : n,
  }));
  return {
    what: `${era} ${messages.length} at once: ${short(messages)}`,
    run: async (leg) => (await Promise.all(messages.map((message) => leg.send(built(leg, era, message))))).map(entryOf),
  };
}

/** The same id once more, after its answer. */
function again(era: Era, random: Random): Operation {
  const message = { ...anyRequest(random), id: random.int(0, 9) };
  return {
    what: `${era} twice ${short(message)}`,
    async run(leg) {
      const entries: string[] = [];
      for (let turn = 0; turn < 2; turn++) entries.push(entryOf(await leg.send(built(leg, era, message))));
      return entries;
    },
  };
}

/** A call given up: by closing its answer in the new era, by a notification in the older ones. */
function cancelled(era: Era, random: Random): Operation {
  const nonce = random.int(0, 1e9);
  const id = random.pick<unknown>([5, 'five', 0]);
  const meta = random.chance(0.5) ? { progressToken: 'p' } : undefined;
  return {
    what: `${era} cancel id ${short(id)}${meta === undefined ? '' : ' with progress'}`,
    async run(leg) {
      const key = `${leg.mark}-${nonce}`;
      const params = { name: 'wait', arguments: { key } };
      const sent = built(leg, era, { method: 'tools/call', params, id, ...(meta === undefined ? {} : { meta }) });
      const giveUp = leg.wire.begin(sent);
      const entries = [await leg.stateOf(key, 'running')];
      if (era === 'modern') giveUp();
      else {
        const notice = {
          jsonrpc: '2.0',
          method: 'notifications/cancelled',
          params: { requestId: id, reason: 'enough' },
        };
        entries.push(entryOf(await leg.send({ ...sent, body: JSON.stringify(notice) })));
      }
      entries.push(await leg.stateOf(key, 'cancelled'));
      giveUp();
      return entries;
    },
  };
}

function withoutToken(era: Era, random: Random): Operation {
  const message = anyRequest(random);
  const authorization = random.pick([undefined, 'Bearer lmk_nobody', 'Basic eDp5', `Bearer ${'é'.codePointAt(0)}`]);
  return {
    what: `${era} authorization ${short(authorization)} ${short(message)}`,
    async run(leg) {
      const sent = built(leg, era, message);
      return [entryOf(await leg.send({ ...sent, headers: { ...sent.headers, authorization } }))];
    },
  };
}

const OTHER_METHODS = [
  'ping',
  'server/discover',
  'tools/destroy',
  'logging/setLevel',
  'initialize',
  'notifications/initialized',
  'notifications/unknown',
  'Tools/Call',
  '',
] as const;

const otherMethod = (era: Era, random: Random): Operation => {
  const name =
    era === 'legacy' ? random.pick(OTHER_METHODS.filter((each) => each !== 'initialize')) : random.pick(OTHER_METHODS);
  return one(era, {
    method: name,
    params: random.chance(0.8) ? {} : { level: anyText(random) },
    id: random.int(0, 99),
  });
};

/** None of them was given by any page; the last three have the form of one. */
const CURSORS = [
  '',
  'x',
  'AAAA',
  '\u0000',
  'e30=',
  'eyJhIjoxfQ',
  cursorOf('nobody.note', null),
  cursorOf('oracle.note', '!'),
  `${cursorOf('oracle.note', null)}=`,
] as const;

export function anyOperation(era: Era, random: Random): Operation {
  return random.weighted<() => Operation>([
    [8, () => one(era, numbered(random, anyCall(random)))],
    [3, () => one(era, numbered(random, progressCall(random)))],
    [5, () => one(era, numbered(random, anyRead(random)))],
    [3, () => list(era, random.pick(LISTS))],
    [1, () => one(era, { method: random.pick(LISTS), params: { cursor: random.pick(CURSORS) }, id: 1 })],
    [6, () => altered(era, { ...anyRequest(random), id: random.int(0, 9) }, [anyAlteration(random)])],
    [1, () => altered(era, { ...anyRequest(random), id: 1 }, [anyAlteration(random), anyAlteration(random)])],
    [2, () => malformed(era, random)],
    [1, () => method(era, random)],
    [2, () => together(era, random)],
    [1, () => again(era, random)],
    [1, () => cancelled(era, random)],
    [0.5, () => withoutToken(era, random)],
    [2, () => otherMethod(era, random)],
  ])();
}
