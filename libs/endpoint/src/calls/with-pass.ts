// A call to an agent with a pass for it. The key that a kept pass was signed with may be trusted no more: the agent refuses such
// a pass before anything was done, so the call comes again with a new one, and nobody who is let in is turned away for it.
import { setTimeout } from 'node:timers/promises';
import { isRefusedPass, toAppError } from '@labmesh/contracts';
import type { Authenticator } from '../callers/authenticator.js';
import type { KnownCaller } from '../callers/caller-door.js';

/** Before each new attempt, milliseconds: a replica of the Sentinel learns of another's new key within a second. */
const PAUSES_MS = [0, 300, 1_000];

/** @throws what `call` throws in the end, and what the authenticator does */
export async function withPass<T>(
  authenticator: Pick<Authenticator, 'passFor' | 'forgetPass'>,
  { credential, principal }: KnownCaller,
  { agent, call }: { readonly agent: string; readonly call: (pass: string) => Promise<T> },
): Promise<T> {
  for (let refusals = 0; ; refusals += 1) {
    const known = authenticator.passFor(credential, agent, principal);
    const pass = typeof known === 'string' ? known : await known;
    try {
      return await call(pass);
    } catch (error) {
      const failure = toAppError(error);
      if (!isRefusedPass(failure)) throw error;
      authenticator.forgetPass(credential, agent, principal);
      const pauseMs = PAUSES_MS[refusals];
      if (pauseMs === undefined) throw failure;
      if (pauseMs > 0) await setTimeout(pauseMs);
    }
  }
}
