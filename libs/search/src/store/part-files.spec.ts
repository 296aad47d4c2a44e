// A folder of parts: opened as it was committed, whatever call of the file system fails between.
import nodeFs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SearchIndex } from '../search-index.js';
import type { FileCalls } from './part-files.js';

const FIELDS = { body: { weight: 1, lengthShare: 0.75 } } as const;
const CHANGING = ['fsyncSync', 'openSync', 'renameSync', 'rmSync', 'writeSync'] as const;
let folder: string;

beforeEach(() => {
  folder = nodeFs.mkdtempSync(join(tmpdir(), 'labmesh-search-'));
});
afterEach(() => nodeFs.rmSync(folder, { recursive: true, force: true }));

/** The real calls, of which the n-th that changes something and all after it fail, the n-th write after half of its bytes. */
function failingFrom(allowed: number): { calls: FileCalls; failed: () => boolean } {
  let made = 0;
  const calls: Record<string, unknown> = { ...nodeFs };
  for (const name of CHANGING) {
    calls[name] = (...values: unknown[]) => {
      made += 1;
      if (made <= allowed) return (nodeFs[name] as (...all: unknown[]) => unknown)(...values);
      if (name === 'writeSync' && made === allowed + 1) {
        const [file, bytes, offset, length] = values as [number, Uint8Array, number, number];
        nodeFs.writeSync(file, bytes, offset, Math.floor(length / 2));
      }
      throw new Error('the power is gone');
    };
  }
  return { calls: calls as unknown as FileCalls, failed: () => made > allowed };
}

const holds = (index: SearchIndex<'body'>, term: string): string[] =>
  index.search({ terms: [term], limit: 10 }).map(({ key }) => key);

const bytesOf = (...texts: readonly string[]): Uint8Array[] => texts.map((text) => Buffer.from(text));
const textOf = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString();

async function first(): Promise<void> {
  const index = await SearchIndex.open(FIELDS, folder);
  index.put('port', [{ body: ['port', '7001'] }], { stored: bytesOf('port 7001', '') });
  index.put('gone', [{ body: ['gone'] }]);
  index.put('stays', [{ body: ['stays', 'port'] }]);
  index.commit('1');
  index.close();
}

describe('a folder', () => {
  it('is opened as it was committed, with removed documents in no number', async () => {
    await first();
    const index = await SearchIndex.open(FIELDS, folder);
    expect(index.checkpoint).toBe('1');
    index.put('port', [{ body: ['port', '7002'] }]);
    index.remove('gone');
    index.put('other', [{ body: ['port'] }], { shelf: 'shelf' });
    index.commit('2');
    await index.maintain();
    index.commit('3');
    const before = index.search({ terms: ['port', '7002', 'stays'], limit: 10 });
    index.put('never', [{ body: ['committed'] }]);
    index.close();

    const again = await SearchIndex.open(FIELDS, folder);
    expect(again.checkpoint).toBe('3');
    expect(again.lost).toBeUndefined();
    expect(again.search({ terms: ['port', '7002', 'stays'], limit: 10 })).toEqual(before);
    expect(['7001', '7002', 'gone', 'committed'].map((term) => holds(again, term))).toEqual([[], ['port'], [], []]);
    expect(again.search({ terms: ['port'], limit: 10, shelves: ['shelf'] })).toHaveLength(1);
    expect(again.size()).toEqual({ documents: 3, entries: 3 });
    again.close();
  });

  it('holds all of a commit or nothing of it, wherever a crash comes', async () => {
    const seen = new Set<string>();
    for (let allowed = 0; ; allowed += 1) {
      nodeFs.rmSync(folder, { recursive: true, force: true });
      await first();
      const { calls, failed } = failingFrom(allowed);
      try {
        const index = await SearchIndex.open(FIELDS, folder, calls);
        index.remove('gone');
        index.put('port', [{ body: ['port', '7002'] }], { stored: bytesOf('port 7002') });
        index.commit('2');
        index.close();
      } catch (error) {
        expect(error).toMatchObject({ message: 'the power is gone' });
      }
      const after = await SearchIndex.open(FIELDS, folder);
      const state = [
        after.checkpoint,
        ...['7001', '7002', 'gone', 'stays'].map((term) => holds(after, term).join()),
        textOf(after.stored('port', 0)),
      ];
      seen.add(state.join('|'));
      expect(['1|port||gone|stays|port 7001', '2||port||stays|port 7002']).toContain(state.join('|'));
      after.close();
      if (!failed()) break;
    }
    expect(seen.size).toBe(2);
  });

  it('gives back what was stored with a document, wherever its parts went', async () => {
    const index = await SearchIndex.open(FIELDS, folder);
    const shelf = 'shelf';
    const stored = (at: number, round: number): string[] =>
      Array.from({ length: at % 4 }, (_, piece) => `${at} ${round} ${piece} é`);
    for (let round = 0; round < 3; round += 1) {
      for (let at = 0; at < 3_000; at += 1 + round)
        index.put(`d${at}`, at % 5 === 0 ? [] : [{ body: ['sun'] }], { shelf, stored: bytesOf(...stored(at, round)) });
      await index.maintain();
      index.commit(String(round));
    }
    index.put('d7', [{ body: ['sun'] }], { shelf, stored: bytesOf('new') });
    expect(textOf(index.stored('d7', 0, shelf))).toBe('new');
    index.remove('d8', shelf);
    index.close();
    const again = await SearchIndex.open(FIELDS, folder);
    expect(again.shelves()).toEqual([shelf]);
    expect(new Set(again.keys(shelf))).toEqual(new Set(Array.from({ length: 3_000 }, (_, at) => `d${at}`)));
    for (let at = 0; at < 3_000; at += 1) {
      const round = at % 3 === 0 ? 2 : at % 2 === 0 ? 1 : 0;
      const found = Array.from({ length: 4 }, (_, piece) => textOf(again.stored(`d${at}`, piece, shelf)));
      expect(found.filter((each) => each !== undefined)).toEqual(stored(at, round));
    }
    expect(again.stored('d1', 0)).toBeUndefined();
    again.drop(shelf);
    again.commit('dropped');
    again.close();
    expect(nodeFs.readdirSync(folder)).toEqual(['manifest.json']);
  });

  it('keeps only the files that it needs', async () => {
    const index = await SearchIndex.open(FIELDS, folder);
    for (let round = 0; round < 12; round += 1) {
      for (let number = 0; number < 1_200; number += 1)
        index.put(`d${round}-${number}`, [{ body: ['sun', `n${number}`] }]);
      await index.maintain();
      index.commit(String(round));
    }
    const files = nodeFs.readdirSync(folder).filter((name) => name.endsWith('.parts'));
    expect(files.length).toBeLessThanOrEqual(8);
    expect(index.size().documents).toBe(14_400);
    expect(holds(index, 'n7')).toHaveLength(10);
    index.close();
  });

  it.each([
    ['a part', (name: string) => name.endsWith('.parts'), 'is damaged'],
    ['the manifest', (name: string) => name === 'manifest.json', 'the manifest is damaged'],
  ])('with damage in %s is begun anew, and says so', async (_, isIt, reason) => {
    await first();
    const file = join(folder, nodeFs.readdirSync(folder).find(isIt) ?? '');
    const bytes = nodeFs.readFileSync(file);
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    nodeFs.writeFileSync(file, bytes);
    const index = await SearchIndex.open(FIELDS, folder);
    expect(index.lost).toContain(reason);
    expect(index.checkpoint).toBeUndefined();
    expect(index.size()).toEqual({ documents: 0, entries: 0 });
    index.put('new', [{ body: ['new'] }]);
    index.commit('1');
    index.close();
    expect(holds(await SearchIndex.open(FIELDS, folder), 'new')).toEqual(['new']);
  });

  it('made for other fields is begun anew', async () => {
    await first();
    const index = await SearchIndex.open({ text: { weight: 1, lengthShare: 0.5 } }, folder);
    expect(index.lost).toContain('another way');
    index.close();
  });
});
