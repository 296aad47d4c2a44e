// What a job costs: its resources, times the seconds that it has them, at the prices of its submission. Exact, in 10^-6 $webxos.
import type { JobSpec } from '@labmesh/contracts';
import type { Prices } from '@labmesh/jobs';

type Wants = Pick<JobSpec['resources'], 'cpus' | 'memoryMb' | 'gpus'>;

const MB_OF_GB = 1_024n;
const MILLI = 1_000n;

/** Of so many seconds, rounded up: CPUs at cpuSecond, GPUs at gpuSecond, each 1024 MB at gbSecond. */
export function costMicro({ cpus, memoryMb, gpus }: Wants, seconds: number, prices: Prices): bigint {
  const perSecond =
    BigInt(Math.round(cpus * 1_000)) * prices.cpuSecond * MB_OF_GB +
    BigInt(gpus) * prices.gpuSecond * MILLI * MB_OF_GB +
    BigInt(memoryMb) * prices.gbSecond * MILLI;
  const whole = MILLI * MB_OF_GB;
  return (perSecond * BigInt(seconds) + whole - 1n) / whole;
}

/** The most that it can cost: every try as long as it may. */
export const mostMicro = ({ resources, tries }: Pick<JobSpec, 'resources' | 'tries'>, prices: Prices): bigint =>
  costMicro(resources, resources.wallSeconds * tries, prices);
