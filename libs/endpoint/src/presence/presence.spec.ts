// Who counts as there: by what is heard, by silence, and by what an agent says when asked. The clock is faked.

import { createTransport } from '@labmesh/bus';
import { AppError, curator, librarian } from '@labmesh/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Announcement, contractDigest } from './announcement.js';
import { Announcer } from './announcer.js';
import { Presence } from './presence.js';

const log = { warn: () => {}, info: () => {} };
const DIGEST = contractDigest(curator);
const here = (instance: string, digest = DIGEST) => ({
  instance,
  leaving: false,
  agents: [{ name: 'curator', digest }],
});
const leaving = (instance: string) => ({ ...here(instance), leaving: true });

let presence: Presence;
let changes: string[];
/** What asking an agent gives. */
let ask: () => Promise<unknown>;
beforeEach(() => {
  vi.useFakeTimers();
  changes = [];
  ask = nobodyThere;
  presence = new Presence({ kind: 'nats', request: () => ask() }, log);
  presence.onChange((agent, change) => changes.push(`${agent} ${change}`));
  presence.watch([curator, librarian]);
});
afterEach(() => {
  presence.stop();
  vi.useRealTimers();
});

/** As the bus says it: only its own refusals mean that nobody answered. */
const nobodyThere = async (): Promise<unknown> => {
  const { bus } = await createTransport({ name: 'test' });
  return bus.request('labmesh.curator.$describe', {}, { headers: {}, timeoutMs: 10 });
};
const curatorNow = () => presence.report().find(({ agent }) => agent === 'curator');

describe('an agent', () => {
  it('counts as there until it is known to be gone', async () => {
    expect(presence.isUp('curator')).toBe(true);
    expect(presence.isUp('somebody_else')).toBe(true);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(presence.isUp('curator')).toBe(false);
    expect(changes).toEqual(['curator left', 'librarian left']);
  });

  it('is heard with its instances; the last one that leaves takes it away at once', () => {
    presence.hear(here('one'));
    presence.hear(here('two'));
    expect(curatorNow()).toEqual({ agent: 'curator', up: true, instances: 2 });
    presence.hear(leaving('one'));
    expect(presence.isUp('curator')).toBe(true);
    presence.hear(leaving('two'));
    expect(presence.isUp('curator')).toBe(false);
    presence.hear(here('three'));
    expect(presence.isUp('curator')).toBe(true);
    expect(changes).toEqual(['curator joined', 'curator joined', 'curator left', 'curator returned']);
  });

  it('is gone within a second of silence when nobody listens any more, and back with the first word', async () => {
    for (let beat = 0; beat < 6; beat++) {
      presence.hear(here('one'));
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(presence.isUp('curator')).toBe(true);
    await vi.advanceTimersByTimeAsync(500);
    expect(presence.isUp('curator')).toBe(false);
    presence.hear(here('one'));
    expect(presence.isUp('curator')).toBe(true);
  });

  it('that is silent but answers is busy, not gone', async () => {
    ask = async () => ({ name: 'curator' });
    presence.hear(here('one'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(curatorNow()).toEqual({ agent: 'curator', up: true, instances: 0 });
  });

  it('is not taken for gone when the broker is away', async () => {
    ask = async () => {
      throw new AppError('unavailable', 'Cannot reach the message broker');
    };
    await vi.advanceTimersByTimeAsync(10_000);
    expect(presence.isUp('curator')).toBe(true);
  });

  it('that announces another contract has changed', () => {
    presence.hear(here('one'));
    presence.hear(here('one'));
    expect(changes).toEqual(['curator joined']);
    presence.hear(here('one', 'another'));
    presence.hear(here('two'));
    expect(changes).toEqual(['curator joined', 'curator changed', 'curator joined', 'curator changed']);
  });
});

it('ignores what is no announcement, and agents that it does not watch', () => {
  for (const message of [null, 7, {}, { ...here(''), instance: '' }, { ...here('one'), agents: 'curator' }])
    presence.hear(message);
  presence.hear({ instance: 'one', leaving: false, agents: [{ name: 'stranger', digest: '' }] });
  expect(presence.report().map(({ instances }) => instances)).toEqual([0, 0]);
  expect(changes).toEqual([]);
});

it('remembers a bounded number of instances', () => {
  for (let n = 0; n < 1_500; n++) presence.hear(here(`replica-${n}`));
  expect(curatorNow()?.instances).toBe(1_000);
});

it('contracts that offer the same have one digest, others do not', () => {
  const same = { ...curator, tools: { ...curator.tools } };
  const fewer = { ...curator, tools: { fetch_dataset: curator.tools.fetch_dataset } };
  expect(contractDigest(same)).toBe(DIGEST);
  expect(contractDigest(fewer)).not.toBe(DIGEST);
  expect(contractDigest(librarian)).not.toBe(DIGEST);
});

it('within one process agents are announced without a look into their schemas', () => {
  const blind = { ...curator, tools: {} };
  Object.defineProperty(blind, 'tools', {
    get: () => {
      throw new Error('looked into');
    },
  });
  const told: Announcement[] = [];
  const bus = {
    kind: 'in-process' as const,
    broadcast: (_subject: string, message: object) => void told.push(message as Announcement),
    request: () => ask(),
  };
  const alone = new Presence(bus, log);
  alone.onChange((agent, change) => changes.push(`${agent} ${change}`));
  alone.watch([blind]);
  const announcer = new Announcer(bus, 'one');
  announcer.start([blind]);
  for (const message of told) alone.hear(message);
  expect(alone.report()).toEqual([{ agent: 'curator', up: true, instances: 1 }]);
  announcer.stop();
  alone.hear(told.at(-1));
  expect(changes).toEqual(['curator joined', 'curator left']);
});
