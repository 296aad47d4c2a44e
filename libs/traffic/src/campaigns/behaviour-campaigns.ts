// Attacks whose every call looks like any other: only their number, order, time or outcome gives them away.
import { AGENTS, publicTools } from '@labmesh/contracts';
import { uuid } from '../random.js';
import { callOf, type Deed } from '../simulated-call.js';
import { type Campaign, paced, type Scene } from './campaign.js';

const NOBODY = { walletId: null, credentialId: null };
const repeat = (many: number, make: (at: number) => Deed): Deed[] => Array.from({ length: many }, (_, at) => make(at));
const fetch = (datasetId: string, more: Partial<Deed> = {}): Deed => ({
  agent: 'curator',
  tool: 'fetch_dataset',
  arguments: { datasetId, limit: 5_000 },
  ...more,
});
const guess = ({ random }: Scene): Deed => fetch(`ds_${uuid(random)}`, { outcome: 'not_found' });

const credentialStuffing: Campaign = {
  name: 'credential-stuffing',
  shows: 'behaviour',
  summary: 'Many tokens tried, none of them good',
  calls: ({ random, start }) =>
    paced(
      repeat(80, () => ({ agent: 'gateway', tool: 'tools/call', arguments: {}, outcome: 'unauthenticated' })),
      NOBODY,
      { random, start, pauseMs: 700 },
    ),
};

const enumeration: Campaign = {
  name: 'enumeration',
  shows: 'behaviour',
  summary: 'Datasets of others guessed by id, a few a second',
  calls: (scene) =>
    paced(
      repeat(120, () => guess(scene)),
      scene.victim,
      { ...scene, pauseMs: 900 },
    ),
};

const slowEnumeration: Campaign = {
  name: 'slow-enumeration',
  shows: 'behaviour',
  summary: 'The same, one guess in eight minutes, for a day',
  calls: (scene) =>
    paced(
      repeat(180, () => guess(scene)),
      scene.victim,
      { ...scene, pauseMs: 480_000 },
    ),
};

const toolScan: Campaign = {
  name: 'tool-scan',
  shows: 'behaviour',
  summary: 'Every tool once, most of them refused',
  calls: ({ random, victim, start }) => {
    const deeds = publicTools(AGENTS).map(
      ({ agent, tool, spec }): Deed => ({
        agent,
        tool,
        arguments: {},
        outcome: spec.effect === 'read' ? 'invalid_input' : 'forbidden',
      }),
    );
    return paced(deeds, victim, { random, start, pauseMs: 2_500 });
  },
};

const exfiltration: Campaign = {
  name: 'exfiltration',
  shows: 'behaviour',
  summary: 'Everything that can be read, in the largest pages, one after the other',
  calls: ({ random, victim, start }) =>
    paced(
      repeat(150, (at) => fetch(`ds_${at}`, { outputBytes: random.logNormal(600_000, 0.3) })),
      victim,
      { random, start, pauseMs: 4_000 },
    ),
};

const offHours: Campaign = {
  name: 'off-hours',
  shows: 'behaviour',
  summary: 'Half an hour of ordinary reading by a stolen credential, while its owner is asleep',
  atNight: true,
  calls: ({ random, victim, start }) =>
    paced(
      repeat(120, (at) => fetch(`ds_${at % 7}`, { outputBytes: random.logNormal(40_000, 0.5) })),
      victim,
      { random, start, pauseMs: 15_000 },
    ),
};

const tokenChurn: Campaign = {
  name: 'token-churn',
  shows: 'behaviour',
  summary: 'Tokens made and used in turn, to outlive a withdrawal',
  calls: ({ random, victim, start }) =>
    Array.from({ length: 25 }, (_, at) => {
      const caller = { walletId: victim.walletId, credentialId: `cred_${uuid(random)}` };
      const deed: Deed =
        at % 2 === 0
          ? { agent: 'sentinel', tool: 'generate_wallet_token', arguments: {} }
          : { agent: 'sentinel', tool: 'list_tokens', arguments: {} };
      return callOf(deed, caller, start + at * 20_000);
    }),
};

const drain: Campaign = {
  name: 'drain',
  shows: 'behaviour',
  summary: 'A wallet emptied in many small payments',
  calls: ({ random, victim, start }) =>
    paced(
      repeat(40, () => ({
        agent: 'chancellor',
        tool: 'execute_transaction',
        arguments: { to: `wal_${uuid(random)}`, amount: '0.9', idempotencyKey: uuid(random) },
      })),
      victim,
      { random, start, pauseMs: 6_000 },
    ),
};

export const BEHAVIOUR_CAMPAIGNS: readonly Campaign[] = [
  credentialStuffing,
  enumeration,
  slowEnumeration,
  toolScan,
  exfiltration,
  offHours,
  tokenChurn,
  drain,
];
