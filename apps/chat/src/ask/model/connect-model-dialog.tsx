// The operator connects a language model: where it is, what it is called, its key. The key is sent once and shown nowhere again.
import { useState } from 'react';
import { useAsking } from '../../mcp/use-asking.js';
import { Field } from '../../ui/field.js';
import { FailureNotice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import { TOOLS } from '../conversation/message.js';

const KINDS = [
  { kind: 'openai', label: 'OpenAI’s chat completions (Ollama, vLLM and others too)' },
  { kind: 'anthropic', label: 'Anthropic’s messages' },
] as const;

interface Draft {
  readonly name: string;
  readonly kind: string;
  readonly model: string;
  readonly baseUrl: string;
  readonly key: string;
}

const EMPTY: Draft = { name: '', kind: 'openai', model: '', baseUrl: '', key: '' };

export function ConnectModelDialog({ onClose }: { onClose: () => void }) {
  const [draft, setDraft] = useState(EMPTY);
  const { busy, failure, ask } = useAsking();
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const send = async () => {
    const { name, kind, model, baseUrl, key } = draft;
    const input = { name, kind, model, ...(baseUrl === '' ? {} : { baseUrl }), ...(key === '' ? {} : { key }) };
    // It is not kept here, whatever the lab says.
    change({ key: '' });
    if ((await ask(TOOLS.setModel, input)) !== undefined) onClose();
  };
  const text = (name: 'name' | 'model' | 'baseUrl', label: string, hint: string) => (
    <Field label={label} hint={hint}>
      {(field) => (
        <input
          {...field}
          className="input"
          data-testid={`model-${name}`}
          autoComplete="off"
          spellCheck={false}
          value={draft[name]}
          onChange={(event) => change({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <QuestionDialog
      title="Connect a language model"
      testId="model-dialog"
      action="Connect it"
      busy={busy}
      disabled={!/^[a-z0-9][a-z0-9._-]{0,59}$/.test(draft.name) || draft.model === ''}
      onSubmit={() => void send()}
      onClose={onClose}
    >
      {text('name', 'Name in the lab', 'Small letters, digits, dots and dashes, such as local-llama.')}
      <Field label="It speaks">
        {(field) => (
          <select
            {...field}
            className="input"
            value={draft.kind}
            onChange={(event) => change({ kind: event.target.value })}
          >
            {KINDS.map(({ kind, label }) => (
              <option key={kind} value={kind}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      {text('model', 'Model', 'As its provider calls it.')}
      {text('baseUrl', 'Address', 'Such as http://127.0.0.1:11434/v1. Left out: the provider’s own.')}
      <KeyField value={draft.key} onChange={(key) => change({ key })} />
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}

const KeyField = ({ value, onChange }: { value: string; onChange: (key: string) => void }) => (
  <Field label="Key" hint="Kept sealed by the lab, and shown nowhere again. Left out: none.">
    {(field) => (
      <input
        {...field}
        className="input"
        type="password"
        data-testid="model-key"
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    )}
  </Field>
);
