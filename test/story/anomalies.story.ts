// A stolen token, used for what its owner never did: found, answered by the policy, and let in again. The same story runs in one
// process and over a mesh.
import type { LabClient } from '@labmesh/testing';
import { afterAll, beforeAll, expect } from 'vitest';
import type { LabUnderTest } from '../harness/lab-under-test.js';
import { setPolicy } from '../harness/policy.js';
import { type RawAnswer, type RawTarget, rawCall, rawStream } from '../harness/raw-calls.js';
import { pause, SECOND } from '../harness/rounds.js';
import { verifies } from '../requirements.js';

/** Unusual calls block their wallet. */
export const BLOCKING = { anomalies: { shadow: false, content: 'block', behaviour: 'block', forMinutes: 60 } };

/** A member who signs in anew, or slows down, goes on. */
export const MILDER = {
  anomalies: { shadow: false, content: 'fresh_token', behaviour: 'throttle', forMinutes: 60 },
};

export const PATHS = [
  '../../../../etc/shadow',
  '..%2f..%2f..%2fetc%2fpasswd',
  '....//....//....//etc/passwd',
  '/proc/self/environ%00.md',
  '..\\..\\..\\windows\\system32\\config\\sam',
];

export interface Member {
  readonly walletId: string;
  readonly token: string;
}
interface Found {
  id: string;
  walletId: string;
  model: string;
  state: string;
  calls: number;
  score: number;
  threshold: number;
  reasons: Array<{ feature: string; share: number }>;
  response: string;
  enforced: boolean;
  restricted: boolean;
  summary: string;
}
export interface Report {
  anomalies: Found[];
  summary: { calls: number; scoring: { processes: number; without: number; scored: number }; models: unknown[] };
}

/** A researcher with a token. */
export async function newMember(operator: LabClient): Promise<Member> {
  const { walletId } = await operator.call<{ walletId: string }>('chancellor_create_boilerplate_wallet', {
    role: 'researcher',
  });
  return { walletId, token: await newToken(operator, walletId) };
}

export async function newToken(operator: LabClient, walletId: string): Promise<string> {
  return (await operator.call<{ token: string }>('sentinel_generate_wallet_token', { walletId })).token;
}

/** What "within seconds" allows, in rounds of a question and a pause of 50 ms. */
const FOUND_ROUNDS = 400;
/** The same of a second. */
export const SOON_ROUNDS = SECOND / 5;

/** Asks until it is so; the last answer otherwise. */
export async function until<T>(ask: () => Promise<T>, so: (answer: T) => boolean, rounds = FOUND_ROUNDS): Promise<T> {
  for (let round = 0; ; round += 1) {
    const answer = await ask();
    if (so(answer) || round > rounds) return answer;
    await pause(50);
  }
}

/** Looks for a dataset that is not there. */
export const guess = (target: RawTarget): Promise<RawAnswer> =>
  rawCall(target, 'curator_fetch_dataset', { datasetId: `ds_${crypto.randomUUID()}`, limit: 5 });

export function anomaliesStory(start: () => Promise<LabUnderTest>): void {
  let lab: LabUnderTest;
  let operator: LabClient;
  const as = ({ token }: Member) => ({ url: lab.url, token });

  beforeAll(async () => {
    lab = await start();
    operator = await lab.connect(lab.operatorToken());
    await setPolicy(operator, BLOCKING);
  });
  afterAll(async () => {
    await operator?.[Symbol.asyncDispose]();
    await lab?.[Symbol.asyncDispose]();
  });

  const member = (): Promise<Member> => newMember(operator);
  const report = (about: object) => operator.call<Report>('sentinel_anomaly_report', { ...about });

  const isRefused = ({ isError, body }: RawAnswer): boolean => isError && body.code === 'forbidden';
  const anOrdinaryCall = (who: Member) => rawCall(as(who), 'architect_list_available_templates');

  /** Report, refusal, record and way back: the same whatever a wallet was found by. */
  const foundAndLetIn = async (who: Member, model: string): Promise<Found> => {
    const { anomalies } = await until(
      () => report({ walletId: who.walletId, model, state: 'open' }),
      (answer) => answer.anomalies.length > 0,
    );
    expect(anomalies).toHaveLength(1);
    const [found] = anomalies as [Found];
    expect(found).toMatchObject({ model, state: 'open', response: 'block', enforced: true, restricted: true });
    expect(found.score).toBeGreaterThan(found.threshold);
    expect(found.reasons.length).toBeGreaterThan(0);

    const refused = await until(() => anOrdinaryCall(who), isRefused);
    expect(refused.body).toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(/blocked since .*unlike.*operator.*ano_/),
      details: { restriction: 'block' },
    });
    const listen = { notifications: { toolsListChanged: true } };
    expect((await rawStream(as(who), 'subscriptions/listen', listen)).status).toBe(403);
    const { records } = await until(
      () =>
        operator.call<{ records: unknown[] }>('sentinel_audit_query', { walletId: who.walletId, outcome: 'forbidden' }),
      (answer) => answer.records.length > 0,
    );
    expect(records[0]).toMatchObject({ decision: 'deny', about: { restriction: 'block' } });

    const note = 'the owner was asked';
    const input = { anomalyId: found.id, verdict: 'handled', note };
    expect(await operator.call('sentinel_resolve_anomaly', input)).toMatchObject({
      lifted: true,
      anomaly: { state: 'resolved', verdict: 'handled', note, restricted: false },
    });
    const again = await until(
      () => anOrdinaryCall(who),
      (answer) => !answer.isError,
      SOON_ROUNDS,
    );
    expect(again.body).toMatchObject({ templates: expect.any(Array) });
    expect(await operator.refused('sentinel_resolve_anomaly', input)).toMatchObject({ code: 'conflict' });
    return found;
  };

  const campaigns = async (): Promise<void> => {
    const [honest, writer, prober] = [await member(), await member(), await member()];
    await using colleague = await lab.connect(honest.token);
    await colleague.call('curator_list_available_datasets', {});
    await colleague.call('librarian_query_knowledge_base', { question: 'Which formats can a dataset have?' });
    await colleague.call('chancellor_get_balance', {});
    await colleague.call('curator_fetch_dataset', { datasetId: 'ds_donki-solar-flares-2016-2018', limit: 5 });

    for (const file of PATHS) await rawCall(as(writer), 'librarian_get_document', { file });
    const byText = await foundAndLetIn(writer, 'content');
    expect(byText.summary).toContain('Text unlike what the lab writes');
    expect(JSON.stringify(byText)).not.toMatch(/etc|passwd|shadow|system32/);

    for (let round = 0; round < 60 && !isRefused(await guess(as(prober))); round++);
    const byDeeds = await foundAndLetIn(prober, 'behaviour');
    expect(byDeeds.reasons.map(({ feature }) => feature).join()).toContain('ids that are not there');
    // What was looked at is not raised again by the next ordinary calls.
    for (let call = 0; call < 3; call++) await anOrdinaryCall(prober);

    const { anomalies, summary } = await report({});
    expect(anomalies.filter(({ state }) => state === 'open').map(({ summary: words }) => words)).toEqual([]);
    expect([...new Set(anomalies.map(({ walletId }) => walletId))].sort()).toEqual(
      [writer.walletId, prober.walletId].sort(),
    );
    expect(summary.scoring.without).toBe(0);
    expect(summary.scoring.scored).toBeGreaterThan(0);
    expect(summary.models).toHaveLength(2);
    expect((await report({ walletId: honest.walletId })).anomalies).toEqual([]);
    expect((await anOrdinaryCall(honest)).isError).toBe(false);
  };
  verifies('anomaly:found', campaigns);
}
