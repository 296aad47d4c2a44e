// Tells of datasets that come from a source how fresh they are: the datasets themselves know nothing of it.
import type { curator, Handlers } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { DatasetSummary } from '../datasets/dataset.js';
import { SourceCatalog } from './source-catalog.js';
import { freshnessOf } from './source-directory.js';
import { SourceStateRepository } from './source-state.repository.js';

type Telling = Pick<Handlers<typeof curator.tools>, 'list_available_datasets' | 'get_dataset'>;

@Injectable()
export class SourceFreshness {
  constructor(
    @Inject(SourceStateRepository) private readonly state: Pick<SourceStateRepository, 'slicesOf'>,
    @Inject(SourceCatalog) private readonly catalog: Pick<SourceCatalog, 'all'>,
  ) {}

  /** The same handlers, whose answers say it. */
  telling<T extends Telling>(tools: T): T {
    return {
      ...tools,
      list_available_datasets: async (input, call) => {
        const listed = await tools.list_available_datasets(input, call);
        return { ...listed, datasets: await this.of(listed.datasets) };
      },
      get_dataset: async (input, call) => {
        const card = await tools.get_dataset(input, call);
        const [dataset = card.dataset] = await this.of([card.dataset]);
        return { ...card, dataset };
      },
    };
  }

  async of(datasets: readonly DatasetSummary[]): Promise<DatasetSummary[]> {
    const slices = await this.state.slicesOf(datasets.map(({ datasetId }) => datasetId));
    if (slices.length === 0) return [...datasets];
    const sources = new Map((await this.catalog.all()).map(({ manifest }) => [manifest.name, manifest]));
    return datasets.map((dataset) => {
      const slice = slices.find(({ datasetId }) => datasetId === dataset.datasetId);
      if (slice === undefined) return dataset;
      return { ...dataset, freshness: freshnessOf(slice, sources.get(slice.source)?.streams[slice.stream]) };
    });
  }
}
