// How a job is, in a word and a colour.
import type { JobState } from '@labmesh/contracts';
import { stateOf } from './job.js';

export function StatePill({ state }: { state: JobState }) {
  const { look, label } = stateOf(state);
  return (
    <span className={look} data-testid="job-pill">
      {label}
    </span>
  );
}
