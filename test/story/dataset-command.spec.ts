// `labmesh dataset` against a real lab: a file goes in, is found, asked, checked, converted, changed, taken along and withdrawn.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, labmesh as run } from '../harness/command.js';
import { newcomer } from '../harness/follower.js';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';

const lab = sharedLab();
const FLARES = 'ds_donki-solar-flares-2016-2018';
const CSV = 'station,seen,at\nA1,12,2026-01-01T00:00:00Z\nA2,,2026-01-02T00:00:00Z\n';

let folder: string;
let token: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-command-'));
  const operator = await lab.connect(lab.operatorToken());
  ({ token } = await newcomer(operator, 'researcher'));
  await operator[Symbol.asyncDispose]();
});
afterAll(() => rm(folder, { recursive: true }));

const dataset = (...args: readonly string[]): Promise<Ended> =>
  run(lab, ['dataset', ...args], { LABMESH_TOKEN: token, HOME: folder });

async function json<T>(...args: readonly string[]): Promise<T> {
  const { code, out, err } = await dataset(...args, '--json');
  expect([code, err]).toEqual([0, expect.not.stringContaining('"code"')]);
  return JSON.parse(out) as T;
}

const file = async (name: string, content: string | Buffer): Promise<string> => {
  await writeFile(join(folder, name), content);
  return join(folder, name);
};

interface Stored {
  readonly dataset: { readonly datasetId: string; readonly version: number; readonly sha256: string };
}

describe('datasets from the command line', () => {
  verifies('command:data', async () => {
    const path = await file('stations.csv', CSV);
    const made = await json<Stored>('submit', path, '--license', 'CC-BY-4.0', '--topics', 'stations,sea-level');
    const id = made.dataset.datasetId;
    const listed = await json<{ datasets: Array<{ datasetId: string }> }>('list', 'stations');
    expect(listed.datasets.map(({ datasetId }) => datasetId)).toEqual([id]);
    const card = await dataset('get', id);
    expect(card).toMatchObject({ code: 0, out: expect.stringMatching(/CC-BY-4\.0[\s\S]*seen +integer or null/) });

    const asked = await dataset('query', '--data', id, 'SELECT station FROM data WHERE seen > ?', '--param', '5');
    expect(asked).toMatchObject({ code: 0, out: 'station\nA1\n' });
    const both = await dataset(
      ...['query', '--table', `s=${id}`, '--table', `f=${FLARES}`, '--format', 'csv'],
      'SELECT count(*) AS n FROM s, f',
    );
    expect(both).toMatchObject({ code: 0, out: 'n\r\n196\r\n' });

    const schema = await file('strict.json', '{"properties": {"seen": {"type": "integer"}}}');
    expect(await dataset('validate', id)).toMatchObject({ code: 0, out: expect.stringContaining('valid') });
    expect(await dataset('validate', id, '--schema', schema)).toMatchObject({
      code: 6,
      out: expect.stringMatching(/\/seen/),
    });

    const changed = await file('stations.csv', `${CSV}A3,4,2026-01-03T00:00:00Z\n`);
    const second = await json<Stored>('update', id, changed, '--note', 'One more', '--expect', '1');
    expect(second.dataset.version).toBe(2);
    expect(await dataset('update', id, path, '--expect', '1')).toMatchObject({ code: 6 });
    expect(await dataset('compare', id, '--from', '1')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/station +range +"A1" to "A2" +"A1" to "A3" +yes/),
    });
    expect(await dataset('compare', id)).toMatchObject({ code: 2, err: expect.stringMatching(/--from/) });
    expect(await dataset('fetch', id, '--number', '1', '-o', join(folder, 'first.csv'))).toMatchObject({ code: 0 });
    expect(await readFile(join(folder, 'first.csv'), 'utf8')).toBe(CSV);
    expect(await dataset('convert', id, '-o', join(folder, 'stations.parquet'))).toMatchObject({ code: 0 });
    expect((await readFile(join(folder, 'stations.parquet'))).subarray(0, 4).toString()).toBe('PAR1');

    expect(await dataset('withdraw', id)).toMatchObject({ code: 2, err: expect.stringContaining('--yes') });
    expect(await dataset('withdraw', id, '--yes')).toMatchObject({ code: 0 });
    expect(await dataset('get', id)).toMatchObject({ code: 5 });
  });

  it('moves what is too large for a call, byte for byte', async () => {
    const rows = Array.from({ length: 12_000 }, (_, at) => ({ at, noise: randomBytes(50).toString('hex') }));
    const content = JSON.stringify(rows);
    const path = await file('noise.json', content);
    const { dataset: made } = await json<Stored>('submit', path);
    expect(made.sha256).toBe(createHash('sha256').update(content).digest('hex'));
    const copy = join(folder, 'copy.json');
    // What came before the line broke lies beside the file's place, under a name that holds the hash.
    await writeFile(`${copy}.${made.sha256.slice(0, 12)}.part`, content.slice(0, 400_000));
    expect(await dataset('fetch', made.datasetId, '-o', copy)).toMatchObject({ code: 0 });
    expect((await readFile(copy, 'utf8')) === content).toBe(true);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  const wrong: ReadonlyArray<readonly [string, readonly string[], number, RegExp]> = [
    ['a file that is not there', ['submit', 'nowhere.csv'], 5, /nowhere\.csv/],
    ['a format that nothing tells', ['submit', 'LICENSE', '--name', 'x'], 2, /--format/],
    ['a dataset that is not there', ['get', 'ds_none'], 5, /ds_none/],
    ['SQL that is none', ['query', '--data', FLARES, 'SELEC 1'], 2, /SELEC/],
    ['SQL that writes', ['query', '--data', FLARES, 'DROP TABLE data'], 2, /./],
    ['a table without a dataset', ['query', '--table', 'x', 'SELECT 1'], 2, /name=ds_/],
  ];
  it.each(wrong)('%s ends with its exit code and says why', async (_what, args, code, says) => {
    const ended = await dataset(...args);
    expect([ended.code, ended.err]).toEqual([code, expect.stringMatching(says)]);
  });

  it('names the row of a file that cannot be read', async () => {
    const path = await file('broken.csv', 'a,b\n1,x\n2,"y\n');
    expect(await dataset('submit', path)).toMatchObject({ code: 2, err: expect.stringMatching(/(row|line) \d/) });
  });
});
