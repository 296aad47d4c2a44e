// What is said of documents that are added: into which collection, how they are read, and by whom.
import { useId } from 'react';
import { useLab } from '../../mcp/lab.js';
import { useAnswer } from '../../mcp/use-answer.js';
import { Choice } from '../../ui/choice.js';
import { Field } from '../../ui/field.js';
import type { Collections } from '../knowledge.js';
import { ProjectChoice } from '../project-choice.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';
import type { Draft, Field as Name } from './add-draft.js';
import { kindsIn } from './kinds.js';

interface AboutFieldsProps {
  readonly draft: Draft;
  readonly problemOf: (field: Name) => string | undefined;
  /** Of the tool that takes them. */
  readonly schema: Readonly<Record<string, unknown>> | undefined;
  readonly onChange: (part: Partial<Draft>) => void;
}

export function AboutFields({ draft, problemOf, schema, onChange }: AboutFieldsProps) {
  const parts = useParts();
  const { session } = useLab();
  const names = useId();
  const { value } = useAnswer<Collections>(parts.has('collections') ? TOOLS.collections : undefined, {});
  const own = value?.collections.filter(({ owner }) => owner === session.walletId) ?? [];
  const readers = [
    { value: '', label: own.some(({ name }) => name === draft.collection) ? 'as it is' : 'only you' },
    ...(parts.has('models')
      ? [
          { value: 'owner', label: 'only you, from now on' },
          { value: 'lab', label: 'everybody in the lab' },
        ]
      : []),
  ];
  return (
    <>
      <Field
        label="Collection"
        hint="One of yours, or the name of a new one, such as pump-manuals"
        problem={problemOf('collection')}
      >
        {(field) => (
          <>
            <input
              {...field}
              className="input"
              data-testid="add-collection"
              list={names}
              autoComplete="off"
              spellCheck={false}
              value={draft.collection}
              onChange={(event) => onChange({ collection: event.target.value })}
            />
            <datalist id={names}>
              {own.map(({ collectionId, name }) => (
                <option key={collectionId} value={name} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <div className="choices-row">
        <Choice
          label="Read as"
          testId="add-kind"
          value={draft.kind}
          options={[{ value: '', label: 'by name and content' }, ...kindsIn(schema)]}
          onChoose={(kind) => onChange({ kind })}
        />
        <Choice
          label="Who reads it"
          testId="add-readers"
          value={draft.readers}
          options={readers}
          onChoose={(chosen) => onChange({ readers: chosen })}
        />
        <ProjectChoice
          testId="add-project"
          none="none"
          value={draft.project}
          onChoose={(project) => onChange({ project })}
        />
      </div>
    </>
  );
}
