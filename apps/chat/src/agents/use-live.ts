// Keeps a tool's answer fresh while the page is looked at: at once, every ten seconds, and on demand.
import { useCallback, useEffect, useRef, useState } from 'react';
import { callFor } from '../mcp/connection.js';
import type { Failure } from '../mcp/failure.js';
import { useLab } from '../mcp/lab.js';

const EVERY_MS = 10_000;

export interface Live<T> {
  /** The newest answer; kept when a later call fails. */
  readonly value: T | undefined;
  readonly failure: Failure | undefined;
  readonly busy: boolean;
  /** Unix milliseconds of the newest answer. */
  readonly at: number | undefined;
  readonly refresh: () => void;
}

/** `enabled: false` never calls: the tool is not among the caller's. */
export function useLive<T>(tool: string, enabled: boolean): Live<T> {
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
    const lookedAt = () => document.visibilityState === 'visible' && refresh();
    lookedAt();
    const timer = setInterval(lookedAt, EVERY_MS);
    document.addEventListener('visibilitychange', lookedAt);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', lookedAt);
      current.current?.abort();
      current.current = null;
    };
  }, [refresh]);

  return { value: answer.value, failure: answer.failure, at: answer.at, busy, refresh };
}
