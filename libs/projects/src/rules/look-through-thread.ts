// The thread that looks a project through, from the inside: one project, then it ends. What only the lab knows it asks of whoever
// started it.
import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '@labmesh/contracts';
import { lookThrough } from './look-through.js';
import type { Answered, Asking, LookedAt, Told } from './look-through-messages.js';
import type { LabFacts } from './rule.js';

const port = parentPort;
if (port === null) throw new Error('This is a thread: start it with look-through-elsewhere.');
const { subject, asked, knows } = workerData as LookedAt;
const tell = (told: Told): void => port.postMessage(told);

const waiting = new Map<number, (answered: Answered) => void>();
let last = 0;
port.on('message', (answered: Answered) => waiting.get(answered.id)?.(answered));

function ask(what: Asking['what'], value: string): Promise<unknown> {
  last += 1;
  const id = last;
  return new Promise((resolve, reject) => {
    waiting.set(id, ({ answer, failure }) => {
      waiting.delete(id);
      if (failure === undefined) resolve(answer);
      else reject(new AppError(failure.code, failure.message));
    });
    tell({ kind: 'ask', id, what, value });
  });
}

const facts: LabFacts = {
  ...(knows.wallet === undefined ? {} : { wallet: knows.wallet }),
  ...(knows.labUrl === undefined ? {} : { labUrl: knows.labUrl }),
  ...(knows.walletState ? { walletState: (id: string) => ask('walletState', id) as never } : {}),
  ...(knows.answers ? { answers: (url: string) => ask('answers', url) as never } : {}),
};

try {
  tell({ kind: 'looked', looked: await lookThrough(subject, facts, asked) });
} catch (error) {
  const { code, message } =
    error instanceof AppError
      ? error
      : new AppError('internal', error instanceof Error ? error.message : String(error));
  tell({ kind: 'failed', failure: { code, message } });
}
// Nothing is waited for any more.
port.close();
