// Asks before something that cannot be taken back, where a person sits at a terminal. A script is asked nothing: it says --yes.
import { addAbortSignal, Readable } from 'node:stream';
import { AppError } from '@labmesh/contracts';
import type { Host } from '../host.js';
import { printable } from './failure-text.js';

interface Question {
  /** What is about to happen, as a question. */
  readonly ask: string;
  /** Was it said already that this is meant? */
  readonly yes: boolean | undefined;
  /** Also a script must say that it is meant. */
  readonly always?: boolean;
}

type Asked = Pick<Host, 'stdin' | 'stderr' | 'signal'>;

/** @throws AppError cancelled when the answer is no; invalid_input where nobody can be asked and it must be said */
export async function confirmed({ stdin, stderr, signal }: Asked, { ask, yes, always }: Question): Promise<void> {
  if (yes === true) return;
  if (stdin.isTTY !== true || stderr.isTTY !== true) {
    if (always !== true) return;
    throw new AppError('invalid_input', `Nothing was done: “${ask}” cannot be taken back. If you mean it: --yes`);
  }
  stderr.write(`${printable(ask)} [y/N] `);
  const said = await lineOf(stdin, signal);
  if (!/^y(es)?$/i.test(said.trim())) throw new AppError('cancelled', 'Nothing was done.');
}

async function lineOf(stdin: Host['stdin'], signal: AbortSignal): Promise<string> {
  // Ctrl-C ends the waiting, too.
  if (stdin instanceof Readable) addAbortSignal(signal, stdin);
  let text = '';
  try {
    for await (const chunk of stdin) {
      text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      if (text.includes('\n')) break;
    }
  } catch (cause) {
    throw new AppError('cancelled', 'Nothing was done.', { cause });
  }
  return text.split('\n')[0] ?? '';
}
