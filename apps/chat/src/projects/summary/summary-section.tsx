// What a project does, told from its code when somebody asks. Each statement stands on lines of its files.
import { lazy, Suspense, useState } from 'react';
import { useAnswer } from '../../mcp/use-answer.js';
import { useAsking } from '../../mcp/use-asking.js';
import { Choice } from '../../ui/choice.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import type { Models, Summary } from '../project.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';

/** Few who look at a project ask for it. */
const SummaryShown = lazy(async () => ({ default: (await import('./summary-shown.js')).SummaryShown }));

/** No model is asked. */
const BY_RULES = '';

export function SummarySection({ projectId }: { projectId: string }) {
  const [summary, setSummary] = useState<Summary>();
  const [model, setModel] = useState(BY_RULES);
  const { busy, failure, ask } = useAsking<{ summary: Summary }>();
  const look = async () => {
    const answer = await ask(TOOLS.summary, { projectId, ...(model === BY_RULES ? {} : { model }) });
    if (answer) setSummary(answer.summary);
  };
  return (
    <section className="section" aria-labelledby="summary-title" data-testid="summary">
      <div className="section-head">
        <h2 id="summary-title">What it does</h2>
        <ModelChoice model={model} onModel={setModel} />
        <button
          type="button"
          className="button"
          data-testid="summary-go"
          disabled={busy}
          aria-busy={busy}
          onClick={() => void look()}
        >
          {summary ? 'Look again' : 'Look at its code'}
        </button>
      </div>
      {!summary && !failure && !busy && (
        <p className="muted">
          Purpose, where it begins, modules and who imports whom, how to run and configure it: each with its lines.
        </p>
      )}
      {failure && <FailureNotice failure={failure} />}
      {busy && !summary && <Waiting label="Reading the code…" lines={5} />}
      {summary && (
        <Suspense fallback={<Waiting label="Reading the code…" lines={5} />}>
          <SummaryShown summary={summary} />
        </Suspense>
      )}
    </section>
  );
}

/** Where the lab has language models, one of them may word what the code bears out. */
function ModelChoice({ model, onModel }: { model: string; onModel: (name: string) => void }) {
  const parts = useParts();
  const { value } = useAnswer<Models>(parts.has('models') ? TOOLS.models : undefined, {});
  const models = value?.models ?? [];
  if (models.length === 0) return null;
  return (
    <Choice
      label="Told by"
      testId="summary-model"
      value={model}
      options={[
        { value: BY_RULES, label: 'the code alone' },
        ...models.map(({ name }) => ({ value: name, label: `${name}, a language model` })),
      ]}
      onChoose={onModel}
    />
  );
}
