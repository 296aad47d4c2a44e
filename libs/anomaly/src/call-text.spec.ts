// The text of a call: all that a caller writes, bounded, and nothing that chance made.
import { describe, expect, it } from 'vitest';
import { callText } from './call-text.js';

describe('callText', () => {
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
    const written = ['../../../../etc/passwd1A', 'solar-flares-2016-2018', "1' OR '1'='1A", 'CamelCaseWithoutDigits'];
    expect(callText(written).split('\n')).toEqual(written);
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
});
