// Parameters that a new proposal would change: which, to what, and with which choice; its bounds beside it.

import { Field } from '../../ui/field.js';
import { Icon } from '../../ui/icon.js';
import type { DraftChange } from './draft.js';
import { boundsText, inWords, type Parameter, problemWith, UNIT_OF } from './parameter.js';

interface ChangeFieldsProps {
  readonly changes: readonly DraftChange[];
  readonly problems: readonly (string | undefined)[];
  readonly parameters: readonly Parameter[];
  /** Undefined in a basic vote: there the changes are the proposal's. */
  readonly choices: readonly string[] | undefined;
  readonly onChanges: (changes: readonly DraftChange[]) => void;
}

export function ChangeFields({ changes, problems, parameters, choices, onChanges }: ChangeFieldsProps) {
  const set = (at: number, change: DraftChange) =>
    onChanges(changes.map((each, place) => (place === at ? change : each)));
  return (
    <fieldset className="change-fields">
      <legend className="label">What it would change</legend>
      {changes.length === 0 && <p className="muted">Nothing: it is text alone. That is a decision too.</p>}
      {changes.map((change, at) => (
        <ChangeField
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place until it has a parameter
          key={at}
          at={at}
          change={change}
          problem={problems[at]}
          parameters={parameters}
          choices={choices}
          onChange={(next) => set(at, next)}
          onRemove={() => onChanges(changes.filter((_, place) => place !== at))}
        />
      ))}
      <button
        type="button"
        className="button button-small"
        data-testid="propose-change-add"
        onClick={() => onChanges([...changes, { parameter: '', value: '', choice: '' }])}
      >
        Change a parameter
      </button>
    </fieldset>
  );
}

interface ChangeFieldProps {
  readonly at: number;
  readonly change: DraftChange;
  readonly problem: string | undefined;
  readonly parameters: readonly Parameter[];
  readonly choices: readonly string[] | undefined;
  readonly onChange: (change: DraftChange) => void;
  readonly onRemove: () => void;
}

function ChangeField({ at, change, problem, parameters, choices, onChange, onRemove }: ChangeFieldProps) {
  const known = parameters.find(({ parameter }) => parameter === change.parameter);
  return (
    <div className="card change-field">
      <div className="change-field-which">
        <Field label="Parameter" hint={known ? `${known.meaning} Now ${inWords(known.kind, known.value)}.` : ''}>
          {(field) => (
            <select
              {...field}
              className="input"
              data-testid={`propose-parameter-${at}`}
              value={change.parameter}
              onChange={(event) => onChange({ ...change, parameter: event.target.value })}
            >
              <option value="">choose…</option>
              {parameters.map(({ parameter }) => (
                <option key={parameter} value={parameter}>
                  {parameter}
                </option>
              ))}
            </select>
          )}
        </Field>
        <button
          type="button"
          className="button button-icon"
          aria-label={`Do not change ${change.parameter || 'this one'}`}
          onClick={onRemove}
        >
          <Icon name="close" />
        </button>
      </div>
      <Field
        label={known ? `New value, ${UNIT_OF[known.kind]}` : 'New value'}
        problem={problem}
        hint={known ? valueHint(known, change.value) : ''}
      >
        {(field) => (
          <input
            {...field}
            className="input"
            data-testid={`propose-value-${at}`}
            inputMode="decimal"
            autoComplete="off"
            value={change.value}
            onChange={(event) => onChange({ ...change, value: event.target.value })}
          />
        )}
      </Field>
      {choices && <ChoiceField at={at} change={change} choices={choices} onChange={onChange} />}
    </div>
  );
}

/** The bounds and, once a value fits, what it is in words. */
const valueHint = (known: Parameter, typed: string): string =>
  problemWith(known, typed) === undefined
    ? `That is ${inWords(known.kind, typed.trim())}. ${boundsText(known)}`
    : boundsText(known);

interface ChoiceFieldProps extends Pick<ChangeFieldProps, 'at' | 'change' | 'onChange'> {
  readonly choices: readonly string[];
}

const ChoiceField = ({ at, change, choices, onChange }: ChoiceFieldProps) => (
  <Field label="If this choice wins">
    {(field) => (
      <select
        {...field}
        className="input"
        data-testid={`propose-choice-${at}`}
        value={change.choice}
        onChange={(event) => onChange({ ...change, choice: event.target.value })}
      >
        <option value="">choose…</option>
        {choices.map((text, place) => (
          <option key={text} value={place + 1}>
            {text}
          </option>
        ))}
      </select>
    )}
  </Field>
);
