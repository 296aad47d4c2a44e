// A token that was good a minute ago: refused once its time is over, at the gateway as at Sentinel. The clock is the only thing faked.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startLab } from '@labmesh/lab';
import { connectLab, freePort, temporaryFolder } from '@labmesh/testing';
import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => void vi.useRealTimers());

it('an expired token gets 401 with a challenge', async () => {
  const home = await temporaryFolder('expiry');
  const port = await freePort();
  const lab = await startLab({ PORT: String(port), LABMESH_HOME: home, LABMESH_LOG_LEVEL: 'error' });
  const url = `http://127.0.0.1:${port}/mcp`;
  const operator = await connectLab({ url, token: readFileSync(join(home, 'operator.token'), 'utf8').trim() });
  const { token } = await operator.call<{ token: string }>('sentinel_generate_wallet_token', {
    kind: 'access',
    ttlSeconds: 60,
  });
  await operator[Symbol.asyncDispose]();
  const list = () =>
    fetch(url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/list',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/list',
        params: {
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientCapabilities': {},
          },
        },
      }),
    });
  expect((await list()).status).toBe(200);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 120_000 });
  const late = await list();
  expect(late.status).toBe(401);
  expect(late.headers.get('www-authenticate')).toContain('error="invalid_token"');
  expect(await late.json()).toMatchObject({ code: 'unauthenticated', message: expect.stringContaining('expired') });
  vi.useRealTimers();
  await lab.stop();
  await rm(home, { recursive: true, force: true });
});
