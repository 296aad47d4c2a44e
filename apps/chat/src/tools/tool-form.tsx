// One tool: what it does, the form of its input, running it, and what came back.
import { type FormEvent, useId, useMemo, useRef, useState } from 'react';
import type { ToolInfo } from '../mcp/connection.js';
import { useCall } from '../mcp/use-call.js';
import { EffectBadge } from './effect-badge.js';
import { FieldInput } from './field-input.js';
import { type FormValue, type FormValues, formInput } from './form-input.js';
import { schemaFields } from './schema-fields.js';
import { effectOf, titleOf } from './tool-groups.js';
import { ToolOutcome } from './tool-outcome.js';

type Problems = Readonly<Record<string, string>>;

interface ToolFormProps {
  readonly tool: ToolInfo;
  /** What is in the form when it opens. */
  readonly filled?: FormValues;
  /** Of its heading. */
  readonly level?: 1 | 3;
}

export function ToolForm({ tool, filled = {}, level = 1 }: ToolFormProps) {
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const fields = useMemo(() => schemaFields(tool.inputSchema), [tool]);
  const [values, setValues] = useState<FormValues>(filled);
  const [problems, setProblems] = useState<Problems>({});
  const { state, run, cancel } = useCall();
  const running = state.status === 'running';

  const change = (name: string, value: FormValue) => {
    setValues((now) => ({ ...now, [name]: value }));
    setProblems(({ [name]: _solved, ...others }) => others);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (running) return;
    const outcome = formInput(fields, values);
    setProblems(outcome.ok ? {} : outcome.problems);
    if (outcome.ok) void run(tool.name, outcome.input);
    else focusFirst(form.current, fields.find((field) => outcome.problems[field.name] !== undefined)?.name);
  };
  return (
    <>
      <ToolHead tool={tool} level={level} />
      <form ref={form} className="tool-form card" onSubmit={submit} noValidate aria-label={`Input of ${titleOf(tool)}`}>
        {fields.length === 0 && <p className="muted">This tool takes no input.</p>}
        {fields.map((field) => (
          <FieldInput
            key={field.name}
            id={`${id}${field.name}`}
            field={field}
            value={values[field.name]}
            problem={problems[field.name]}
            onChange={(value) => change(field.name, value)}
          />
        ))}
        <RunButtons tool={tool} running={running} cancel={cancel} />
      </form>
      <ToolOutcome state={state} />
    </>
  );
}

const focusFirst = (form: HTMLFormElement | null, name: string | undefined): void =>
  form?.querySelector<HTMLElement>(`[name="${CSS.escape(name ?? '')}"]`)?.focus();

function ToolHead({ tool, level }: { tool: ToolInfo; level: 1 | 3 }) {
  const Heading = `h${level}` as const;
  return (
    <div className="tool-head">
      <div className="tool-head-line">
        <Heading>{titleOf(tool)}</Heading>
        <EffectBadge tool={tool} />
      </div>
      <p className="mono muted tool-name">{tool.name}</p>
      {tool.description && <p className="tool-description">{tool.description}</p>}
    </div>
  );
}

function RunButtons({ tool, running, cancel }: { tool: ToolInfo; running: boolean; cancel: () => void }) {
  const destroys = effectOf(tool) === 'destroy';
  const [agreed, setAgreed] = useState(false);
  return (
    <div className="tool-buttons">
      {destroys && (
        <label className="check-label">
          <input type="checkbox" checked={agreed} onChange={(event) => setAgreed(event.target.checked)} />I know that
          this cannot be undone
        </label>
      )}
      <button
        type="submit"
        className={destroys ? 'button button-bad' : 'button button-main'}
        data-testid="tool-run"
        disabled={running || (destroys && !agreed)}
      >
        {running ? 'Running…' : 'Run'}
      </button>
      {running && (
        <button type="button" className="button" data-testid="tool-cancel" onClick={cancel}>
          Cancel
        </button>
      )}
    </div>
  );
}
