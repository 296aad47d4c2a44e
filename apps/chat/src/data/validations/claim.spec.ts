// A claim as it is filled in: what is wrong with it is what the lab would refuse, and what is sent is what the lab takes.
import { curator } from '@labmesh/contracts';
import { describe, expect, it } from 'vitest';
import { claimOf, type Draft, EMPTY, problemsOf } from './claim.js';

const whole: Draft = {
  ...EMPTY,
  title: ' Flares with an ejection ',
  datasetId: 'ds_donki-solar-flares-2016-2018',
  method: 'models/flares.onnx on all rows',
  claimed: '0.6122',
  tolerance: '0.005',
};

const { input } = curator.tools.request_validation;
const takes = (draft: Draft): boolean => input.safeParse(claimOf(draft)).success;

describe('a claim', () => {
  it('is sent as the lab takes it, its numbers as they were typed', () => {
    expect(problemsOf(whole)).toEqual({});
    expect(input.parse(claimOf(whole))).toMatchObject({
      title: 'Flares with an ejection',
      version: 1,
      claimed: '0.6122',
      reports: 2,
      days: 14,
      shareData: false,
    });
    expect(claimOf({ ...whole, model: 'a'.repeat(64) }).modelSha256).toBe('a'.repeat(64));
  });

  it.each<[keyof Draft, string]>([
    ['title', 'ab'],
    ['datasetId', 'flares'],
    ['version', '0'],
    ['version', '1.5'],
    ['method', ''],
    ['model', 'abc'],
    ['metric', 'Accuracy'],
    ['claimed', '6e-1'],
    ['claimed', ''],
    ['tolerance', '-0.1'],
    ['days', '91'],
  ])('with %s “%s” is told what is wrong, and the lab would refuse it', (field, text) => {
    const draft = { ...whole, [field]: text };
    expect([Object.keys(problemsOf(draft)), takes(draft)]).toEqual([[field], false]);
  });
});
