// Collections and what was taken in, in words.
import { expect, it } from 'vitest';
import { charactersText, gitPlace, outcomeText, ownerText, readersText } from './collection-words.js';

const TAKEN = {
  collectionId: 'col_1',
  sourceId: 'src_1',
  added: 0,
  changed: 0,
  unchanged: 0,
  removed: 0,
  skipped: [],
  skippedCount: 0,
  commit: null,
};

it('says whose it is, and who reads it', () => {
  expect(ownerText({ owner: 'lab' }, 'wal_1')).toBe('the lab’s');
  expect(ownerText({ owner: 'wal_1' }, 'wal_1')).toBe('yours');
  expect(ownerText({ owner: 'wal_0123456789' }, 'wal_1')).toBe('by wal_…456789');
  expect(readersText({ owner: 'wal_1', readers: 'owner' })).toBe('only its owner reads it');
  expect(readersText({ owner: 'lab', readers: 'lab' })).toBe('everybody in the lab reads it');
});

it('says what became of documents', () => {
  expect(outcomeText(TAKEN)).toBe('There was nothing to take');
  expect(outcomeText({ ...TAKEN, added: 1_200, unchanged: 1, skippedCount: 2 })).toBe(
    '1,200 added, 1 unchanged, 2 left out',
  );
});

it('takes the place of a repository apart', () => {
  expect(gitPlace('https://example.org/a.git')).toEqual({ url: 'https://example.org/a.git', folder: '' });
  expect(gitPlace('https://example.org/a.git docs/a b')).toEqual({
    url: 'https://example.org/a.git',
    folder: 'docs/a b',
  });
});

it('rounds large sizes alone', () => {
  expect(charactersText(1)).toBe('1 character');
  expect(charactersText(999_999)).toBe('999,999 characters');
  expect(charactersText(2_345_678)).toBe('2.3 million characters');
});
