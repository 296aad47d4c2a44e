// The service against a running lab: FLARES_TOKEN is an access token of a caller (README.md says how to make one). Without a lab these
// are skipped, and say so.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { decodeJwt } from 'jose';
import { readConfig } from '../src/config.js';
import { Sentinel } from '../src/lab/sentinel.js';
import { missingRights, type Running, start } from '../src/start.js';

const { FLARES_TOKEN: token = '', LABMESH_URL = '' } = process.env;
const skip =
  token === '' || LABMESH_URL === '' ? 'no lab: set LABMESH_URL, LABMESH_TOKEN_FILE and FLARES_TOKEN' : false;

async function connect({ url }: Running, bearer: string, mode: 'legacy' | { pin: string }): Promise<Client> {
  const client = new Client({ name: 'smoke', version: '1' }, { versionNegotiation: { mode } } as never);
  const requestInit = { headers: { authorization: `Bearer ${bearer}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }));
  return client;
}

describe('the service beside a lab', { skip }, () => {
  let running: Running;
  const config = (decisions: 'token' | 'lab') => ({ ...readConfig(), host: '127.0.0.1', port: 0, decisions });
  before(async () => {
    running = await start(config('token'));
  });
  after(() => running?.app.close());

  it('has a token of its own that may do what its routes need', async () => {
    assert.deepEqual(await missingRights(running.app), []);
  });

  for (const [era, mode] of [
    ['2026-07-28', { pin: '2026-07-28' }],
    ['2025', 'legacy'],
  ] as const)
    it(`serves its agent and its routes in ${era}`, async () => {
      const client = await connect(running, token, mode);
      const names = (await client.listTools()).tools.map(({ name }) => name).sort();
      assert.deepEqual(names, [
        'curator_list_available_datasets',
        'curator_query_dataset',
        'flux_of_class',
        'strongest_flares',
      ]);
      const own = await client.callTool({ name: 'strongest_flares', arguments: { limit: 1 } });
      assert.equal((own.structuredContent as { flares: Array<{ classType: string }> }).flares[0]?.classType, 'X9.3');
      const datasetId = 'ds_donki-solar-flares-2016-2018';
      const routed = await client.callTool({
        name: 'curator_query_dataset',
        arguments: { data: datasetId, sql: 'SELECT count(*) AS n FROM data' },
      });
      assert.match(JSON.stringify(routed.structuredContent), /98/);
      const failed = await client.callTool({
        name: 'curator_query_dataset',
        arguments: { data: 'ds_nothing', sql: 'SELECT 1' },
      });
      assert.equal(failed.isError, true);
      assert.match(JSON.stringify(failed.content), /not_found: .*ds_nothing/);
      await client.close();
    });

  it('refuses whom it does not know, and other hosts and origins', async () => {
    const post = (headers: Record<string, string>) =>
      fetch(`${running.url}/mcp`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{}',
      });
    const nobody = await post({});
    assert.equal(nobody.status, 401);
    assert.equal(((await nobody.json()) as { code: string }).code, 'unauthenticated');
    assert.equal((await post({ authorization: `Bearer ${token}`, origin: 'http://evil.example' })).status, 403);
    assert.equal((await fetch(`${running.url}/healthz`)).status, 200);
  });

  it('asks the lab where it shall, and lets nobody through when it may not ask', async () => {
    const asking = await start(config('lab'));
    const { sub = '' } = decodeJwt(token);
    const told = await asking.app
      .get(Sentinel)
      .may(sub, 'curator_fetch_dataset')
      .catch((error: { code: string }) => error.code);
    const client = await connect(asking, token, { pin: '2026-07-28' });
    const answer = await client.callTool({ name: 'strongest_flares', arguments: { limit: 1 } });
    if (told === 'unavailable') assert.match(JSON.stringify(answer.content), /access:evaluate/);
    else {
      assert.equal((told as { allowed: boolean }).allowed, true);
      assert.notEqual(answer.isError, true);
      assert.equal((await asking.app.get(Sentinel).may(sub, 'sentinel_rotate_keys')).allowed, false);
    }
    await client.close();
    await asking.app.close();
  });
});
