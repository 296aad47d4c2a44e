// One search model: whether it answers, how far its vectors are, and what it is.
import { formatBytes } from '../../agents/manifest.js';
import { Entry } from '../../ui/entry.js';
import { formatWhole } from '../../ui/figures.js';
import type { Encoder } from '../knowledge.js';

const STATES = {
  kept: { label: 'not in use', look: 'badge badge-read' },
  coming: { label: 'its vectors are being made', look: 'badge badge-write' },
  answering: { label: 'ranks answers', look: 'pill pill-good' },
} as const satisfies Record<Encoder['state'], { label: string; look: string }>;

interface ModelCardProps {
  readonly model: Encoder;
  /** That could have vectors. */
  readonly documents: number;
  readonly busy: boolean;
  /** With its name, or with none: by words alone. */
  readonly onUse: ((name: string | undefined) => void) | undefined;
  readonly onRemove: (() => void) | undefined;
}

export function ModelCard({ model, documents, busy, onUse, onRemove }: ModelCardProps) {
  const { name, state } = model;
  const used = state !== 'kept';
  return (
    <article className="card collection-card" data-testid={`model-${name}`}>
      <div className="collection-head">
        <h2>
          {name} <span className={STATES[state].look}>{STATES[state].label}</span>
        </h2>
        <div className="knowledge-buttons">
          {onUse && (
            <button
              type="button"
              className="button button-small"
              disabled={busy}
              data-testid={`model-use-${name}`}
              onClick={() => onUse(used ? undefined : name)}
            >
              {used ? 'Stop using it' : 'Use it'}
            </button>
          )}
          {onRemove && !used && (
            <button
              type="button"
              className="button button-small button-quiet-bad"
              aria-label={`Remove the model ${name}`}
              onClick={onRemove}
            >
              Remove…
            </button>
          )}
        </div>
      </div>
      {used && <Vectors made={model.documents} all={documents} />}
      <ModelFacts model={model} />
    </article>
  );
}

function Vectors({ made, all }: { made: number; all: number }) {
  const said = `${made.toLocaleString('en')} of ${all.toLocaleString('en')} documents have vectors`;
  return (
    <div className="quota-bar">
      <p className="muted">{said}</p>
      <progress className="progress" aria-label={said} value={made} max={Math.max(all, 1)} />
    </div>
  );
}

const ModelFacts = ({ model }: { model: Encoder }) => (
  <dl className="model-facts">
    <Entry name="Size">{formatBytes(model.bytes)}</Entry>
    <Entry name="Parameters">{`${(model.parameters / 1_000_000).toFixed(1)} million`}</Entry>
    <Entry name="Dimensions">{model.dimensions}</Entry>
    <Entry name="Longest passage">{`${model.tokensMax} tokens`}</Entry>
    <Entry name="Licence">{model.licence ?? 'not given'}</Entry>
    <Entry name="Added">{formatWhole(model.addedAt)}</Entry>
    <Entry name="At eight bits">{`at least ${model.int8Cosine.toFixed(4)} alike`}</Entry>
    <Entry name="SHA-256">
      <span className="mono hash">{model.sha256.slice(0, 16)}…</span>
    </Entry>
  </dl>
);
