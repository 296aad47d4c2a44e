// The story of policies, told the same in both modes: a rule refuses everywhere within a second, and its end brings all back.
import type { LabClient } from '@labmesh/testing';
import { expect } from 'vitest';
import type { Lab } from '../harness/lab-under-test.js';
import {
  callAt,
  listening,
  type Person,
  type Place,
  personWith,
  renewed,
  restoreBuiltIn,
  setPolicy,
  untilOutcome,
} from '../harness/policy.js';
import { rawStream } from '../harness/raw-calls.js';
import { SECOND } from '../harness/rounds.js';
import { verifies } from '../requirements.js';

const LIST = 'curator_list_available_datasets';

export const DENIAL = {
  id: 'no-lists',
  description: 'Nobody lists datasets while the store is moved',
  deny: { roles: ['researcher'], tools: [LIST] },
};

export interface PolicyStory {
  readonly lab: Lab;
  readonly operator: LabClient;
  /** The gateway, and the Curator's own endpoint. */
  readonly gateway: string;
  readonly curator: string;
}

const placesOf = ({ gateway, curator }: PolicyStory, tool: string): readonly Place[] => [
  { url: gateway, tool: `curator_${tool}` },
  { url: curator, tool },
];

export async function expectSoon(places: readonly Place[], person: Person, outcome: string): Promise<void> {
  for (const place of places) expect(await untilOutcome(place, person, outcome)).toBeLessThanOrEqual(SECOND);
}

export function policyStory(story: () => PolicyStory): void {
  verifies('policy:everywhere', async () => {
    const { lab, operator } = story();
    const places = placesOf(story(), 'list_available_datasets');
    const [researcher, citizen] = [await personWith(operator, 'researcher'), await personWith(operator, 'citizen')];
    await using clients = await listening(lab, researcher);
    for (const place of places) expect((await callAt(place, researcher)).isError).toBe(false);
    const before = await clients.names();
    for (const names of before) expect(names).toContain(LIST);
    const answer = await setPolicy(operator, { rules: [DENIAL] });
    expect(answer.tools).toEqual([{ role: 'researcher', gained: [], lost: [LIST] }]);
    await expectSoon(places, researcher, 'forbidden');
    for (const place of places) {
      expect((await callAt(place, researcher)).body.message).toContain(`"${DENIAL.id}"`);
      expect((await callAt(place, citizen)).isError).toBe(false);
    }
    await expect.poll(() => Math.min(...Object.values(clients.heard))).toBeGreaterThan(0);
    for (const names of await clients.names()) expect(names).not.toContain(LIST);
    const heard = { ...clients.heard };
    await restoreBuiltIn(operator);
    await expectSoon(places, researcher, 'ok');
    expect(await clients.names()).toEqual(before);
    for (const era of ['2026-07-28', '2025-11-25'] as const)
      await expect.poll(() => clients.heard[era]).toBeGreaterThan(heard[era]);
  });

  verifies('policy:everywhere', async () => {
    const { operator } = story();
    const researcher = await personWith(operator, 'researcher');
    const [writes, reads] = ['submit_dataset', 'list_available_datasets'].map((tool) => placesOf(story(), tool));
    // Without an input it is refused after the rights were looked at.
    await expectSoon(writes ?? [], researcher, 'invalid_input');
    await setPolicy(operator, { roles: { researcher: ['dataset:read'] } });
    await expectSoon(writes ?? [], researcher, 'forbidden');
    await expectSoon(reads ?? [], researcher, 'ok');
    await restoreBuiltIn(operator);
    await expectSoon(writes ?? [], researcher, 'invalid_input');
  });

  verifies('policy:tried', async () => {
    const { operator } = story();
    const researcher = await personWith(operator, 'researcher');
    const [place] = placesOf(story(), 'list_available_datasets');
    for (let call = 0; place !== undefined && call < 3; call++) await callAt(place, researcher);
    const { inForce } = await operator.call<{ inForce: number }>('sentinel_list_policies');
    const policy = { rules: [DENIAL] };
    const tried = async () => {
      const input = { policy, note: 'What if', dryRun: true, sinceHours: 1, baseVersion: inForce };
      const answer = await operator.call<{ set: boolean; version: number; traffic: { changed: object[] } }>(
        'sentinel_set_policy',
        input,
      );
      expect(answer).toMatchObject({ set: false, version: inForce });
      return answer.traffic.changed;
    };
    const wouldDeny = { walletId: researcher.walletId, tool: LIST, calls: 3, after: 'deny', rule: 'policy:no-lists' };
    await expect.poll(tried).toContainEqual(expect.objectContaining(wouldDeny));
    if (place !== undefined) expect((await callAt(place, researcher)).isError).toBe(false);
    const note = 'A mistake';
    const everybody = { id: 'stop', description: 'All stop', deny: { agents: ['sentinel'] } };
    expect(await operator.refused('sentinel_set_policy', { policy: { rules: [everybody] }, note })).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('Except the role operator'),
    });
    expect(await operator.refused('sentinel_set_policy', { policy, note, baseVersion: inForce + 1 })).toMatchObject({
      code: 'conflict',
    });
    await using other = await story().lab.connect(researcher.token);
    expect(await other.refused('sentinel_set_policy', { policy, note })).toMatchObject({ code: 'forbidden' });
  });

  verifies('roles:changed', async () => {
    const { operator, gateway } = story();
    const person = await personWith(operator, 'researcher');
    // Without an input it is refused after the rights were looked at.
    const writes = placesOf(story(), 'submit_dataset');
    const reads = placesOf(story(), 'list_available_datasets');
    await expectSoon(writes, person, 'invalid_input');
    const stream = await rawStream({ url: gateway, token: person.token }, 'subscriptions/listen', {
      notifications: { toolsListChanged: true },
    });
    const changed = await operator.call('sentinel_set_role', { walletId: person.walletId, role: 'citizen' });
    expect(changed).toMatchObject({ before: 'researcher', role: 'citizen', gained: [] });
    await expectSoon(writes, person, 'forbidden');
    await stream.closed;
    await expectSoon(reads, person, 'ok');
    expect(await renewed(gateway, person)).toMatchObject({ status: 200, role: 'citizen' });
    const balance = () => operator.call<{ role: string }>('chancellor_get_balance', { walletId: person.walletId });
    await expect.poll(async () => (await balance()).role).toBe('citizen');
    await operator.call('sentinel_set_role', { walletId: person.walletId, role: 'researcher' });
    await expectSoon(writes, person, 'invalid_input');
    const { walletId } = await operator.call<{ walletId: string }>('chancellor_get_balance');
    const own = await operator.refused('sentinel_set_role', { walletId, role: 'citizen' });
    expect(own).toMatchObject({ code: 'forbidden' });
    const nobody = `wal_${crypto.randomUUID()}`;
    expect(await operator.refused('sentinel_set_role', { walletId: nobody, role: 'citizen' })).toMatchObject({
      code: 'not_found',
    });
  });
}
