// Unusual calls in one process, everything embedded: the story, and the milder answers of the policy, across a crash.
import { describe, expect, it } from 'vitest';
import { oneProcessLab } from '../harness/lab-under-test.js';
import { setPolicy } from '../harness/policy.js';
import { rawCall } from '../harness/raw-calls.js';
import {
  anomaliesStory,
  guess,
  MILDER,
  newMember,
  newToken,
  PATHS,
  type Report,
  SOON_ROUNDS,
  until,
} from './anomalies.story.js';

describe('in one process', () => anomaliesStory(() => oneProcessLab()));

it('a new sign-in lets a member go on, a slower pace too, and a restart forgets neither', async () => {
  await using lab = await oneProcessLab();
  const operator = await lab.connect(lab.operatorToken());
  await setPolicy(operator, MILDER);
  const [writer, prober] = [await newMember(operator), await newMember(operator)];
  const as = (token: string) => ({ url: lab.url, token });
  const templates = (token: string) => rawCall(as(token), 'architect_list_available_templates');
  await templates(writer.token);
  for (const file of PATHS) await rawCall(as(writer.token), 'librarian_get_document', { file });
  const refused = await until(
    () => templates(writer.token),
    ({ status }) => status === 401,
  );
  expect(refused.body).toMatchObject({
    code: 'unauthenticated',
    message: expect.stringContaining('a new sign-in is needed'),
    details: { restriction: 'fresh_token' },
  });
  const fresh = await newToken(operator, writer.walletId);
  expect((await templates(fresh)).isError).toBe(false);

  // Forty at once: twice what a tenth lets through after a pause.
  const wave = () => Promise.all(Array.from({ length: 40 }, () => guess(as(prober.token))));
  const isSlowed = ({ body }: { body: Record<string, unknown> }): boolean => body.code === 'rate_limited';
  const slowed = await until(wave, (answers) => answers.some(isSlowed));
  expect(slowed.find(isSlowed)?.body).toMatchObject({
    details: { restriction: 'throttle', retryAfterMs: expect.any(Number) },
  });
  await operator[Symbol.asyncDispose]();

  await lab.crashAndRestart();
  const again = await until(
    () => templates(writer.token),
    ({ status }) => status === 401,
  );
  expect(again.status).toBe(401);
  expect((await templates(fresh)).isError).toBe(false);
  await using back = await lab.connect(lab.operatorToken());
  const { anomalies } = await back.call<Report>('sentinel_anomaly_report', {
    walletId: writer.walletId,
    model: 'content',
  });
  await back.call('sentinel_resolve_anomaly', { anomalyId: anomalies[0]?.id, verdict: 'real' });
  const restored = await until(
    () => templates(writer.token),
    ({ status }) => status === 200,
    SOON_ROUNDS,
  );
  expect(restored.isError).toBe(false);
});
