// Sentences as people type them, against forms as the lab's tools have them.
import { describe, expect, it } from 'vitest';
import { type JsonSchema, schemaFields } from '../tools/schema-fields.js';
import { filledFrom, tellsToDo } from './told.js';

const WALLET = { type: 'string', pattern: '^wal_[0-9a-f-]+$' };
const PAYMENT: JsonSchema = {
  properties: {
    to: WALLET,
    amount: { type: 'string', pattern: '^\\d{1,13}(\\.\\d{1,6})?$' },
    from: WALLET,
    memo: { type: 'string', maxLength: 140 },
    idempotencyKey: { type: 'string', minLength: 8, maxLength: 128 },
  },
  required: ['to', 'amount', 'idempotencyKey'],
};
const JOB: JsonSchema = { properties: { jobId: { type: 'string', pattern: '^job_[0-9a-f-]+$' } }, required: ['jobId'] };
const NAME = { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,62}$' };
const TIME = { type: 'string', format: 'date-time' };
const LIST: JsonSchema = {
  properties: {
    query: { type: 'string', maxLength: 200 },
    sort: { type: 'string', enum: ['newest', 'largest'] },
    limit: { type: 'integer', minimum: 1, maximum: 100 },
  },
};
const LIST_STATE = { type: 'string', enum: ['running', 'failed'] };
const filled = (schema: JsonSchema, sentence: string) => filledFrom(schemaFields(schema), sentence);

describe('a sentence', () => {
  it.each([
    ['pay 5 to wal_0a', true],
    ['Show job job_1f.', true],
    ['cancel my job', true],
    ['How do I pay?', false],
    ['which datasets are there about flares', false],
    ['datasets about flares?', false],
  ])('%s: tells to do something is %s', (sentence, tells) => {
    expect(tellsToDo(sentence)).toBe(tells);
  });
});

describe('a form', () => {
  it('gets ids and amounts where their patterns let them', () => {
    expect(filled(PAYMENT, 'pay 5 to wal_0a')).toEqual({ to: 'wal_0a', amount: '5' });
    expect(filled(PAYMENT, 'send $2.50 from wal_0b to wal_0a.')).toEqual({
      to: 'wal_0a',
      from: 'wal_0b',
      amount: '2.50',
    });
    expect(filled(JOB, 'Show job job_1f.')).toEqual({ jobId: 'job_1f' });
  });

  it('gets what was quoted as text, and what is looked for in a search alone', () => {
    expect(filled(PAYMENT, 'pay 5 to wal_0a for “tea and 3 cakes”')).toEqual({
      to: 'wal_0a',
      amount: '5',
      memo: 'tea and 3 cakes',
    });
    expect(filled(PAYMENT, 'pay 5 for lunch')).toEqual({ amount: '5' });
    expect(filled(LIST, 'which datasets about solar flares?')).toEqual({ query: 'solar flares' });
  });

  it('gets a choice and a number by their names', () => {
    expect(filled(LIST, 'list the newest, limit 20')).toEqual({ sort: 'newest', limit: '20' });
    expect(filled(LIST, 'limit 2000')).toEqual({});
  });

  it('gets how many and how long in its own unit', () => {
    const token: JsonSchema = {
      properties: {
        ttlSeconds: { type: 'integer', minimum: 10, maximum: 7_776_000 },
        kind: { type: 'string', enum: ['access', 'client_key'] },
      },
    };
    expect(filled(LIST, 'show the first 20')).toEqual({ limit: '20' });
    expect(filled(token, 'a client key for 30 days')).toEqual({ ttlSeconds: '2592000', kind: 'client_key' });
    expect(filled(token, 'for 2 hours')).toEqual({ ttlSeconds: '7200' });
    expect(filled(token, 'for 200 days')).toEqual({});
  });

  it('gets times, names and queries where they are said to be such', () => {
    const log: JsonSchema = { properties: { from: TIME, to: TIME, state: { type: 'array', items: LIST_STATE } } };
    expect(filled(log, 'what failed since 2026-11-01 until 2026-11-02T12:00Z')).toEqual({
      from: '2026-11-01',
      to: '2026-11-02T12:00Z',
      state: ['failed'],
    });
    expect(filled({ properties: { name: NAME }, required: ['name'] }, 'a project called flare-study')).toEqual({
      name: 'flare-study',
    });
    const query: JsonSchema = { properties: { sql: { type: 'string' }, data: { type: 'string', pattern: '^ds_' } } };
    expect(filled(query, 'Select count(*) from data in ds_1')).toMatchObject({ data: 'ds_1' });
    const find: JsonSchema = { properties: { query: { type: 'string' } }, required: ['query'] };
    expect(filled(find, 'who can help me')).toEqual({ query: 'who can help me' });
  });

  it('gets no word for a value that any word could be', () => {
    const job: JsonSchema = { properties: { name: NAME, before: { type: 'string', pattern: '^\\d{1,15}$' } } };
    expect(filled(job, 'run python3 train.py with 2 cpus')).toEqual({});
  });

  it('stays empty where nothing fits', () => {
    expect(filled(PAYMENT, 'pay somebody')).toEqual({});
    expect(filled(JOB, 'show wal_0a')).toEqual({});
    expect(filled({}, 'do it')).toEqual({});
  });
});
