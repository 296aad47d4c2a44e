// Secrets fed into a lab everywhere, at debug level: what it prints, counts and records has none of them.
import { connectLab, freePort, temporaryFolder } from '@labmesh/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LabUnderTest, labChild, oneProcessLab } from '../harness/lab-under-test.js';
import { rawMcp } from '../harness/raw-mcp.js';
import { verifies } from '../requirements.js';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const KEY = `lmk_${'0123456789abcdefghijklmnopqrstuv012345'}`;
const JWT = `${part({ alg: 'ES256', typ: 'at+jwt' })}.${part({ sub: 'wal_secret-story' })}.${'sIg'.repeat(28)}`;
const PEM = `-----BEGIN ${'PRIVATE'} KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEH\n-----END ${'PRIVATE'} KEY-----`;
const AWS = `AK${'IA'}IOSFODNN7EXAMPLE`;
/** Has no form that anything could know it by: it must simply never be written. */
const PLAIN = 'correct-horse-battery-staple-4711';
const DATABASE = 'postgresql://lab:s3cr3t-of-the-database@127.0.0.1:9/lab';

const NEVER = [KEY, JWT, 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEH', AWS, PLAIN, 's3cr3t-of-the-database'];
const leaks = (text: string, more: readonly string[] = []): string[] =>
  [...NEVER, ...more].filter((secret) => text.includes(secret));

let lab: LabUnderTest;
beforeAll(async () => {
  lab = await oneProcessLab({ LABMESH_LOG_LEVEL: 'debug' });
});
afterAll(() => lab?.[Symbol.asyncDispose]());

/** Every place where a client can put a text. */
async function feed(secret: string): Promise<void> {
  const url = `${lab.url}/mcp`;
  const token = lab.operatorToken();
  const quoted = encodeURIComponent(secret);
  const oneLine = secret.replaceAll('\n', ' ');
  const call = (name: string, args: Record<string, unknown>) =>
    rawMcp({ url, token, params: { name, arguments: args } });
  await rawMcp({ url, token: oneLine, method: 'tools/list' });
  await call('curator_fetch_dataset', { datasetId: secret });
  await call('curator_submit_dataset', { url: `https://user:${quoted}@data.example/x?token=${quoted}`, name: secret });
  await call('curator_submit_dataset', { name: secret, format: 'json', content: `{"password": "${secret}"` });
  await call('architect_get_template_readme', { name: secret, [secret]: 1 });
  await call('librarian_query_knowledge_base', { question: `what is ${secret}?` });
  await call('sentinel_generate_wallet_token', { walletId: secret });
  await call(encodeURIComponent(secret), { secret });
  await rawMcp({ url, token, method: `odd/${quoted}` });
  await rawMcp({ url, token, params: { name: 'x' }, meta: { traceparent: secret, tracestate: secret } });
  const headers = {
    authorization: `Basic ${quoted}`,
    cookie: `session=${quoted}`,
    'x-api-key': quoted,
    origin: `https://${quoted}.example`,
  };
  await fetch(`${lab.url}/${quoted}?token=${quoted}#code=${quoted}`, { headers });
  await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'mcp-session-id': quoted },
    body: secret,
  });
  await fetch(`${lab.url}/sign-in`, { method: 'POST', body: JSON.stringify({ code: secret }) });
}

verifies('see:no-secret', async () => {
  for (const secret of [KEY, JWT, PEM, AWS, PLAIN]) await feed(secret);
  const operator = await connectLab({ url: `${lab.url}/mcp`, token: lab.operatorToken() });
  const issued = await operator.call<{ token: string }>('sentinel_generate_wallet_token', {
    walletId: (await operator.call<{ walletId: string }>('chancellor_get_balance')).walletId,
  });
  const records = JSON.stringify(await operator.call('sentinel_audit_log_stream', { limit: 500 }));
  await operator[Symbol.asyncDispose]();
  expect(records).toContain('generate_wallet_token');
  const own = [issued.token, lab.operatorToken()];
  expect(lab.output()).toContain('MCP request answered');
  expect(leaks(lab.output(), own)).toEqual([]);
  expect(leaks(records, own)).toEqual([]);
  expect(leaks(await (await fetch(`${lab.url}/metrics`)).text(), own)).toEqual([]);
});

it('every line about a request has its call’s id', () => {
  const lines = lab
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { msg: string; callId?: string });
  const about = lines.filter(({ msg }) => /^(MCP request answered|tool run|tool failed|request failed)$/.test(msg));
  expect(about.length).toBeGreaterThan(20);
  expect(
    about.filter(({ callId }) => !/^[0-9a-f-]{36}$/.test(callId ?? '')).filter(({ msg }) => msg !== 'tool run'),
  ).toEqual([]);
  const answered = about.find(({ msg }) => msg === 'MCP request answered');
  expect(lines.some(({ msg, callId }) => msg === 'tool run' && callId === answered?.callId)).toBe(true);
});

it('a start that fails says why, without the password', async () => {
  const home = await temporaryFolder('secrets');
  const child = labChild({
    port: await freePort(),
    home,
    env: {
      DATABASE_URL: DATABASE,
      LABMESH_LOG_LEVEL: 'debug',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
      OTEL_EXPORTER_OTLP_HEADERS: `x-api-key=${PLAIN}`,
    },
  });
  expect(await child.exited).not.toBe(0);
  expect(child.output).toContain('Cannot reach the database');
  expect(leaks(child.output)).toEqual([]);
});
