// Where documents come from, and the fields that each way needs.
import { Field } from '../../ui/field.js';
import { OneOf } from '../../ui/one-of.js';
import { useParts } from '../use-parts.js';
import type { Draft, From, Field as Name } from './add-draft.js';
import { FilesZone } from './files-zone.js';

interface SourceFieldsProps {
  readonly draft: Draft;
  readonly problemOf: (field: Name) => string | undefined;
  readonly disabled: boolean;
  readonly onChange: (part: Partial<Draft>) => void;
}

const WAYS = [
  { name: 'files', label: 'Files' },
  { name: 'text', label: 'Pasted text' },
] as const satisfies ReadonlyArray<{ name: From; label: string }>;
/** The lab takes these from operators alone, who look after search models too. */
const OPERATORS_WAYS = [
  { name: 'git', label: 'Git repository' },
  { name: 'folder', label: 'Folder at the lab' },
] as const satisfies ReadonlyArray<{ name: From; label: string }>;

export function SourceFields(props: SourceFieldsProps) {
  const parts = useParts();
  const { draft, problemOf, disabled, onChange } = props;
  return (
    <>
      <OneOf
        legend="Where they come from"
        group="add-from"
        choices={parts.has('models') ? [...WAYS, ...OPERATORS_WAYS] : WAYS}
        chosen={draft.from}
        onChosen={(from) => onChange({ from: from as From })}
      />
      {draft.from === 'files' && (
        <FilesZone
          files={draft.files}
          problem={problemOf('files')}
          disabled={disabled}
          onFiles={(files) => onChange({ files })}
        />
      )}
      {draft.from === 'text' && <TextFields {...props} />}
      {draft.from === 'git' && <GitFields {...props} />}
      {draft.from === 'folder' && (
        <LineField
          {...props}
          name="folder"
          label="Folder"
          hint="Of those that the operator allows; the lab looks at it again by itself"
        />
      )}
    </>
  );
}

const TextFields = (props: SourceFieldsProps) => (
  <>
    <LineField {...props} name="name" label="Name" hint="As a path, such as pumps/start.md" />
    <Field label="Text" problem={props.problemOf('content')}>
      {(field) => (
        <textarea
          {...field}
          className="input"
          data-testid="add-content"
          rows={8}
          disabled={props.disabled}
          value={props.draft.content}
          onChange={(event) => props.onChange({ content: event.target.value })}
        />
      )}
    </Field>
  </>
);

const GitFields = (props: SourceFieldsProps) => (
  <>
    <LineField
      {...props}
      name="url"
      label="Address of the repository"
      hint="Such as https://github.com/owner/name.git, of the hosts that the operator allows"
    />
    <LineField {...props} name="ref" label="Commit, branch or tag" hint="Such as main" />
    <LineField {...props} name="folder" label="Folder in it" hint="Left empty: all of it" />
  </>
);

interface LineFieldProps extends SourceFieldsProps {
  readonly name: 'name' | 'url' | 'ref' | 'folder';
  readonly label: string;
  readonly hint: string;
}

const LineField = ({ name, label, hint, draft, problemOf, disabled, onChange }: LineFieldProps) => (
  <Field label={label} hint={hint} problem={problemOf(name)}>
    {(field) => (
      <input
        {...field}
        className="input"
        data-testid={`add-${name}`}
        autoComplete="off"
        spellCheck={false}
        disabled={disabled}
        value={draft[name]}
        onChange={(event) => onChange({ [name]: event.target.value })}
      />
    )}
  </Field>
);
