// What somebody measured, as it is typed: what is wrong with it is what the lab would refuse.
import { curator } from '@labmesh/contracts';
import { expect, it } from 'vitest';
import { type Measurement, NOTHING, problemsOf, reportOf } from './measurement.js';

const ID = 'val_00000000-0000-4000-8000-000000000001';
const whole: Measurement = { ...NOTHING, measured: ' 0.61 ', rows: '98', sha256: 'a'.repeat(64) };
const signed = { ...whole, publicKey: `${'A'.repeat(43)}=`, signature: `${'A'.repeat(86)}==` };
const { input } = curator.tools.report_validation;

it('is sent as the lab takes it, its number as it was typed', () => {
  expect([problemsOf(whole), problemsOf(signed)]).toEqual([{}, {}]);
  expect(input.parse(reportOf(ID, whole))).toEqual({
    validationId: ID,
    measured: '0.61',
    rows: 98,
    datasetSha256: 'a'.repeat(64),
    evidence: '',
  });
  expect(input.parse(reportOf(ID, signed))).toMatchObject({ publicKey: signed.publicKey, signature: signed.signature });
});

it.each<[keyof Measurement, string]>([
  ['measured', '0,61'],
  ['rows', '-1'],
  ['sha256', 'A'.repeat(64)],
  ['publicKey', 'short'],
  ['signature', 'short'],
])('with %s “%s” is told what is wrong, and the lab would refuse it', (field, text) => {
  const typed = { ...signed, [field]: text };
  expect([Object.keys(problemsOf(typed)), input.safeParse(reportOf(ID, typed)).success]).toEqual([[field], false]);
});

it('a key without a signature is none', () => {
  expect(Object.keys(problemsOf({ ...signed, signature: '' }))).toEqual(['signature']);
});
