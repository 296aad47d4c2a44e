// Wires the Curator: its settings, its domain, its tools. Decides nothing.
import { agentModule } from '@labmesh/agent';
import { type Call, curator } from '@labmesh/contracts';
import { Module } from '@nestjs/common';
import { CURATOR_CONFIG, type CuratorConfig, readCuratorConfig } from './config.js';
import { curatorPrompts } from './curator.prompts.js';
import { curatorResources } from './curator.resources.js';
import { curatorTools } from './curator.tools.js';
import { DatasetRepository } from './datasets/dataset.repository.js';
import { DatasetChecker } from './datasets/dataset-checker.js';
import { DatasetReader } from './datasets/dataset-reader.js';
import { DatasetWriter } from './datasets/dataset-writer.js';
import { RowCache } from './datasets/row-cache.js';
import { FormatEngines } from './formats/format-engines.js';
import { ShippedLoader } from './shipped/shipped-loader.js';

/** A dataset never changes once it is stored; its owner's list of datasets does. */
const stored = (_dataset: unknown, { principal }: Call) => ({ uris: [], listOf: principal.walletId });

@Module(
  agentModule(curator, {
    providers: [
      { provide: CURATOR_CONFIG, useFactory: () => readCuratorConfig() },
      {
        provide: RowCache,
        inject: [CURATOR_CONFIG],
        useFactory: (config: CuratorConfig) => new RowCache(config.cacheBytesMax),
      },
      DatasetRepository,
      DatasetReader,
      DatasetWriter,
      DatasetChecker,
      ShippedLoader,
      FormatEngines,
    ],
    tools: { inject: [DatasetReader, DatasetWriter, DatasetChecker], useFactory: curatorTools },
    resources: { inject: [DatasetReader], useFactory: curatorResources },
    changes: { submit_dataset: stored, transform_data_format: stored },
    prompts: { inject: [DatasetReader], useFactory: curatorPrompts },
  }),
)
export class CuratorModule {}
