// The first hour in a lab, as a newcomer lives it. The same story runs in one process and over a mesh.

import type { LabClient } from '@labmesh/testing';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { LabUnderTest } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';

const FLARES = 'ds_donki-solar-flares-2016-2018';

interface Wallet {
  walletId: string;
}
interface DatasetAnswer {
  dataset: { datasetId: string; format: string; rows: number };
  rows: unknown[];
}
interface FoundTools {
  tools: Array<{ name: string; mayCall: boolean; reason: string }>;
  agents: Array<{ name: string; status: string }>;
}
interface AuditAnswer {
  cursor: string;
  records: Array<
    Record<string, unknown> & { tool: string; outcome: string; decision: string; walletId: string | null }
  >;
}

export function newcomerStory(start: () => Promise<LabUnderTest>): void {
  let lab: LabUnderTest;
  let operator: LabClient;
  let researcher: LabClient;
  let wallet: Wallet;
  let researcherToken: string;

  beforeAll(async () => {
    lab = await start();
    operator = await lab.connect(lab.operatorToken());
    wallet = await operator.call<Wallet>('chancellor_create_boilerplate_wallet', {
      role: 'researcher',
      label: 'first researcher',
    });
    const made = await operator.call<{ token: string }>('sentinel_generate_wallet_token', {
      walletId: wallet.walletId,
      kind: 'client_key',
    });
    researcherToken = made.token;
    researcher = await lab.connect(researcherToken);
  });
  afterAll(async () => {
    await researcher?.[Symbol.asyncDispose]();
    await operator?.[Symbol.asyncDispose]();
    await lab?.[Symbol.asyncDispose]();
  });

  describe('a newcomer’s first hour', () => {
    verifies('roles:listed-is-callable', async () => {
      const namesFor = async (token: string) => {
        await using whole = await lab.connect(token, { path: '/mcp?toolsets=all' });
        return await whole.toolNames();
      };
      const [all, some] = [await namesFor(lab.operatorToken()), await namesFor(researcherToken)];
      expect(some).toEqual(expect.arrayContaining(await researcher.toolNames()));
      expect(all).toEqual(expect.arrayContaining(some));
      expect(all.length).toBeGreaterThan(some.length);
      expect(some).toContain('curator_fetch_dataset');
      for (const hidden of all.filter((name) => !some.includes(name))) {
        const refusal = await researcher.refused(
          hidden,
          hidden === 'chancellor_create_boilerplate_wallet' ? { role: 'citizen' } : {},
        );
        expect(refusal.code).toBe('forbidden');
        expect(refusal.message).toContain(hidden);
      }
    });

    verifies('knowledge:citations', async () => {
      const { answer, citations } = await researcher.call<{
        answer: string;
        citations: Array<{ file: string; start: number; end: number; text: string }>;
      }>('librarian_query_knowledge_base', {
        question: 'How does the ledger keep money from being paid twice?',
      });
      expect(citations.length).toBeGreaterThan(0);
      expect(answer).toContain('[1]');
      for (const { file, start: from, end, text } of citations) {
        const document = await researcher.call<{ text: string }>('librarian_get_document', { file });
        expect(document.text.slice(from, end)).toBe(text);
      }
    });

    verifies('agents:who-can-help', async () => {
      const find = (query: string) => researcher.call<FoundTools>('librarian_find_tool', { query });
      const upload = await find('upload a csv file');
      expect(upload.tools[0]).toMatchObject({
        name: 'curator_submit_dataset',
        status: 'up',
        toolsets: ['data'],
        mayCall: true,
        missing: null,
      });
      expect(upload.agents[0]).toMatchObject({ name: 'curator', status: 'up' });
      const health = await find('is the lab healthy');
      expect(health.tools[0]).toMatchObject({
        name: 'mechanic_get_system_health',
        mayCall: false,
        missing: 'health:read',
        heldBy: ['developer', 'operator'],
      });
      // What it says of rights is what happens.
      for (const { name, mayCall, reason } of [...upload.tools, ...health.tools].filter((tool) => !tool.mayCall)) {
        expect(mayCall).toBe(false);
        expect(await researcher.refused(name, {})).toMatchObject({ code: 'forbidden', message: reason });
      }
      const every = await researcher.call<FoundTools>('librarian_find_tool', { query: 'data', limit: 50 });
      await using whole = await lab.connect(researcherToken, { path: '/mcp?toolsets=all' });
      const callable = every.tools.filter(({ mayCall }) => mayCall).map(({ name }) => name);
      expect(await whole.toolNames()).toEqual(expect.arrayContaining(callable));
    });

    verifies('knowledge:solution', async () => {
      const logged = await researcher.call<{ file: string }>('librarian_log_new_solution', {
        title: 'Telescope dome stuck at sunrise',
        problem: 'The dome motor reports overcurrent when the shutter is frozen.',
        solution: 'Heat the shutter seal for ten minutes before opening the dome.',
      });
      const found = await operator.call<{ citations: Array<{ file: string }> }>('librarian_query_knowledge_base', {
        question: 'dome motor overcurrent frozen shutter',
      });
      expect(found.citations[0]?.file).toBe(logged.file);
    });

    verifies('data:round-trip', async () => {
      const original = await researcher.call<DatasetAnswer>('curator_fetch_dataset', { datasetId: FLARES });
      expect(original.rows.length).toBe(original.dataset.rows);
      const verdict = await researcher.call<{ valid: boolean; rowsChecked: number }>('curator_validate_data_schema', {
        datasetId: FLARES,
      });
      expect(verdict).toMatchObject({ valid: true, rowsChecked: original.rows.length });
      const parquet = await researcher.call<DatasetAnswer>('curator_transform_data_format', {
        datasetId: FLARES,
        to: 'parquet',
      });
      const json = await researcher.call<DatasetAnswer>('curator_transform_data_format', {
        datasetId: parquet.dataset.datasetId,
        to: 'json',
      });
      const back = await researcher.call<DatasetAnswer>('curator_fetch_dataset', { datasetId: json.dataset.datasetId });
      expect(back.rows).toEqual(original.rows);
    });

    verifies('money:transfer', async () => {
      await expect.poll(() => balance(operator)).toBe('1000000.00');
      const grant = { to: wallet.walletId, amount: '20', idempotencyKey: 'first-grant-to-researcher' };
      await operator.call('chancellor_execute_transaction', grant);
      const { walletId: operatorWallet } = await operator.call<Wallet>('chancellor_get_balance');
      const payment = { to: operatorWallet, amount: '5', memo: 'thank you', idempotencyKey: 'researcher-pays-five' };
      const first = await researcher.call<{ transactionId: string; balance: string }>(
        'chancellor_execute_transaction',
        payment,
      );
      const again = await researcher.call<{ transactionId: string; replayed: boolean }>(
        'chancellor_execute_transaction',
        payment,
      );
      expect(first.balance).toBe('15.00');
      expect(again).toMatchObject({ transactionId: first.transactionId, replayed: true });
      expect(await balance(researcher)).toBe('15.00');
      expect(await balance(operator)).toBe('999985.00');
      const overdraft = await researcher.refused('chancellor_execute_transaction', {
        ...payment,
        amount: '500',
        idempotencyKey: 'too-much-money',
      });
      expect(overdraft).toMatchObject({ code: 'insufficient_funds' });
    });

    verifies('health:true', async () => {
      const health = await operator.call<
        Record<string, { status: string; kind: string }> & { services: Array<{ name: string; status: string }> }
      >('mechanic_get_system_health');
      expect(health.services.filter(({ status }) => status !== 'up')).toEqual([]);
      expect(health.database).toMatchObject({ status: 'up', kind: lab.mode === 'lab' ? 'embedded' : 'postgres' });
      expect(health.bus).toMatchObject({ status: 'up', kind: lab.mode === 'lab' ? 'in-process' : 'nats' });
      expect(health.queue).toMatchObject({ status: 'up' });
    });

    verifies('agents:own-endpoint', async () => {
      const curator = await lab.connect(researcherToken, { path: '/agents/curator/mcp' });
      expect(await curator.toolNames()).toContain('fetch_dataset');
      expect(await curator.call<DatasetAnswer>('fetch_dataset', { datasetId: FLARES, limit: 1 })).toMatchObject({
        dataset: { datasetId: FLARES },
      });
      await curator[Symbol.asyncDispose]();
    });

    verifies('audit:every-call', async () => {
      const secret = `memo-${Math.random().toString(36).slice(2)}`;
      await researcher.refused('chancellor_create_boilerplate_wallet', { role: 'citizen', label: secret });
      await expect
        .poll(async () => {
          const { records } = await operator.call<AuditAnswer>('sentinel_audit_log_stream', {
            walletId: wallet.walletId,
            limit: 1_000,
          });
          return records.map(({ tool, decision, outcome }) => `${tool} ${decision} ${outcome}`);
        })
        .toEqual(
          expect.arrayContaining([
            'create_boilerplate_wallet deny forbidden',
            'fetch_dataset allow ok',
            'transform_data_format allow ok',
            'execute_transaction allow ok',
            'execute_transaction allow insufficient_funds',
            'log_new_solution allow ok',
          ]),
        );
      const { records } = await operator.call<AuditAnswer>('sentinel_audit_log_stream', { limit: 1_000 });
      expect(JSON.stringify(records)).not.toContain(secret);
      for (const record of records) expect(record.inputHash).toMatch(/^[0-9a-f]{64}$/);
    });

    verifies('restart:nothing-lost', async () => {
      const before = await operator.call<AuditAnswer>('sentinel_audit_log_stream', { limit: 1 });
      await researcher[Symbol.asyncDispose]();
      await operator[Symbol.asyncDispose]();
      await lab.crashAndRestart();
      operator = await lab.connect(lab.operatorToken());
      researcher = await lab.connect(researcherToken);
      expect(await balance(researcher)).toBe('15.00');
      expect(await balance(operator)).toBe('999985.00');
      const { datasets } = await researcher.call<{ datasets: Array<{ owner: string }> }>(
        'curator_list_available_datasets',
      );
      expect(datasets.filter(({ owner }) => owner === wallet.walletId)).toHaveLength(2);
      const found = await researcher.call<{ citations: Array<{ file: string }> }>('librarian_query_knowledge_base', {
        question: 'dome motor overcurrent frozen shutter',
      });
      expect(found.citations[0]?.file).toMatch(/^solutions\//);
      const after = await operator.call<AuditAnswer>('sentinel_audit_log_stream', { limit: 1_000 });
      expect(after.records.map(({ id }) => id)).toContain(before.records.at(-1)?.id);
    });
  });
}

async function balance(client: LabClient): Promise<string> {
  return (await client.call<{ balance: string }>('chancellor_get_balance')).balance;
}
