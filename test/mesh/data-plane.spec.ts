// Bytes in and out of a mesh: begun at one gateway, finished at another, and read at both.
import { expect } from 'vitest';
import { SECOND } from '../harness/rounds.js';
import { sharedMesh } from '../harness/shared-mesh.js';
import { begin, offsetOf, piece } from '../harness/tus.js';
import { verifies } from '../requirements.js';
import { anySize, arrived, inAndOut, notTaken, withdrawnEnds } from '../story/data-plane.story.js';

const mesh = sharedMesh();

verifies('bytes:in-and-out', async () => {
  const { port } = await mesh.lab.replica('gateway');
  await inAndOut(mesh.lab, mesh.operator, [mesh.lab.url, `http://127.0.0.1:${port}`]);
});

verifies('bytes:any-size', () => anySize(mesh.lab, mesh.operator));

verifies('bytes:bounded', () => notTaken(mesh.lab, mesh.operator));

verifies('tokens:revoked', async () => {
  expect(await withdrawnEnds(mesh.lab, mesh.operator)).toBeLessThanOrEqual(SECOND);
});

verifies('bytes:any-replica', async () => {
  const { child, port } = await mesh.lab.replica('gateway');
  const token = mesh.lab.operatorToken();
  const [here, there] = [
    { url: mesh.lab.url, token },
    { url: `http://127.0.0.1:${port}`, token },
  ];
  const path = (await begin(there, 1_000)).headers.get('location') ?? '';
  // Both at once, at two gateways: one writes, the other is told where the upload stands.
  const both = await Promise.all([here, there].map((at) => piece(at, path, 0, 'x'.repeat(400))));
  expect(both.map(({ status }) => status).sort()).toEqual([204, 409]);
  expect(await offsetOf(here, path)).toBe(400);
  // The gateway that has a piece on its way is killed: another goes on with what came.
  const feed = new TransformStream<Uint8Array, Uint8Array>();
  const writer = feed.writable.getWriter();
  const sending = piece(there, path, 400, feed.readable).catch(() => undefined);
  await writer.write(new Uint8Array(100));
  await expect.poll(() => arrived(mesh.lab, path)).toBe(500);
  await child.crash();
  await sending;
  expect((await piece(here, path, 500, 'x'.repeat(500))).status).toBe(204);
  expect(await offsetOf(here, path)).toBe(1_000);
});
