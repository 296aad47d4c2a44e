// What counts against an agent: calls that nobody answered. What it answers itself, and what ends before it, never does.

import { createTransport } from '@labmesh/bus';
import { AppError, curator, librarian } from '@labmesh/contracts';
import { createMetrics, type Metrics } from '@labmesh/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Presence } from './presence.js';
import { Reach } from './reach.js';

let reach: Reach;
let presence: Presence;
let metrics: Metrics;
/** Fails as the bus does when nobody is there. */
let unheard: () => Promise<unknown>;
beforeEach(async () => {
  const { bus } = await createTransport({ name: 'test' });
  unheard = () => bus.request('labmesh.curator.fetch_dataset', {}, { headers: {}, timeoutMs: 10 });
  presence = new Presence(bus, { warn: () => {}, info: () => {} });
  metrics = createMetrics();
  reach = new Reach(presence, metrics);
  reach.watch([curator, librarian]);
});
afterEach(() => presence.stop());

const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'ok',
    (error: unknown) => (error as AppError).message.slice(0, 60),
  );
const failing = (code: 'unavailable' | 'deadline_exceeded' | 'cancelled' | 'conflict') => async () => {
  throw new AppError(code, `the agent says ${code}`);
};
const times = async (count: number, agent: string, call: () => Promise<unknown>): Promise<unknown[]> => {
  const seen: unknown[] = [];
  for (let n = 0; n < count; n++) seen.push(await codeOf(reach.to(agent, call)));
  return seen;
};

describe('the way to an agent', () => {
  it('closes for it alone, at once, when nobody answers', async () => {
    await times(5, 'curator', unheard);
    let asked = 0;
    const ask = async () => {
      asked += 1;
      return 'answer';
    };
    await expect(reach.to('curator', ask)).rejects.toMatchObject({ code: 'unavailable' });
    expect(asked).toBe(0);
    expect(await reach.to('librarian', ask)).toBe('answer');
    expect(reach.report()).toMatchObject({ curator: { circuit: 'open' }, librarian: { circuit: 'closed' } });
    const text = await metrics.registry.metrics();
    expect(text).toContain('labmesh_agent_circuit{agent="curator"} 2');
    expect(text).toContain('labmesh_agent_circuit{agent="librarian"} 0');
  });

  it('stays open to an agent that answers with errors, and for callers who go away', async () => {
    for (const code of ['unavailable', 'deadline_exceeded', 'cancelled', 'conflict'] as const)
      expect(await times(8, 'curator', failing(code))).toEqual(
        Array.from({ length: 8 }, () => `the agent says ${code}`),
      );
    expect(reach.report().curator?.circuit).toBe('closed');
  });

  it('opens again when the agent is heard anew', async () => {
    await times(5, 'curator', unheard);
    presence.hear({ instance: 'new', leaving: false, agents: [{ name: 'curator', digest: '' }] });
    expect(await times(2, 'curator', async () => 1)).toEqual(['ok', 'ok']);
    expect(reach.report().curator).toEqual({ status: 'up', instances: 1, circuit: 'closed' });
  });

  it('is refused at once to an agent that said that it stops', async () => {
    const announcement = { instance: 'one', agents: [{ name: 'curator', digest: '' }] };
    presence.hear({ ...announcement, leaving: false });
    presence.hear({ ...announcement, leaving: true });
    expect((await times(1, 'curator', async () => 1))[0]).toContain(
      'Cannot reach the agent "curator": it is not running',
    );
    expect(reach.report().curator).toMatchObject({ status: 'down', instances: 0 });
  });
});
