// Tries a policy on what was recorded, and sets it. What is set is what was tried: another text must be tried anew.
import { useState } from 'react';
import { callFor, type Outcome } from '../../mcp/connection.js';
import { useLab } from '../../mcp/lab.js';
import type { Proposal, SetAnswer } from './policy.js';

const TOOL = 'sentinel_set_policy';

export interface Trying {
  readonly proposal: Proposal;
  readonly note: string;
  readonly inForce: number;
}

export interface Trial {
  readonly busy: boolean;
  /** Of the newest try or set. */
  readonly outcome: Outcome<SetAnswer> | undefined;
  /** JSON of what was tried with this outcome. */
  readonly tried: string | undefined;
  readonly tryIt: (trying: Trying, sinceHours: number) => Promise<void>;
  /** True when it is in force now. */
  readonly setIt: (trying: Trying) => Promise<boolean>;
}

export function useTry(): Trial {
  const { connection } = useLab();
  const [state, setState] = useState<Pick<Trial, 'busy' | 'outcome' | 'tried'>>({
    busy: false,
    outcome: undefined,
    tried: undefined,
  });
  const ask = async ({ proposal, note, inForce }: Trying, extra: object): Promise<Outcome<SetAnswer>> => {
    setState((now) => ({ ...now, busy: true }));
    const input = { ...proposal, note: note.trim(), baseVersion: inForce, ...extra };
    return callFor<SetAnswer>(connection, { name: TOOL, input });
  };
  return {
    ...state,
    tryIt: async (trying, sinceHours) => {
      const outcome = await ask({ ...trying, note: trying.note.trim() || 'tried' }, { dryRun: true, sinceHours });
      setState({ busy: false, outcome, tried: outcome.ok ? JSON.stringify(trying.proposal) : undefined });
    },
    setIt: async (trying) => {
      const outcome = await ask(trying, {});
      setState((now) => ({ ...now, busy: false, ...(outcome.ok ? {} : { outcome, tried: undefined }) }));
      return outcome.ok;
    },
  };
}
