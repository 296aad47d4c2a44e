// Keeps a tool's answer fresh: asked at once, when what it depends on changed, and on demand. Never by a clock: each call is in the
// audit log, and a page that stands open is nothing that anybody did.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure } from '../failure.js';
import { callFor } from '../mcp/connection.js';
import { useLab } from '../mcp/lab.js';

export interface Live<T> {
  /** The newest answer; kept when a later call fails. */
  readonly value: T | undefined;
  readonly failure: Failure | undefined;
  readonly busy: boolean;
  /** Unix milliseconds of the newest answer. */
  readonly at: number | undefined;
  readonly refresh: () => void;
}

/**
 * `enabled: false` never calls: the tool is not among the caller's.
 * @param changed asked anew when this is another text than before; what is first learned is no change
 */
export function useLive<T>(tool: string, enabled: boolean, changed: string | undefined): Live<T> {
  const { connection } = useLab();
  const [answer, setAnswer] = useState<{ value?: T; failure?: Failure; at?: number }>({});
  const [busy, setBusy] = useState(false);
  const current = useRef<AbortController>(null);

  const refresh = useCallback(() => {
    if (!enabled || current.current) return; // one at a time: a slow lab must not be asked twice
    const controller = new AbortController();
    current.current = controller;
    setBusy(true);
    void callFor<T>(connection, { name: tool, input: {}, signal: controller.signal }).then((outcome) => {
      if (controller.signal.aborted) return;
      current.current = null;
      setBusy(false);
      setAnswer((now) =>
        outcome.ok ? { value: outcome.value, at: Date.now() } : { ...now, failure: outcome.failure },
      );
    });
  }, [connection, tool, enabled]);

  useEffect(() => {
    refresh();
    return () => {
      current.current?.abort();
      current.current = null;
    };
  }, [refresh]);

  const before = useRef(changed);
  useEffect(() => {
    if (before.current !== undefined && before.current !== changed) refresh();
    before.current = changed;
  }, [changed, refresh]);

  return { value: answer.value, failure: answer.failure, at: answer.at, busy, refresh };
}
