// What went wrong, asked of the lab: a text and a job that failed, who had it before, and what solved it.
import { mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabClient } from '@labmesh/testing';
import { expect } from 'vitest';
import { newcomer } from '../harness/belongings.js';
import { pay } from '../harness/follower.js';
import type { Lab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';

interface Analysis {
  readonly events: ReadonlyArray<{
    template: string;
    lines: number;
    firstLine: number;
    seen: { lines: number; sources: number; where: string[] } | null;
    solutions: ReadonlyArray<{ file: string; by: string }>;
  }>;
  readonly traces: ReadonlyArray<{ language: string; origin: { file: string; line: number } | null; chain: object[] }>;
}

interface Listed {
  readonly errors: ReadonlyArray<{ template: string; lines: number; where: string[]; solutions: { file: string }[] }>;
  readonly nextCursor?: string;
}

const TRACE = (word: string, run: number) => `run ${run} begins
Traceback (most recent call last):
  File "/usr/lib/python3/dist-packages/numpy/linalg.py", line 545, in inv
    raise
${word}Error: run ${run} is singular`;

export function errorStory(place: () => { readonly lab: Lab; readonly operator: LabClient }): void {
  verifies('knowledge:errors', async () => {
    const { lab, operator } = place();
    const ada = await newcomer(lab, operator, 'has errors');
    const ben = await newcomer(lab, operator, 'has others');
    const analyze = (who: LabClient, asked: Record<string, unknown>) =>
      who.call<Analysis>('librarian_analyze_error', asked);
    const word = `Q${crypto.randomUUID().replaceAll(/[^a-f]/g, '')}x`;

    const first = await analyze(ada.client, { text: TRACE(word, 1) });
    expect(first.events[0]).toMatchObject({ template: `${word}Error: run <*> is singular`, lines: 1, seen: null });
    expect(first.traces).toMatchObject([{ language: 'python', chain: [{ type: `${word}Error` }], origin: null }]);
    // Again: the same answer, since it counts once. Another run: it was there before.
    expect(await analyze(ada.client, { text: TRACE(word, 1) })).toEqual(first);
    const second = await analyze(ada.client, { text: TRACE(word, 2) });
    expect(second.events[0]?.seen).toMatchObject({ lines: 1, sources: 1 });
    expect((await analyze(ben.client, { text: TRACE(word, 2) })).events[0]?.seen).toBeNull();
    expect((await analyze(operator, { text: TRACE(word, 3) })).events[0]?.seen).toMatchObject({ lines: 3, sources: 2 });

    const { file } = await ben.client.call<{ file: string }>('librarian_log_new_solution', {
      title: 'Singular runs',
      problem: `Runs end as singular: ${word}`,
      solution: 'Take out rows that are equal.',
      errorText: TRACE(word, 9),
    });
    const solved = await analyze(ada.client, { text: TRACE(word, 4) });
    expect(solved.events[0]?.solutions[0]).toMatchObject({ file, by: 'fingerprint' });

    await pay(operator, ada.walletId);
    const { job } = await ada.client.call<{ job: { jobId: string } }>('mechanic_orchestrate_training_job', {
      name: 'fails',
      script: `#!/bin/sh\necho "${word}Error: run 77 is singular" >&2\nexit 3\n`,
      network: true,
      resources: { wallSeconds: 60, memoryMb: 64 },
    });
    const { jobId } = job;
    const state = async () => (await ada.client.call<{ state: string }>('mechanic_get_job', { jobId })).state;
    await expect.poll(state, { timeout: 60_000 }).toBe('failed');
    const ofJob = await analyze(ada.client, { jobId });
    expect(ofJob.events.map(({ template }) => template)).toEqual(
      expect.arrayContaining([
        `${word}Error: run <*> is singular`,
        'the command ended with another exit code than <*>',
      ]),
    );
    const after = async () =>
      (await analyze(ada.client, { text: `${word}Error: run 5 is singular` })).events[0]?.seen?.where;
    expect(await after()).toContain(jobId);
    // What the Mechanic tells of the job counts by its reason, for its owner alone.
    const reason = { text: 'the command ended with another exit code than 0' };
    const told = async () => (await analyze(ada.client, reason)).events[0]?.seen?.where ?? [];
    await expect.poll(told, { timeout: 30_000 }).toContain(jobId);
    expect((await analyze(ben.client, reason)).events[0]?.seen).toBeNull();

    const listed = (who: LabClient, asked = {}) => who.call<Listed>('librarian_list_errors', { words: word, ...asked });
    const [own] = (await listed(ada.client)).errors;
    expect(own).toMatchObject({ template: `${word}Error: run <*> is singular`, solutions: [{ file }] });
    expect(own?.where).toContain(jobId);
    expect((await listed(ben.client)).errors.map(({ where }) => where)).toEqual([[file]]);
    expect((await listed(operator)).errors[0]?.where).toEqual(expect.arrayContaining([jobId, file]));
    expect((await listed(ada.client, { since: '2999-01-01T00:00:00.000Z' })).errors).toEqual([]);
    const page = await listed(ada.client, { words: undefined, limit: 1 });
    const rest = await listed(ada.client, { words: undefined, cursor: page.nextCursor });
    expect(rest.errors.map(({ template }) => template)).not.toContain(page.errors[0]?.template);

    expect((await ben.client.refused('librarian_analyze_error', { jobId })).code).toBe('not_found');
    for (const asked of [{}, { text: 'x', jobId }, { text: '' }, { text: 'x'.repeat(256 * 1024 + 1) }])
      expect((await ben.client.refused('librarian_analyze_error', asked)).code).toBe('invalid_input');
    for (const { client } of [ada, ben]) await client[Symbol.asyncDispose]();
  });

  verifies('knowledge:errors-logged', async () => {
    const { lab, operator } = place();
    const { client: ada } = await newcomer(lab, operator, 'loses bytes');
    const { dataset } = await ada.call<{ dataset: { datasetId: string; sha256: string } }>('curator_submit_dataset', {
      name: 'Lost bytes',
      format: 'csv',
      content: `hour,metres\n0,${Date.now()}\n`,
    });
    const files = await readdir(lab.bytes, { recursive: true });
    const kept = files.filter((file) => file.includes(dataset.sha256));
    expect(kept).toHaveLength(1);
    const path = join(lab.bytes, kept[0] ?? '');
    const content = await readFile(path);
    // No file system is so, unless something is badly wrong.
    await rm(path);
    await mkdir(path);
    for (let times = 0; times < 2; times += 1)
      expect(await ada.refused('curator_fetch_dataset', { datasetId: dataset.datasetId })).toMatchObject({
        code: 'internal',
      });
    const listed = async (who: LabClient) =>
      (await who.call<Listed>('librarian_list_errors', { words: 'EISDIR' })).errors;
    await expect
      .poll(() => listed(operator), { timeout: 30_000 })
      .toMatchObject([{ lines: 2, where: ['agent://curator'] }]);
    expect(await listed(ada)).toEqual([]);
    await rmdir(path);
    await writeFile(path, content);
    await ada[Symbol.asyncDispose]();
  });
}
