// What is said of the data: its name, format, licence, topics and where it came from.
import { type ReactNode, useId } from 'react';
import type { Details } from './details.js';
import type { FormatInfo } from './file-format.js';
import { LICENCES } from './spdx.js';

interface SubmitFieldsProps {
  readonly details: Details;
  readonly formats: readonly FormatInfo[];
  /** What is wrong with the topics. */
  readonly problem: string | undefined;
  readonly update: boolean;
  readonly disabled: boolean;
  readonly onDetails: (details: Details) => void;
}

export function SubmitFields({ details, formats, problem, update, disabled, onDetails }: SubmitFieldsProps) {
  const set =
    (field: keyof Details): Change =>
    (event) =>
      onDetails({ ...details, [field]: event.target.value });
  const text = (field: keyof Details, label: string, more: TextMore) => (
    <TextField label={label} name={field} value={details[field]} onChange={set(field)} {...more} />
  );
  return (
    <fieldset className="card submit-fields" disabled={disabled}>
      <legend className="sr-only">About the data</legend>
      {text('name', 'Name', { most: 120, required: true })}
      <Field label="Format">
        {(id) => (
          <select id={id} className="input" data-testid="submit-format" value={details.format} onChange={set('format')}>
            <option value="">choose…</option>
            {formats.map(({ format, label }) => (
              <option key={format} value={format}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      {update && text('note', 'What has changed', { most: 500, wide: true, hint: 'a word for whoever compares versions' })}
      <Field label="Description" optional wide>
        {(id) => (
          <textarea
            id={id}
            className="input"
            rows={3}
            maxLength={2_000}
            placeholder="What it holds, in which units, and what a reader should know"
            value={details.description}
            onChange={set('description')}
          />
        )}
      </Field>
      <LicenceField value={details.license} onChange={set('license')} />
      {text('source', 'Source', { most: 500, hint: 'where the data came from' })}
      {text('topics', 'Topics', { most: 400, wide: true, hint: 'such as solar-flares, x-ray', problem })}
    </fieldset>
  );
}

type Change = (event: { target: { value: string } }) => void;

interface TextMore {
  readonly most: number;
  readonly required?: boolean;
  readonly wide?: boolean;
  readonly hint?: string;
  readonly problem?: string | undefined;
}

interface TextFieldProps extends TextMore {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly onChange: Change;
}

const TextField = ({ label, name, value, most, required, wide, hint, problem, onChange }: TextFieldProps) => (
  <Field label={label} optional={!required} wide={wide}>
    {(id) => (
      <>
        <input
          id={id}
          className="input"
          data-testid={`submit-${name}`}
          required={required}
          maxLength={most}
          placeholder={hint}
          autoComplete="off"
          aria-invalid={problem !== undefined}
          value={value}
          onChange={onChange}
        />
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
      </>
    )}
  </Field>
);

function LicenceField({ value, onChange }: { value: string; onChange: Change }) {
  const licences = useId();
  return (
    <Field label="Licence" optional>
      {(id) => (
        <>
          <input
            id={id}
            className="input"
            data-testid="submit-license"
            list={licences}
            maxLength={120}
            placeholder="an SPDX id, such as CC0-1.0"
            value={value}
            onChange={onChange}
          />
          <datalist id={licences}>
            {LICENCES.map(([licence, name]) => (
              <option key={licence} value={licence}>
                {name}
              </option>
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

interface FieldProps {
  readonly label: string;
  readonly optional?: boolean | undefined;
  readonly wide?: boolean | undefined;
  readonly children: (id: string) => ReactNode;
}

function Field({ label, optional, wide, children }: FieldProps) {
  const id = useId();
  return (
    <div className={wide ? 'submit-field submit-field-wide' : 'submit-field'}>
      <label className="label" htmlFor={id}>
        {label}
        {optional && <span className="muted field-optional">optional</span>}
      </label>
      {children(id)}
    </div>
  );
}
