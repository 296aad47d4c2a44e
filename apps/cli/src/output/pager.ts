// A text that is longer than the terminal, in the pager that people have. It must never be in the way: without a pager the text is
// written as it is.
import { spawnSync } from 'node:child_process';

/** less leaves what fits, shows colours, and does not clear the screen. */
const LESS = 'FRX';
const USUAL = 'less';

interface PagerOptions {
  /** Its command line, without a shell; empty or `cat` for none, the usual one when left out. */
  readonly pager: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** Waits until the reader has enough. @returns false when there is no pager */
export function paged(text: string, { pager = USUAL, env }: PagerOptions): boolean {
  const [command, ...args] = pager.trim().split(/\s+/);
  if (command === undefined || command === '' || command === 'cat') return false;
  const ended = spawnSync(command, args, {
    input: text,
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { LESS, LV: '-c', ...env },
  });
  // A reader that has seen enough closes its end before all was written: that is EPIPE, and no failure.
  return ended.error === undefined || (ended.error as NodeJS.ErrnoException).code === 'EPIPE';
}
