// Asks nvidia-smi, the one program that tells of NVIDIA GPUs. A machine without it is told apart without starting a process, since
// forking a process of the lab's size holds it up for longer than all else that health asks.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import which from 'which';

const PROGRAM = 'nvidia-smi';
/** Drivers that sleep take their time. */
const TIMEOUT_MS = 3_000;
const OUTPUT_BYTES_MAX = 1_024 * 1_024;

export interface NvidiaQuestion {
  readonly about: 'gpu' | 'compute-apps';
  /** As `nvidia-smi --help-query-gpu` names them. */
  readonly fields: readonly string[];
  /** In place of the program, for tests. */
  readonly program?: string | undefined;
}

/**
 * The values of each line, trimmed; a comma within a value separates, too. [] where there is no nvidia-smi.
 * @throws what it says when it is there and fails, or takes longer than three seconds
 */
export async function askNvidia({ about, fields, program = PROGRAM }: NvidiaQuestion): Promise<string[][]> {
  const found = await which(program, { nothrow: true });
  if (found === null) return [];
  const query = [`--query-${about}=${fields.join(',')}`, '--format=csv,noheader,nounits'];
  const limits = { timeout: TIMEOUT_MS, maxBuffer: OUTPUT_BYTES_MAX, windowsHide: true };
  const { stdout } = await promisify(execFile)(found, query, limits);
  return valuesOf(stdout).filter((values) => values.length >= fields.length);
}

export const valuesOf = (csv: string): string[][] =>
  csv.split('\n').map((line) => line.split(',').map((value) => value.trim()));
