// Following the log through a Sentinel that fails, falls silent and is full: each record comes once and in order.
import { AppError, type AuditPage } from '@labmesh/contracts';
import { runs } from '@labmesh/testing';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { auditEvents } from '../audit-events/audit-events.js';
import { type FollowServices, followAgent } from './follow-agent.js';

afterEach(() => void vi.useRealTimers());

const caller = {
  credential: 'lmk_1',
  principal: { walletId: 'wal_1', role: 'operator', permissions: [], credentialId: 'cred_1' } as never,
};
const RECORDS = 300;

type Ask = (after: number, onProgress: (page: unknown) => void, signal: AbortSignal) => Promise<unknown>;

const sentinelThat = (answer: Ask): FollowServices => ({
  authenticator: { passFor: async () => 'a.b.c', forgetPass: () => undefined },
  reach: { to: (_agent, call) => call() },
  bus: {
    request: (_subject, body, { onProgress, signal }) =>
      answer(Number((body as { after?: string }).after ?? 0), onProgress ?? (() => {}), signal as AbortSignal),
  },
});

const pageOf = (from: number, to: number): AuditPage => ({
  records: Array.from({ length: Math.max(0, to - from) }, (_, at) => ({ cursor: String(from + at + 1) }) as never),
  cursor: String(to),
});

describe('followAgent', () => {
  it('gives each record once and in order, however answers end', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const everyEnd = fc.asyncProperty(fc.gen(), async (chance) => {
      const random = (most: number): number => chance(fc.nat, { max: most - 1 });
      const got: string[] = [];
      const waits: string[] = [];
      const over = new AbortController();
      const services = sentinelThat(async (after, onProgress, signal) => {
        let place = after;
        for (let page = random(4); page > 0 && !signal.aborted; page -= 1) {
          const next = Math.min(RECORDS, place + random(20));
          onProgress(pageOf(place, next));
          // What comes after a question was given up must not be taken.
          if (signal.aborted) onProgress(pageOf(next, next + 5));
          place = next;
        }
        if (random(3) === 0) throw new AppError('unavailable', 'gone');
        // A replica that says nothing any more.
        if (random(4) === 0 && !signal.aborted)
          await new Promise((_, reject) =>
            signal.addEventListener('abort', () => reject(new AppError('cancelled', 'given up'))),
          );
        return { cursor: String(place) };
      });
      const following = followAgent(services, auditEvents.question, {
        caller,
        asked: {},
        signal: over.signal,
        take: ({ records }) => {
          got.push(...records.map(({ cursor }) => cursor));
          if (got.length >= RECORDS) over.abort();
          return random(5) > 0;
        },
        ready: async () => {},
        waiting: ({ code }) => waits.push(code),
      });
      for (let turn = 0; turn < 10_000 && !over.signal.aborted; turn += 1) await vi.advanceTimersByTimeAsync(10_000);
      await following;
      expect(got).toEqual(pageOf(0, RECORDS).records.map(({ cursor }) => cursor));
      expect(waits.every((code) => code === 'unavailable')).toBe(true);
    });
    await fc.assert(everyEnd, { numRuns: runs(30) });
  });

  it('gives up what asking again would not change', async () => {
    const services = sentinelThat(() => Promise.reject(new AppError('forbidden', 'no right')));
    const asked = { caller, asked: {}, take: () => true, ready: async () => {}, waiting: () => {} };
    const signal = new AbortController().signal;
    await expect(followAgent(services, auditEvents.question, { ...asked, signal })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});
