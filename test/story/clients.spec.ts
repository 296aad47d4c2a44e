// The official clients, not ours: SDK v2 in both protocol eras and SDK v1 list and call through the gateway with a token.
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cancelledAfterMs } from '../harness/cancellation.js';
import { type LabUnderTest, oneProcessLab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';

let lab: LabUnderTest;
beforeAll(async () => {
  lab = await oneProcessLab();
});
afterAll(() => lab?.[Symbol.asyncDispose]());

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
    expect(await lister.call('architect_get_template_readme', { name: 'validator' })).toMatchObject({
      name: 'validator',
    });
    expect(await lister.refused('architect_get_template_readme', { name: 'nothing' })).toMatchObject({
      code: 'not_found',
    });
    await lister[Symbol.asyncDispose]();
  }
});

it('SDK v1 lists and calls, and sees the structured content fit its schema', async () => {
  const client = new ClientV1({ name: 'v1', version: '1' });
  const requestInit = { headers: { authorization: `Bearer ${lab.operatorToken()}` } };
  await client.connect(new TransportV1(new URL(`${lab.url}/mcp`), { requestInit }) as never);
  const { tools } = await client.listTools();
  expect(tools.length).toBeGreaterThan(15);
  const result = await client.callTool({ name: 'chancellor_get_balance', arguments: {} });
  expect(result.structuredContent).toMatchObject({ currency: '$webxos' });
  await client.close();
});

it('streams progress to both eras', async () => {
  for (const era of ['2026-07-28', '2025-11-25'] as const) {
    const client = await lab.connect(lab.operatorToken(), { era });
    const seen: string[] = [];
    const following = client.client.callTool(
      { name: 'sentinel_audit_log_stream', arguments: { followSeconds: 3, tool: 'get_template_readme', limit: 50 } },
      { onprogress: ({ message }) => void seen.push(message ?? '') },
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    await client.call('architect_get_template_readme', { name: 'gateway' });
    expect((await following).isError).not.toBe(true);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.join()).toContain('get_template_readme');
    await client[Symbol.asyncDispose]();
  }
});

verifies('wire:cancel', async () => {
  expect(await cancelledAfterMs(lab)).toBeLessThanOrEqual(100);
});
