// The word that an agent may be asked again lets one call through, for that agent alone; what is no such word does nothing.
import { createTransport } from '@labmesh/bus';
import { curator, librarian } from '@labmesh/contracts';
import { createMetrics } from '@labmesh/runtime';
import { expect, it, onTestFinished } from 'vitest';
import { CircuitResets } from './circuit-resets.js';
import { Presence } from './presence.js';
import { Reach } from './reach.js';

const FAILURES = 5;

it('lets one call through to an agent whose circuit is open, and closes it when that is answered', async () => {
  const { bus } = await createTransport({ name: 'test' });
  const presence = new Presence(bus, { warn: () => {}, info: () => {} });
  onTestFinished(() => presence.stop());
  const reach = new Reach(presence, createMetrics());
  reach.watch([curator, librarian]);
  const said: unknown[] = [];
  const resets = new CircuitResets(reach, { info: (what: unknown) => void said.push(what) });
  const unheard = () => bus.request('labmesh.curator.fetch_dataset', {}, { headers: {}, timeoutMs: 10 });
  for (let n = 0; n < FAILURES; n += 1) await reach.to('curator', unheard).catch(() => undefined);
  const answers = (agent: string): Promise<string> => reach.to(agent, async () => 'answer');
  await expect(answers('curator')).rejects.toMatchObject({ code: 'unavailable' });

  for (const message of [
    undefined,
    {},
    { agent: '' },
    { agent: 7 },
    { agent: 'x'.repeat(41) },
    { agent: 'librarian' },
    { agent: 'nobody' },
  ])
    resets.hear(message);
  await expect(answers('curator')).rejects.toMatchObject({ code: 'unavailable' });
  expect(said).toEqual([]);

  resets.hear({ agent: 'curator' });
  expect(said).toEqual([{ agent: 'curator' }]);
  expect(await answers('curator')).toBe('answer');
  expect(reach.report()).toMatchObject({ curator: { circuit: 'closed' } });
});
