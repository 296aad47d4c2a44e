// Checks every row against a schema and rules, and shows what does not fit.
import { type FormEvent, useId, useState } from 'react';
import { formatMs } from '../../agents/manifest.js';
import { useLab } from '../../mcp/lab.js';
import { useCall } from '../../mcp/use-call.js';
import { FailureNotice } from '../../ui/notice.js';
import { RunButtons } from '../../ui/run-buttons.js';
import type { Card } from '../dataset.js';
import { columnsOf } from '../rows/columns.js';
import { TOOLS, takes } from '../views.js';
import { CheckReport } from './check-report.js';
import { type Like, LikeChoice, likeInput } from './like-choice.js';
import { readSchema } from './read-schema.js';
import type { Report } from './report.js';
import { RuleEditor } from './rule-editor.js';
import { type DraftRule, ruleInput } from './rules.js';

type Against = 'own' | 'given' | 'like';

export function CheckView({ card, version }: { card: Card; version: number | undefined }) {
  const { tools } = useLab();
  const { state, run, cancel } = useCall();
  const [against, setAgainst] = useState<Against>(card.schema === null ? 'given' : 'own');
  const [text, setText] = useState(() => JSON.stringify(card.schema ?? { type: 'object', required: [] }, null, 2));
  const [like, setLike] = useState<Like>();
  const [rules, setRules] = useState<readonly DraftRule[]>([]);
  const [problem, setProblem] = useState<string>();
  const { datasetId } = card.dataset;
  const check = (event: FormEvent) => {
    event.preventDefault();
    const read = against === 'given' ? readSchema(text) : { schema: undefined };
    setProblem('problem' in read ? read.problem : undefined);
    if ('problem' in read) return;
    const more = against === 'like' ? likeInput(like) : { schema: read.schema };
    const ruled = rules.length === 0 ? {} : { rules: rules.map(ruleInput) };
    void run(TOOLS.check, { datasetId, version, ...more, ...ruled, maxErrors: 200 });
  };
  const running = state.status === 'running';
  return (
    <div className="check">
      <form className="card check-form" onSubmit={check} noValidate>
        <Choice
          against={against}
          hasOwn={card.schema !== null}
          canLike={takes(tools, 'check', 'like')}
          onAgainst={setAgainst}
        />
        {against === 'given' && <SchemaText text={text} problem={problem} onText={setText} />}
        {against === 'like' && <LikeChoice chosen={like} own={card.dataset} onChosen={setLike} />}
        {takes(tools, 'check', 'rules') && (
          <RuleEditor columns={columnsOf(card.schema, []).map(({ name }) => name)} rules={rules} onRules={setRules} />
        )}
        <div className="row">
          <RunButtons
            testId="check-run"
            label="Check"
            runningLabel="Checking…"
            running={running}
            disabled={against === 'like' && like === undefined}
            onCancel={cancel}
          />
        </div>
      </form>
      {state.status === 'failed' && <FailureNotice failure={state.failure} />}
      {state.status === 'done' && (
        <CheckReport
          dataset={card.dataset}
          version={version}
          report={state.result.structuredContent as Report}
          took={formatMs(state.tookMs)}
        />
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly against: Against;
  /** The dataset has a schema. */
  readonly hasOwn: boolean;
  readonly canLike: boolean;
  readonly onAgainst: (against: Against) => void;
}

function Choice({ against, hasOwn, canLike, onAgainst }: ChoiceProps) {
  const radio = (value: Against, label: string, disabled = false) => (
    <label className="check-label">
      <input
        type="radio"
        name="schema"
        data-testid={`check-${value}`}
        checked={against === value}
        disabled={disabled}
        onChange={() => onAgainst(value)}
      />
      {label}
    </label>
  );
  return (
    <fieldset className="check-choices">
      <legend className="label">Check every row against</legend>
      {radio('own', 'the dataset’s own schema', !hasOwn)}
      {radio('given', 'another JSON Schema (2020-12)')}
      {canLike && radio('like', 'what the rows of another dataset are like')}
    </fieldset>
  );
}

interface SchemaTextProps {
  readonly text: string;
  readonly problem: string | undefined;
  readonly onText: (text: string) => void;
}

function SchemaText({ text, problem, onText }: SchemaTextProps) {
  const id = useId();
  return (
    <div>
      <label className="label" htmlFor={id}>
        JSON Schema of one row
      </label>
      <textarea
        id={id}
        className="input mono check-schema"
        data-testid="check-schema"
        rows={12}
        spellCheck={false}
        aria-invalid={problem !== undefined}
        value={text}
        onChange={(event) => onText(event.target.value)}
      />
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
