// The Curator's tools on a real embedded database, called as the agent kit calls them, for tests of what looks into datasets.
import type { curator } from '@labmesh/contracts';
import { type CuratorParts, curatorParts, walletOf } from '../curator.testing.js';
import { FormatEngines } from '../formats/format-engines.js';

export const FLARES = 'ds_donki-solar-flares-2016-2018';

type Name = keyof CuratorParts['tools'];
type Output<N extends Name> = ReturnType<(typeof curator.tools)[N]['output']['parse']>;

export interface Bench {
  /** A new wallet, with the rights of a researcher. */
  readonly wallet: () => Wallet;
  readonly close: () => Promise<void>;
}

export interface Wallet {
  readonly use: <N extends Name>(name: N, input: object, signal?: AbortSignal) => Promise<Output<N>>;
  /** Stores rows and answers the dataset's id. */
  readonly submit: (rows: unknown, more?: object) => Promise<string>;
}

export async function openBench(): Promise<Bench> {
  const parts = await curatorParts();
  await parts.loader.onModuleInit();
  return {
    wallet: () => benchWallet(parts),
    close: async () => {
      await parts[Symbol.asyncDispose]();
      await new FormatEngines().onModuleDestroy();
    },
  };
}

function benchWallet(parts: CuratorParts): Wallet {
  const { use } = walletOf(() => parts);
  const submit: Wallet['submit'] = async (rows, more = {}) => {
    const content = typeof rows === 'string' ? rows : JSON.stringify(rows);
    const { dataset } = await use('submit_dataset', { name: 'Some', format: 'json', content, ...more });
    return dataset.datasetId;
  };
  return { use, submit };
}
