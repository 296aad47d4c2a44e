// Which lines are told to be of one event, what their template says, and that ids and memory hold.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fingerprints } from './fingerprints.js';
import { wordsOf } from './line-words.js';

const grouped = (lines: readonly string[]): string[] => {
  const fingerprints = new Fingerprints();
  const ids = lines.map((line) => fingerprints.add(line).id);
  return ids.map((id) => fingerprints.current(id));
};

describe('a fingerprint', () => {
  it.each([
    ['Connection to 10.0.0.7:5432 lost after 30.5 ms', 'Connection to <*> lost after <*>'],
    ['took 160ms of 1,024 KB at 2026-01-02T03:04:05Z', 'took <*> of <*> at <*>'],
    ['read /var/lib/x/y.db and C:\\lab\\z.log', 'read <*> and <*>'],
    ['job 0190a5f2-7c11-7000-8000-0123456789ab is at https://lab.example/j?x=1', 'job <*> is at <*>'],
    ['fault at 0x7fed806eb5d of 00:1b:44:11:3a:b7, commit 9f4ef63', 'fault at <*> of <*>, commit <*>'],
    ['jk2_init() found child node-17 of a@b.example', 'jk<*>_init() found child node-<*> of <*>'],
    ['blk_-384 (size=67108864), ok', 'blk_<*> (size=<*>), ok'],
    ['values 1 2 3 4', 'values <*>'],
  ])('masks %s', (line, template) => {
    expect(new Fingerprints().add(line).template).toBe(template);
  });

  it('is the same for the same template, in any order and in another process that was given the templates', () => {
    const lines = ['session 7 opened', 'session 8 closed', 'disk sda1 full'];
    const [one, other] = [new Fingerprints(), new Fingerprints()];
    const ids = lines.map((line) => one.add(line).id);
    expect(
      lines
        .toReversed()
        .map((line) => other.add(line.replaceAll(/\d/g, '5')).id)
        .toReversed(),
    ).toEqual(ids);
    const later = new Fingerprints();
    for (const { template } of one.templates()) later.add(template);
    expect(lines.map((line) => later.add(line).id)).toEqual(ids);
    expect(ids.every((id) => /^[0-9a-f]{16}$/.test(id))).toBe(true);
  });

  it('tells events apart whose names differ, and joins what has many names', () => {
    expect(new Set(grouped(['power supply switched on now', 'power supply switched off now'])).size).toBe(2);
    const users = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay', 'gil'].map((user) => `login of user ${user} was refused`);
    expect(new Set(grouped(users)).size).toBe(1);
  });

  it('joins values by their form, and keeps what they say', () => {
    expect(new Set(grouped(['lock taken name=alpha flags=3', 'lock taken name=beta flags=4'])).size).toBe(1);
    expect(new Set(grouped(['lock taken held=true flags=3', 'lock taken held=false flags=4'])).size).toBe(2);
  });

  it('says the newest id of one that was given before', () => {
    const fingerprints = new Fingerprints();
    const first = fingerprints.add('login of user ann was refused').id;
    for (const user of ['bob', 'cid', 'dan', 'eve', 'fay']) fingerprints.add(`login of user ${user} was refused`);
    const now = fingerprints.add('login of user ann was refused');
    expect(now.template).toBe('login of user <*> was refused');
    expect(now.id).not.toBe(first);
    expect(fingerprints.current(first)).toBe(now.id);
    expect(fingerprints.current('unknown')).toBe('unknown');
  });

  it('keeps as many groups as it may, those seen last', () => {
    const fingerprints = new Fingerprints({ groupsMax: 10 });
    const word = (number: number): string =>
      String.fromCharCode(97 + (number % 26)).repeat(1 + Math.floor(number / 26));
    for (let number = 0; number < 200; number += 1) {
      fingerprints.add('what is always there');
      fingerprints.add(`${word(number)} event`);
    }
    expect(fingerprints.size).toBe(10);
    expect(fingerprints.templates().map(({ template }) => template)).toContain('what is always there');
  });

  it('takes any line, and knows it again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[a-z ()=:0-9/.[\]-]{0,60}$/)), {
          maxLength: 20,
        }),
        (lines) => {
          const fingerprints = new Fingerprints();
          for (const line of lines) {
            const { id } = fingerprints.add(line);
            expect(fingerprints.add(line).id).toBe(fingerprints.current(id));
          }
        },
      ),
    );
  });
});

describe('wordsOf', () => {
  it('loses nothing of a line', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab(=)[]: ,"') }), (line) => {
        const { words, gaps } = wordsOf(line);
        expect(gaps).toHaveLength(words.length + 1);
        expect(words.reduce((text, word, at) => text + word + gaps[at + 1], gaps[0] ?? '')).toBe(line);
      }),
    );
  });
});
