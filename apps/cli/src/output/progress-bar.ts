// How far a transfer is: a bar on a terminal, JSON lines for scripts that asked for JSON, silence elsewhere. On standard error.
import type { Sink } from '../host.js';
import { bytesText } from './units.js';

export interface TransferProgress {
  /** @param bytes done so far, of all */
  readonly at: (bytes: number) => void;
  /** Leaves the terminal as it was; may be called twice. */
  readonly end: () => void;
}

interface BarOptions {
  readonly stderr: Sink;
  readonly json: boolean;
  readonly total: number;
  /** What is moved, such as a file's name. */
  readonly label: string;
}

const SILENCE: TransferProgress = { at: () => undefined, end: () => undefined };
/** A script reads a handful of lines, not thousands. */
const JSON_STEPS = 10;

export async function transferProgress({ stderr, json, total, label }: BarOptions): Promise<TransferProgress> {
  if (json) return jsonLines(stderr, total, label);
  if (stderr.isTTY !== true || total === 0) return SILENCE;
  const { default: progress } = await import('cli-progress');
  const bar = new progress.SingleBar({
    format: `${label} [{bar}] {percentage} % {done} of {all}, {duration_formatted}`,
    stream: stderr as NodeJS.WritableStream,
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    clearOnComplete: true,
    hideCursor: true,
    // The terminal may be narrower than the line.
    linewrap: null,
    fps: 8,
  });
  const shown = (bytes: number) => ({ done: bytesText(bytes), all: bytesText(total) });
  bar.start(total, 0, shown(0));
  return { at: (bytes) => bar.update(bytes, shown(bytes)), end: () => bar.stop() };
}

function jsonLines(stderr: Sink, total: number, message: string): TransferProgress {
  let told = 0;
  return {
    at: (progress) => {
      const step = total === 0 ? 0 : Math.floor((progress / total) * JSON_STEPS);
      if (step <= told) return;
      told = step;
      stderr.write(`${JSON.stringify({ progress, total, message })}\n`);
    },
    end: () => undefined,
  };
}
