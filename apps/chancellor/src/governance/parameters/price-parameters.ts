// Parameters of what computing costs. The Mechanic is told of each change and takes it for what is submitted from then on.
import { MICRO, type ParameterSpec } from './parameter-kind.js';

const price = (initialMicro: bigint, what: string): ParameterSpec => ({
  kind: 'amount',
  initial: initialMicro,
  least: 0n,
  most: 1_000_000n * MICRO,
  meaning: `What a second of ${what} costs a job.`,
});

export const PRICE_PARAMETERS = {
  'prices.cpu_second': price(100n, 'a CPU'),
  'prices.gpu_second': price(1_000n, 'a GPU'),
  'prices.gb_second': price(10n, 'a GB of memory, 1024 MB,'),
} as const satisfies Readonly<Record<string, ParameterSpec>>;
