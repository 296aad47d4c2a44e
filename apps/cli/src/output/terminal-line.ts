// One line that a person types at a terminal, shown or, for secrets, not. Only where somebody sits there.
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { AppError } from '@labmesh/contracts';
import type { Host } from '../host.js';
import { printable } from './failure-text.js';

export type Asked = Pick<Host, 'stdin' | 'stderr' | 'signal'>;

interface Question {
  readonly ask: string;
  /** What to do where nobody can be asked. */
  readonly instead: string;
}

export const isTerminal = ({ stdin, stderr }: Asked): boolean => stdin.isTTY === true && stderr.isTTY === true;

/** What is typed is shown. @throws AppError invalid_input where nobody can be asked, saying `instead`; cancelled by Ctrl-C */
export const shownLine = (asked: Asked, question: Question): Promise<string> => line(asked, question, true);

/** The terminal does not show it. @throws AppError as `shownLine` */
export const hiddenLine = (asked: Asked, question: Question): Promise<string> => line(asked, question, false);

async function line(asked: Asked, { ask, instead }: Question, shown: boolean): Promise<string> {
  const { stdin, stderr, signal } = asked;
  if (!isTerminal(asked)) throw new AppError('invalid_input', `Cannot ask you here: ${instead}.`);
  const output = new Writable({
    write: (chunk, _encoding, done) => {
      if (shown) stderr.write(chunk as Uint8Array);
      done();
    },
  });
  const lines = createInterface({ input: stdin as unknown as NodeJS.ReadableStream, output, terminal: true });
  // At the terminal readline has the keys, Ctrl-C too.
  const stop = new AbortController();
  lines.once('SIGINT', () => stop.abort()).once('close', () => stop.abort()); // Ctrl-D closes it, and answers nothing
  if (!shown) stderr.write(`${printable(ask)} (it is not shown): `);
  try {
    const query = shown ? `${printable(ask)}: ` : '';
    return await lines.question(query, { signal: AbortSignal.any([signal, stop.signal]) });
  } catch (cause) {
    throw new AppError('cancelled', 'Nothing was done.', { cause });
  } finally {
    lines.close();
    if (!shown) stderr.write('\n');
  }
}
