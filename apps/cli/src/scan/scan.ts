// One scan: files, folders and standard input, and what was found in them. Asks no lab and no network.
import { AppError } from '@labmesh/contracts';
import type { Host } from '../host.js';
import { filesAt, textOf } from './files.js';
import { KeyFinder, type Leak } from './key-finder.js';

export type FoundLeak = Leak & { readonly file: string };

export interface Scanned {
  readonly files: number;
  readonly bytes: number;
  readonly binary: number;
  readonly unreadable: readonly string[];
  readonly found: readonly FoundLeak[];
  /** True when more was found than is told. */
  readonly truncated: boolean;
}

/** More leaks than anybody reads; they are still counted as found. */
const FOUND_MAX = 10_000;
const UNREADABLE_MAX = 100;
const PROGRESS_MS = 2_000;

export interface ScanOptions {
  /** `-` is standard input. */
  readonly paths: readonly string[];
  readonly host: Pick<Host, 'stdin' | 'signal'>;
  readonly onFound: (leak: FoundLeak) => void;
  readonly onProgress: (files: number, bytes: number) => void;
}

export async function scan({ paths, host, onFound, onProgress }: ScanOptions): Promise<Scanned> {
  const state = { files: 0, bytes: 0, binary: 0, truncated: false };
  const found: FoundLeak[] = [];
  const unreadable: string[] = [];
  let toldAt = performance.now();
  const note = (file: string, leaks: readonly Leak[]): void => {
    for (const leak of leaks) {
      if (found.length >= FOUND_MAX) state.truncated = true;
      else found.push({ file, ...leak });
      onFound({ file, ...leak });
    }
  };
  const read = async (file: string, pieces: AsyncIterable<string | Uint8Array>): Promise<void> => {
    const finder = new KeyFinder();
    for await (const piece of pieces) {
      if (host.signal.aborted) throw new AppError('cancelled', 'Cancelled.');
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
      state.bytes += bytes.byteLength;
      note(file, finder.push(bytes));
      if (performance.now() - toldAt < PROGRESS_MS) continue;
      toldAt = performance.now();
      onProgress(state.files, state.bytes);
    }
    note(file, finder.end());
    state.files += 1;
  };
  const skip = ({ file, why }: { file: string; why: 'binary' | 'unreadable' }): void => {
    if (why === 'binary') state.binary += 1;
    else if (unreadable.length < UNREADABLE_MAX) unreadable.push(file);
  };
  if (paths.includes('-')) await read('-', host.stdin);
  const named = paths.filter((path) => path !== '-');
  for await (const file of filesAt(named, skip)) await read(file, textOf(file, skip));
  return { ...state, unreadable, found };
}
