// What finding datasets by words and facets must do, as tests: the same on each kind of database.
import { describe, expect, it } from 'vitest';
import { type CuratorParts, walletOf } from '../curator.testing.js';

export function catalogueTests(parts: () => CuratorParts): void {
  const library = async () => {
    const { use, submit, walletId } = walletOf(parts);
    const made = new Map<string, string>();
    const add = async (name: string, more: object) => {
      const { dataset } = await submit([{ name }], { name, ...more });
      made.set(dataset.datasetId, name);
      return dataset.datasetId;
    };
    await add('Solar flares of 2016-2018', {
      license: 'CC0-1.0',
      topics: ['sun', 'flares'],
      description: 'flares.csv, X-class',
    });
    await add('Solar wind', { license: 'CC-BY-4.0', topics: ['sun'], format: 'yaml', content: '- {a: 1}\n' });
    const rocks = await add('Rocks', {
      license: 'CC0-1.0',
      topics: ['geology'],
      description: 'Gesteine, größtenteils Löß',
    });
    const list = async (input: object) => {
      const answer = await use('list_available_datasets', { owner: 'mine', ...input });
      return answer.datasets.map(({ datasetId }) => made.get(datasetId) ?? datasetId);
    };
    return { use, list, add, rocks, walletId };
  };

  describe('words', () => {
    it('each begin a word of the name or the description, in any case and whatever signs stand around', async () => {
      const { list } = await library();
      const found = async (query: string) => list({ query });
      expect(await found('SOLAR')).toEqual(['Solar wind', 'Solar flares of 2016-2018']);
      expect(await found('wind sol')).toEqual(['Solar wind']);
      for (const query of ['flares.csv', 'csv', '2018', '2016-2018', 'x-class', '"x class"', 'fla&res:*'])
        expect([query, await found(query)]).toEqual([
          query,
          query.includes('fla&') ? [] : ['Solar flares of 2016-2018'],
        ]);
      expect(await found('löß größten')).toEqual(['Rocks']);
      expect(await found('lares')).toEqual([]);
      // Signs alone are no words.
      expect(await found("  ' | & ! <-> :* \\ \0 ")).toHaveLength(3);
      for (const query of ['zebra', '“ — 🙂', '日本']) expect([query, await found(query)]).toEqual([query, []]);
    });
  });

  describe('facets', () => {
    it('narrow the list, alone and together', async () => {
      const { list } = await library();
      expect(await list({ topic: 'sun' })).toEqual(['Solar wind', 'Solar flares of 2016-2018']);
      expect(await list({ topic: 'sun', license: 'CC0-1.0' })).toEqual(['Solar flares of 2016-2018']);
      expect(await list({ format: 'yaml' })).toEqual(['Solar wind']);
      expect(await list({ origin: 'submission', query: 'rocks' })).toEqual(['Rocks']);
      expect(await list({ origin: 'transformed' })).toEqual([]);
      expect(await list({ updatedWithin: 'day', topic: 'geology' })).toEqual(['Rocks']);
      expect(await list({ license: "x' OR true --" })).toEqual([]);
      await parts().database.pool.query(
        `UPDATE curator.datasets SET updated_at = now() - interval '8 days' WHERE name = 'Rocks'`,
      );
      expect(await list({ updatedWithin: 'week', topic: 'geology' })).toEqual([]);
      expect(await list({ updatedWithin: 'month', topic: 'geology' })).toEqual(['Rocks']);
    });

    it('are counted, and counted anew after every change, at any replica', async () => {
      const { use, add, rocks } = await library();
      const counts = async (input: object = {}) =>
        (await use('list_available_datasets', { owner: 'mine', limit: 1, facets: true, ...input })).facets;
      const first = {
        owner: [{ value: 'mine', count: 3 }],
        format: [
          { value: 'json', count: 2 },
          { value: 'yaml', count: 1 },
        ],
        origin: [{ value: 'submission', count: 3 }],
        license: [
          { value: 'CC0-1.0', count: 2 },
          { value: 'CC-BY-4.0', count: 1 },
        ],
        topic: [
          { value: 'sun', count: 2 },
          { value: 'flares', count: 1 },
          { value: 'geology', count: 1 },
        ],
        updatedWithin: ['day', 'month', 'week', 'year'].map((value) => ({ value, count: 3 })),
      };
      expect(await counts()).toEqual(first);
      expect(await counts()).toEqual(first);
      expect((await counts({ query: 'solar' }))?.topic).toEqual([
        { value: 'sun', count: 2 },
        { value: 'flares', count: 1 },
      ]);
      await add('One more', { topics: ['geology'] });
      expect((await counts())?.topic[0]).toEqual({ value: 'geology', count: 2 });
      await use('update_dataset', { datasetId: rocks, format: 'csv', content: 'a\n1\n', topics: ['stones'] });
      expect((await counts())?.format.map(({ value }) => value)).toEqual(['json', 'csv', 'yaml']);
      await use('withdraw_dataset', { datasetId: rocks });
      expect((await counts())?.owner).toEqual([{ value: 'mine', count: 3 }]);
      expect((await use('list_available_datasets', {})).facets).toBeUndefined();
    });

    it('count what the lab has for everybody, and nothing of another wallet’s', async () => {
      await parts().loader.onModuleInit();
      await library();
      const { use } = walletOf(parts);
      const { facets } = await use('list_available_datasets', { facets: true });
      expect(facets?.owner).toEqual([{ value: 'lab', count: 1 }]);
      expect((await use('list_available_datasets', { owner: 'mine', facets: true })).facets).toMatchObject({
        owner: [],
        topic: [],
      });
      expect((await use('list_available_datasets', { owner: 'lab' })).datasets).toHaveLength(1);
    });
  });
}
