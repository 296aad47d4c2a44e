// Collections, their readers and what was taken in, in words.
import { plural, shortId } from '../../ui/figures.js';
import { type Collection, type Ingested, LAB, type Source } from '../knowledge.js';

export type Whose = 'mine' | 'shared' | 'lab';

export const whoseOf = ({ owner }: Pick<Collection, 'owner'>, walletId: string | undefined): Whose =>
  owner === LAB ? 'lab' : owner === walletId ? 'mine' : 'shared';

export function ownerText(collection: Pick<Collection, 'owner'>, walletId: string | undefined): string {
  const whose = whoseOf(collection, walletId);
  return whose === 'lab' ? 'the lab’s' : whose === 'mine' ? 'yours' : `by ${shortId(collection.owner)}`;
}

export const readersText = ({ readers, owner }: Pick<Collection, 'readers' | 'owner'>): string =>
  readers === 'lab' ? 'everybody in the lab reads it' : owner === LAB ? '' : 'only its owner reads it';

/** 1234567 -> "1.2 million characters". */
export function charactersText(characters: number): string {
  if (characters < 1_000_000) return plural(characters, 'character');
  return `${(characters / 1_000_000).toFixed(1)} million characters`;
}

export const FROM: Readonly<Record<Source['from'], string>> = {
  text: 'pasted text',
  upload: 'uploaded file',
  folder: 'folder',
  git: 'git repository',
};

/** Of a repository the address, and the folder in it. */
export function gitPlace(place: string): { readonly url: string; readonly folder: string } {
  const [url = '', ...folder] = place.split(' ');
  return { url, folder: folder.join(' ') };
}

/** "2 added, 1 unchanged"; what is none is left out. */
export function outcomeText({ added, changed, unchanged, removed, skippedCount }: Ingested): string {
  const counts = [
    [added, 'added'],
    [changed, 'changed'],
    [unchanged, 'unchanged'],
    [removed, 'removed'],
    [skippedCount, 'left out'],
  ] as const;
  const said = counts.filter(([count]) => count > 0).map(([count, what]) => `${count.toLocaleString('en')} ${what}`);
  return said.length === 0 ? 'There was nothing to take' : said.join(', ');
}
