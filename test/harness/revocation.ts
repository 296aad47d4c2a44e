// How long a withdrawn token goes on working: for calls, for an agent that was called with a pass before, for open streams.
import type { Lab } from './lab-under-test.js';
import { rawCall, rawStream } from './raw-calls.js';
import { roundsUntil } from './rounds.js';

export interface Withdrawn {
  /** Rounds from the answer of revoke_token until a call with the token got 401. */
  readonly calls: number;
  /** The same until the open stream was closed. */
  readonly stream: number;
}

/** Uses a token (so that every cache knows it), opens a stream with it, withdraws it, and watches both end. */
export async function withdraw(lab: Lab, kind: 'access' | 'client_key'): Promise<Withdrawn> {
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
  let open = true;
  void stream.closed.then(() => {
    open = false;
  });
  await operator.call('sentinel_revoke_token', { tokenId: made.tokenId });
  const call = () => rawCall(target, 'architect_list_available_templates');
  const calls = await roundsUntil(async () => (await call()).status === 401);
  // Refused by now, but answered, so that these rounds too are as long as the machine is slow.
  const more = await roundsUntil(async () => (await call()).status === 401 && !open);
  return { calls, stream: calls + more };
}

/** Whether nobody is let in with this token. */
export const isRefused = (lab: Lab, token: string): Promise<boolean> =>
  lab.connect(token).then(
    async (client) => {
      await client[Symbol.asyncDispose]();
      return false;
    },
    () => true,
  );
