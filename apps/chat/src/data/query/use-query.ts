// Runs a query and holds the pages of its answer: the newest run counts, an older one is given up.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure } from '../../failure.js';
import { callFor } from '../../mcp/connection.js';
import { useLab } from '../../mcp/lab.js';
import { TOOLS } from '../views.js';
import type { QueryAnswer } from './query-result.js';

export const PAGE = 100;

/** What is asked: the text, and which dataset stands under which name. */
export interface Question {
  readonly sql: string;
  readonly datasets: Readonly<Record<string, string>>;
  /** Of tables that are earlier versions. */
  readonly versions?: Readonly<Record<string, number>> | undefined;
}

export interface QueryState {
  readonly question: Question | undefined;
  readonly pages: readonly QueryAnswer[];
  /** The page that is shown. */
  readonly at: number;
  readonly failure: Failure | undefined;
  readonly busy: boolean;
  readonly tookMs: number;
}

const NOTHING: QueryState = { question: undefined, pages: [], at: 0, failure: undefined, busy: false, tookMs: 0 };

export interface Query {
  readonly state: QueryState;
  readonly run: (question: Question) => void;
  readonly show: (page: number) => void;
  readonly cancel: () => void;
}

export function useQuery(): Query {
  const { connection } = useLab();
  const [state, setState] = useState(NOTHING);
  const current = useRef<AbortController>(null);
  useEffect(() => () => current.current?.abort(), []);

  const ask = useCallback(
    async (question: Question, earlier: readonly QueryAnswer[]) => {
      current.current?.abort();
      const controller = new AbortController();
      current.current = controller;
      const { signal } = controller;
      setState((now) => ({ ...now, question, pages: earlier, failure: undefined, busy: true }));
      const startedAt = performance.now();
      const input = { ...question, limit: PAGE, cursor: earlier.at(-1)?.nextCursor };
      const outcome = await callFor<QueryAnswer>(connection, { name: TOOLS.query, input, signal });
      if (signal.aborted) return;
      const tookMs = performance.now() - startedAt;
      setState((now) =>
        outcome.ok
          ? { ...now, pages: [...earlier, outcome.value], at: earlier.length, busy: false, tookMs }
          : { ...now, failure: outcome.failure, busy: false, tookMs },
      );
    },
    [connection],
  );

  const run = useCallback((question: Question) => void ask(question, []), [ask]);
  const show = (page: number) => {
    if (page < state.pages.length) setState({ ...state, at: page });
    else if (state.question) void ask(state.question, state.pages);
  };
  const cancel = () => {
    current.current?.abort();
    setState((now) => ({ ...now, busy: false }));
  };
  return { state, run, show, cancel };
}
