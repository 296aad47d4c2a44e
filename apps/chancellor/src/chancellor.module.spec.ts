// The Chancellor as a process starts it: wired by Nest, hearing Sentinel's event, relaying its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningProcess, startProcess } from '@labmesh/agent';
import type { Bus } from '@labmesh/bus';
import { sentinel } from '@labmesh/contracts';
import { DATABASE, type Database } from '@labmesh/db';
import { BUS, readLabConfig } from '@labmesh/runtime';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { newWalletId, principal } from '../test/bed.js';
import { ChancellorModule } from './chancellor.module.js';
import { Statements } from './ledger/statements.js';

let home: string;
let running: RunningProcess;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'labmesh-chancellor-'));
  const config = readLabConfig({ port: 0, home, logLevel: 'silent' }, {});
  running = await startProcess({ name: 'chancellor', module: ChancellorModule, config, database: true, blobs: true });
});

afterAll(async () => {
  await running?.stop();
  await rm(home, { recursive: true, force: true });
});

it('opens the operator’s wallet with one million when Sentinel enrols the operator, told twice', async () => {
  const walletId = newWalletId();
  const bus = running.get<Bus>(BUS);
  await bus.publish(sentinel.events.operator_enrolled, { walletId });
  await bus.publish(sentinel.events.operator_enrolled, { walletId });
  const operator = principal(walletId, 'operator');
  expect(await running.get(Statements).balance({ limit: 5 }, operator)).toMatchObject({
    balance: '1000000.00',
    history: [{ counterparty: 'issuance' }],
  });
  const database = running.get<Database>(DATABASE);
  await vi.waitFor(async () => {
    const { rows } = await database.pool.query('SELECT id FROM chancellor.outbox WHERE published_at IS NULL');
    expect(rows).toEqual([]);
  }, 60_000);
});
