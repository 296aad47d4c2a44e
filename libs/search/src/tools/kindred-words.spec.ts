// Meanings of everyday words: phrases of the same meaning share a term, and nothing else gives it.
import { describe, expect, it } from 'vitest';
import { meaningsIn } from './kindred-words.js';
import { ToolSearch } from './tool-search.js';

describe('meaningsIn', () => {
  it.each([
    ['Throw away my old notes', 'delete'],
    ['get RID of it', 'delete'],
    ['deleting files', 'delete'],
    ["Why can't I", 'refused'],
    ['who may', 'allowed'],
  ])('%s: %s', (text, meaning) => {
    expect(meaningsIn(text)).toContain(`=${meaning}`);
  });

  it('wants every word of a phrase, in its order and side by side', () => {
    for (const text of ['get it rid of', 'rid get of', 'get rid', 'may who', ''])
      expect(meaningsIn(text)).not.toEqual(expect.arrayContaining(['=delete']));
    expect(meaningsIn('xyzzy')).toEqual([]);
  });

  it('gives each meaning once', () => {
    expect(meaningsIn('pay, paying, paid payment').filter((meaning) => meaning === '=pay')).toHaveLength(1);
  });
});

describe('ToolSearch', () => {
  const tool = (name: string, title: string, keywords: string[] = []) => ({
    name,
    title,
    description: '',
    parameters: [],
    keywords,
    belonging: '',
    everyday: false,
  });
  const search = new ToolSearch(
    [tool('send_transfer', 'Move $webxos'), tool('list_notes', 'Notes', ['what was scribbled'])],
    (entry) => entry,
  );
  const found = (query: string) => search.find(query, 5, () => true).map(({ entry }) => entry.name);

  it('finds a tool by words that it does not have, and by those of its keywords', () => {
    expect(found('pay somebody')[0]).toBe('send_transfer');
    expect(found('scribbled')).toEqual(['list_notes']);
  });

  it('finds a tool by a word that is mistyped', () => {
    expect(found('scribbeld')).toEqual(['list_notes']);
    expect(found('scribled')).toEqual(['list_notes']);
  });

  it('leaves out what does not count', () => {
    expect(search.find('pay', 5, ({ name }) => name !== 'send_transfer')).toEqual([]);
  });
});
