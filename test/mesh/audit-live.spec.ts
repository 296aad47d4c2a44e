// The stream of audit events of a mesh: taken up at another gateway, through another Sentinel, and told when a gateway leaves.
import { expect } from 'vitest';
import { auditStream } from '../harness/audit-events.js';
import { SECOND } from '../harness/rounds.js';
import { sharedMesh } from '../harness/shared-mesh.js';
import { verifies } from '../requirements.js';
import { cutAndResumed, eventAfter, refusals, withdrawnEnds } from '../story/audit-live.story.js';

const mesh = sharedMesh();

verifies('audit:live', async () => {
  expect(await eventAfter(mesh.lab, mesh.operator)).toBeLessThanOrEqual(SECOND);
  expect(await withdrawnEnds(mesh.lab, mesh.operator)).toBeLessThanOrEqual(SECOND);
  await refusals(mesh.lab, mesh.operator);
});

verifies('audit:live', async () => {
  const [gateway] = [await mesh.lab.replica('gateway'), await mesh.lab.replica('sentinel')];
  await cutAndResumed(mesh.lab, mesh.operator, [mesh.lab.url, `http://127.0.0.1:${gateway.port}`]);
});

verifies('audit:live', async () => {
  const leaving = await mesh.lab.replica('gateway');
  const stream = await auditStream({ url: `http://127.0.0.1:${leaving.port}` }, mesh.lab.operatorToken());
  await mesh.operator.call('architect_list_available_templates');
  await expect.poll(() => stream.records().length).toBeGreaterThan(0);
  expect(await leaving.child.stop()).toBe(0);
  await stream.closed;
  expect(stream.events.at(-1)).toMatchObject({ event: 'end', data: { code: 'unavailable' } });
  expect(stream.retryMs()).toBeLessThanOrEqual(1_000);
  // Meanwhile calls go on; the next gateway has them.
  await mesh.operator.call('architect_list_available_templates');
  const again = await auditStream(mesh.lab, mesh.lab.operatorToken(), { lastId: stream.lastId() });
  await expect.poll(() => again.records().some(({ data }) => data.tool === 'list_available_templates')).toBe(true);
  const places = [...stream.records(), ...again.records()].map(({ data }) => Number(data.cursor));
  expect(places).toEqual(places.map((_, at) => (places[0] ?? 0) + at));
  again.cut();
});
