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
    env: { LABMESH_OUTPUT: 'table' },
    cwd: folder,
    stdin: Readable.from([]),
    stdout: { write: (text) => out.push(String(text)) },
    stderr: { write: (text) => err.push(String(text)) },
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

  it('asks the content model with the kind of field: prose when nothing says it', async () => {
    const text = "x' OR 'a'='a' --";
    await writeFile(join(folder, 'fields.csv'), `text,field\n${text},prose\n${text},\n${text},code\n`);
    const scored = await run('score', '--model', 'content', '--data', 'fields.csv', '--json');
    const { rows } = JSON.parse(scored.out) as { rows: { value: number; alarm: boolean }[] };
    expect(rows.map(({ alarm }) => alarm).slice(0, 2)).toEqual([true, true]);
    expect(rows[1]?.value).toBe(rows[0]?.value);
    expect(rows[2]?.value).not.toBe(rows[0]?.value);
    const alone = await run('score', '--model', 'content', '--text', text, '--field', 'code', '--json');
    expect(JSON.parse(alone.out)).toMatchObject({ rows: [{ value: expect.closeTo(rows[2]?.value ?? 0, 3) }] });
    const unknown = await run('score', '--model', 'content', '--text', text, '--field', 'poem');
    expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining('use code, data, identifier, path, prose') });
    await writeFile(join(folder, 'fields.csv'), 'text,field\na,poem\n');
    const odd = await run('score', '--model', 'content', '--data', 'fields.csv');
    expect(odd).toMatchObject({ code: 2, err: expect.stringContaining('Row 1 has “poem” as field') });
    const none = await run('score', '--model', 'golden.onnx', '--text', text, '--field', 'code');
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining('asks for no kind of field') });
  });

  it('gives figures by kind, of ordinary rows and of attacks in a table of their own', async () => {
    await writeFile(
      join(folder, 'ordinary.csv'),
      'text,kind\nthe pump is dry,note: short\nSELECT 1,SQL: line\nok,note\n',
    );
    await writeFile(
      join(folder, 'attacks.csv'),
      "text,kind\n' OR '1'='1' --,SQL injection\n<script>alert(1)</script>,XSS\n",
    );
    await writeFile(join(folder, 'fields.json'), '{"code": ["SQL"]}');
    const tables = ['--data', 'ordinary.csv', '--attacks', 'attacks.csv', '--by', 'kind', '--fields', 'fields.json'];
    const { out } = await run('evaluate', '--model', 'content', ...tables, '--json');
    expect(JSON.parse(out)).toMatchObject({
      figures: { rows: 5, normalRows: 3, falseAlarmRate: 0, auc: 1, recall: 1 },
      alarmsByKind: {
        normal: { note: { rows: 2, alarms: 0 }, SQL: { rows: 1, alarms: 0 } },
        attacks: { 'SQL injection': { rows: 1, alarms: 1 }, XSS: { rows: 1, alarms: 1 } },
      },
    });
    await writeFile(join(folder, 'fields.json'), '[]');
    expect(await run('evaluate', '--model', 'content', ...tables)).toMatchObject({
      code: 2,
      err: expect.stringContaining('must say which kinds stand in which field'),
    });
    const wrong = await run(
      'evaluate',
      '--model',
      'content',
      '--data',
      'ordinary.csv',
      '--attacks',
      'attacks.csv',
      '--by',
      'sort',
    );
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('has no column sort') });
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
