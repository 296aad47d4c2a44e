// How long a withdrawn token goes on working: for calls, for an agent that was called with a pass before, for open streams.
import type { LabUnderTest } from './lab-under-test.js';
import { rawCall, rawStream } from './raw-calls.js';

const UNTIL_MS = 5_000;

export interface Withdrawn {
  /** Milliseconds from the answer of revoke_token until a call with the token got 401. */
  readonly callsMs: number;
  /** The same until the open stream was closed. */
  readonly streamMs: number;
}

/** Uses a token (so that every cache knows it), opens a stream with it, withdraws it, and watches both end. */
export async function withdraw(lab: LabUnderTest, kind: 'access' | 'client_key'): Promise<Withdrawn> {
  await using operator = await lab.connect(lab.operatorToken());
  const made = await operator.call<{ token: string; tokenId: string }>('sentinel_generate_wallet_token', {
    kind,
    label: 'to be withdrawn',
  });
  const target = { url: lab.url, token: made.token };
  const first = await rawCall(target, 'architect_list_available_templates');
  if (first.status !== 200) throw new Error(`the token did not work before: ${first.status}`);
  const stream = await rawStream(target, 'subscriptions/listen', { notifications: { toolsListChanged: true } });
  if (stream.status !== 200) throw new Error(`the stream did not open: ${stream.status}`);
  await operator.call('sentinel_revoke_token', { tokenId: made.tokenId });
  const withdrawn = performance.now();
  const streamMs = stream.closed.then(() => performance.now() - withdrawn);
  while (performance.now() - withdrawn < UNTIL_MS) {
    const { status } = await rawCall(target, 'architect_list_available_templates');
    if (status === 401) return { callsMs: performance.now() - withdrawn, streamMs: await streamMs };
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`the token still worked ${UNTIL_MS} ms after it was withdrawn`);
}
