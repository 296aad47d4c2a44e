// Somebody who runs jobs, as any MCP client would: submits, follows the log over lost connections, takes along what a job left, and
// looks at their money.
import { createHash } from 'node:crypto';
import { ERROR_CODES, type ErrorCodeName } from '@labmesh/contracts';
import type { LabClient } from '@labmesh/testing';
import { expect } from 'vitest';
import { newcomer } from './follower.js';
import { bytesOf } from './job-logs.js';
import type { Lab } from './lab-under-test.js';
import { pause } from './rounds.js';

const MICRO = 1_000_000n;
/** The lab is being started again: nobody waits longer. */
const AWAY_TRIES = 600;
const AGAIN_MS = 200;

/** Exact, in 10^-6 $webxos. */
export const micro = (amount: string): bigint => {
  const [whole = '0', part = ''] = amount.split('.');
  return BigInt(whole) * MICRO + BigInt(part.padEnd(6, '0'));
};

export interface Attempt {
  readonly attempt: number;
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

export interface Job {
  readonly jobId: string;
  readonly state: string;
  readonly reason: string | null;
  readonly message: string | null;
  readonly executor: string;
  readonly held: string;
  readonly cost: string | null;
  readonly attempts: number;
  readonly history: readonly Attempt[];
}

interface Told {
  readonly pieces: readonly Piece[];
  readonly cursor: string;
  readonly ended: boolean;
}
type Piece = Parameters<typeof bytesOf>[0] & { readonly attempt: number };

export interface Log {
  /** Bytes of each attempt, both streams in order, as latin1. */
  readonly attempts: ReadonlyMap<number, string>;
  /** How often the connection was lost. */
  readonly losses: number;
}

/** Asks until the lab answers: it may be away, or too busy. What is asked must be the same when it is asked twice. */
export async function steady<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      const { code = '' } = error as { code?: string };
      const isFinal = Object.hasOwn(ERROR_CODES, code) && !ERROR_CODES[code as ErrorCodeName].retry;
      if (tries >= AWAY_TRIES || isFinal) throw error;
      await pause(AGAIN_MS);
    }
  }
}

const ENDED = ['succeeded', 'failed', 'cancelled', 'dependency_failed'];

export class JobOwner implements AsyncDisposable {
  private constructor(
    readonly lab: Lab,
    readonly walletId: string,
    readonly token: string,
    readonly client: LabClient,
  ) {}

  /** @param amount what they are given to spend */
  static async of(lab: Lab, operator: LabClient, amount: string): Promise<JobOwner> {
    const { walletId, token } = await steady(() => newcomer(operator, 'researcher'));
    const idempotencyKey = crypto.randomUUID();
    await steady(() => operator.call('chancellor_execute_transaction', { to: walletId, amount, idempotencyKey }));
    return new JobOwner(lab, walletId, token, await steady(() => lab.connect(token)));
  }

  /** Sent again where no answer came: it is one job under its id. */
  async submit(asked: Record<string, unknown> & { readonly submissionId: string }): Promise<Job> {
    return (await steady(() => this.client.call<{ job: Job }>('mechanic_orchestrate_training_job', asked))).job;
  }

  job(jobId: string): Promise<Job> {
    return steady(() => this.client.call<Job>('mechanic_get_job', { jobId }));
  }

  async ended(jobId: string): Promise<Job> {
    await expect.poll(async () => ENDED.includes((await this.job(jobId)).state)).toBe(true);
    return this.job(jobId);
  }

  /** Follows from the first byte through the end mark, and comes again at the last cursor when its connection is lost. */
  async follow(jobId: string): Promise<Log> {
    await using client = await this.lab.connect(this.token);
    const attempts = new Map<number, string>();
    let cursor: string | undefined;
    let losses = 0;
    const take = (told: Pick<Told, 'pieces' | 'cursor'>): void => {
      for (const piece of told.pieces)
        attempts.set(piece.attempt, (attempts.get(piece.attempt) ?? '') + bytesOf(piece));
      cursor = told.cursor;
    };
    for (;;) {
      try {
        const args = { jobId, follow: true, ...(cursor === undefined ? {} : { cursor }) };
        const onprogress = ({ message = '' }: { message?: string }): void => take(JSON.parse(message) as Told);
        const answer = await client.client.callTool(
          { name: 'mechanic_stream_logs', arguments: args },
          { onprogress, timeout: 120_000, resetTimeoutOnProgress: true },
        );
        if (answer.isError === true) throw new Error(JSON.stringify(answer._meta));
        const told = answer.structuredContent as unknown as Told;
        take(told);
        if (told.ended) return { attempts, losses };
      } catch (error) {
        losses += 1;
        if (losses > AWAY_TRIES) throw error;
        await pause(AGAIN_MS);
      }
    }
  }

  /** Its bytes, which are what its row says they are. */
  async artifact(jobId: string, path: string): Promise<Buffer> {
    const got = { jobId, path };
    const { sha256, link } = await this.client.call<{ sha256: string; link: { url: string } }>(
      'mechanic_get_artifact',
      got,
    );
    const response = await fetch(link.url, { headers: { authorization: `Bearer ${this.token}` } });
    const bytes = Buffer.from(await response.arrayBuffer());
    expect([response.status, createHash('sha256').update(bytes).digest('hex')]).toEqual([200, sha256]);
    return bytes;
  }

  /** How many holds, payments and rewards name the job; and what is there now, exactly. */
  async money(jobId: string) {
    const { balance, held, history } = await steady(() =>
      this.client.call<{ balance: string; held: string; history: Array<{ kind: string; memo: string | null }> }>(
        'chancellor_get_balance',
        { limit: 100 },
      ),
    );
    const count = (kind: string): number =>
      history.filter((one) => one.kind === kind && one.memo?.includes(jobId) === true).length;
    return { balance: micro(balance), held: micro(held), holds: count('hold'), rewards: count('reward') };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client[Symbol.asyncDispose]();
  }
}
