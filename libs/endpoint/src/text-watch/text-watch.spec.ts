// Texts are scored beside the calls: what is unusual is told without its text, and a thread that is stuck or gone holds up nobody.
import { fileURLToPath } from 'node:url';
import { ScoringThread } from '@labmesh/anomaly';
import { AppError, defineAgent, defineTool, librarian, type TextAlarm, textFieldsOf } from '@labmesh/contracts';
import { createMetrics, modelsFolder, ProcessScoring } from '@labmesh/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fakeSentinel, serveEndpoint } from '../endpoint.testing.js';
import { TextAlarms } from './text-alarms.js';
import { TextWatch } from './text-watch.js';

const FOLDER = modelsFolder(fileURLToPath(new URL('../../../..', import.meta.url)));
const workerAt = (name: string) => (): ScoringThread =>
  new ScoringThread(fileURLToPath(new URL(`./${name}-worker.testing.mjs`, import.meta.url)));
const CALL = {
  callId: 'call-1',
  principal: { walletId: 'wal_1', role: 'citizen', permissions: [], credentialId: 'cred_1' },
  agent: 'librarian',
  tool: 'get_document',
  fields: textFieldsOf(librarian.tools.get_document.input),
} as const;
const PATH = '../../../../etc/shadow';

const opened: ProcessScoring[] = [];
afterEach(async () => {
  for (const scoring of opened.splice(0)) await scoring[Symbol.asyncDispose]();
});

function watch(newThread?: () => ScoringThread) {
  const warned: unknown[] = [];
  const alarms: TextAlarm[] = [];
  const log = { warn: (...said: unknown[]) => void warned.push(said), info: () => undefined } as never;
  const scoring = new ProcessScoring({ log, metrics: createMetrics(), folder: FOLDER }, newThread);
  opened.push(scoring);
  return {
    scoring,
    warned,
    alarms,
    texts: new TextWatch({ scoring, alarms: { tell: (one) => void alarms.push(one) } }),
  };
}

async function until(so: () => boolean): Promise<void> {
  for (let round = 0; round < 1_000 && !so(); round++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(so()).toBe(true);
}

describe('TextWatch', () => {
  it('tells what is unusual, and nothing of what was written', async () => {
    const { texts, alarms, scoring } = watch();
    texts.see(CALL, { file: PATH });
    texts.see(CALL, { file: 'audit.md' });
    texts.see(CALL, { question: 'Which formats can a dataset have?' });
    texts.see(CALL, { limit: 5 });
    await until(() => scoring.counts.scored === 3);
    expect(alarms).toHaveLength(1);
    expect(alarms[0]).toMatchObject({ callId: 'call-1', walletId: 'wal_1', agent: 'librarian', tool: 'get_document' });
    expect(alarms[0]?.score).toBeGreaterThan(alarms[0]?.threshold ?? Number.POSITIVE_INFINITY);
    expect(alarms[0]?.reasons.length).toBeGreaterThan(0);
    expect(JSON.stringify(alarms)).not.toMatch(/etc|shadow|\.\./);
    // The same ordinary text again needs no thread; the unusual one is told each time.
    texts.see(CALL, { file: 'audit.md' });
    expect(scoring.counts.scored).toBe(4);
    texts.see(CALL, { file: PATH });
    await until(() => alarms.length === 2);
  });

  it('goes on without a thread: said once, counted each time', async () => {
    const { texts, alarms, scoring, warned } = watch(workerAt('dead'));
    for (let call = 0; call < 5; call++) texts.see(CALL, { file: `${PATH}${call}` });
    await until(() => scoring.counts.dropped === 5);
    expect(scoring.state).toBe('gone');
    texts.see(CALL, { file: PATH });
    await until(() => scoring.counts.dropped === 6);
    expect(warned).toHaveLength(1);
    expect(alarms).toEqual([]);
  });

  it.each(['stuck', 'dead'])('a call goes on when the thread is %s', async (how) => {
    const echo = defineTool({
      title: 'T',
      description: 'D',
      effect: 'read',
      permission: 'agent:read',
      input: z.object({ text: z.string() }),
      output: z.object({ text: z.string() }),
      errors: [],
      timeoutMs: 60_000,
    });
    const demo = defineAgent({ name: 'demo', title: 'Demo', description: 'For this test.', tools: { echo } });
    const { texts, scoring } = watch(workerAt(how));
    const sentinel = fakeSentinel();
    await using served = await serveEndpoint(
      [demo],
      (subject, body, options) =>
        subject.startsWith('labmesh.sentinel') ? sentinel(subject, body, options) : Promise.resolve(body),
      { see: (call, args) => texts.see(call, args) },
    );
    const call = async (text: string): Promise<unknown> => {
      const headers = {
        authorization: 'Bearer abc',
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'echo',
      };
      const _meta = {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
      };
      const params = { _meta, name: 'echo', arguments: { text } };
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
      const answer = await fetch(served.url, { method: 'POST', headers, body });
      return ((await answer.json()) as { result: { structuredContent: unknown } }).result.structuredContent;
    };
    expect(await call(`${PATH} first`)).toEqual({ text: `${PATH} first` });
    await until(() => scoring.state === (how === 'dead' ? 'gone' : 'ready'));
    // More than may wait for the thread: the oldest are given up.
    for (let seen = 0; seen < 1_400; seen++) texts.see(CALL, { text: `${PATH} ${seen}` });
    await Promise.all(Array.from({ length: 20 }, (_, at) => call(`${PATH} last ${at}`)));
    expect(scoring.counts).toMatchObject({ scored: 0 });
    expect(scoring.counts.dropped).toBeGreaterThan(100);
  });
});

describe('TextAlarms', () => {
  it('are told again while the bus is away, each once it is back', async () => {
    let away = 2;
    const told: string[] = [];
    const log = { warn: () => undefined, error: () => undefined } as never;
    const bus = {
      publish: async (_event: unknown, payload: object) => {
        if (away-- > 0) throw new AppError('unavailable', 'The broker is away');
        for (const { id } of (payload as { alarms: TextAlarm[] }).alarms) told.push(id);
      },
    };
    const alarms = new TextAlarms(bus as never, log);
    const alarm = (id: string) => ({ id }) as TextAlarm;
    alarms.tell(alarm('a'));
    await until(() => away === 1);
    alarms.tell(alarm('b'));
    await until(() => told.length > 0);
    expect(told).toEqual(['a', 'b']);
    alarms.tell(alarm('c'));
    await alarms.close();
    expect(told).toEqual(['a', 'b', 'c']);
  });
});
