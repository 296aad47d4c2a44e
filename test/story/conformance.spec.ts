// The fixtures of the official conformance suites through the gateway, with official clients; and how a run of a suite is read.
// The suites themselves are `npm run conformance`.
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Child, freePort, temporaryFolder } from '@labmesh/testing';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FixtureLab, startFixtureLab } from '../conformance/src/fixture-lab.js';
import { isGood, outcomeLine, scoreOf } from '../conformance/src/report.js';
import { type Outcome, runSuite } from '../conformance/src/suite-run.js';
import { readList, SUITES } from '../conformance/src/suites.js';
import { ROOT } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';

let lab: FixtureLab;
beforeAll(async () => {
  lab = await startFixtureLab('lab');
});
afterAll(() => lab?.[Symbol.asyncDispose]());

const ERAS = ['2026-07-28', '2025-11-25'] as const;

/** A client without a token, with somebody at it who says Ada. */
async function guest(era: (typeof ERAS)[number], url = lab.url): Promise<Client> {
  const client = new Client(
    { name: 'guest', version: '1' },
    {
      capabilities: { elicitation: { form: {} } },
      versionNegotiation: { mode: era === '2025-11-25' ? 'legacy' : { pin: era } },
    },
  );
  client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { name: 'Ada' } }));
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  return client;
}

verifies('wire:conformance', async () => {
  expect((await fetch(`${lab.address}/healthz`)).status).toBe(200);
  for (const era of ERAS) {
    const client = await guest(era);
    expect(client.getNegotiatedProtocolVersion()).toBe(era);
    const { tools } = await client.listTools();
    const keywords = tools.find(({ name }) => name === 'json_schema_2020_12_tool')?.inputSchema;
    expect(keywords).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $defs: { address: { $anchor: 'addressDef' } },
      else: { required: ['email'] },
      additionalProperties: false,
    });
    const call = (name: string) => client.callTool({ name, arguments: {} });
    expect(await call('test_simple_text')).toMatchObject({
      content: [{ type: 'text', text: 'This is a simple text response for testing.' }],
    });
    expect((await call('test_simple_text')).isError).toBeUndefined();
    const { content } = await call('test_multiple_content_types');
    expect((content as Array<{ type: string }>).map(({ type }) => type)).toEqual(['text', 'image', 'resource']);
    expect(await call('test_error_handling')).toMatchObject({ isError: true });
    expect(await call('test_input_required_result_elicitation')).toMatchObject({
      content: [{ type: 'text', text: 'Hello, Ada!' }],
    });
    expect(await client.readResource({ uri: 'test://template/123/data' })).toMatchObject({
      contents: [{ uri: 'test://template/123/data', mimeType: 'application/json' }],
    });
    const prompt = { name: 'test_prompt_with_arguments', arguments: { arg1: 'one', arg2: 'two' } };
    expect(JSON.stringify(await client.getPrompt(prompt))).toContain("arg1='one', arg2='two'");
    await client.close();
  }
});

it('checks a token that is shown', async () => {
  const { status } = await fetch(lab.url, { method: 'POST', headers: { authorization: 'Bearer nobody' }, body: '{}' });
  expect(status).toBe(401);
});

it('serves the fixtures alone, on the port that is asked for, and leaves nothing behind', async () => {
  const [port, folder] = [await freePort(), await temporaryFolder('serve')];
  const child = new Child({
    command: process.execPath,
    args: ['test/conformance/dist/serve.js'],
    cwd: ROOT,
    env: { PORT: String(port), TMPDIR: folder, NATS_URL: 'nats://127.0.0.1:1' },
  });
  await child.until(() => child.output.includes('no token needed'));
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  const client = await guest('2026-07-28', `http://127.0.0.1:${port}/mcp`);
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain('test_simple_text');
  await client.close();
  expect(await child.stop()).toBe(0);
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});

const outcome = (scenario: string, more: Partial<Outcome> = {}): Outcome => ({
  scenario,
  scored: true,
  ok: true,
  checks: 1,
  failed: 0,
  warnings: 0,
  reasons: [],
  ...more,
});
const run = (...outcomes: Outcome[]) => ({ mode: 'lab', suite: 's', outcomes }) as const;

describe('a run of a suite', () => {
  it('is good when all that is scored is, and something was', () => {
    const bad = outcome('b', { ok: false, reasons: ['why'] });
    const extra = outcome('c', { ok: false, scored: false });
    expect(isGood([run(outcome('a'), extra)])).toBe(true);
    expect(isGood([run(outcome('a')), run(outcome('a'), bad)])).toBe(false);
    expect(isGood([run(outcome('a')), run(extra)])).toBe(false);
    expect(isGood([run()])).toBe(false);
    expect(isGood([])).toBe(false);
    expect(scoreOf(run(outcome('a'), bad, extra))).toEqual({ passed: 1, failed: 1 });
    expect(outcomeLine(run(), bad)).toMatch(/FAILED b .*\n +why$/);
  });

  it('knows what counts from the suite’s own list', () => {
    const list = `Required for X:

Server scenarios (test against a server):
  - ping
  - tools-list [2025-06-18,2025-11-25]

Client scenarios (test against a client):
  - initialize

Run and reported, but never scored:
  extension (2):
    - tasks-lifecycle [server]
    - auth/dpop [client]
`;
    expect(readList(list)).toEqual({
      scored: new Set(['ping', 'tools-list']),
      unscored: new Set(['tasks-lifecycle']),
    });
    expect(() => readList('nothing')).toThrow(/Cannot read/);
  });

  it('fails what the suite did not come to, and what it could not check', async () => {
    const folder = await temporaryFolder('suite');
    const program = join(folder, 'suite.mjs');
    await writeFile(
      program,
      `import { mkdirSync, writeFileSync } from 'node:fs';
const out = process.argv.at(-1);
const checks = { ping: ['SUCCESS', 'WARNING'], caching: ['SUCCESS', 'FAILURE'], empty: [], extra: ['FAILURE'] };
for (const [name, statuses] of Object.entries(checks)) {
  mkdirSync(out + '/' + name);
  writeFileSync(out + '/' + name + '/checks.json', JSON.stringify(statuses.map((status) => ({ name: 'Check', status }))));
  console.log("Running client scenario '" + name + "' against server: x\\nResults saved to " + out + '/' + name);
}
process.exit(1);`,
    );
    const [suite] = SUITES;
    if (suite === undefined) throw new Error('no suite');
    const listed = { scored: new Set(['ping', 'caching', 'empty', 'lost']), unscored: new Set(['extra']) };
    const installed = { node: process.execPath, program };
    const told: Outcome[] = [];
    for await (const each of runSuite({ suite, installed, listed, url: lab.url })) told.push(each);
    expect(told).toEqual([
      outcome('ping', { warnings: 1 }),
      outcome('caching', { ok: false, checks: 2, failed: 1, reasons: ['Check: failed'] }),
      outcome('empty', { ok: false, checks: 0 }),
      outcome('extra', { ok: false, scored: false, failed: 1, reasons: ['Check: failed'] }),
      outcome('lost', { ok: false, checks: 0, reasons: ['the suite did not come to its end'] }),
    ]);
    await rm(folder, { recursive: true });
  });
});
