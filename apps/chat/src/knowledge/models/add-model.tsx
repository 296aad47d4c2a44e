// Adds a search model: a tar that goes up in pieces, then is checked and turned into what the lab runs.
import { type FormEvent, useState } from 'react';
import { Field } from '../../ui/field.js';
import { RunButtons } from '../../ui/run-buttons.js';
import type { Encoder } from '../knowledge.js';
import { DeliveryList } from '../sending/delivery-list.js';
import { useDeliveries } from '../sending/use-deliveries.js';
import { TOOLS } from '../views.js';

interface Added {
  readonly model: Encoder;
  readonly alreadyThere: boolean;
}

const NAME = /^[a-z0-9][a-z0-9._-]{0,59}$/;

interface Draft {
  readonly file: File | undefined;
  readonly name: string;
  readonly licence: string;
}

type Problems = Readonly<Partial<Record<keyof Draft, string>>>;

const problemsIn = ({ file, name }: Draft): Problems => ({
  ...(file ? {} : { file: 'Choose a tar.' }),
  ...(NAME.test(name.trim()) ? {} : { name: 'Small letters, digits, dots and dashes, at most 60.' }),
});

export function AddModel({ onAdded }: { onAdded: () => void }) {
  const [draft, setDraft] = useState<Draft>({ file: undefined, name: '', licence: '' });
  const [tried, setTried] = useState(false);
  const { deliveries, running, deliver, cancel } = useDeliveries<Added>();
  const problems = problemsIn(draft);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const { file } = draft;
    if (!file || problems.name !== undefined || running) return;
    const licence = draft.licence.trim();
    const input = { name: draft.name.trim(), ...(licence === '' ? {} : { licence }) };
    if ((await deliver([{ name: file.name, tool: TOOLS.addModel, file, input }])) > 0) onAdded();
  };
  return (
    <section className="section" aria-labelledby="add-model-title">
      <h2 id="add-model-title">Add a model</h2>
      <form
        className="card knowledge-form"
        onSubmit={(event) => void submit(event)}
        noValidate
        data-testid="model-form"
      >
        <ModelFields
          draft={draft}
          problems={tried ? problems : {}}
          disabled={running}
          onChange={(part) => setDraft({ ...draft, ...part })}
        />
        <div className="knowledge-buttons">
          <RunButtons
            testId="model-go"
            label="Add the model"
            runningLabel="Adding…"
            running={running}
            onCancel={cancel}
          />
        </div>
      </form>
      <DeliveryList
        label="The model"
        deliveries={deliveries}
        outcomeOf={({ model, alreadyThere }) => (
          <p>
            {alreadyThere
              ? `${model.name} was there already.`
              : `${model.name} is kept. Nothing changes until it is used.`}
          </p>
        )}
      />
    </section>
  );
}

interface ModelFieldsProps {
  readonly draft: Draft;
  readonly problems: Problems;
  readonly disabled: boolean;
  readonly onChange: (part: Partial<Draft>) => void;
}

const ModelFields = ({ draft, problems, disabled, onChange }: ModelFieldsProps) => (
  <>
    <Field
      label="Archive"
      hint="A tar with config.json, model.safetensors and vocab.txt of a BERT sentence encoder"
      problem={problems.file}
    >
      {(field) => (
        <input
          {...field}
          type="file"
          className="input"
          data-testid="model-file"
          accept=".tar,.gz,.tgz"
          disabled={disabled}
          onChange={(event) => onChange({ file: event.target.files?.[0] })}
        />
      )}
    </Field>
    <Field label="Name" hint="Such as all-minilm-l6-v2" problem={problems.name}>
      {(field) => (
        <input
          {...field}
          className="input"
          data-testid="model-name"
          autoComplete="off"
          spellCheck={false}
          disabled={disabled}
          value={draft.name}
          onChange={(event) => onChange({ name: event.target.value })}
        />
      )}
    </Field>
    <Field label="Licence" hint="As its makers give it, such as Apache-2.0">
      {(field) => (
        <input
          {...field}
          className="input"
          disabled={disabled}
          maxLength={100}
          value={draft.licence}
          onChange={(event) => onChange({ licence: event.target.value })}
        />
      )}
    </Field>
  </>
);
