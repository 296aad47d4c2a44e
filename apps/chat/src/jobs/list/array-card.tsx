// An array as a whole: how far its runs are, what they cost, and an end for all of them.
import { useState } from 'react';
import { CURRENCY, grouped } from '../../money/amount.js';
import { CancelDialog } from '../job/ending-dialogs.js';
import { type JobPage, STATES } from '../job.js';

export type ArrayInFull = NonNullable<JobPage['array']>;

interface ArrayCardProps {
  readonly array: ArrayInFull;
  readonly mayCancel: boolean;
  readonly onChanged: () => void;
}

export function ArrayCard({ array, mayCancel, onChanged }: ArrayCardProps) {
  const [cancelling, setCancelling] = useState(false);
  const { arrayId, name, states, count, parallel, held, cost } = array;
  const shown = STATES.flatMap(({ state, label, look }) => {
    const jobs = states[state] ?? 0;
    return jobs === 0 ? [] : [{ state, text: `${jobs} ${label}`, look }];
  });
  const open = (states.waiting ?? 0) + (states.starting ?? 0) + (states.running ?? 0);
  const ended = Math.max(0, count - open);
  return (
    <section className="card array-card" aria-label={`Array ${name}`} data-testid="array">
      <h2>{name}</h2>
      <p className="array-states">
        {shown.map(({ state, text, look }) => (
          <span key={state} className={look}>
            {text}
          </span>
        ))}
      </p>
      <progress className="array-progress" aria-label="Runs that have ended" max={count} value={ended} />
      <p className="muted">
        {ended} of {count} runs have ended{parallel === null ? '' : `, at most ${parallel} at once`}. {grouped(cost)}{' '}
        {CURRENCY} paid{open === 0 ? '' : `, ${grouped(held)} set aside`}.
      </p>
      {open > 0 && mayCancel && (
        <button
          type="button"
          className="button button-quiet-bad"
          data-testid="array-cancel"
          onClick={() => setCancelling(true)}
        >
          Cancel all…
        </button>
      )}
      {cancelling && (
        <CancelDialog
          id={arrayId}
          name={`all runs of ${name}`}
          action="Cancel all"
          text="Runs that wait end at once and cost nothing. Those that run have ten seconds, and what they used is paid."
          onDone={onChanged}
          onClose={() => setCancelling(false)}
        />
      )}
    </section>
  );
}
