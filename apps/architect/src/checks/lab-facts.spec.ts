// What the lab knows: whose a wallet is, as the Chancellor tells this caller, and whether its own addresses answer. Nobody else is asked.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError, type Call, type ErrorCodeName } from '@labmesh/contracts';
import { expect, it } from 'vitest';
import { LabKnowledge } from './lab-facts.js';

const MINE = 'wal_01990000-0000-7000-8000-000000000001';
const OTHER = 'wal_01990000-0000-7000-8000-000000000002';
const call = { principal: { walletId: MINE } } as Call;

const chancellor = (refusal: ErrorCodeName | undefined) =>
  ({
    of: () => ({
      get_wallet: () => (refusal ? Promise.reject(new AppError(refusal, 'no')) : Promise.resolve({})),
    }),
  }) as never;

async function web() {
  const asked: string[] = [];
  const server = createServer((request, reply) => {
    asked.push(request.url ?? '');
    reply.writeHead(request.url === '/mcp' ? 401 : 404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { asked, url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: async () => void server.close() };
}

it('says whose a wallet is, and not more than the caller may know', async () => {
  const stateOf = async (id: string, refusal?: ErrorCodeName) =>
    new LabKnowledge(chancellor(refusal), { publicUrl: 'http://lab' }).facts(call).walletState?.(id);
  expect(await stateOf(MINE, 'not_found')).toBe('yours');
  expect(await stateOf(OTHER)).toBe('not yours');
  expect(await stateOf(OTHER, 'forbidden')).toBe('not yours');
  expect(await stateOf(OTHER, 'not_found')).toBe('unknown');
  await expect(stateOf(OTHER, 'unavailable')).rejects.toMatchObject({ code: 'unavailable' });
});

it('asks its own address only', async () => {
  await using lab = await web();
  await using stranger = await web();
  const { answers } = new LabKnowledge(chancellor(undefined), { publicUrl: lab.url }).facts(call);
  expect(await answers?.(`${lab.url}/mcp`)).toBe(true);
  expect(await answers?.(`${lab.url.replace('127.0.0.1', 'localhost')}/mcp`)).toBe(true);
  expect(await answers?.(`${lab.url}/mpc`)).toBe(false);
  expect(await answers?.(`${stranger.url}/mcp`)).toBeUndefined();
  expect(await answers?.('http://169.254.169.254/latest/meta-data')).toBeUndefined();
  expect(stranger.asked).toEqual([]);
  expect(lab.asked).toEqual(['/mcp', '/mcp', '/mpc']);
});

it('calls no address silent because it cannot be reached from here', async () => {
  const { answers } = new LabKnowledge(chancellor(undefined), { publicUrl: 'http://127.0.0.1:9' }).facts(call);
  expect(await answers?.('http://127.0.0.1:9/mcp')).toBeUndefined();
});
