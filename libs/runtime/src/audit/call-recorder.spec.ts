// Records reach the bus once each and in order, whatever the bus does; who waits is answered when the record is stored, not before.

import type { Bus } from '@labmesh/bus';
import type { CallRecord } from '@labmesh/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../log.js';
import { CallRecorder } from './call-recorder.js';

const log = createLogger('test', 'silent');
const record = (id: number): CallRecord => ({
  id: String(id),
  callId: 'c',
  at: new Date(0).toISOString(),
  walletId: null,
  credentialId: null,
  chain: [],
  agent: 'a',
  tool: 't',
  decision: 'allow',
  outcome: 'ok',
  durationMs: 0,
  inputHash: null,
  outputHash: null,
  inputBytes: null,
  outputBytes: null,
  about: null,
});

/** A bus that stores what is published, after some turns of the event loop, and fails when it is told to. */
function storing(turns: () => number, fails: () => boolean = () => false) {
  const stored: string[] = [];
  const publish: Bus['publish'] = async (_event, payload) => {
    for (let turn = turns(); turn > 0; turn--) await Promise.resolve();
    if (fails()) throw new Error('not now');
    stored.push(...(payload as { records: CallRecord[] }).records.map(({ id }) => id));
  };
  return { stored, recorder: new CallRecorder({ publish }, log) };
}

describe('CallRecorder', () => {
  it('stores every record once, in order, and wakes each waiter after its own', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ durable: fc.boolean(), turns: fc.nat(6) }), { maxLength: 60 }),
        async (calls) => {
          let at = 0;
          const { stored, recorder } = storing(() => calls[at]?.turns ?? 1);
          const waits: Promise<void>[] = [];
          for (const { durable, turns } of calls) {
            const id = at++;
            if (durable)
              waits.push(recorder.recordDurably(record(id)).then(() => expect(stored).toContain(String(id))));
            else recorder.record(record(id));
            for (let turn = turns; turn > 0; turn--) await Promise.resolve();
          }
          await Promise.all(waits);
          await recorder.close();
          expect(stored).toEqual(calls.map((_call, id) => String(id)));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('tries again until the bus takes them', async () => {
    let failures = 2;
    const { stored, recorder } = storing(
      () => 1,
      () => failures-- > 0,
    );
    recorder.record(record(1));
    await recorder.recordDurably(record(2));
    expect(stored).toEqual(['1', '2']);
  });

  it('gathers what comes while a batch is on its way, unless somebody waits for it', async () => {
    const sent: number[] = [];
    const publish: Bus['publish'] = async (_event, payload) => {
      sent.push((payload as { records: CallRecord[] }).records.length);
      await Promise.resolve();
      // Comes while the batch is on its way, and nobody waits for it.
      if (sent.length === 1) for (let id = 10; id < 15; id++) recorder.record(record(id));
    };
    const recorder = new CallRecorder({ publish }, log);
    await recorder.recordDurably(record(1));
    expect(sent).toEqual([1]);
    recorder.record(record(20));
    await recorder.recordDurably(record(21));
    expect(sent).toEqual([1, 7]);
    recorder.record(record(22));
    await expect.poll(() => sent).toEqual([1, 7, 1]);
  });

  it('sends what calls of one turn wait for together', async () => {
    const sent: number[] = [];
    const publish: Bus['publish'] = async (_event, payload) =>
      void sent.push((payload as { records: CallRecord[] }).records.length);
    const recorder = new CallRecorder({ publish }, log);
    await Promise.all([1, 2, 3].map((id) => recorder.recordDurably(record(id))));
    expect(sent).toEqual([3]);
  });

  it('makes a record after the turn in which its call was answered, once, or when the process stops', async () => {
    const { stored, recorder } = storing(() => 1);
    const made: number[] = [];
    const making = (id: number) => () => {
      made.push(id);
      return record(id);
    };
    recorder.recordAnswered(making(1));
    recorder.recordAnswered(making(2));
    await Promise.resolve();
    expect([made, recorder.backlog]).toEqual([[], 2]);
    await new Promise((resolve) => setImmediate(resolve));
    expect([made, recorder.backlog]).toEqual([[1, 2], 2]);
    recorder.recordAnswered(making(3));
    await recorder.close();
    expect([made, stored]).toEqual([
      [1, 2, 3],
      ['1', '2', '3'],
    ]);
  });

  it('sends more than a batch holds', async () => {
    const { stored, recorder } = storing(() => 1);
    for (let id = 0; id < 1_300; id++) recorder.record(record(id));
    await recorder.recordDurably(record(1_300));
    expect(stored).toHaveLength(1_301);
  });
});
