// What an attempt of a job used over time: series of bounded length.
import { z } from 'zod';

/** Most values of a series: when there are more, each two become one, and stand for twice the time. */
export const USAGE_POINTS_MAX = 120;

const Series = <T extends z.ZodNumber>(value: T) => z.array(value).max(USAGE_POINTS_MAX);
export const UsageSeries = z.object({
  everySeconds: z.number().positive().describe('Between two values; the first is so long after startedAt'),
  cpus: Series(z.number().nonnegative()).describe('Processors that were busy, as a mean'),
  memoryBytes: Series(z.number().nonnegative()).describe('The most of that time'),
  gpus: Series(z.number().nonnegative()).describe('GPUs that were busy, as a mean; empty without any'),
});
export type UsageSeries = z.output<typeof UsageSeries>;
