// Entries of a wallet that fit a filter, newest first, page after page as the lab gives them.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure } from '../../failure.js';
import { type Connection, callFor } from '../../mcp/connection.js';
import { useLab } from '../../mcp/lab.js';
import { TOOLS } from '../views.js';
import type { Balances, Entry } from './entry.js';

/** A page with filters may be short although more follow; beyond so many the person decides. */
const ROUNDS_MAX = 10;

export interface Loaded {
  readonly entries: readonly Entry[];
  readonly balances?: Balances;
  readonly nextBefore?: string | undefined;
}

export interface History {
  readonly loaded: Loaded;
  readonly busy: boolean;
  readonly failure: Failure | undefined;
  readonly fetchMore: () => void;
}

const NOTHING: Loaded = { entries: [] };

interface Page {
  readonly wanted: Readonly<Record<string, unknown>>;
  /** Asked for until there are so many more, or no others. */
  readonly most: number;
  readonly signal: AbortSignal;
}

async function fetchOn(connection: Connection, earlier: Loaded, { wanted, most, signal }: Page) {
  let loaded = earlier;
  const enough = earlier.entries.length + most;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const limit = Math.min(200, enough - loaded.entries.length);
    const before = loaded.nextBefore === undefined ? {} : { before: loaded.nextBefore };
    const outcome = await callFor<Balances>(connection, {
      name: TOOLS.balance,
      input: { ...wanted, ...before, limit },
      signal,
    });
    if (!outcome.ok) return { loaded, failure: outcome.failure };
    const { history, nextBefore } = outcome.value;
    loaded = { entries: [...loaded.entries, ...history], balances: outcome.value, nextBefore };
    if (nextBefore === undefined || loaded.entries.length >= enough) break;
  }
  return { loaded, failure: undefined };
}

interface Wanted {
  /** Whose and which, as the lab's tool takes it; asked anew when it says something else. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly most: number;
  /** Counts up when something was paid: asked anew then. */
  readonly turn: number;
}

export function useHistory({ input, most, turn }: Wanted): History {
  const { connection } = useLab();
  const [loaded, setLoaded] = useState(NOTHING);
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(true);
  const current = useRef<AbortController>(null);
  const json = JSON.stringify(input);

  const ask = useCallback(
    async (earlier: Loaded) => {
      current.current?.abort();
      const controller = new AbortController();
      current.current = controller;
      setBusy(true);
      const page = { wanted: JSON.parse(json) as Record<string, unknown>, most, signal: controller.signal };
      const answer = await fetchOn(connection, earlier, page);
      if (controller.signal.aborted) return;
      setBusy(false);
      setLoaded(answer.loaded);
      setFailure(answer.failure);
    },
    [connection, json, most],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` is there to run it again
  useEffect(() => {
    void ask(NOTHING);
    return () => current.current?.abort();
  }, [ask, turn]);

  return { loaded, busy, failure, fetchMore: () => void ask(loaded) };
}
