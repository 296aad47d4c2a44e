// What a job writes reaches those who follow it, byte by byte and through its last word, however often they lose their connection;
// what it leaves comes down beside MCP; and to another wallet none of it exists.
import type { LabClient } from '@labmesh/testing';
import { expect } from 'vitest';
import { newcomer, type Person, pay } from '../harness/follower.js';
import { bytesOf, logStream } from '../harness/job-logs.js';
import type { Lab } from '../harness/lab-under-test.js';

/** A number each millisecond, progress that overwrites itself, letters of several bytes, bytes that are none; and a last word. */
const TALKATIVE = `
const numbers = 300;
let n = 0;
process.stdout.write('größe \\u{1F52D}\\n');
process.stdout.write(Buffer.from([0xff, 0xfe, 0x0a]));
process.on('SIGTERM', () => process.stdout.write('bye', () => process.exit(0)));
const timer = setInterval(() => {
  if (n < numbers) process.stdout.write(n++ + '\\n');
  else if (n < 2 * numbers) process.stdout.write('\\r' + (n++ - numbers) + ' %');
}, 1);
`;
const numbers = Array.from({ length: 300 }, (_, n) => n);
const EXPECTED = [
  'größe \u{1F52D}\n',
  '\u00ff\u00fe\n',
  ...numbers.map((n) => `${n}\n`),
  ...numbers.map((n) => `\r${n} %`),
  'bye',
];
const expected = (): string =>
  EXPECTED.map((text, at) => (at === 1 ? text : Buffer.from(text).toString('latin1'))).join('');

interface Told {
  readonly pieces: Array<{ readonly text?: string; readonly base64?: string }>;
  readonly cursor: string;
  readonly ended: boolean;
  readonly state: string;
}

async function submitted(client: LabClient, script: string, more: object = {}): Promise<string> {
  const { job } = await client.call<{ job: { jobId: string } }>('mechanic_orchestrate_training_job', {
    ...{ name: 'talks', command: [process.execPath, '-e', script], network: true },
    resources: { cpus: 0.1, memoryMb: 256, wallSeconds: 600 },
    ...more,
  });
  return job.jobId;
}

/** Somebody who can pay for a job. */
async function researcher(operator: LabClient): Promise<Person> {
  const person = await newcomer(operator, 'researcher');
  await pay(operator, person.walletId);
  return person;
}

/** stream_logs again and again, a little each time: every call may be another connection. */
async function readAll(client: LabClient, jobId: string): Promise<{ text: string; state: string }> {
  let [text, cursor]: [string, string | undefined] = ['', undefined];
  for (;;) {
    const asked = { jobId, waitSeconds: 5, maxBytes: 700, ...(cursor === undefined ? {} : { cursor }) };
    const told: Told = await client.call<Told>('mechanic_stream_logs', asked);
    text += told.pieces.map(bytesOf).join('');
    cursor = told.cursor;
    if (told.ended) return { text, state: told.state };
  }
}

/** @param urls two gateways of the lab, or the same twice */
export async function followed(lab: Lab, operator: LabClient, urls: readonly [string, string]): Promise<void> {
  const [ada, ben] = [await researcher(operator), await newcomer(operator, 'researcher')];
  await using theirs = await lab.connect(ada.token);
  await using others = await lab.connect(ben.token);
  const jobId = await submitted(theirs, TALKATIVE);
  const whole = await logStream({ url: lab.url, token: ada.token, jobId });
  expect(whole.status).toBe(200);
  const reading = readAll(theirs, jobId);

  // Cut again and again, and taken up at the other gateway.
  let text = '';
  let lastId: string | undefined;
  for (let round = 0; !text.includes('\r299 %'); round += 1) {
    const part = await logStream({ url: urls[round % 2] as string, token: ada.token, jobId, lastId });
    await expect.poll(() => part.text().length + (part.complete() === undefined ? 0 : 1)).toBeGreaterThan(0);
    part.cut();
    await part.closed;
    text += part.text();
    lastId = part.lastId();
  }
  await theirs.call('mechanic_cancel_job', { jobId, graceSeconds: 30 });
  const last = await logStream({ url: lab.url, token: ada.token, jobId, lastId });
  await Promise.all([last.closed, whole.closed]);
  text += last.text();

  expect(text).toBe(expected());
  expect(whole.text()).toBe(expected());
  expect(await reading).toEqual({ text: expected(), state: 'cancelled' });
  for (const stream of [last, whole]) expect(stream.complete()).toMatchObject({ state: 'cancelled' });
  const line = await theirs.call<Told>('mechanic_stream_logs', { jobId, tailLines: 1 });
  expect(line.pieces.map(bytesOf).join('').split('\r').length).toBe(301);
  const { contents } = await theirs.client.readResource({ uri: `job://${jobId}/logs` });
  expect(JSON.stringify(contents)).toContain('blob');

  expect((await others.refused('mechanic_stream_logs', { jobId, follow: true })).code).toBe('not_found');
  await expect(others.client.readResource({ uri: `job://${jobId}/logs` })).rejects.toThrow();
  await expect(others.client.readResource({ uri: `job://${jobId}` })).rejects.toThrow();
  expect((await logStream({ url: lab.url, token: ben.token, jobId })).status).toBe(404);
  expect((await logStream({ url: lab.url, jobId })).status).toBe(401);
  expect((await logStream({ url: lab.url, token: ada.token, jobId, query: { tail: 'all' } })).status).toBe(400);
}

interface Left {
  readonly artifacts: Array<{ readonly path: string; readonly bytes: number; readonly sha256: string }>;
}

/** Artefacts as people get them, and the attempts of a job that is tried again as one log. */
export async function left(lab: Lab, operator: LabClient): Promise<void> {
  const [ada, ben] = [await researcher(operator), await newcomer(operator, 'researcher')];
  await using theirs = await lab.connect(ada.token);
  await using others = await lab.connect(ben.token);
  const script = `
    const fs = require('node:fs');
    const again = fs.existsSync('seen/once');
    console.log(again ? 'second' : 'first');
    fs.mkdirSync('artifacts', { recursive: true });
    fs.mkdirSync('seen', { recursive: true });
    fs.writeFileSync('seen/once', '1');
    fs.writeFileSync('artifacts/metrics.json', '{"loss":0.5}');
    fs.writeFileSync('artifacts/model.bin', Buffer.alloc(100000, 7));
    process.exit(again ? 0 : 3);`;
  const jobId = await submitted(theirs, script, { tries: 2, backoffSeconds: 0, checkpoints: 'seen' });
  const stream = await logStream({ url: lab.url, token: ada.token, jobId });
  await stream.closed;
  expect([stream.text(), stream.complete()?.state]).toEqual(['first\nsecond\n', 'succeeded']);
  expect(stream.lastId()).toBe('2:7');

  const { artifacts } = await theirs.call<Left>('mechanic_list_artifacts', { jobId });
  expect(artifacts.map(({ path, bytes }) => [path, bytes])).toEqual([
    ['artifacts/metrics.json', 12],
    ['artifacts/model.bin', 100_000],
  ]);
  const metrics = await theirs.call<{ text: string }>('mechanic_get_artifact', {
    jobId,
    path: 'artifacts/metrics.json',
  });
  expect(metrics.text).toBe('{"loss":0.5}');
  const model = { jobId, path: 'artifacts/model.bin' };
  const { link } = await theirs.call<{ link: { url: string } }>('mechanic_get_artifact', model);
  const get = (token: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(link.url, { headers: { authorization: `Bearer ${token}`, ...headers } });
  const part = await get(ada.token, { range: 'bytes=0-9' });
  expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 10]);
  expect((await (await get(ada.token)).arrayBuffer()).byteLength).toBe(100_000);
  expect((await get(ben.token)).status).toBe(404);
  expect((await others.refused('mechanic_get_artifact', model)).code).toBe('not_found');
  expect((await others.refused('mechanic_list_artifacts', { jobId })).code).toBe('not_found');
}

/** A stream of a log ends with the rights that it was opened with. */
export async function endsWithRights(lab: Lab, operator: LabClient): Promise<void> {
  const ada = await researcher(operator);
  await using theirs = await lab.connect(ada.token);
  const jobId = await submitted(theirs, 'console.log("here"); setInterval(() => {}, 1000)');
  const key = await theirs.call<{ token: string; tokenId: string }>('sentinel_generate_wallet_token', {
    kind: 'client_key',
  });
  const stream = await logStream({ url: lab.url, token: key.token, jobId });
  await expect.poll(() => stream.text()).toBe('here\n');
  await theirs.call('sentinel_revoke_token', { tokenId: key.tokenId });
  await stream.closed;
  expect([stream.end()?.code, stream.complete()]).toEqual(['unauthenticated', undefined]);
  await theirs.call('mechanic_cancel_job', { jobId, graceSeconds: 0 });
}

/** Who follows the resource of a log hears that there is more. */
export async function told(lab: Lab, operator: LabClient): Promise<void> {
  const ada = await researcher(operator);
  await using theirs = await lab.connect(ada.token, { era: '2026-07-28' });
  const jobId = await submitted(theirs, 'setInterval(() => console.log("more"), 200)');
  const heard: string[] = [];
  theirs.client.setNotificationHandler('notifications/resources/updated', ({ params }) => void heard.push(params.uri));
  const uri = `job://${jobId}/logs`;
  await theirs.client.listen({ resourceSubscriptions: [uri] });
  await expect.poll(() => heard.length).toBeGreaterThan(2);
  expect(new Set(heard)).toEqual(new Set([uri]));
  await theirs.call('mechanic_cancel_job', { jobId, graceSeconds: 0 });
}
