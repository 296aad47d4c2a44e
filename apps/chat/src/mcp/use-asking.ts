// Asks the lab one thing when somebody says so: whether it is under way, and what it was refused with. Asked again, that is forgotten.
import { useState } from 'react';
import type { Failure } from '../failure.js';
import { callFor } from './connection.js';
import { useLab } from './lab.js';

export interface Asking<T> {
  readonly busy: boolean;
  readonly failure: Failure | undefined;
  /** Undefined when the lab refused. */
  readonly ask: (tool: string, input: Readonly<Record<string, unknown>>) => Promise<T | undefined>;
}

export function useAsking<T = object>(): Asking<T> {
  const { connection } = useLab();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const ask: Asking<T>['ask'] = async (name, input) => {
    setBusy(true);
    setFailure(undefined);
    const answer = await callFor<T>(connection, { name, input });
    setBusy(false);
    if (answer.ok) return answer.value;
    setFailure(answer.failure);
    return undefined;
  };
  return { busy, failure, ask };
}
