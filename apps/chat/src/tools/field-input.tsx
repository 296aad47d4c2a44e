// One field of a tool's form: its label, the control that fits its type, and what to know about it.
import type { ChangeEvent } from 'react';
import { type FormValue, fieldHints } from './form-input.js';
import { KEY_FIELD, newKey } from './key-field.js';
import type { Field, FieldKind } from './schema-fields.js';

interface FieldInputProps {
  readonly id: string;
  readonly field: Field;
  readonly value: FormValue | undefined;
  readonly problem: string | undefined;
  readonly onChange: (value: FormValue) => void;
}

export function FieldInput(props: FieldInputProps) {
  const { id, field, problem } = props;
  const hints = fieldHints(field);
  const label = (
    <>
      <span className="field-name mono">{field.name}</span>
      {field.required ? (
        <span className="required">required</span>
      ) : (
        <span className="muted field-optional">optional</span>
      )}
    </>
  );
  const notes = (
    <div id={`${id}-notes`} className="field-notes">
      {problem && <p className="problem">{problem}</p>}
      {field.description && <p>{field.description}</p>}
      {hints.length > 0 && <p className="field-hints">{hints.join(' · ')}</p>}
    </div>
  );
  if (field.type.kind === 'choices') {
    return (
      <fieldset className="field" aria-describedby={`${id}-notes`}>
        <legend className="label">{label}</legend>
        <Choices {...props} options={field.type.options} />
        {notes}
      </fieldset>
    );
  }
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <Control {...props} type={field.type} />
      {notes}
    </div>
  );
}

function Control({ id, field, value, problem, onChange, type }: FieldInputProps & { type: FieldKind }) {
  const shared = {
    id,
    name: field.name,
    value: typeof value === 'string' ? value : '',
    required: field.required,
    'aria-invalid': problem !== undefined,
    'aria-describedby': `${id}-notes`,
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>) =>
      onChange(event.target.value),
  };
  switch (type.kind) {
    case 'choice':
      return <Select shared={shared} field={field} options={type.options.map((text) => ({ text, value: text }))} />;
    case 'boolean':
      return <Select shared={shared} field={field} options={YES_NO} />;
    case 'number':
      return <input {...shared} className="input input-short" type="text" inputMode="decimal" autoComplete="off" />;
    case 'long-text':
    case 'lines':
      return <textarea {...shared} className="input" rows={type.kind === 'lines' ? 3 : 4} />;
    case 'json':
      return (
        <textarea {...shared} className="input mono" rows={5} spellCheck={false} placeholder={SAMPLES[type.expects]} />
      );
    default:
      return (
        <div className="row">
          <input {...shared} className="input" type="text" autoComplete="off" spellCheck={false} />
          {field.name === KEY_FIELD && (
            <button type="button" className="button" onClick={() => onChange(newKey())}>
              New key
            </button>
          )}
        </div>
      );
  }
}

const YES_NO = [
  { text: 'yes', value: 'true' },
  { text: 'no', value: 'false' },
] as const;

const SAMPLES = { object: '{ }', array: '[ ]', any: 'JSON' } as const;

interface SelectProps {
  readonly shared: React.ComponentProps<'select'>;
  readonly field: Field;
  readonly options: readonly { readonly text: string; readonly value: string }[];
}

const Select = ({ shared, field, options }: SelectProps) => (
  <select {...shared} className="input input-short">
    <option value="">{emptyChoice(field)}</option>
    {options.map(({ text, value }) => (
      <option key={value} value={value}>
        {text}
      </option>
    ))}
  </select>
);

function emptyChoice(field: Field): string {
  if (field.defaultValue !== undefined) return `default (${String(field.defaultValue)})`;
  return field.required ? 'choose…' : 'not set';
}

function Choices({ field, value, onChange, options }: FieldInputProps & { options: readonly string[] }) {
  const chosen = Array.isArray(value) ? value : [];
  const toggle = (option: string, on: boolean) =>
    onChange(options.filter((each) => (each === option ? on : chosen.includes(each))));
  return (
    <div className="choices">
      {options.map((option) => (
        <label key={option} className="check-label">
          <input
            type="checkbox"
            name={field.name}
            checked={chosen.includes(option)}
            onChange={(event) => toggle(option, event.target.checked)}
          />
          <span className="mono">{option}</span>
        </label>
      ))}
    </div>
  );
}
