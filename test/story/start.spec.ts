// Starting: what a person sees when it works, and what when it cannot.

import { once } from 'node:events';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Child, freePort, temporaryFolder } from '@labmesh/testing';
import { expect, it } from 'vitest';
import { labChild, oneProcessLab, ROOT } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';

verifies('start:ready', async () => {
  await using lab = await oneProcessLab();
  const output = lab.output();
  expect(output).toContain(`LabMesh is ready at ${lab.url}/mcp`);
  expect(output).toContain(join(lab.home, 'operator.token'));
  expect(output).toContain(`export LABMESH_URL=${lab.url}`);
  expect(output).not.toContain(lab.operatorToken());
  expect(lab.operatorToken()).toMatch(/^lmk_/);
  const page = await fetch(`${lab.url}/`);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
});

verifies('start:refusals', async () => {
  await using lab = await oneProcessLab();
  const second = labChild({ port: await freePort(), home: lab.home });
  expect(await second.exited).toBe(6);
  expect(second.output).toMatch(/in use|another/);
  expect(second.output).toContain(lab.home);

  const busy = createServer().listen(0, '127.0.0.1');
  await once(busy, 'listening');
  const port = (busy.address() as { port: number }).port;
  const home = await temporaryFolder('busy');
  const blocked = labChild({ port, home });
  expect(await blocked.exited).toBe(6);
  expect(blocked.output).toContain(`port ${port}`);
  expect(blocked.output).toContain('PORT');
  busy.close();

  const wrong = labChild({ port: 70_000, home });
  expect(await wrong.exited).toBe(2);
  expect(wrong.output).toContain('PORT');
  await rm(home, { recursive: true, force: true });
});

it.each([
  ['LABMESH_FETCH_ALLOW', 'http://example.org'],
  ['LABMESH_DATASET_CACHE_BYTES', 'much'],
  ['LABMESH_GENESIS_AMOUNT', '-1'],
  ['LABMESH_UPLOAD_BYTES_MAX', '0'],
  ['LABMESH_MASTER_KEY', 'short'],
  ['LABMESH_RATE_PER_SECOND', 'fast'],
  ['NATS_URL', '::no address::'],
  ['HOST', '256.1.1.1'],
])('refuses %s=%s in one line that names it', async (name, value) => {
  const home = await temporaryFolder('setting');
  const child = labChild({ port: await freePort(), home, env: { [name]: value } });
  expect(await child.exited).toBe(2);
  expect(child.output).toContain(name);
  expect(child.output).not.toMatch(/^ +at /m);
  await rm(home, { recursive: true, force: true });
});

it('refuses a data folder that is a file, or cannot be written', async () => {
  const folder = await temporaryFolder('folder');
  const file = join(folder, 'file');
  await writeFile(file, '');
  await chmod(file, 0o400);
  const child = labChild({ port: await freePort(), home: join(file, 'home') });
  expect(await child.exited).toBe(2);
  expect(child.output).toContain('LABMESH_HOME');
  await rm(folder, { recursive: true, force: true });
});

it('refuses a Node that is too old, before anything else', async () => {
  const old = "Object.defineProperty(process.versions, 'node', { value: '18.20.0' })";
  const child = new Child({
    command: process.execPath,
    args: ['--import', `data:text/javascript,${encodeURIComponent(old)}`, 'tools/start.mjs'],
    cwd: ROOT,
  });
  expect(await child.exited).toBe(2);
  expect(child.output).toContain('20.19');
});

it('refuses an agent alone without a mesh', async () => {
  const child = new Child({
    command: process.execPath,
    args: ['tools/start-app.mjs', 'curator'],
    cwd: ROOT,
    env: { LABMESH_HOME: await temporaryFolder('alone') },
  });
  expect(await child.exited).toBe(2);
  expect(child.output).toContain('NATS_URL');
});
