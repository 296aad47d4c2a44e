// The address in a lab's folder: there while it runs, gone when it stops, and never another lab's that is taken away.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningProcess } from '@labmesh/agent';
import { temporaryFolder } from '@labmesh/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { toldInFolder } from './address-file.js';

let home: string;
let stopped: number;
beforeEach(async () => {
  home = await temporaryFolder('address-file');
  stopped = 0;
});
afterEach(() => rm(home, { recursive: true, force: true }));

const labAt = (host: string, port: number, folder = home): Promise<RunningProcess> =>
  toldInFolder({
    config: { home: folder, host },
    port,
    log: { warn: () => undefined },
    stop: async () => void stopped++,
  } as unknown as RunningProcess);
const told = (): Promise<string | undefined> => readFile(join(home, 'lab.url'), 'utf8').catch(() => undefined);

it.each([
  ['127.0.0.1', 'http://127.0.0.1:3100\n'],
  ['0.0.0.0', 'http://127.0.0.1:3100\n'],
  ['::1', 'http://[::1]:3100\n'],
])('of a lab on %s is there while it runs', async (host, address) => {
  const lab = await labAt(host, 3_100);
  expect(await told()).toBe(address);
  await lab.stop();
  expect([await told(), stopped]).toEqual([undefined, 1]);
});

it('of the lab that began later stays', async () => {
  const earlier = await labAt('127.0.0.1', 3_100);
  await writeFile(join(home, 'lab.url'), 'http://127.0.0.1:3200\n');
  await earlier.stop();
  expect(await told()).toBe('http://127.0.0.1:3200\n');
});

it('cannot be written: the lab runs all the same', async () => {
  const lab = await labAt('127.0.0.1', 3_100, join(home, 'nowhere'));
  await lab.stop();
  expect(stopped).toBe(1);
});
