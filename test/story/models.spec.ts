// Sentence encoders in one process, and by the command.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { writeTinyModel } from '../../libs/encoder/src/tiny-model.testing.js';
import { labmesh } from '../harness/command.js';
import { operatedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';
import { modelStory } from './models.story.js';

const shared = operatedLab();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-models-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

modelStory(() => shared);

verifies('command:models', async () => {
  const command = (...args: string[]) => labmesh(shared.lab, ['models', ...args]);
  const model = await writeTinyModel(join(folder, 'Tiny Model'));
  const added = await command('add', model, '--license', 'CC0-1.0');
  expect([added.code, added.out]).toEqual([0, expect.stringMatching(/^Added tiny-model, 32 dimensions/)]);
  expect((await command('add', model)).out).toContain('It is there already');
  expect((await command('ls')).out).toMatch(/tiny-model\s+kept\s+32 .*CC0-1\.0/);
  expect(await command('add', folder)).toMatchObject({ code: 2, err: expect.stringContaining('no config.json') });
  expect(await command('add', join(folder, 'none'))).toMatchObject({ code: 5 });
  expect(await command('add', 'http://example.org/model.zip')).toMatchObject({
    code: 2,
    err: expect.stringContaining('https'),
  });
  expect(await command('use')).toMatchObject({ code: 2 });
  expect((await command('use', 'tiny-model')).out).toContain('answering');
  expect(await command('rm', 'tiny-model', '--yes')).toMatchObject({ code: 6, err: expect.stringContaining('--none') });
  expect((await command('use', '--none')).code).toBe(0);
  expect(await command('rm', 'tiny-model', '--yes')).toMatchObject({ code: 0, out: 'Removed tiny-model\n' });
  expect(await command('rm', 'tiny-model', '--yes')).toMatchObject({ code: 5 });
});
