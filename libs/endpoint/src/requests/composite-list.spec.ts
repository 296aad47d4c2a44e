// A list made of several: whatever their sizes and pages, the pages joined are the whole list, each item once, in order.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compositePage, InvalidCursor, type ListSource } from './composite-list.js';

/** A source that gives at most `most` items at once, however many are asked. */
const sourceOf = (key: string, names: readonly string[], most: number): ListSource<string> => ({
  key,
  async page(cursor, limit) {
    const rest = [...names].sort(byCodeUnits).filter((name) => cursor === undefined || name > cursor);
    const part = rest.slice(0, Math.min(limit, most));
    return {
      items: part.map((name) => `${key}/${name}`),
      nextCursor: rest.length > part.length ? part.at(-1) : undefined,
    };
  },
});

async function allPages(sources: ReadonlyArray<ListSource<string>>, limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | undefined;
  for (let turn = 0; turn < 1_000; turn++) {
    const page = await compositePage(sources, limit, cursor);
    pages.push([...page.items]);
    cursor = page.nextCursor;
    if (cursor === undefined) return pages;
  }
  throw new Error('the list has no end');
}

const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8, unit: 'binary' }), { maxLength: 12 });

describe('a composite list', () => {
  it('gives every item once, in order, in pages no longer than asked', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(names, fc.integer({ min: 1, max: 5 })), { maxLength: 5 }),
        fc.integer({ min: 1, max: 7 }),
        async (lists, limit) => {
          const sources = lists.map(([list, most], at) => sourceOf(`s${at}`, list, most));
          const pages = await allPages(sources, limit);
          const whole = lists.flatMap(([list], at) => [...list].sort(byCodeUnits).map((name) => `s${at}/${name}`));
          expect(pages.flat()).toEqual(whole);
          expect(pages.every((page) => page.length <= limit)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('goes on after what was last given, when things come and go between two pages', async () => {
    const first = await compositePage([sourceOf('a', ['b', 'd', 'f'], 9)], 2, undefined);
    expect(first.items).toEqual(['a/b', 'a/d']);
    const later = sourceOf('a', ['a', 'e', 'f'], 9);
    expect(await compositePage([later], 2, first.nextCursor)).toEqual({ items: ['a/e', 'a/f'] });
  });

  it('refuses a cursor that no page gave, or of a source that is gone', async () => {
    const sources = [sourceOf('a', ['x', 'y'], 9)];
    const { nextCursor } = await compositePage(sources, 1, undefined);
    expect(await compositePage(sources, 1, nextCursor)).toEqual({ items: ['a/y'] });
    await expect(compositePage([sourceOf('b', ['x'], 9)], 1, nextCursor)).rejects.toBeInstanceOf(InvalidCursor);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (cursor) => {
        await expect(compositePage(sources, 1, cursor)).rejects.toBeInstanceOf(InvalidCursor);
      }),
    );
    await expect(compositePage(sources, 1, `${nextCursor}=`)).rejects.toBeInstanceOf(InvalidCursor);
  });
});

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : 1);
