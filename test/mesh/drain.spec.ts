// Replicas that come and go under a steady stream of calls: none is lost. And what replicas of the gateway tell each other.
import { Agent } from 'node:http';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Mesh, mesh } from '../harness/lab-under-test.js';
import { type RawAnswer, rawCall } from '../harness/raw-calls.js';
import { verifies } from '../requirements.js';

const TOOL = 'architect_list_available_templates';
/** Nobody calls it here: who follows its records waits. */
const UNUSED = 'sentinel_decrypt_data';
const CLIENTS = 8;
/** Calls of each client before and after the stop; enough that all are busy during it. */
const PAUSE_MS = 5;

let lab: Mesh;
beforeAll(async () => {
  lab = await mesh({ LABMESH_RATE_PER_SECOND: '100000' });
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
});

interface Stream {
  /** Ends the stream; all answers, and what went wrong. */
  end(): Promise<{ answers: RawAnswer[]; failures: unknown[] }>;
  answered(): number;
}

/** Clients that call without a break, each on a connection of its own; like a load balancer, they leave a gateway that says it is leaving, or refuses connections. */
function steadyCalls(urls: readonly string[]): Stream {
  const answers: RawAnswer[] = [];
  const failures: unknown[] = [];
  let over = false;
  const client = async (first: number): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let at = first; !over; ) {
      const url = urls[at % urls.length] ?? '';
      try {
        const answer = await rawCall({ url, token: lab.operatorToken(), agent }, TOOL);
        answers.push(answer);
        // The gateway says that it is leaving: the next call goes elsewhere.
        if (answer.headers.connection === 'close') at += 1;
      } catch (error) {
        // Nobody took the request: only this may be sent elsewhere.
        if ((error as { code?: string }).code !== 'ECONNREFUSED') failures.push(error);
        at += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    agent.destroy();
  };
  const clients = Array.from({ length: CLIENTS }, (_, first) => client(first));
  return {
    answered: () => answers.length,
    end: async () => {
      over = true;
      await Promise.all(clients);
      return { answers, failures };
    },
  };
}

const moreThan = (stream: Stream, more: number) => {
  const from = stream.answered();
  return expect.poll(() => stream.answered() - from).toBeGreaterThan(more);
};

verifies('drain:agent', async () => {
  await Promise.all([lab.replica('architect'), lab.replica('sentinel')]);
  const second = await lab.replica('gateway');
  const stream = steadyCalls([lab.url, `http://127.0.0.1:${second.port}`]);
  await moreThan(stream, 200);
  for (let round = 0; round < 2; round++) {
    expect(await lab.child('architect').stop()).toBe(0);
    await moreThan(stream, 100);
    await lab.start('architect');
    await moreThan(stream, 100);
  }
  // Calls that take their time: about half of them run in the replica that is stopped.
  const slow = Array.from({ length: 8 }, () =>
    rawCall({ url: lab.url, token: lab.operatorToken() }, 'sentinel_audit_log_stream', {
      followSeconds: 4,
      tool: UNUSED,
    }),
  );
  await moreThan(stream, 20);
  expect(await lab.child('sentinel').stop()).toBe(0);
  await lab.start('sentinel');
  const { answers, failures } = await stream.end();
  answers.push(...(await Promise.all(slow)));
  expect(failures).toEqual([]);
  expect(answers.filter(({ status, isError }) => status !== 200 || isError)).toEqual([]);
});

verifies('drain:gateway', async () => {
  const leaving = await lab.replica('gateway');
  const url = `http://127.0.0.1:${leaving.port}`;
  const stream = steadyCalls([url, lab.url]);
  await moreThan(stream, 100);
  // One call is still under way when the gateway is told to stop, and outlasts its listening.
  const slow = rawCall({ url, token: lab.operatorToken() }, 'sentinel_audit_log_stream', {
    followSeconds: 4,
    tool: UNUSED,
  });
  await moreThan(stream, 50);
  const stopped = leaving.child.stop();
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(503);
  expect((await rawCall({ url, token: lab.operatorToken() }, TOOL)).headers.connection).toBe('close');
  expect((await slow).status).toBe(200);
  expect(await stopped).toBe(0);
  await moreThan(stream, 100);
  const { answers, failures } = await stream.end();
  expect(failures).toEqual([]);
  expect(answers.filter(({ status, isError }) => status !== 200 || isError)).toEqual([]);
});

verifies('limits:shared', async () => {
  // What this wallet spent in the stories before is told within a second: replicas that start after that know nothing of it.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  // These two hold their wallets to 2 calls at once and 40 in a burst; the others of this mesh do not.
  const env = { LABMESH_CONCURRENCY: '2', LABMESH_RATE_PER_SECOND: '1', LABMESH_RATE_BURST: '40' };
  const [one, two] = [await lab.replica('gateway', env), await lab.replica('gateway', env)];
  const token = lab.operatorToken();
  const [first, other] = [one, two].map(({ port }) => ({ url: `http://127.0.0.1:${port}`, token }));
  if (first === undefined || other === undefined) throw new Error('no gateways');
  const follow = { followSeconds: 12, tool: UNUSED };
  const held = [1, 2].map(() => rawCall(first, 'sentinel_audit_log_stream', follow));
  await expect
    .poll(async () => (await rawCall(other, TOOL)).body.details, { interval: 300 })
    .toMatchObject({ limit: 'concurrency' });
  expect((await Promise.all(held)).map(({ isError }) => isError)).toEqual([false, false]);
  // What one let through, the other knows a second later.
  for (let call = 0; call < 60; call++) await rawCall(first, TOOL);
  await expect
    .poll(async () => (await rawCall(other, TOOL)).body.details, { interval: 300 })
    .toMatchObject({ limit: 'rate' });
});
