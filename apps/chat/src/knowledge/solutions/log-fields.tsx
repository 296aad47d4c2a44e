// The fields of a new solution. What is Markdown can be seen as it will be.
import { useState } from 'react';
import { MarkdownText } from '../../projects/markdown/markdown-text.js';
import { Field } from '../../ui/field.js';
import { OneOf } from '../../ui/one-of.js';
import { ProjectChoice } from '../project-choice.js';
import type { Draft, Field as Name } from './log-draft.js';

interface LogFieldsProps {
  readonly draft: Draft;
  readonly problemOf: (field: Name) => string | undefined;
  readonly disabled: boolean;
  readonly onChange: (part: Partial<Draft>) => void;
}

export function LogFields({ draft, problemOf, disabled, onChange }: LogFieldsProps) {
  const line = (name: 'title' | 'tags') => ({
    className: 'input',
    'data-testid': `log-${name}`,
    disabled,
    value: draft[name],
    onChange: (event: { target: HTMLInputElement }) => onChange({ [name]: event.target.value }),
  });
  const text = (name: 'problem' | 'evidence' | 'errorText', rows: number) => ({
    className: name === 'problem' ? 'input' : 'input mono',
    'data-testid': `log-${name}`,
    disabled,
    rows,
    value: draft[name],
    onChange: (event: { target: HTMLTextAreaElement }) => onChange({ [name]: event.target.value }),
  });
  return (
    <>
      <Field label="Title" hint="What one would search for, such as the error itself" problem={problemOf('title')}>
        {(field) => <input {...field} {...line('title')} />}
      </Field>
      <Field label="Problem" hint="What went wrong, and when" problem={problemOf('problem')}>
        {(field) => <textarea {...field} {...text('problem', 4)} />}
      </Field>
      <SolutionField
        value={draft.solution}
        problem={problemOf('solution')}
        disabled={disabled}
        onChange={(solution) => onChange({ solution })}
      />
      <Field label="Tags" hint="With commas between them" problem={problemOf('tags')}>
        {(field) => <input {...field} {...line('tags')} />}
      </Field>
      <Field
        label="Evidence"
        hint="One a line: ids of jobs and datasets, addresses of documents (kb://) and pages (https://)"
        problem={problemOf('evidence')}
      >
        {(field) => <textarea {...field} {...text('evidence', 2)} spellCheck={false} />}
      </Field>
      <Field
        label="The error that it solves"
        hint="So that whoever has it next finds this. What it is known by is kept, its text is not."
        problem={problemOf('errorText')}
      >
        {(field) => <textarea {...field} {...text('errorText', 3)} spellCheck={false} />}
      </Field>
      <ProjectChoice
        testId="log-project"
        none="none"
        value={draft.project}
        onChoose={(project) => onChange({ project })}
      />
    </>
  );
}

interface SolutionFieldProps {
  readonly value: string;
  readonly problem: string | undefined;
  readonly disabled: boolean;
  readonly onChange: (text: string) => void;
}

const SIDES = [
  { name: 'write', label: 'Write' },
  { name: 'preview', label: 'Preview' },
] as const;

function SolutionField({ value, problem, disabled, onChange }: SolutionFieldProps) {
  const [side, setSide] = useState('write');
  return (
    <div className="log-solution">
      <OneOf legend="Write it or see it" group="log-side" choices={SIDES} chosen={side} onChosen={setSide} />
      <Field label="Solution" hint="What helped, step by step. Markdown." problem={problem}>
        {(field) =>
          side === 'write' ? (
            <textarea
              {...field}
              className="input"
              data-testid="log-solution"
              rows={8}
              disabled={disabled}
              value={value}
              onChange={(event) => onChange(event.target.value)}
            />
          ) : (
            <section id={field.id} className="log-preview" aria-label="Preview" data-testid="log-preview">
              {value.trim() === '' ? <p className="muted">Nothing is written yet.</p> : <MarkdownText text={value} />}
            </section>
          )
        }
      </Field>
    </div>
  );
}
