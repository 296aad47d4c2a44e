// The assistant over a database as a replica of the Librarian has it, with a Sentinel that seals in the test's own process.
import { randomUUID } from 'node:crypto';
import type { Bus } from '@labmesh/bus';
import {
  type AnswerPiece,
  AppError,
  type Call,
  librarian,
  type Principal,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import type { Database } from '@labmesh/db';
import { builtIn } from '@labmesh/identity/policy.testing';
import { callOf, conversationsOver } from '../conversations/conversations.testing.js';
import { Conversing } from './conversing.js';
import { Following } from './following.js';
import { ModelTest } from './model-test.js';
import { Models } from './models.js';
import { ModelsRepository } from './models.repository.js';
import { OfferedTools } from './offered-tools.js';

type Tools = (typeof librarian)['tools'];
export type Answered = ToolOutput<Tools['converse']>;

/** Opens for the same purpose alone, as the Sentinel does. */
function sealingBus(): Pick<Bus, 'request'> {
  return {
    request: async (subject: string, body: unknown) => {
      const { secret, sealed, purpose } = body as { secret?: string; sealed?: string; purpose: string };
      if (subject.endsWith('.seal_secret'))
        return { sealed: Buffer.from(JSON.stringify([purpose, secret])).toString('base64') };
      const [of, opened] = JSON.parse(Buffer.from(sealed ?? '', 'base64').toString()) as [string, string];
      if (of !== purpose) throw new AppError('conflict', 'Cannot open it: it was sealed for something else');
      return { secret: opened };
    },
  } as Pick<Bus, 'request'>;
}

export function assistantOver(database: Pick<Database, 'pool'>) {
  const rows = conversationsOver(database);
  const stored = new ModelsRepository(database);
  const models = new Models(stored, sealingBus());
  const following = new Following(rows.messages, rows.answers);
  return {
    ...rows,
    stored,
    models,
    test: new ModelTest(models),
    conversing: new Conversing(models, rows.heads, rows.messages, rows.answers, new OfferedTools(builtIn), following),
  };
}

export const asked = (given: Partial<ToolInput<Tools['converse']>>): ToolInput<Tools['converse']> => ({
  conversationId: randomUUID(),
  answerId: randomUUID(),
  messages: [],
  ...given,
});

export interface Running {
  readonly pieces: AnswerPiece[];
  readonly answered: Promise<Answered>;
  /** As a caller who goes away. */
  leave(): void;
}

/** A call as the pipeline runs it: closed when its caller has gone. */
export function running(conversing: Conversing, input: ToolInput<Tools['converse']>, who: Principal): Running {
  const gone = new AbortController();
  const pieces: AnswerPiece[] = [];
  const call: Call = callOf(who, gone.signal);
  const drain = async (): Promise<Answered> => {
    const stream = conversing.converse(input, call);
    for (;;) {
      const { done, value } = await stream.next();
      if (done === true) return value;
      if (gone.signal.aborted) {
        await stream.return(undefined as never);
        throw new AppError('cancelled', 'The caller went away');
      }
      pieces.push(value);
    }
  };
  const answered = drain();
  answered.catch(() => undefined);
  return { pieces, answered, leave: () => gone.abort() };
}
