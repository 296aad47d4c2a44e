// Inputs are refused with the place and the way out: what is missing, what is wrong, what there is no such thing of.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { acceptedInput } from './input-problems.js';

const Resources = z.object({ cpus: z.number().default(1), gpus: z.number().optional() });
const Input = z.object({
  datasetId: z.string(),
  to: z.enum(['csv', 'json']),
  limit: z.number().int().min(1).default(10),
  resources: Resources.optional(),
  steps: z.array(z.object({ run: z.string() })).optional(),
  datasets: z.record(z.string(), z.object({ id: z.string() })).optional(),
  by: z.union([z.string(), z.object({ column: z.string() }), z.object({ sql: z.string() })]).optional(),
  free: z.looseObject({ kind: z.string() }).optional(),
  any: z.unknown().optional(),
  set: z.record(z.string().regex(/^[a-z]+$/, 'names are small letters'), z.string()).optional(),
});

const accepted = (input: unknown, lenient = false) => acceptedInput(Input, input, { tool: 'curator_do', lenient });
const said = (input: unknown): string => {
  try {
    accepted(input);
  } catch (error) {
    return (error as Error).message.replace('Cannot run curator_do with this input: ', '');
  }
  throw new Error('it was accepted');
};
const RIGHT = { datasetId: 'ds_1', to: 'csv' };

describe('an input', () => {
  it('is told why a name in it is none', () => {
    expect(said({ ...RIGHT, set: { a1: 'x' } })).toBe('set.a1: names are small letters');
  });

  it('is as its schema makes it', () => {
    expect(accepted({ ...RIGHT, resources: { gpus: 1 } })).toEqual({
      ...RIGHT,
      limit: 10,
      resources: { cpus: 1, gpus: 1 },
    });
  });

  it('may have any member where its schema says so', () => {
    const given = { ...RIGHT, free: { kind: 'a', more: 1 }, any: { x: { y: 1 } }, datasets: { left: { id: 'ds_2' } } };
    expect(accepted(given)).toMatchObject(given);
  });

  it('says what is missing, and what is wanted there', () => {
    expect(said({})).toBe('datasetId: is missing (string); to: is missing (one of "csv", "json")');
    expect(said({ ...RIGHT, steps: [{}] })).toBe('steps.0.run: is missing (string)');
  });

  it('says what is unknown, and what there is', () => {
    const there = 'datasetId, to, limit, resources, steps, datasets, by, free, any, set';
    expect(said({ id: 'ds_1', to: 'csv' })).toBe(`datasetId: is missing (string); id: is unknown (there are ${there})`);
    expect(said({ ...RIGHT, limt: 5 })).toBe(`limt: is unknown (there are ${there})`);
  });

  it.each([
    ['in an object', { resources: { gpu: 1 } }, 'resources.gpu: is unknown (there are cpus, gpus)'],
    ['in a list', { steps: [{ run: 'a' }, { run: 'b', when: 1 }] }, 'steps.1.when: is unknown (there is run)'],
    ['under a name of the caller’s', { datasets: { d: { id: 'a', v: 1 } } }, 'datasets.d.v: is unknown (there is id)'],
    ['in one of several forms', { by: { sql: 'a', column2: 1 } }, 'by.column2: is unknown (there is sql)'],
    ['by a name that every object has', { constructor: 1 }, /^constructor: is unknown/],
  ])('says what is unknown %s', (_where, more, message) => {
    const problem = said({ ...RIGHT, ...more });
    if (typeof message === 'string') expect(problem).toBe(message);
    else expect(problem).toMatch(message);
  });

  it('takes the form of several that leaves nothing over', () => {
    const both = { by: { sql: 'a', column: 'b' } };
    expect(said({ ...RIGHT, ...both })).toMatch(/^by\.(sql|column): is unknown/);
    expect(accepted({ ...RIGHT, by: { sql: 'a' } })).toMatchObject({ by: { sql: 'a' } });
  });

  it('of an agent of another version is taken without what is unknown', () => {
    expect(accepted({ ...RIGHT, newer: true }, true)).toEqual({ ...RIGHT, limit: 10 });
  });

  it('with many problems names some and counts the others', () => {
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`x${at}`, 1]));
    expect(said({ ...RIGHT, ...many })).toMatch(/; and 4 more$/);
  });
});
