// A tool's answer for a view: asked when its input changes and on demand. Keeps the answer before while a new one is fetched.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure } from '../failure.js';
import { callFor } from './connection.js';
import { useLab } from './lab.js';

export interface Answer<T> {
  readonly value: T | undefined;
  readonly failure: Failure | undefined;
  readonly busy: boolean;
  /** The connection’s `moment()` at which the value was asked for. */
  readonly askedAt: number | undefined;
  readonly refresh: () => void;
}

/**
 * @param tool undefined where this caller has none: nothing is asked, and nothing comes
 * @param input asked anew when its JSON changes
 */
export function useAnswer<T>(tool: string | undefined, input: Readonly<Record<string, unknown>>): Answer<T> {
  const { connection } = useLab();
  const [answer, setAnswer] = useState<{ value?: T; askedAt?: number; failure?: Failure }>({});
  const [busy, setBusy] = useState(tool !== undefined);
  const current = useRef<AbortController>(null);
  const json = JSON.stringify(input);

  const refresh = useCallback(() => {
    current.current?.abort();
    if (tool === undefined) return;
    const controller = new AbortController();
    current.current = controller;
    setBusy(true);
    const askedAt = connection.moment();
    const call = { name: tool, input: JSON.parse(json) as Record<string, unknown>, signal: controller.signal };
    void callFor<T>(connection, call).then((outcome) => {
      if (controller.signal.aborted) return;
      setBusy(false);
      setAnswer((now) => (outcome.ok ? { value: outcome.value, askedAt } : { ...now, failure: outcome.failure }));
    });
  }, [connection, tool, json]);

  useEffect(() => {
    refresh();
    return () => current.current?.abort();
  }, [refresh]);

  return { value: answer.value, failure: answer.failure, busy, askedAt: answer.askedAt, refresh };
}
