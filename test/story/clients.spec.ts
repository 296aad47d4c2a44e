// The official clients, not ours: SDK v2 in both protocol eras and SDK v1 list and call through the gateway with a token.
import { ERROR_META_KEY } from '@labmesh/contracts';
import { connectLab } from '@labmesh/testing';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { expect, it } from 'vitest';
import { cancelledAfter } from '../harness/cancellation.js';
import { TENTH } from '../harness/rounds.js';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';

const lab = sharedLab();

verifies('wire:clients', async () => {
  for (const era of ['2026-07-28', '2025-11-25'] as const) {
    const lister = await lab.connect(lab.operatorToken(), { era });
    expect(lister.client.getNegotiatedProtocolVersion()).toBe(era);
    const { tools } = await lister.client.listTools();
    const fetchTool = tools.find(({ name }) => name === 'curator_fetch_dataset');
    expect(fetchTool).toMatchObject({
      title: 'Read a dataset',
      annotations: { readOnlyHint: true, destructiveHint: false },
      inputSchema: { type: 'object' },
      outputSchema: { type: 'object' },
    });
    expect(await lister.call('architect_get_template_readme', { name: 'validator-vial' })).toMatchObject({
      name: 'validator-vial',
    });
    expect(await lister.refused('architect_get_template_readme', { name: 'nothing' })).toMatchObject({
      code: 'not_found',
    });
    await lister[Symbol.asyncDispose]();
  }
});

async function clientV1(): Promise<ClientV1> {
  const client = new ClientV1({ name: 'v1', version: '1' });
  const requestInit = { headers: { authorization: `Bearer ${lab.operatorToken()}` } };
  await client.connect(new TransportV1(new URL(`${lab.url}/mcp?toolsets=all`), { requestInit }) as never);
  return client;
}

/** What every client shows of a failure, and where programs find it. Clients that listed the tool hold structured content to its schema. */
async function failsReadably(call: (name: string) => Promise<unknown>, name: string): Promise<void> {
  const result = await call(name);
  expect(result, name).toMatchObject({
    isError: true,
    content: [{ type: 'text', text: expect.stringMatching(/^invalid_input: Cannot run [\s\S]*\n\S/) as string }],
    _meta: { [ERROR_META_KEY]: { code: 'invalid_input', message: expect.any(String), hint: expect.any(String) } },
  });
  expect(result, name).not.toHaveProperty('structuredContent');
}

/** No tool takes it. */
const UNTAKEABLE = { text: '\0' };

it('every tool fails so that official clients show why, whatever its output schema says', async () => {
  const v1 = await clientV1();
  const { tools } = await v1.listTools();
  for (const { name } of tools) await failsReadably((tool) => v1.callTool({ name: tool, arguments: UNTAKEABLE }), name);
  await v1.close();
  for (const era of ['2026-07-28', '2025-11-25'] as const) {
    const { client } = await connectLab({ url: `${lab.url}/mcp?toolsets=all`, token: lab.operatorToken(), era });
    expect((await client.listTools()).tools).toHaveLength(tools.length);
    for (const { name } of tools)
      await failsReadably((tool) => client.callTool({ name: tool, arguments: UNTAKEABLE }), name);
    await client.close();
  }
});

it('SDK v1 lists and calls, and sees the structured content fit its schema', async () => {
  const client = await clientV1();
  const { tools } = await client.listTools();
  expect(tools.length).toBeGreaterThan(15);
  const result = await client.callTool({ name: 'chancellor_get_balance', arguments: {} });
  expect(result.structuredContent).toMatchObject({ currency: '$webxos' });
  await client.close();
});

it('streams progress to both eras', async () => {
  for (const era of ['2026-07-28', '2025-11-25'] as const) {
    const client = await lab.connect(lab.operatorToken(), { era });
    // From a place in the log, so that a call counts that was made before the stream began.
    const { cursor: after } = await client.call('sentinel_audit_log_stream', { limit: 1 });
    const seen: string[] = [];
    const asked = { after, followSeconds: 300, tool: 'get_template_readme', limit: 3 };
    const following = client.client.callTool(
      // The stream ends by itself once it has so many records.
      { name: 'sentinel_audit_log_stream', arguments: asked },
      { onprogress: ({ message }) => void seen.push(message ?? ''), timeout: 300_000 },
    );
    for (let call = 0; call < 3; call++) await client.call('architect_get_template_readme', { name: 'gateway-vial' });
    expect((await following).isError).not.toBe(true);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.join()).toContain('get_template_readme');
    await client[Symbol.asyncDispose]();
  }
});

verifies('wire:cancel', async () => {
  expect(await cancelledAfter(lab)).toBeLessThanOrEqual(TENTH);
});
