// `labmesh source` against a real lab: the manifest that docs/sources.md writes from scratch is added, given a key, tested, fetched
// and removed. The key is in nothing that the command writes.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, labmeshTold } from '../harness/command.js';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';
import { type StandIn, standIn } from '../sources/stand-in.js';
import { weather } from '../sources/weather-api.js';

const KEY = 'w3ather-k3y-that-nobody-may-see';
const NAME = 'weather';
const HAM = ['--param', 'station=HAM'];
const lab = sharedLab();
let folder: string;
let server: StandIn;
let manifest: string;
let also: object = {};
/** All that the command wrote. */
const written: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-source-command-'));
  server = await standIn(weather(KEY, () => also));
  const docs = await readFile(new URL('../../docs/sources.md', import.meta.url), 'utf8');
  const [, yaml = ''] = /```yaml\n(manifest: 1[\s\S]*?)```/.exec(docs) ?? [];
  manifest = yaml.replace('https://api.weather.example', server.url);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function source(args: readonly string[], input = ''): Promise<Ended> {
  const ended = await labmeshTold(lab, ['source', ...args], { input });
  written.push(ended.out, ended.err);
  return ended;
}

async function json<T>(args: readonly string[], input = ''): Promise<T> {
  const ended = await source([...args, '--json'], input);
  expect([ended.code, ended.err]).toEqual([0, expect.not.stringContaining('"code"')]);
  return JSON.parse(ended.out) as T;
}

async function file(content: string): Promise<string> {
  const path = join(folder, 'weather.yaml');
  await writeFile(path, content);
  return path;
}

describe('sources from the command line', () => {
  verifies('command:sources', async () => {
    const wrong = await source(['add', await file(manifest.replace('freshness: 1h', 'freshness: soon'))]);
    expect(wrong).toMatchObject({
      code: 2,
      err: expect.stringMatching(/line \d+, streams\.hourly\.freshness: must be/),
    });
    const added = await source(['add', await file(manifest)]);
    expect(added).toMatchObject({
      code: 0,
      out: 'Added weather: hourly\n',
      err: expect.stringContaining(`source key ${NAME}`),
    });
    expect(await source(['test', NAME, 'hourly', ...HAM])).toMatchObject({
      code: 6,
      err: expect.stringContaining('key'),
    });

    expect(await source(['key', NAME])).toMatchObject({ code: 2, err: expect.stringContaining('empty key') });
    expect(await json(['key', NAME], `${KEY}\n`)).toEqual({ key: NAME, set: true });
    expect(await json(['test', NAME, 'hourly', ...HAM])).toMatchObject({
      ...{ rows: 2, more: true, example: { station: 'HAM', celsius: 3.5 } },
      request: expect.stringContaining('/v1/hourly?station=HAM'),
    });
    expect(server.seen.at(-1)?.headers.authorization).toBe(`Bearer ${KEY}`);
    const unknown = await source(['test', NAME, 'hourly', '--param', 'station=XYZ']);
    expect(unknown.err).toMatch(/There is no such station.*no station XYZ.*weather\.example\/stations/);
    expect(unknown.code).not.toBe(0);

    const fetched = await json<{ dataset: { datasetId: string } }>(['fetch', NAME, 'hourly', ...HAM]);
    expect(fetched).toMatchObject({ rows: 3, pages: 2, changed: 3, cached: false, dataset: { rows: 3, owner: 'lab' } });
    const asked = server.seen.length;
    expect(await source(['fetch', NAME, 'hourly', ...HAM])).toMatchObject({
      code: 0,
      out: expect.stringContaining('fresh'),
    });
    expect(server.seen).toHaveLength(asked);

    const { sources } = await json<{ sources: Array<{ name: string }> }>(['list', '--topic', 'weather']);
    expect(sources).toMatchObject([{ name: NAME, key: 'set', status: 'fresh', shipped: false }]);
    expect(await source(['show', NAME, '--manifest'])).toMatchObject({ code: 0, out: manifest });
    const { datasetId } = fetched.dataset;
    expect(await source(['show', NAME])).toMatchObject({ code: 0, out: expect.stringContaining(datasetId) });

    // Other columns: the manifest freezes them, until it says otherwise.
    also = { humid: true };
    const frozen = await source(['fetch', NAME, 'hourly', ...HAM, '--force']);
    expect(frozen).toMatchObject({ code: 6, err: expect.stringMatching(/"humid" is added.*last good version stays/) });
    expect((await source(['show', NAME])).out).toMatch(/hourly .* freeze[\s\S]* frozen .*"humid" is added/);
    expect(await source(['add', await file(manifest.replace('drift: freeze', 'drift: discard'))])).toMatchObject({
      code: 0,
    });
    const without = await source(['fetch', NAME, 'hourly', ...HAM]);
    expect(without.out).toMatch(/3 rows[\s\S]*humid +added +boolean +yes/);
    expect([without.code, without.err]).toEqual([0, expect.stringContaining('Left out: the column humid.')]);
    expect((await source(['list', '--topic', 'weather'])).out).toContain(' fresh ');

    expect(await source(['remove', NAME])).toMatchObject({ code: 2, err: expect.stringContaining('--yes') });
    expect(await json(['key', NAME, '--remove'])).toEqual({ key: NAME, set: false });
    expect(await json(['remove', NAME, '--yes'])).toEqual({ removed: NAME });
    expect(await source(['fetch', NAME, 'hourly', ...HAM])).toMatchObject({ code: 5 });
    const stays = await labmeshTold(lab, ['dataset', 'get', datasetId, '--json'], {});
    expect(JSON.parse(stays.out)).toMatchObject({ dataset: { datasetId, rows: 3 } });
    expect(written.join('\n')).not.toContain(KEY);
  });

  it.each(['list', 'show', 'add', 'test', 'fetch', 'key', 'remove'])('%s says how it is used', async (command) => {
    const { code, out } = await source([command, '--help']);
    expect([code, out]).toEqual([0, expect.stringMatching(/--json[\s\S]*Examples?:\n {2}npx @labmesh\/cli source/)]);
  });
});
