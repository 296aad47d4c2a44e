// `labmesh validation` against a real lab: a claim is asked for, listed, shown as far as it may be, and taken back.
import { hash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, labmesh as run } from '../harness/command.js';
import { newcomer } from '../harness/follower.js';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';

const FLARES = 'ds_donki-solar-flares-2016-2018';
const lab = sharedLab();
let folder: string;
let tokens: { readonly asker: string; readonly validator: string };
const asker = (...args: readonly string[]): Promise<Ended> => run(lab, args, { LABMESH_TOKEN: tokens.asker });
const validator = (...args: readonly string[]): Promise<Ended> => run(lab, args, { LABMESH_TOKEN: tokens.validator });
const claim = (claimed: string, ...more: readonly string[]): string[] => [
  ...['validation', 'ask', 'X flares by the command', '--dataset', FLARES, '--metric', 'x-flares'],
  ...['--claimed', claimed, '--tolerance', '0', '--method', 'Count them', ...more],
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-validation-'));
  const operator = await lab.connect(lab.operatorToken());
  const [one, other] = [await newcomer(operator, 'researcher'), await newcomer(operator, 'validator')];
  tokens = { asker: one.token, validator: other.token };
  await operator[Symbol.asyncDispose]();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('validations from the command line', () => {
  verifies('command:validation', async () => {
    const model = join(folder, 'model.onnx');
    await writeFile(model, 'a model');
    const asked = await asker(...claim('-4.5', '--model', model, '--reports', '3', '--days', '1', '--json'));
    const { validation } = JSON.parse(asked.out) as { validation: { validationId: string; datasetSha256: string } };
    expect(validation).toMatchObject({ version: 1, modelSha256: hash('sha256', 'a model'), reportsWanted: 3 });
    const { validationId, datasetSha256 } = validation;
    expect(await asker(...claim('-4.50', '--model', hash('sha256', 'a model')))).toMatchObject({
      code: 0,
      out: `${validationId}\n`,
      err: expect.stringContaining('You had asked for this already'),
    });
    expect(await validator('validation', 'ls')).toMatchObject({ code: 0, out: expect.stringContaining(validationId) });
    expect(await asker('validation', 'ls')).toMatchObject({ code: 0, out: expect.not.stringContaining(validationId) });
    expect((await asker('validation', 'ls', '--which', 'asked', '--json')).out).toContain(validationId);

    const hidden = await validator('validation', 'show', validationId);
    expect(hidden).toMatchObject({ code: 0, err: expect.stringContaining('once you have reported') });
    expect(hidden.out).toMatch(/open[\s\S]*Count them[\s\S]*hidden until you have reported/);
    expect(hidden.out).not.toContain('-4.5');
    const report = { validationId, measured: '-4.5', rows: 98, datasetSha256, evidence: 'by hand' };
    const reported = await validator('call', 'curator_report_validation', '--json', JSON.stringify(report));
    expect(reported).toMatchObject({ code: 0 });
    expect((await validator('validation', 'show', validationId)).out).toMatch(
      /x-flares -4\.5[\s\S]*-4\.5 \(you\) .*nobody +by hand/,
    );
    expect(await asker('validation', 'cancel', validationId)).toMatchObject({ code: 6 });

    const second = (await asker(...claim('7'))).out.trim();
    expect(await validator('validation', 'cancel', second)).toMatchObject({ code: 4 });
    expect(await asker('validation', 'cancel', second)).toMatchObject({ code: 0, out: `${second} is cancelled.\n` });
  });

  const wrong: ReadonlyArray<readonly [string, () => readonly string[], number, RegExp]> = [
    ['a value with an exponent', () => claim('1e-3'), 2, /without an exponent/],
    ['a claim that one alone confirms', () => claim('1', '--reports', '1'), 2, /reports/],
    ['a model that is not there', () => claim('1', '--model', 'no.onnx'), 5, /no\.onnx/],
    ['a version that is not there', () => claim('1', '--number', '99'), 5, /version 99/],
    ['what is not there', () => ['validation', 'show', 'val_01990000-0000-7000-8000-000000000009'], 5, /none that you/],
    ['another name', () => ['validation', 'show', 'mine'], 2, /val_/],
  ];
  it.each(wrong)('%s ends with its exit code and says why', async (_what, args, code, says) => {
    const ended = await asker(...args());
    expect([ended.code, ended.err]).toEqual([code, expect.stringMatching(says)]);
  });
});
