// Runs one tool call at a time for a component: its progress, its end, and a way to cancel it.
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Failure, toFailure, toolFailure } from '../failure.js';
import type { ProgressUpdate, ToolResult } from './connection.js';
import { useLab } from './lab.js';

/** Updates kept for display; a stream may send thousands. */
const UPDATES_MAX = 200;

export type CallState =
  | { readonly status: 'idle' }
  | { readonly status: 'running'; readonly updates: readonly ProgressUpdate[]; readonly startedAt: number }
  | { readonly status: 'done'; readonly result: ToolResult; readonly tookMs: number }
  /** Keeps what had arrived: a stream that was cancelled is still worth reading. */
  | { readonly status: 'failed'; readonly failure: Failure; readonly updates: readonly ProgressUpdate[] };

const CANCELLED: Failure = {
  code: 'cancelled',
  message: 'You cancelled the call.',
  hint: 'What the tool had already done stays done.',
};

export interface RunningCall {
  readonly state: CallState;
  readonly run: (name: string, input: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly cancel: () => void;
}

export function useCall(): RunningCall {
  const { connection } = useLab();
  const [state, setState] = useState<CallState>({ status: 'idle' });
  const current = useRef<AbortController>(null);
  useEffect(() => () => current.current?.abort(), []);

  const run = useCallback(
    async (name: string, input: Readonly<Record<string, unknown>>) => {
      current.current?.abort();
      const controller = new AbortController();
      current.current = controller;
      const startedAt = performance.now();
      const settle = (next: (now: CallState) => CallState) => current.current === controller && setState(next);
      const fail = (failure: Failure) =>
        settle((now) => ({ status: 'failed', failure, updates: now.status === 'running' ? now.updates : [] }));
      const onProgress = (update: ProgressUpdate) => {
        if (controller.signal.aborted) return;
        settle((now) =>
          now.status === 'running' ? { ...now, updates: [...now.updates, update].slice(-UPDATES_MAX) } : now,
        );
      };
      setState({ status: 'running', updates: [], startedAt });
      try {
        const result = await connection.callTool(name, input, { signal: controller.signal, onProgress });
        if (result.isError) fail(toolFailure(result));
        else settle(() => ({ status: 'done', result, tookMs: performance.now() - startedAt }));
      } catch (thrown) {
        fail(controller.signal.aborted ? CANCELLED : toFailure(thrown));
      }
    },
    [connection],
  );
  const cancel = useCallback(() => current.current?.abort(), []);
  return { state, run, cancel };
}
