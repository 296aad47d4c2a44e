// Sends what somebody means, and again under the same key when the answer was lost.
import { useState } from 'react';
import type { Failure } from '../failure.js';
import { callFor } from '../mcp/connection.js';
import { useLab } from '../mcp/lab.js';
import { type Intent, intentFor, isRefusal, keepIntent, keptIntent } from './intent.js';

export interface Sending<T> {
  /** Sent and not answered: it may have happened. */
  readonly open: Intent | undefined;
  readonly busy: boolean;
  readonly failure: Failure | undefined;
  readonly done: T | undefined;
  /** While one is open, that one is sent again. */
  readonly send: (tool: string, input: Readonly<Record<string, unknown>>) => Promise<T | undefined>;
  readonly forget: () => void;
}

/** @param slot what kind of thing is meant; one of a kind can be open at a time */
export function useIntent<T>(slot: string): Sending<T> {
  const { connection, session } = useLab();
  const { walletId } = session;
  const [open, setOpen] = useState(() => keptIntent(slot, walletId));
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [done, setDone] = useState<T>();

  const keep = (intent: Intent | undefined) => {
    keepIntent(slot, intent);
    setOpen(intent);
  };
  const send = async (tool: string, input: Readonly<Record<string, unknown>>): Promise<T | undefined> => {
    const intent = intentFor(open, { tool, input, walletId });
    // Before it leaves: a page that is closed meanwhile knows of it when it is opened again.
    keepIntent(slot, intent);
    setBusy(true);
    setFailure(undefined);
    const answer = await callFor<T>(connection, {
      name: intent.tool,
      input: { ...intent.input, idempotencyKey: intent.key },
    });
    setBusy(false);
    keep(answer.ok || isRefusal(answer.failure.code) ? undefined : intent);
    if (!answer.ok) {
      setFailure(answer.failure);
      return undefined;
    }
    setDone(() => answer.value);
    return answer.value;
  };
  return { open, busy, failure, done, send, forget: () => keep(undefined) };
}
