// The texts of a call: all that a caller writes, by the kind of its field, bounded, and nothing that chance made.

import { holds, textFieldsOf } from '@labmesh/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { callTexts } from './call-text.js';

const PROSE = { holds: 'prose' } as const;
const callText = (args: unknown): string =>
  callTexts(args, PROSE)
    .map(({ text }) => text)
    .join();

describe('callTexts', () => {
  it('has every string, however deep, and keys that are no identifiers', () => {
    const args = {
      name: 'run 7',
      rows: [{ note: 'dry', "x' OR 1=1": 2 }],
      schema: { type: 'object' },
      limit: 5,
      none: null,
    };
    expect(callText(args)).toBe("run 7\ndry\nx' OR 1=1\nobject");
    expect(callText({})).toBe('');
    expect(callText('text')).toBe('text');
  });

  it('leaves UUIDs out', () => {
    expect(callText({ to: 'wal_01990000-0000-7000-8000-000000000001' })).toBe('wal_0');
  });

  it('leaves out what chance or a cipher made', () => {
    const made = [
      '3f786850e387550fdab836ed7e6dc881de23001b2c4c0a8d4e6f5b3a2c1d0e9f',
      'lmr_3JZ8kQ2mVx7TzPqLw9BnRfYhDcGa5sE4uXo1Ki6NtMb0HvCj',
      'aGVsbG8gd29ybGQgdGhpcyBpcyBhIHNlY3JldA==',
      'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ3YWxfMSJ9.c2lnbmF0dXJlT2ZTb21lYm9keQ',
    ];
    expect(callText(made)).toBe('');
    const long = 'Aa0'.repeat(20_000);
    expect(callText([long, 'a0'.repeat(9_000), `lmx1.0123456789abcdef.${long}`])).toBe('');
    // What begins so is read all the same where it ends in words.
    expect(callText(`${long}; rm -rf /`)).toContain('rm -rf /');
    const written = ['../../../../etc/passwd1A', 'solar-flares-2016-2018', "1' OR '1'='1A", 'CamelCaseWithoutDigits'];
    expect(callText(written).split('\n')).toEqual(written);
  });

  it('leaves out of a text what the lab made', () => {
    const key = 'lmk_0123456789abcdefghijklmnopqrstuv012345';
    const hash = '3f786850e387550fdab836ed7e6dc881de23001b2c4c0a8d4e6f5b3a2c1d0e9f';
    const jwt = `eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ3YWxfMSJ9.${'Ab0_'.repeat(20)}`;
    const log = `labmesh/0123456789abcdef+89abcdef+${'A'.repeat(43)}=`.replace('=', 'B');
    for (const made of [key, key.replace('lmk', 'lmr'), hash, jwt, `lmx1.0123456789abcdef.${'Ab0-'.repeat(400)}`, log])
      expect(callText(`What is ${made}, please?`)).toBe('What is 0, please?');
    expect(callText(`http://lab/#code=${'Ab0-'.repeat(8)}`)).toBe('http://lab/#code=0');
    const written = ['lmk_not a key', 'lmx1 is a form', 'v1.2.3', 'eyJ.eyJ.', 'labmesh/main', 'deadbeef', `x${hash}`];
    for (const text of written) expect(callText(`see ${text}`)).toBe(`see ${text}`);
  });

  it('keeps the ends of a long value, cut between words', () => {
    const text = callText({ content: `begin ${'word '.repeat(2_000)}end` });
    expect(text.length).toBeLessThan(2_100);
    expect(text).toMatch(/^begin word /);
    expect(text).toMatch(/word\nword (word )*end$/);
    // One word without end is cut all the same.
    expect(callText({ content: 'x'.repeat(10_000) }).length).toBeLessThan(2_100);
  });

  it('is bounded for many values and deep ones', () => {
    expect(callText(Array.from({ length: 10_000 }, () => 'some words')).length).toBeLessThan(4_500);
    let deep: unknown = 'bottom';
    for (let at = 0; at < 5_000; at++) deep = [deep];
    expect(callText(deep)).toBe('');
  });

  it('keeps what fields of different kinds hold apart', () => {
    const schema = z.object({
      name: z.string(),
      file: holds('path', z.string()).optional(),
      rows: z.array(holds('data', z.record(z.string(), z.unknown()))).default([]),
      format: z.enum(['csv', 'json']),
      note: z.string().max(20).nullable(),
    });
    const args = {
      name: 'run 7',
      file: 'a/b.md',
      rows: [{ 'a b': ['c', { d: 'e' }] }],
      format: 'csv',
      note: 'dry',
      odd: ['x'],
    };
    expect(callTexts(args, textFieldsOf(schema))).toEqual([
      { field: 'prose', text: 'run 7\ndry\nx' },
      { field: 'data', text: 'a b\nc\ne' },
      { field: 'path', text: 'a/b.md' },
      { field: 'identifier', text: 'csv' },
    ]);
  });
});
