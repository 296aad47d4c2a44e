// Sources from the outside: an operator adds one and sets its key, a researcher fetches, and fetches more. The key is nowhere.
import { readFile } from 'node:fs/promises';
import type { LabClient } from '@labmesh/testing';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { nasaGateway } from '../../apps/curator/src/recorded/nasa-gateway.js';
import { newcomer, type Person } from '../harness/belongings.js';
import type { Lab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';
import { type StandIn, standIn } from '../sources/stand-in.js';

const KEY = 'k3y-that-nobody-may-see';
const NAME = 'story-flares';

interface Dataset {
  readonly datasetId: string;
  readonly rows: number;
  readonly owner: string;
  readonly provenance: { readonly source: string; readonly note: string };
}

export interface SourcesPlace {
  readonly lab: Lab;
  readonly operator: LabClient;
}

/** DONKI's own manifest, under another name and at the stand-in. */
async function manifestAt(url: string): Promise<string> {
  const text = await readFile(new URL('../../apps/curator/sources/nasa-donki.yaml', import.meta.url), 'utf8');
  return text
    .replace('name: nasa-donki', `name: ${NAME}`)
    .replace('baseUrl: https://api.nasa.gov', `baseUrl: ${url}`)
    .replace('key: api.nasa.gov', `key: ${NAME}`);
}

export function sourcesStory(place: () => SourcesPlace): void {
  let nasa: StandIn;
  let researcher: Person;

  beforeAll(async () => {
    nasa = await standIn(nasaGateway({ keys: new Set(['DEMO_KEY', KEY]), limit: 1_000 }));
    researcher = await newcomer(place().lab, place().operator, 'sources');
  });
  afterAll(async () => {
    await researcher?.client[Symbol.asyncDispose]();
    await nasa?.[Symbol.asyncDispose]();
  });

  describe('a source', () => {
    verifies('sources:added', async () => {
      const { operator } = place();
      const manifest = await manifestAt(nasa.url);
      expect(await researcher.client.refused('curator_add_source', { manifest })).toMatchObject({ code: 'forbidden' });
      expect(
        await operator.refused('curator_add_source', { manifest: manifest.replace('kind: http-json', 'kind: ftp') }),
      ).toMatchObject({
        code: 'invalid_input',
        message: expect.stringMatching(/line \d+, kind: /),
      });
      await operator.call('curator_add_source', { manifest });
      await operator.call('curator_set_source_key', { source: NAME, key: KEY });
      const { sources } = await researcher.client.call<{ sources: Array<{ name: string; key: string }> }>(
        'curator_list_sources',
        { topic: 'space-weather' },
      );
      expect(sources.filter(({ name }) => name === NAME)).toMatchObject([{ key: 'set', status: 'never' }]);
      const tested = await operator.call('curator_test_source', {
        source: NAME,
        stream: 'flr',
        from: '2017-09-01',
        to: '2017-09-30',
      });
      expect(tested).toMatchObject({ rows: 41, more: false, example: { flrID: expect.any(String) as string } });
      expect(nasa.seen.at(-1)?.headers['x-api-key']).toBe(KEY);
    });

    verifies('sources:fetched', async () => {
      const fetch = (from: string, to: string) =>
        researcher.client.call<{ dataset: Dataset; rows: number; changed: number }>('curator_fetch_source', {
          source: NAME,
          stream: 'flr',
          from,
          to,
        });
      const first = await fetch('2017-09-01', '2017-09-30');
      expect(first).toMatchObject({ rows: 41, changed: 41, dataset: { rows: 41, owner: 'lab' } });
      expect(first.dataset.provenance.source).toContain('/DONKI/FLR?startDate=2017-09-01');
      // New months, and one that was there: each flare once.
      const second = await fetch('2017-09-01', '2017-12-31');
      expect(second).toMatchObject({ changed: 1, dataset: { datasetId: first.dataset.datasetId, rows: 42 } });
      const card = await researcher.client.call<{ dataset: object; versions: unknown[] }>('curator_get_dataset', {
        datasetId: first.dataset.datasetId,
      });
      expect(card).toMatchObject({
        dataset: { freshness: { status: 'fresh', message: null } },
        versions: [
          { version: 2, rows: 42 },
          { version: 1, rows: 41 },
        ],
      });
      const { rows } = await researcher.client.call<{ rows: Array<{ flrID: string }> }>('curator_fetch_dataset', {
        datasetId: first.dataset.datasetId,
      });
      expect(new Set(rows.map(({ flrID }) => flrID)).size).toBe(42);
      nasa.faults.push({ kind: 'status', status: 503 }, { kind: 'truncated' });
      expect(await fetch('2018-01-01', '2018-01-31')).toMatchObject({
        dataset: { datasetId: first.dataset.datasetId },
      });
    });

    verifies('sources:key', async () => {
      const { operator } = place();
      const source = await operator.call('curator_get_source', { source: NAME });
      const { records } = await operator.call<{ records: unknown[] }>('sentinel_audit_query', {
        tool: 'set_source_key',
      });
      expect(records.length).toBeGreaterThan(0);
      expect(JSON.stringify([source, records])).not.toContain(KEY);
    });

    verifies('sources:withdrawn', async () => {
      const { operator } = place();
      const wish = { source: NAME, stream: 'flr', from: '2017-09-01', to: '2017-12-31' };
      const { dataset } = await researcher.client.call<{ dataset: Dataset }>('curator_fetch_source', wish);
      const { datasetId } = dataset;
      const file = `datasets/${datasetId}.md`;
      const card = () => operator.call<{ text: string }>('librarian_get_document', { file }).catch(() => undefined);
      const wait = { timeout: 30_000, interval: 100 };
      await expect.poll(async () => (await card())?.text, wait).toContain(datasetId);
      expect(await researcher.client.refused('curator_withdraw_dataset', { datasetId })).toMatchObject({
        code: 'not_found',
      });
      expect(await operator.call('curator_withdraw_dataset', { datasetId })).toMatchObject({ datasetId, owner: 'lab' });
      expect(await researcher.client.refused('curator_get_dataset', { datasetId })).toMatchObject({
        code: 'not_found',
      });
      await expect.poll(card, wait).toBeUndefined();
      // Who wants it after all fetches it again.
      const again = await researcher.client.call<{ dataset: Dataset }>('curator_fetch_source', wish);
      expect(again.dataset).toMatchObject({ datasetId, rows: dataset.rows });
      await expect.poll(async () => (await card())?.text, wait).toContain(datasetId);
    });

    verifies('sources:removed', async () => {
      const { operator } = place();
      const { datasets } = await operator.call<{ datasets: Array<{ datasetId: string }> }>('curator_get_source', {
        source: NAME,
      });
      await operator.call('curator_remove_source', { source: NAME });
      expect(await researcher.client.refused('curator_fetch_source', { source: NAME, stream: 'flr' })).toMatchObject({
        code: 'not_found',
      });
      for (const { datasetId } of datasets)
        await researcher.client.call('curator_fetch_dataset', { datasetId, limit: 1 });
    });
  });
}
