// The NVIDIA GPUs of this machine, as nvidia-smi tells of them. A machine without the program simply has none.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const PROGRAM = 'nvidia-smi';
const TIMEOUT_MS = 3_000;
const OUTPUT_BYTES_MAX = 256 * 1_024;
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
export async function measureGpus(program: string = PROGRAM): Promise<GpuFigures[]> {
  const query = [`--query-gpu=${FIELDS.join(',')}`, '--format=csv,noheader,nounits'];
  const limits = { timeout: TIMEOUT_MS, maxBuffer: OUTPUT_BYTES_MAX, windowsHide: true };
  try {
    return parseGpus((await promisify(execFile)(program, query, limits)).stdout);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Reads the CSV text; lines that are not a GPU's are left out ("No devices were found"). */
export function parseGpus(csv: string): GpuFigures[] {
  return csv.split('\n').flatMap((line) => {
    const fields = line.split(',').map((field) => field.trim());
    const index = numberOf(fields[0]);
    if (fields.length < FIELDS.length || index === null || !Number.isSafeInteger(index)) return [];
    const [total, used, utilization, temperature] = fields.slice(-4).map(numberOf);
    return [
      {
        index,
        name: fields.slice(1, -4).join(', '),
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
