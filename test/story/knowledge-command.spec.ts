// `labmesh knowledge` against a real lab: a text and a PDF go in, are asked, listed and removed.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { pdfOf } from '../../apps/librarian/src/sources/extraction/pdf.testing.js';
import { type Ended, labmeshTold } from '../harness/command.js';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';

const lab = sharedLab();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-knowledge-command-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const labmesh = (...args: string[]): Promise<Ended> => labmeshTold(lab, args, { input: '' });

async function json<T>(...args: string[]): Promise<T> {
  const ended = await labmesh(...args, '--json');
  expect([ended.code, ended.err]).toEqual([0, '']);
  return JSON.parse(ended.out) as T;
}

verifies('command:knowledge', async () => {
  const [notes, manual] = [join(folder, 'notes.md'), join(folder, 'manual.pdf')];
  await writeFile(notes, '# Notes\n\nThe sublimator wants an hour of rest.\n');
  await writeFile(manual, pdfOf([[{ size: 10, text: 'Degas the sublimator at 300 degrees.' }]]));
  const added = await labmesh('knowledge', 'add', 'sublimators', notes, manual);
  expect(added).toMatchObject({ code: 0, out: expect.stringMatching(/^1 added.*\n1 added/) });
  const again = await json<{ collectionId: string; unchanged: number }>('knowledge', 'add', 'sublimators', notes);
  expect(again.unchanged).toBe(1);
  const { collectionId } = again;
  const question = 'question=At how many degrees is the sublimator degassed?';
  const asked = await labmesh('call', 'librarian_query_knowledge_base', '--arg', question, '--json');
  expect(asked.out).toContain(`${collectionId}/manual.pdf`);
  expect((await labmesh('knowledge', 'list', '--sources')).out).toMatch(/sublimators[\s\S]*src_[\s\S]*manual\.pdf/);

  const named = ['--project', 'sublimation'];
  const create = ['architect_instantiate_template', '--arg', 'template=gateway-vial', '--arg', 'name=sublimation'];
  expect((await labmesh('call', ...create, '--arg', 'place=archive')).code).toBe(0);
  expect((await json<{ collectionId: string }>('knowledge', 'add', 'sublimators', notes, ...named)).collectionId).toBe(
    collectionId,
  );
  expect((await labmesh('knowledge', 'list', ...named)).out).toMatch(new RegExp(`^.*\\n${collectionId}.*\\n$`));
  expect((await labmesh('ask', 'What does the sublimator want?', ...named)).out).toContain(`${collectionId}/notes.md`);
  const said = ['Sublimator stops', '--problem', 'The sublimator stops at noon.', '--solution', 'Let it rest.'];
  const solution = (await labmesh('solution', 'log', ...said, ...named)).out.trim();
  expect((await labmesh('solution', 'list', ...named)).out).toContain(solution);
  for (const command of [
    ['ask', 'x'],
    ['knowledge', 'list'],
    ['solution', 'list'],
  ])
    expect(await labmesh(...command, '--project', 'no-such')).toMatchObject({
      ...{ code: 5, err: expect.stringContaining('You have no project "no-such"') },
    });

  expect(await labmesh('knowledge', 'add', 'sublimators')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--folder'),
  });
  expect(await labmesh('knowledge', 'add', 'x', join(folder, 'none.md'))).toMatchObject({ code: 5 });
  expect(await labmesh('knowledge', 'remove', collectionId)).toMatchObject({
    code: 2,
    err: expect.stringContaining('--yes'),
  });
  expect(await json('knowledge', 'remove', collectionId, '--yes')).toEqual({ removed: 2 });
  expect(await labmesh('knowledge', 'rm', collectionId, '--yes')).toMatchObject({ code: 5 });
});
