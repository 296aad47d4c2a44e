// Which texts of a project travel: those that are one, never of .env, and the small ones first.
import { expect, it } from 'vitest';
import { textsWithin } from './project-texts.js';

const file = (path: string, bytes: Buffer) => ({ path, bytes, executable: false });

it('are those that are text and not too long, and none of .env', () => {
  const texts = textsWithin([
    file('a.py', Buffer.from('x = 1\n')),
    file('.env', Buffer.from('TOKEN=1\n')),
    file('deep/.env.production', Buffer.from('TOKEN=1\n')),
    file('.env.example', Buffer.from('TOKEN=\n')),
    file('model.bin', Buffer.from([0, 1, 2])),
    file('latin.txt', Buffer.from([0xe9, 0x20])),
    file('long.csv', Buffer.alloc(1024 * 1024 + 1, 'a')),
  ]);
  expect([...texts.keys()].sort()).toEqual(['.env.example', 'a.py']);
});

it('are as many as a message carries, measured as JSON writes them', () => {
  const files = [
    file('large.txt', Buffer.alloc(60, '\u0001')),
    file('b.txt', Buffer.alloc(20, 'b')),
    file('a.txt', Buffer.alloc(20, 'a')),
  ];
  expect([...textsWithin(files, 50).keys()]).toEqual(['a.txt', 'b.txt']);
  expect([...textsWithin(files, 500).keys()]).toEqual(['a.txt', 'b.txt', 'large.txt']);
});
