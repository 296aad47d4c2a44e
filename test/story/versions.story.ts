// A dataset's life as its owner lives it: submitted once, corrected, followed, read as it was, withdrawn; and nobody else's to touch.
import type { LabClient } from '@labmesh/testing';
import { expect } from 'vitest';
import { newcomer } from '../harness/belongings.js';
import type { Lab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';

interface Stored {
  readonly dataset: { readonly datasetId: string; readonly version: number; readonly rows: number };
  readonly alreadyStored: boolean;
}
interface Listed {
  readonly datasets: ReadonlyArray<{ datasetId: string; version: number }>;
  readonly facets?: Readonly<Record<string, ReadonlyArray<{ value: string; count: number }>>>;
}

const csv = (...values: string[]): { format: string; content: string } => ({
  format: 'csv',
  content: `star,magnitude\n${values.join('\n')}\n`,
});

export function versionStory(place: () => { readonly lab: Lab; readonly operator: LabClient }): void {
  const textOf = async (client: LabClient, uri: string): Promise<unknown> =>
    (await client.client.readResource({ uri })).contents.map((content) => ('text' in content ? content.text : ''))[0];

  verifies('data:versions', async () => {
    const { client } = await newcomer(place().lab, place().operator, 'keeps versions');
    const submit = (more: object) => client.call<Stored>('curator_submit_dataset', { name: 'Stars', ...more });
    const first = await submit({ ...csv('Sirius,-1.46'), topics: ['stars'], license: 'CC0-1.0' });
    const { datasetId } = first.dataset;
    expect(await submit(csv('Sirius,-1.46'))).toMatchObject({
      alreadyStored: true,
      dataset: { datasetId, version: 1 },
    });

    const uri = `dataset://${datasetId}`;
    const heard: string[] = [];
    client.client.setNotificationHandler(
      'notifications/resources/updated',
      ({ params }) => void heard.push(params.uri),
    );
    await client.client.listen({ resourceSubscriptions: [uri] });
    const update = (more: object) => client.call<Stored>('curator_update_dataset', { datasetId, ...more });
    const second = csv('Sirius,-1.46', 'Canopus,-0.74');
    expect(await update({ ...second, note: 'Canopus', expectedVersion: 1 })).toMatchObject({
      alreadyStored: false,
      dataset: { version: 2, rows: 2 },
    });
    await expect.poll(() => heard).toEqual([uri]);
    await expect(update({ ...csv('Vega,0.03'), expectedVersion: 1 })).rejects.toMatchObject({ code: 'conflict' });
    expect(await update(second)).toMatchObject({ alreadyStored: true, dataset: { version: 2 } });
    expect([await textOf(client, uri), await textOf(client, `${uri}/versions/1`)]).toEqual([
      second.content,
      csv('Sirius,-1.46').content,
    ]);
    const { versions } = await client.call<{ versions: Array<{ version: number; note: string | null }> }>(
      'curator_get_dataset',
      { datasetId },
    );
    expect(versions.map(({ version, note }) => [version, note])).toEqual([
      [2, 'Canopus'],
      [1, null],
    ]);

    const found = await client.call<Listed>('curator_list_available_datasets', {
      topic: 'stars',
      query: 'sta',
      facets: true,
    });
    expect(found.datasets).toMatchObject([{ datasetId, version: 2 }]);
    expect(found.facets).toMatchObject({
      license: [{ value: 'CC0-1.0', count: 1 }],
      owner: [{ value: 'mine', count: 1 }],
    });

    const withdrawn = await client.call('curator_withdraw_dataset', { datasetId });
    expect(await client.call('curator_withdraw_dataset', { datasetId })).toEqual(withdrawn);
    await expect.poll(() => heard).toEqual([uri, uri]);
    for (const tool of ['curator_fetch_dataset', 'curator_get_dataset'])
      await expect(client.call(tool, { datasetId })).rejects.toMatchObject({ code: 'not_found' });
    const left = await client.call<Listed>('curator_list_available_datasets', { owner: 'mine' });
    expect(left.datasets).toEqual([]);
    await client[Symbol.asyncDispose]();
  });
}
