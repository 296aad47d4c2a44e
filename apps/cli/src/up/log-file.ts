// The log of one process: a file that it writes to by itself, so that it goes on when its supervisor does not. It is kept to a
// bounded size, with one older part beside it.
import { closeSync, copyFileSync, openSync, readSync, statSync, truncateSync } from 'node:fs';

const BYTES_MAX = 10 * 1024 * 1024;
const TAIL_BYTES = 16 * 1024;

export class LogFile {
  constructor(
    readonly path: string,
    private readonly bytesMax = BYTES_MAX,
  ) {}

  /** Where the process shall write; whoever opens it closes it. Appending, so that it may be made shorter meanwhile. */
  open(): number {
    return openSync(this.path, 'a', 0o600);
  }

  /** Moves what is there aside when it is too much. What is written in that moment may be lost. */
  bound(): void {
    if (statSync(this.path, { throwIfNoEntry: false }) === undefined || this.size <= this.bytesMax) return;
    copyFileSync(this.path, `${this.path}.1`);
    truncateSync(this.path);
  }

  get size(): number {
    return statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** The last lines behind a place in the file. */
  tail(lines: number, from = 0): string {
    const { size } = this;
    const start = Math.max(Math.min(from, size), size - TAIL_BYTES);
    const bytes = Buffer.alloc(size - start);
    if (bytes.length === 0) return '';
    const file = openSync(this.path, 'r');
    try {
      readSync(file, bytes, 0, bytes.length, start);
    } finally {
      closeSync(file);
    }
    return bytes.toString('utf8').trimEnd().split('\n').slice(-lines).join('\n');
  }
}
