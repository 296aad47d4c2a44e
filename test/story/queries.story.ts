// SQL over datasets as a user runs it: two datasets joined, exact, page by page; what may not run does not, and the lab goes on.
import type { LabClient } from '@labmesh/testing';
import { expect } from 'vitest';
import { newcomer } from '../harness/belongings.js';
import type { Lab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';

const FLARES = 'ds_donki-solar-flares-2016-2018';

interface Answer {
  readonly columns: ReadonlyArray<{ name: string; type: string; as: string }>;
  readonly rows: unknown[][];
  readonly nextCursor?: string;
}

export function queryStory(place: () => { readonly lab: Lab; readonly operator: LabClient }): void {
  const ask = (client: LabClient, input: object) => client.call<Answer>('curator_query_dataset', { ...input });

  async function ownData(client: LabClient): Promise<string> {
    const content = 'class,meaning,watts\nM,medium,0.00001\nX,large,0.0001\n';
    const submission = { name: 'Classes of flares', format: 'csv', content };
    const { dataset } = await client.call<{ dataset: { datasetId: string } }>('curator_submit_dataset', submission);
    return dataset.datasetId;
  }

  verifies('data:queried', async () => {
    const { client } = await newcomer(place().lab, place().operator, 'asks with SQL');
    const classes = await ownData(client);
    const datasets = { flares: FLARES, classes };
    const sql = `SELECT meaning, count(*) AS flares, min(iso_time(beginTime)) AS first
      FROM flares JOIN classes ON classes.class = flares.classType[1] WHERE watts >= $least GROUP BY ALL ORDER BY flares DESC`;
    const answer = await ask(client, { sql, datasets, parameters: { least: 0.000_01 } });
    expect(answer.columns.map(({ name, as }) => [name, as])).toEqual([
      ['meaning', 'text'],
      ['flares', 'number'],
      ['first', 'text'],
    ]);
    expect(answer.rows).toMatchObject([
      ['medium', expect.any(Number), expect.stringMatching(/^2016-.*Z$/)],
      ['large', expect.any(Number), expect.stringMatching(/Z$/)],
    ]);

    const all: unknown[] = [];
    for (let cursor: string | undefined, pages = 0; pages === 0 || (cursor !== undefined && pages < 10); pages += 1) {
      const more = cursor === undefined ? {} : { cursor };
      const page = await ask(client, { sql: 'SELECT flrID FROM data', data: FLARES, limit: 40, ...more });
      all.push(...page.rows.flat());
      cursor = page.nextCursor;
    }
    expect([all.length, new Set(all).size]).toEqual([98, 98]);
  });

  verifies('data:looked-into', async () => {
    const { client } = await newcomer(place().lab, place().operator, 'looks into data');
    const profile = await client.client.callTool({ name: 'curator_profile_dataset', arguments: { datasetId: FLARES } });
    expect(profile.content).toMatchObject([{ type: 'text' }, { type: 'image', mimeType: 'image/svg+xml' }]);
    expect(profile.structuredContent).toMatchObject({ rows: 98, duplicates: 0 });

    const rules = [
      { name: 'has a class', notNull: 'classType' },
      { name: 'throws', sql: `CAST(classType AS INTEGER) > 0` },
    ];
    const report = await client.call('curator_validate_data_schema', { datasetId: FLARES, rules });
    expect(report).toMatchObject({ valid: false, rules: [{ status: 'ok' }, { status: 'error' }] });

    const sql = `SELECT flrID, classType FROM data WHERE classType LIKE 'X%'`;
    const saved = await client.call<{ dataset: { datasetId: string } }>('curator_save_query', {
      data: FLARES,
      sql,
      name: 'The large ones',
    });
    expect(saved).toMatchObject({ dataset: { provenance: { derivedFrom: FLARES, note: sql } } });
    const compared = await client.call<{ changes: Array<{ kind: string }> }>('curator_compare_datasets', {
      before: FLARES,
      after: saved.dataset.datasetId,
    });
    expect(compared.changes.filter(({ kind }) => kind === 'removed').length).toBeGreaterThan(3);
  });

  verifies('data:formats', async () => {
    const { client } = await newcomer(place().lab, place().operator, 'converts');
    const rowsOf = async (datasetId: string) =>
      (await client.call<{ rows: unknown[] }>('curator_fetch_dataset', { datasetId })).rows;
    const convert = (to: string, more: object = {}) =>
      client.call<{ dataset: { datasetId: string }; losses: unknown[] }>('curator_transform_data_format', {
        datasetId: FLARES,
        to,
        ...more,
      });
    const rows = await rowsOf(FLARES);
    for (const to of ['ndjson', 'tsv', 'parquet', 'arrow', 'yaml']) {
      const { dataset, losses } = await convert(to);
      expect([to, losses, await rowsOf(dataset.datasetId)]).toEqual([to, [], rows]);
    }
    await expect(convert('openmetrics')).rejects.toMatchObject({ code: 'unsupported_format' });
    const metrics = { name: 'Metrics', format: 'openmetrics', content: '# TYPE up gauge\nup{a="b"} 1\n# EOF\n' };
    const { dataset } = await client.call<{ dataset: { datasetId: string } }>('curator_submit_dataset', metrics);
    expect(await rowsOf(dataset.datasetId)).toMatchObject([{ family: 'up', labels: { a: 'b' }, value: 1 }]);
  });

  verifies('data:query-bounds', async () => {
    const { client } = await newcomer(place().lab, place().operator, 'asks too much');
    const other = await newcomer(place().lab, place().operator, 'has data');
    const theirs = await ownData(other.client);
    const refused = (sql: string, more: object = {}) => expect(ask(client, { sql, data: FLARES, ...more })).rejects;
    for (const sql of [
      `SELECT * FROM read_text('/etc/hostname')`,
      `COPY data TO '/tmp/flares.csv'`,
      `ATTACH '/tmp/flares.db'`,
      'INSTALL httpfs',
      'SET enable_external_access = true',
    ])
      await refused(sql).toMatchObject({ code: 'invalid_input' });
    await refused('SELECT nocol FROM data').toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('line 1, column 8'),
    });
    await refused('SELECT 1', { data: theirs }).toMatchObject({ code: 'not_found' });
    // One that DuckDB interrupts, and one that does not listen: its process is ended.
    for (const sql of [
      'SELECT count(*) FROM range(1000000000000) a, range(1000000) b',
      `SELECT levenshtein(repeat('ab', 30000), repeat('ba', 30000))`,
    ])
      await refused(sql, { timeoutMs: 300 }).toMatchObject({ code: 'deadline_exceeded' });
    expect((await ask(client, { sql: 'SELECT count(*) FROM data', data: FLARES })).rows).toEqual([[98]]);
  });
}
