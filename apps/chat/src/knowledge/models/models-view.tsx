// Search models that an operator brings: which one ranks answers, how far its vectors are; using one, adding and removing.
import { useState } from 'react';
import { useAnswer } from '../../mcp/use-answer.js';
import { useAsking } from '../../mcp/use-asking.js';
import { plural } from '../../ui/figures.js';
import { Icon } from '../../ui/icon.js';
import { FailureNotice, Notice, Waiting } from '../../ui/notice.js';
import type { Encoder, Encoders } from '../knowledge.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';
import { AddModel } from './add-model.js';
import { ModelCard } from './model-card.js';
import { RemoveModelDialog } from './remove-model-dialog.js';

export function ModelsView() {
  const parts = useParts();
  const { value, failure, busy, refresh } = useAnswer<Encoders>(TOOLS.models, {});
  const use = useAsking<Pick<Encoders, 'models'>>();
  const [removing, setRemoving] = useState<Encoder>();
  const choose = async (name: string | undefined) => {
    if (await use.ask(TOOLS.useModel, name === undefined ? {} : { name })) refresh();
  };
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Search models</h1>
          <p className="muted">
            Without one, answers are found by their words. With one, also by what they mean. None is fetched by itself.
          </p>
        </div>
        <div className="page-actions">
          {/* Vectors are made in the background, and the lab tells nobody how far they are. */}
          <button type="button" className="button" disabled={busy} data-testid="models-refresh" onClick={refresh}>
            <Icon name="refresh" /> Look again
          </button>
        </div>
      </div>
      {failure && <FailureNotice failure={failure} />}
      {use.failure && <FailureNotice failure={use.failure} />}
      {!value && !failure && <Waiting label="Fetching the models…" lines={4} />}
      {value && (
        <>
          <HowItGoes encoders={value} />
          {value.models.length === 0 && (
            <div className="nothing" data-testid="models-nothing">
              <p>There is no search model: words alone find answers.</p>
              <p className="muted">A BERT sentence encoder such as all-MiniLM-L6-v2 can be added below.</p>
            </div>
          )}
          <ul className="collection-list" data-testid="models">
            {value.models.map((model) => (
              <li key={model.name}>
                <ModelCard
                  model={model}
                  documents={value.documents}
                  busy={use.busy}
                  onUse={parts.has('useModel') ? (name) => void choose(name) : undefined}
                  onRemove={parts.has('removeModel') ? () => setRemoving(model) : undefined}
                />
              </li>
            ))}
          </ul>
        </>
      )}
      {parts.has('addModel') && <AddModel onAdded={refresh} />}
      {removing && <RemoveModelDialog model={removing} onDone={refresh} onClose={() => setRemoving(undefined)} />}
    </>
  );
}

function HowItGoes({ encoders: { questions, withoutModel, problem } }: { encoders: Encoders }) {
  return (
    <>
      {questions > 0 && (
        <p className="muted">
          {plural(questions, 'question')} answered since this replica started, {withoutModel.toLocaleString('en')} by
          words alone although a model was in use.
        </p>
      )}
      {problem !== null && (
        <Notice title="Not all goes well.">
          <p>{problem}</p>
        </Notice>
      )}
    </>
  );
}
