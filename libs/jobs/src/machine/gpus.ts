// The NVIDIA GPUs of this machine, as nvidia-smi tells of them. A machine without the program simply has none.
import { askNvidia } from './nvidia-smi.js';

/** What is asked for, in the order the parser reads it. The name stands first but one because it may hold commas. */
const FIELDS = ['index', 'name', 'memory.total', 'memory.used', 'utilization.gpu', 'temperature.gpu'] as const;
const MEBIBYTE = 1_024 * 1_024;

export interface GpuFigures {
  readonly index: number;
  readonly name: string;
  /** 0 where the GPU has no memory of its own to report. */
  readonly memoryTotalBytes: number;
  readonly memoryUsedBytes: number;
  /** 0 to 1; null where the GPU does not tell, as with MIG. */
  readonly utilizationRatio: number | null;
  readonly temperatureC: number | null;
}

/** [] where there is no nvidia-smi; rejects when it is there and fails or takes longer than three seconds. */
export const measureGpus = async (program?: string): Promise<GpuFigures[]> =>
  gpusOf(await askNvidia({ about: 'gpu', fields: FIELDS, program }));

/** Reads the values of each line; what is not a GPU's is left out ("No devices were found"). */
export function gpusOf(lines: readonly string[][]): GpuFigures[] {
  return lines.flatMap((values) => {
    const index = numberOf(values[0]);
    if (values.length < FIELDS.length || index === null || !Number.isSafeInteger(index)) return [];
    const [total, used, utilization, temperature] = values.slice(-4).map(numberOf);
    return [
      {
        index,
        name: values.slice(1, -4).join(', '),
        memoryTotalBytes: (total ?? 0) * MEBIBYTE,
        memoryUsedBytes: (used ?? 0) * MEBIBYTE,
        utilizationRatio: typeof utilization === 'number' ? utilization / 100 : null,
        temperatureC: temperature ?? null,
      },
    ];
  });
}

/** nvidia-smi writes [N/A], [Not Supported] or [Unknown Error] where it has no figure. */
function numberOf(field: string | undefined): number | null {
  return field !== undefined && /^-?\d+(\.\d+)?$/.test(field) ? Number(field) : null;
}
