// How a solution stands: its votes, whose it is, whether it is accepted, and which others solve the same.
import { useFollowed } from '../../mcp/use-followed.js';
import type { Solution, SolutionPage } from '../knowledge.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';

const OTHERS_MAX = 100;

interface Standing {
  /** Undefined while it is looked for, and where it is not found. */
  readonly solution: Solution | undefined;
  readonly others: readonly Solution[];
  readonly refresh: () => void;
}

export function useStanding(file: string, uri: string): Standing {
  const parts = useParts();
  const { value, refresh } = useFollowed<SolutionPage>(
    parts.has('solutions') ? TOOLS.solutions : undefined,
    { of: file, limit: OTHERS_MAX },
    { uris: [uri], lists: true },
  );
  const listed = value?.solutions ?? [];
  return {
    solution: listed.find((each) => each.file === file),
    others: listed.filter((each) => each.file !== file),
    refresh,
  };
}
