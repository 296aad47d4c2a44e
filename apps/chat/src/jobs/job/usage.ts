// What an attempt used over time, as lines of a picture. Pure.
import type { Attempt, Job } from '../job.js';

export interface UsageLine {
  readonly name: string;
  /** Of what it may have, at each moment; above 1 where it had more. */
  readonly ratios: readonly number[];
  readonly last: number;
  readonly most: number;
  readonly allowed: number;
}

const MEBIBYTE = 1_024 * 1_024;

/** Undefined while too little is known for a line. */
export function usageLines(
  { usage }: Pick<Attempt, 'usage'>,
  { cpus, memoryMb, gpus }: Job['resources'],
): { readonly lines: readonly UsageLine[]; readonly seconds: number } | undefined {
  if (usage === null || usage.cpus.length < 2) return undefined;
  const line = (name: string, values: readonly number[], allowed: number): UsageLine => ({
    ...{ name, allowed, last: values.at(-1) ?? 0, most: Math.max(0, ...values) },
    ratios: values.map((value) => value / allowed),
  });
  return {
    lines: [
      line('CPUs', usage.cpus, cpus),
      line('Memory', usage.memoryBytes, memoryMb * MEBIBYTE),
      ...(gpus > 0 && usage.gpus.length > 0 ? [line('GPUs', usage.gpus, gpus)] : []),
    ],
    seconds: usage.everySeconds * usage.cpus.length,
  };
}

/** The corners of a line in a picture that is so wide and high, for `points`; what is above it is drawn at its top. */
export function cornersOf(ratios: readonly number[], width: number, height: number): string {
  const top = Math.max(1, ...ratios);
  return ratios
    .map((ratio, at) => {
      const x = (at / (ratios.length - 1)) * width;
      return `${x.toFixed(2)},${(height - (ratio / top) * height).toFixed(2)}`;
    })
    .join(' ');
}
