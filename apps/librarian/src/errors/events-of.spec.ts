// That events are grouped with what was known before as if all had been read together, and that nothing else has a part in it.
import { describe, expect, it } from 'vitest';
import { EVENTS_MAX, eventsOf } from './events-of.js';
import { excerptOf } from './excerpt.js';

const lines = (text: string) => excerptOf(text).events;
const USERS = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay', 'gil'].map((user) => `login of user ${user} was refused`);

describe('events', () => {
  it('are each once, what looks like an error first, with how many lines and where the first', () => {
    const { events, more } = eventsOf(lines('step 1 done\nstep 2 done\n\ncannot open disk 3\nstep 3 done'), []);
    expect(events).toMatchObject([
      { template: 'cannot open disk <*>', lines: 1, firstLine: 4, rank: 1 },
      { template: 'step <*> done', lines: 3, firstLine: 1, rank: 2 },
    ]);
    expect(more).toBe(0);
  });

  it('are no more than an answer holds, and it says how many are left out', () => {
    const word = (number: number): string => String.fromCharCode(97 + Math.floor(number / 26), 97 + (number % 26));
    const text = Array.from({ length: EVENTS_MAX + 7 }, (_, at) => `${word(at)} happened`).join('\n');
    const { events, more } = eventsOf(lines(`${text}\nfatal end`), []);
    expect([events.length, more]).toEqual([EVENTS_MAX, 8]);
    expect(events[0]?.template).toBe('fatal end');
  });

  it('are the same as templates of before, in whatever order these are given', () => {
    const template = 'login of user <*> was refused';
    const known = [...USERS.slice(0, 5), template];
    for (const given of [known, known.toReversed()]) {
      const { events, idOf } = eventsOf(lines('login of user zoe was refused'), given);
      expect(events).toMatchObject([{ template, lines: 1 }]);
      expect(new Set([...known.map(idOf), events[0]?.id]).size).toBe(1);
    }
  });

  it('that become one with those of before give these their id', () => {
    const before = USERS.slice(0, 5);
    const { events, idOf } = eventsOf(lines(USERS[5] ?? ''), before);
    expect(events).toMatchObject([{ template: 'login of user <*> was refused' }]);
    expect(new Set(before.map(idOf))).toEqual(new Set([events[0]?.id]));
  });
});
