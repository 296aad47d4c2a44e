// The doctor against what goes wrong: each trouble made for real, on this machine, and found with a remedy.
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCliConfig } from '../config.js';
import type { Finding, Patient } from './checks.js';
import { findings } from './doctor.js';

const GONE = 2 ** 22 + 1; // Linux gives no pid above 2^22
let home: string;
const open: Server[] = [];
const sockets: Socket[] = [];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'labmesh-doctor-'));
});
afterEach(async () => {
  for (const server of open.splice(0)) server.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  await rm(home, { recursive: true });
});

async function listening(server: Server): Promise<string> {
  open.push(server.on('connection', (socket) => sockets.push(socket)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function look(more: Partial<Patient> = {}, env: NodeJS.ProcessEnv = {}): Promise<Finding[]> {
  const config = readCliConfig({ HOME: home, ...env });
  const patient: Patient = {
    config,
    cwd: home,
    home,
    url: 'http://127.0.0.1:9',
    version: '0',
    credential: undefined,
    credentialFailure: undefined,
    signal: new AbortController().signal,
    ...more,
  };
  const found: Finding[] = [];
  for await (const finding of findings(patient)) found.push(finding);
  return found;
}

const about = (found: readonly Finding[], check: string) => found.filter((one) => one.check === check);
const jwks = (date?: Date) =>
  createHttp((_req, res) => {
    if (date !== undefined) res.setHeader('date', date.toUTCString());
    res.setHeader('content-type', 'application/json').end('{"keys":[]}');
  });

describe('the doctor', () => {
  it('says that no lab runs, and what to do, without one', async () => {
    const found = await look();
    expect(about(found, 'gateway')).toMatchObject([{ state: 'warning', remedy: expect.stringContaining('npm start') }]);
    expect(about(found, 'token')).toMatchObject([{ state: 'warning', remedy: expect.stringContaining('login') }]);
    expect(about(found, 'node')).toMatchObject([{ state: 'ok' }]);
    for (const { state, remedy } of found) expect(remedy === null).toBe(state === 'ok' || state === 'skipped');
  });

  it('tells a lab from another program, and names that program', async () => {
    const other = await listening(createHttp((_req, res) => void res.end('hello')));
    const [finding] = about(await look({ url: other }), 'gateway');
    expect(finding).toMatchObject({ state: 'error', message: expect.stringContaining('not a lab') });
    if (process.platform === 'linux') expect(finding?.message).toContain(String(process.pid));
    const mute = await listening(createServer((socket) => void socket.on('error', () => undefined).end('x\n')));
    expect(about(await look({ url: mute }), 'gateway')).toMatchObject([{ state: 'error' }]);
    expect(about(await look({ url: await listening(jwks()) }), 'gateway')).toMatchObject([{ state: 'ok' }]);
  });

  it('finds a clock that is wrong', async () => {
    const early = await listening(jwks(new Date(Date.now() - 600_000)));
    expect(about(await look({ url: early }), 'clock')).toMatchObject([
      { state: 'error', message: expect.stringMatching(/(599|600|601) s ahead of/) },
    ]);
    const right = await listening(jwks(new Date()));
    expect(about(await look({ url: right }), 'clock')).toMatchObject([{ state: 'ok' }]);
  });

  it('finds files with secrets that others may read', async () => {
    await writeFile(join(home, 'operator.token'), 'lmk_x', { mode: 0o600 });
    expect(about(await look(), 'modes')).toMatchObject([{ state: 'ok' }]);
    await chmod(join(home, 'operator.token'), 0o644);
    expect(about(await look(), 'modes')).toMatchObject([
      { state: 'error', remedy: expect.stringContaining(`chmod 600 '${join(home, 'operator.token')}'`) },
    ]);
  });

  it('tells who has the lab’s folder', async () => {
    const lockedBy = (pid: number, host = hostname()) =>
      writeFile(join(home, 'pg.lock'), JSON.stringify({ pid, host }));
    expect(about(await look(), 'lock')).toMatchObject([{ state: 'ok' }]);
    await lockedBy(process.pid);
    expect(about(await look(), 'lock')).toMatchObject([
      { state: 'ok', message: expect.stringContaining(`${process.pid}`) },
    ]);
    await lockedBy(GONE);
    expect(about(await look(), 'lock')).toMatchObject([{ state: 'warning' }]);
    await lockedBy(1, 'elsewhere');
    expect(about(await look(), 'lock')).toMatchObject([{ message: expect.stringContaining('elsewhere') }]);
    await writeFile(join(home, 'pg.lock'), '{');
    expect(about(await look(), 'lock')).toMatchObject([{ state: 'warning' }]);
  });

  it('finds a lab’s folder that is none', async () => {
    const file = join(home, 'file');
    await writeFile(file, '');
    expect(about(await look({ home: file }), 'home')).toMatchObject([{ state: 'error' }]);
    await mkdir(join(home, 'deep'));
    expect(about(await look({ home: join(home, 'deep/new') }), 'home')).toMatchObject([{ state: 'ok' }]);
    expect(about(await look({ home: join(home, 'not/there') }), 'home')).toMatchObject([{ state: 'error' }]);
  });

  it('tries the servers that are set, and never shows their passwords', async () => {
    const there = (await listening(createServer((socket) => void socket.end()))).replace('http', 'nats');
    const found = await look(
      {},
      { NATS_URL: there, DATABASE_URL: 'postgresql://u:hunter2@127.0.0.1:9/x', REDIS_URL: '' },
    );
    expect(['bus', 'database', 'queue'].map((part) => about(found, part)[0]?.state)).toEqual(['ok', 'error', 'ok']);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it('tells why a token cannot be had', async () => {
    const found = await look({ credentialFailure: 'Your sign-in has ended.' });
    expect(about(found, 'token')).toMatchObject([{ state: 'error', message: 'Your sign-in has ended.' }]);
  });
});
