// One input of a template: a control that fits its type. What is secret is typed unseen and kept by no browser.
import type { ChangeEvent } from 'react';
import { type FormValue, fieldHints } from '../../tools/form-input.js';
import { Field } from '../../ui/field.js';
import type { InputField } from './start-fields.js';

interface InputFieldProps {
  readonly field: InputField;
  readonly value: FormValue | undefined;
  readonly problem: string | undefined;
  readonly onChange: (value: string) => void;
}

export function TemplateInput({ field, value, problem, onChange }: InputFieldProps) {
  const { title, required, secret, description } = field;
  const hint = [description, secret ? 'It is kept sealed, and in no file.' : undefined, ...plainHints(field)]
    .filter((text) => text !== undefined)
    .join(' · ');
  return (
    <Field label={`${title}${required ? '' : ' (optional)'}`} hint={hint} problem={toldProblem(problem, description)}>
      {(named) => <Control {...{ field, onChange }} named={named} value={typeof value === 'string' ? value : ''} />}
    </Field>
  );
}

/** What a pattern wants, its description says better. */
const toldProblem = (problem: string | undefined, description: string | undefined): string | undefined =>
  problem?.startsWith('Must match') && description ? `${problem}: ${description}` : problem;

/** A pattern says little to people; the description says what is meant. */
const plainHints = (field: InputField): string[] =>
  fieldHints(field).filter((hint) => !/^(pattern|default) /.test(hint));

interface ControlProps {
  readonly field: InputField;
  readonly value: string;
  readonly named: { readonly id: string; readonly 'aria-describedby': string; readonly 'aria-invalid': boolean };
  readonly onChange: (value: string) => void;
}

function Control({ field, value, named, onChange }: ControlProps) {
  const shared = {
    ...named,
    value,
    'data-testid': `input-${field.name}`,
    required: field.required,
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>) =>
      onChange(event.target.value),
  };
  const { type } = field;
  if (field.secret) return <input {...shared} className="input" type="password" autoComplete="new-password" />;
  if (type.kind === 'choice' || type.kind === 'boolean')
    return (
      <select {...shared} className="input">
        {field.defaultValue === undefined && <option value="">choose…</option>}
        {(type.kind === 'choice' ? type.options.map((option) => [option, option]) : YES_NO).map(([option, label]) => (
          <option key={option} value={option}>
            {label}
          </option>
        ))}
      </select>
    );
  if (type.kind === 'long-text') return <textarea {...shared} className="input" rows={3} />;
  const mode = type.kind === 'number' ? 'decimal' : 'text';
  return <input {...shared} className="input" type="text" inputMode={mode} autoComplete="off" spellCheck={false} />;
}

const YES_NO = [
  ['true', 'yes'],
  ['false', 'no'],
] as const;
