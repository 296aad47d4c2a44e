// A new job: a script, its data and what it may use; what it would cost is told before it is submitted.
import type { mechanic, ToolOutput } from '@labmesh/contracts';
import { useState } from 'react';
import { newId } from '../../mcp/ids.js';
import { useAsking } from '../../mcp/use-asking.js';
import { CURRENCY, grouped } from '../../money/amount.js';
import { jobsHref } from '../../route.js';
import { Field } from '../../ui/field.js';
import { FailureNotice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import { TOOLS } from '../views.js';
import { type Draft, EMPTY, type Problems, problemsOf, submissionOf } from './submission.js';

type Submitted = ToolOutput<typeof mechanic.tools.orchestrate_training_job>;
type Plan = NonNullable<Submitted['plan']>;

export function SubmitDialog({ onClose }: { onClose: () => void }) {
  const [draft, setDraft] = useState(EMPTY);
  const [plan, setPlan] = useState<Plan>();
  const { busy, failure, ask } = useAsking<Submitted>();
  // The same question asked twice is one job.
  const [submissionId] = useState(newId);
  const problems = problemsOf(draft);
  const change = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part });
    setPlan(undefined);
  };
  const send = async () => {
    const input = { ...submissionOf(draft), ...(plan === undefined ? { dryRun: true } : { submissionId }) };
    const answer = await ask(TOOLS.submit, input);
    if (!answer) return;
    const { job, array, plan: planned } = answer;
    if (array !== undefined) {
      onClose();
      location.hash = jobsHref('list', undefined, { array: array.arrayId });
    } else if (job !== null) location.hash = jobsHref('list', job.jobId);
    else setPlan(planned ?? undefined);
  };
  const text = (name: keyof Draft, label: string, hint?: string) => (
    <TextField {...{ name, label, hint, draft, problems }} onText={(typed) => change({ [name]: typed })} />
  );
  return (
    <QuestionDialog
      title="New job"
      testId="submit"
      action={plan === undefined ? 'What would it cost?' : 'Submit it'}
      busy={busy}
      disabled={Object.keys(problems).length > 0}
      onSubmit={() => void send()}
      onClose={onClose}
    >
      {text('name', 'Name')}
      <Field label="Script" problem={problems.script} hint="Its first line names what runs it; else it is sh.">
        {(field) => (
          <textarea
            {...field}
            className="input mono job-script"
            data-testid="job-script"
            rows={7}
            spellCheck={false}
            value={draft.script}
            onChange={(event) => change({ script: event.target.value })}
          />
        )}
      </Field>
      <div className="job-fields">
        {text('dataset', 'Dataset', 'ds_…, if it needs one')}
        {text('path', 'Goes to', 'such as data/flares.csv')}
        {text('requirements', 'Python packages', 'such as torch==2.13.0')}
        {text('checkpoints', 'Checkpoint folder', 'what a next attempt finds again')}
        {text('cpus', 'CPUs')}
        {text('memoryGb', 'Memory, GiB')}
        {text('gpus', 'GPUs')}
        {text('hours', 'At most, hours')}
        {text('runs', 'Runs', 'each finds its number in LABMESH_ARRAY_INDEX')}
        {text('atOnce', 'At once', 'of several runs; as many as fit when empty')}
      </div>
      {plan && <PlanShown plan={plan} />}
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}

interface TextFieldProps {
  readonly name: keyof Draft;
  readonly label: string;
  readonly hint: string | undefined;
  readonly draft: Draft;
  readonly problems: Problems;
  readonly onText: (text: string) => void;
}

const TextField = ({ name, label, hint, draft, problems, onText }: TextFieldProps) => (
  <Field label={label} problem={draft[name] === EMPTY[name] ? undefined : problems[name]} hint={hint}>
    {(field) => (
      <input
        {...field}
        className="input"
        data-testid={`job-${name}`}
        autoComplete="off"
        spellCheck={false}
        value={draft[name]}
        onChange={(event) => onText(event.target.value)}
      />
    )}
  </Field>
);

const PlanShown = ({ plan }: { plan: Plan }) => (
  <div className="notice" role="status" data-testid="job-plan">
    <div className="notice-text">
      <p className="notice-message">
        At most {grouped(plan.cost)} {CURRENCY}, {grouped(plan.costPerHour)} an hour
      </p>
      <p className="notice-hint">
        {plan.missing === null ? `It would start now${plan.node === null ? '' : ` on ${plan.node}`}.` : plan.missing}{' '}
        What it does not use comes back.
      </p>
    </div>
  </div>
);
