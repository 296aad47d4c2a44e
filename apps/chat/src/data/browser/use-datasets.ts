// The datasets that fit a search, page after page as the lab gives them.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure } from '../../failure.js';
import { callFor } from '../../mcp/connection.js';
import { useLab } from '../../mcp/lab.js';
import type { Dataset } from '../dataset.js';
import { TOOLS } from '../views.js';
import type { Facets } from './facets.js';

const PAGE = 50;

interface Answer {
  readonly datasets: readonly Dataset[];
  readonly nextCursor?: string;
  readonly facets?: Facets;
}

export interface Found {
  readonly datasets: readonly Dataset[];
  readonly busy: boolean;
  readonly failure: Failure | undefined;
  /** There are more behind the last one. */
  readonly more: boolean;
  /** How many datasets each choice would leave, where that was asked for. */
  readonly facets: Facets | undefined;
  readonly fetchMore: () => void;
}

const NOTHING: Answer = { datasets: [] };

/** @param wanted what the list tool takes; asked anew when it says something else. The answer before stays meanwhile. */
export function useDatasets(wanted: Readonly<Record<string, unknown>>): Found {
  const { connection } = useLab();
  const [answer, setAnswer] = useState(NOTHING);
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(true);
  const current = useRef<AbortController>(null);
  const json = JSON.stringify(wanted);

  const ask = useCallback(
    (earlier: Answer) => {
      current.current?.abort();
      const controller = new AbortController();
      current.current = controller;
      setBusy(true);
      const input = { ...(JSON.parse(json) as object), limit: PAGE, cursor: earlier.nextCursor };
      void callFor<Answer>(connection, { name: TOOLS.list, input, signal: controller.signal }).then((outcome) => {
        if (controller.signal.aborted) return;
        setBusy(false);
        setFailure(outcome.ok ? undefined : outcome.failure);
        if (!outcome.ok) return;
        const { datasets, facets = earlier.facets } = outcome.value;
        setAnswer({ ...outcome.value, facets, datasets: [...earlier.datasets, ...datasets] });
      });
    },
    [connection, json],
  );

  useEffect(() => {
    ask(NOTHING);
    return () => current.current?.abort();
  }, [ask]);

  return {
    datasets: answer.datasets,
    busy,
    failure,
    more: answer.nextCursor !== undefined,
    facets: answer.facets,
    fetchMore: () => ask(answer),
  };
}
