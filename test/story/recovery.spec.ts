// What the lab does about trouble, and how it is watched, as an operator asks for it; nobody else may.
import { expect } from 'vitest';
import { newcomer } from '../harness/follower.js';
import { operatedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';

const shared = operatedLab();
const { lab } = shared;

const KINDS = ['requeue_lost', 'redeliver', 'restart_failed', 'free_gpu', 'reset_circuit', 'reroute'];

interface Recovered {
  readonly actions: readonly object[];
  readonly policy: ReadonlyArray<{ readonly kind: string; readonly mode: string; readonly perHour: number }>;
}

verifies('recovery:asked', async () => {
  const recover = (asked: object = {}) =>
    shared.operator.call<Recovered>('mechanic_automated_recovery', asked as Record<string, unknown>);
  const { policy } = await recover();
  expect(policy.map(({ kind }) => kind).sort()).toEqual([...KINDS].sort());
  // Nothing is wrong, so nothing is done, and asked again it is the same.
  for (const dryRun of [true, false]) expect((await recover({ dryRun, kinds: ['requeue_lost'] })).actions).toEqual([]);
  const before = policy.find(({ kind }) => kind === 'reroute');
  const changed = await recover({ policy: [{ kind: 'reroute', mode: 'advise', perHour: 3 }] });
  expect(changed.policy.find(({ kind }) => kind === 'reroute')).toMatchObject({ mode: 'advise', perHour: 3 });
  await recover({ policy: [before] });
  expect((await recover()).policy).toEqual(policy);

  const { token } = await newcomer(shared.operator, 'researcher');
  await using researcher = await lab.connect(token);
  expect((await researcher.refused('mechanic_automated_recovery')).code).toBe('forbidden');
});

verifies('monitoring:written', async () => {
  const written = await shared.operator.call<{ config: string; rules: string; rulesFile: string; alerts: object[] }>(
    'mechanic_generate_prometheus_yaml',
    { scrapeSeconds: 30, tokenFile: '/run/secrets/token' },
  );
  expect(written.config).toContain('scrape_interval: 30s');
  expect(written.config).toContain(written.rulesFile);
  // The token is in the file that it names, never in the answer.
  expect(written.config).toContain('/run/secrets/token');
  expect(JSON.stringify(written)).not.toMatch(/lm[kr]_[0-9a-v]/);
  expect(written.rules.match(/alert: /g)).toHaveLength(written.alerts.length);
  // As files they are the same, and come down beside MCP to who asked for them.
  const { files, config } = await shared.operator.call<{ config: string; files: Array<{ name: string; url: string }> }>(
    'mechanic_generate_prometheus_yaml',
    { files: true },
  );
  expect(files.map(({ name }) => name)).toEqual(['prometheus.yml', written.rulesFile]);
  const get = (token: string) => fetch(files[0]?.url ?? '', { headers: { authorization: `Bearer ${token}` } });
  expect(await (await get(lab.operatorToken())).text()).toBe(config);
  const { token } = await newcomer(shared.operator, 'researcher');
  await using researcher = await lab.connect(token);
  expect((await researcher.refused('mechanic_generate_prometheus_yaml')).code).toBe('forbidden');
  expect((await get(token)).status).toBe(404);
});
