// A new project of a template: asked, shown before anything is made, then made.
import { type FormEvent, useState } from 'react';
import { useAsking } from '../../mcp/use-asking.js';
import { projectsHref } from '../../route.js';
import { Field } from '../../ui/field.js';
import { FailureNotice } from '../../ui/notice.js';
import { FileChanges } from '../files/file-changes.js';
import type { Started, Template } from '../project.js';
import { TOOLS } from '../views.js';
import { TemplateInput } from './input-field.js';
import { type Draft, defaultsOf, draftInput, inputFields, NAME_FIELD } from './start-fields.js';

const PLACES = [
  { place: '', label: 'where the lab keeps projects' },
  { place: 'folder', label: 'a folder on the lab’s disk' },
  { place: 'archive', label: 'an archive to download' },
  { place: 'both', label: 'both' },
] as const;

export function StartForm({ template }: { template: Template }) {
  const fields = inputFields(template);
  const [draft, setDraft] = useState<Draft>({ name: '', place: '', values: defaultsOf(fields) });
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [preview, setPreview] = useState<Started>();
  const { busy, failure, ask } = useAsking<Started>();
  const drafted = draftInput(template.name, fields, draft);
  const problems = drafted.ok ? {} : drafted.problems;
  const shown = (name: string): string | undefined => (touched.has(name) ? problems[name] : undefined);
  const change = (part: Partial<Draft>, field?: string) => {
    setDraft({ ...draft, ...part });
    if (field !== undefined) setTouched(new Set([...touched, field]));
    setPreview(undefined);
  };
  const send = async (dryRun: boolean) => {
    setTouched(new Set([NAME_FIELD, ...fields.map(({ name }) => name)]));
    if (!drafted.ok) return;
    const answer = await ask(TOOLS.start, { ...drafted.input, dryRun });
    if (answer?.project) location.hash = projectsHref('list', answer.project.projectId);
    else if (answer) setPreview(answer);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send(false);
  };
  return (
    <section className="section" aria-labelledby="start-title" data-testid="start">
      <h2 id="start-title">A project of {template.title}</h2>
      <form className="card start-form" onSubmit={submit} noValidate>
        <div className="start-fields">
          <NameField name={draft.name} problem={shown(NAME_FIELD)} onName={(name) => change({ name }, NAME_FIELD)} />
          <PlaceField place={draft.place} onPlace={(place) => change({ place })} />
          {fields.map((field) => (
            <TemplateInput
              key={field.name}
              field={field}
              value={draft.values[field.name]}
              problem={shown(field.name)}
              onChange={(value) => change({ values: { ...draft.values, [field.name]: value } }, field.name)}
            />
          ))}
        </div>
        {failure && <FailureNotice failure={failure} />}
        <div className="start-buttons">
          <button
            type="button"
            className="button"
            data-testid="start-preview"
            disabled={busy}
            onClick={() => void send(true)}
          >
            Preview
          </button>
          <button type="submit" className="button button-main" data-testid="start-go" disabled={busy} aria-busy={busy}>
            Create the project
          </button>
        </div>
      </form>
      {preview && <FileChanges files={preview.files} label="Files of the project" />}
    </section>
  );
}

interface NameFieldProps {
  readonly name: string;
  readonly problem: string | undefined;
  readonly onName: (name: string) => void;
}

const NameField = ({ name, problem, onName }: NameFieldProps) => (
  <Field label="Name" hint="Of its folder, such as flare-study" problem={problem}>
    {(field) => (
      <input
        {...field}
        className="input"
        data-testid="start-name"
        autoComplete="off"
        spellCheck={false}
        value={name}
        onChange={(event) => onName(event.target.value)}
      />
    )}
  </Field>
);

const PlaceField = ({ place, onPlace }: { place: Draft['place']; onPlace: (place: Draft['place']) => void }) => (
  <Field label="Place" hint="A folder is there at once; an archive goes where you are.">
    {(field) => (
      <select
        {...field}
        className="input"
        data-testid="start-place"
        value={place}
        onChange={(event) => onPlace(event.target.value as Draft['place'])}
      >
        {PLACES.map((each) => (
          <option key={each.place} value={each.place}>
            {each.label}
          </option>
        ))}
      </select>
    )}
  </Field>
);
