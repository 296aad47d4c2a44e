// A newcomer's first look at data, without a key and without the internet: a lab of recorded data, from finding flares to an own
// submission and what it earns. Recorded replies are a setting of the Curator, so the same story runs in one process and over a mesh.
import { hash } from 'node:crypto';
import type { LabClient } from '@labmesh/testing';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { newcomer } from '../harness/follower.js';
import type { LabUnderTest } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';

/** As the source has them; what ships with every lab has others of 2016 to 2018. */
const FLARES = 'ds_nasa-donki-flr';
const SHIPPED = 'ds_donki-solar-flares-2016-2018';
const EJECTIONS = 'ds_nasa-donki-cme';
/** A row for each minute of the summer, with the flares that went on: too many bytes for an answer. */
const MINUTES = `
  SELECT minute, flares.classType AS flare, flares.sourceLocation AS place, hash(minute) AS draw
  FROM generate_series(TIMESTAMP '2017-07-01', TIMESTAMP '2017-09-30', INTERVAL 1 MINUTE) AS clock(minute)
  LEFT JOIN flares ON minute BETWEEN iso_time(flares.beginTime) AND iso_time(flares.peakTime)`;

export interface DemoPlace {
  readonly lab: LabUnderTest;
  /** The metrics of the process in which the Curator runs. */
  metrics(): Promise<string>;
}

interface Dataset {
  readonly datasetId: string;
  readonly rows: number;
  readonly version: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly provenance: { readonly note: string | null };
}
interface Listed {
  readonly datasets: readonly Dataset[];
  readonly facets: Readonly<Record<string, ReadonlyArray<{ value: string; count: number }>>>;
}

export function demoStory(start: () => Promise<DemoPlace>): void {
  let place: DemoPlace;
  let operator: LabClient;
  let researcher: LabClient;
  let token: string;

  beforeAll(async () => {
    place = await start();
    operator = await place.lab.connect(place.lab.operatorToken());
    ({ token } = await newcomer(operator, 'researcher'));
    researcher = await place.lab.connect(token);
  });
  afterAll(async () => {
    await researcher?.[Symbol.asyncDispose]();
    await operator?.[Symbol.asyncDispose]();
    await place?.lab[Symbol.asyncDispose]();
  });

  const call = async <T>(tool: string, input: object): Promise<T> =>
    researcher.call<T>(`curator_${tool}`, { ...input });

  describe('a lab of recorded data', () => {
    verifies('demo:found', async () => {
      const find = (more: object) => call<Listed>('list_available_datasets', { query: 'solar flares', ...more });
      const ids = async () => (await find({})).datasets.map(({ datasetId }) => datasetId);
      await expect.poll(ids).toEqual(expect.arrayContaining([FLARES, SHIPPED]));
      const { datasets, facets } = await find({ origin: 'nasa-donki', facets: true });
      expect(datasets).toMatchObject([{ datasetId: FLARES, rows: 51, version: 1 }]);
      expect(datasets[0]?.provenance.note).toMatch(/^RECORDED DATA/);
      expect(facets).toMatchObject({ topic: [{ value: 'space-weather', count: 1 }], format: [{ value: 'json' }] });
    });

    verifies('demo:fetched', async () => {
      const spring = { source: 'nasa-donki', stream: 'flr', from: '2017-04-01', to: '2017-06-30' };
      const fetched = await call<{ drift: object | null }>('fetch_source', spring);
      expect(fetched).toMatchObject({ dataset: { datasetId: FLARES, rows: 63, version: 2 }, changed: 12 });
      const card = await call<{ versions: Array<{ drift: object | null }> }>('get_dataset', { datasetId: FLARES });
      expect(card.versions[0]?.drift).toEqual(fetched.drift);
      // The same months again bring nothing new, and so no version.
      expect(await call('fetch_source', spring)).toMatchObject({ dataset: { version: 2 }, changed: 0 });
      const drift = await call('compare_datasets', { before: FLARES, beforeVersion: 1, after: FLARES });
      expect(drift).toMatchObject({ same: false, rowsBefore: 51, rowsAfter: 63 });
      expect(drift).toHaveProperty(
        'changes',
        expect.arrayContaining([
          {
            column: 'beginTime',
            kind: 'range',
            before: '"2017-07-02T12:15Z" to "2017-09-27T00:49Z"',
            after: '"2017-04-01T19:30Z" to "2017-09-27T00:49Z"',
            widens: true,
          },
        ]),
      );
    });

    verifies('demo:asked', async () => {
      const profile = await profileOf(researcher, FLARES);
      expect(profile.rows).toBe(63);
      expect(profile.columns.find(({ name }) => name === 'activeRegionNum')).toMatchObject({ nulls: 7 });

      const datasets = { flares: FLARES, ejections: EJECTIONS };
      const sql = `SELECT left(flares.classType, 1) AS class, count(*) AS pairs
        FROM flares JOIN ejections
          ON iso_time(ejections.startTime) BETWEEN iso_time(flares.beginTime) AND iso_time(flares.beginTime) + INTERVAL 1 HOUR
        GROUP BY class ORDER BY class DESC`;
      const { rows } = await call<{ rows: unknown[] }>('query_dataset', { sql, datasets });
      expect(rows).toEqual(await pairsByClass(call));
    });

    verifies('demo:taken-along', async () => {
      const kept = await call<{ dataset: Dataset }>('save_query', {
        sql: MINUTES,
        datasets: { flares: FLARES },
        name: 'Minutes of the summer of 2017',
      });
      const { datasetId, bytes, sha256 } = kept.dataset;
      expect(bytes).toBeGreaterThan(256 * 1024);
      const { link } = await call<{ link: { url: string } }>('fetch_dataset', { datasetId, as: 'content' });
      expect(link.url).toMatch(new RegExp(`^${place.lab.url}/blobs/`));
      const reply = await fetch(link.url, { headers: { authorization: `Bearer ${token}` } });
      expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/vnd.apache.parquet']);
      const parquet = Buffer.from(await reply.arrayBuffer());
      expect([parquet.length, hash('sha256', parquet)]).toEqual([bytes, sha256]);
      expect([parquet.subarray(0, 4).toString(), parquet.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1']);
      expect((await fetch(link.url)).status).toBe(401);
    });

    verifies('demo:pictured', async () => {
      const parameters = { layer: 'MODIS_Terra_CorrectedReflectance_TrueColor', time: '2017-09-06' };
      const { content, structuredContent } = await researcher.client.callTool({
        name: 'curator_get_imagery',
        arguments: { source: 'nasa-gibs', image: 'map', parameters },
      });
      expect(content).toMatchObject([{ text: expect.stringMatching(/^TEST CARD/) }, { mimeType: 'image/png' }]);
      expect(structuredContent).toMatchObject({ drawn: true, parameters });
    });

    verifies('demo:contributed', async () => {
      const balance = async () => (await researcher.call<{ balance: string }>('chancellor_get_balance')).balance;
      const told = async () =>
        Number(
          /^labmesh_outbox_published_total\{agent="curator",event="dataset_contributed"\} (\d+)$/m.exec(
            await place.metrics(),
          )?.[1] ?? 0,
        );
      const before = await told();
      const submit = (name: string, seen: number) =>
        call<{ alreadyStored: boolean; dataset: Dataset }>('submit_dataset', {
          name,
          format: 'csv',
          content: `station,flares\nA1,${seen}\n`,
        });
      const first = await submit('Flares seen here', 3);
      expect(first.alreadyStored).toBe(false);
      await expect.poll(balance).toBe('5.00');
      expect(await submit('Flares seen here', 3)).toMatchObject({
        alreadyStored: true,
        dataset: { datasetId: first.dataset.datasetId },
      });
      // Under another name it is another dataset, and still the same contribution.
      expect((await submit('The same flares', 3)).alreadyStored).toBe(false);
      await submit('More flares', 4);
      // Events leave in the order in which they were stored: with that of the last, those of all before it are out.
      await expect.poll(told).toBe(before + 2);
      await expect.poll(balance).toBe('10.00');
      const { rewards } = await researcher.call<{ rewards: object[] }>('chancellor_preview_rewards');
      const paid = { for: 'dataset_contributed', amount: '5.00', status: 'paid' };
      expect(rewards).toMatchObject([paid, { ...paid, source: `${first.dataset.datasetId} 1` }]);
    });
  });
}

interface Profile {
  readonly rows: number;
  readonly columns: ReadonlyArray<{ readonly name: string; readonly nulls: number }>;
}

async function profileOf(client: LabClient, datasetId: string): Promise<Profile> {
  const { structuredContent } = await client.client.callTool({
    name: 'curator_profile_dataset',
    arguments: { datasetId },
  });
  return structuredContent as never;
}

/** What SQL is asked for, counted by hand. */
async function pairsByClass(call: <T>(tool: string, input: object) => Promise<T>): Promise<Array<[string, number]>> {
  const rowsOf = async (datasetId: string) =>
    (await call<{ rows: Array<Record<string, string>> }>('fetch_dataset', { datasetId })).rows;
  const [flares, ejections] = [await rowsOf(FLARES), await rowsOf(EJECTIONS)];
  const counts = new Map<string, number>();
  for (const { beginTime = '', classType = '' } of flares)
    for (const { startTime = '' } of ejections) {
      const after = Date.parse(startTime) - Date.parse(beginTime);
      const letter = classType.slice(0, 1);
      if (after >= 0 && after <= 3_600_000) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
  return [...counts].sort(([one], [other]) => (one < other ? 1 : -1));
}
