// `labmesh sentinel` on files: a model of the trainer, tables, simulated calls. Training itself is Python, and is run by .ci/run.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../cli.js';

const MODEL_FOLDER = join(import.meta.dirname, '../../../../libs/anomaly/test-data');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-sentinel-'));
  await cp(MODEL_FOLDER, folder, { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(['sentinel', ...args], {
    env: {},
    cwd: folder,
    stdin: Readable.from([]),
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    openBrowser: async () => false,
    signal: new AbortController().signal,
  });
  return { code, out: out.join(''), err: err.join('') };
}

describe('score and evaluate', () => {
  it('scores every row of a table, and shows the most unusual first', async () => {
    const { code, out } = await run('score', '--model', 'golden.onnx', '--data', 'golden.csv', '--json');
    expect(code).toBe(0);
    const wanted = JSON.parse(await readFile(join(folder, 'golden.scores.json'), 'utf8')) as number[];
    const { rows } = JSON.parse(out) as { rows: { row: number; value: number; label: string }[] };
    expect(rows.map(({ row }) => row)).toEqual(wanted.map((_, at) => at + 1));
    for (const [at, { value }] of rows.entries()) expect(value).toBeCloseTo(wanted[at] ?? Number.NaN, 3);
    const shown = await run('score', '--model', 'golden.onnx', '--data', 'golden.csv', '--top', '1');
    expect(shown.out.split('\n')).toHaveLength(5);
    expect(shown.out).toMatch(/ of 246 rows are above the threshold/);
  });

  it('scores one text', async () => {
    const { out } = await run('score', '--model', 'golden.card.json', '--text', "' OR 1=1 --", '--json');
    expect(JSON.parse(out)).toMatchObject({ model: 'golden', rows: [{ row: 1, alarm: true }] });
  });

  it('gives figures against the label', async () => {
    const { out } = await run('evaluate', '--model', 'golden.onnx', '--data', 'golden.csv', '--json');
    expect(JSON.parse(out)).toMatchObject({
      figures: { rows: 246, normalRows: 240 },
      alarmsByLabel: { ok: { rows: 240 }, attack: { rows: 2, alarms: 2 } },
    });
  });

  it('says what is wrong with a table or a model', async () => {
    await writeFile(join(folder, 'short.csv'), 'note,site\na,b\n');
    await writeFile(join(folder, 'bare.csv'), 'note,pressure,count,site\na,1,1,north\n');
    const missing = await run('score', '--model', 'golden.onnx', '--data', 'short.csv');
    expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('has no column pressure, count') });
    const unlabelled = await run('evaluate', '--model', 'golden.onnx', '--data', 'bare.csv');
    expect(unlabelled).toMatchObject({
      code: 2,
      err: expect.stringContaining('has no label to compare with: the model’s is state'),
    });
    const noModel = await run('score', '--model', 'none.onnx', '--data', 'bare.csv', '--json');
    expect(noModel.code).toBe(5);
    expect(JSON.parse(noModel.err)).toMatchObject({ code: 'not_found' });
    expect((await run('score', '--model', 'golden.onnx')).code).toBe(2);
    expect((await run('score', '--model', 'golden.onnx', '--data', 'absent.csv')).code).toBe(5);
  });
});

describe('train', () => {
  const table = ['--data', 'golden.csv', '--columns', 'golden.json'];

  it('needs a Python that can run the trainer', async () => {
    const absent = await run('train', ...table, '--out', 'new.onnx', '--python', './absent-python');
    expect(absent).toMatchObject({ code: 7, err: expect.stringContaining('--python') });
    expect((await run('train', ...table, '--out', 'new.bin')).code).toBe(2);
    expect((await run('train', ...table, '--out', 'new.onnx', '--rate', 'much')).err).toContain('It must be a number');
  });
});

describe('simulate and features', () => {
  it('makes the same tables from the same seed', async () => {
    const simulated = await run('simulate', '--seed', '5', '--days', '2', '--out', 'calls.jsonl', '--json');
    const { calls } = JSON.parse(simulated.out) as { calls: number };
    expect(calls).toBeGreaterThan(500);
    const first = await run('features', '--calls', 'calls.jsonl', '--out', 'first', '--skip-days', '0', '--json');
    expect(JSON.parse(first.out)).toMatchObject({ behaviour: calls });
    await run('simulate', '--seed', '5', '--days', '2', '--out', 'again.jsonl');
    await run('features', '--calls', 'again.jsonl', '--out', 'second', '--skip-days', '0');
    for (const file of ['content.csv', 'behaviour.csv'])
      expect(await readFile(join(folder, 'second', file), 'utf8')).toBe(
        await readFile(join(folder, 'first', file), 'utf8'),
      );
    const columns = JSON.parse(await readFile(join(folder, 'first/behaviour.json'), 'utf8')) as {
      columns: { name: string }[];
    };
    const header = (await readFile(join(folder, 'first/behaviour.csv'), 'utf8')).split('\n')[0];
    expect(header).toBe(columns.columns.map(({ name }) => name).join(','));
  });

  it('says which line is no call', async () => {
    await writeFile(join(folder, 'broken.jsonl'), '{"lab":1\n');
    const broken = await run('features', '--calls', 'broken.jsonl', '--out', 'none');
    expect(broken).toMatchObject({ code: 2, err: expect.stringContaining('line 1 is no JSON') });
  });
});
