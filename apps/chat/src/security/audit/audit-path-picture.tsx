// A small picture of an audit path: from the record's leaf at the foot up to the signed root, with the hash beside it at each step.
import type { PathStep } from './audit-path.js';

const ROW = 46;
const WIDTH = 420;
const NODE = { width: 92, height: 24 };
const MIDDLE = WIDTH / 2;
const ASIDE = 140;
const HASH_SHOWN = 8;

const shown = (hash: string): string => `${hash.slice(0, HASH_SHOWN)}…`;

export function AuditPath({ leafHash, steps }: { leafHash: string; steps: readonly PathStep[] }) {
  const height = (steps.length + 1) * ROW;
  const yOf = (level: number): number => height - level * ROW - ROW / 2;
  return (
    <figure className="path-figure">
      <svg
        className="path-picture"
        viewBox={`0 0 ${WIDTH} ${height}`}
        role="img"
        aria-label={`Audit path of ${steps.length} steps from the record’s leaf to the root`}
        data-testid="audit-path"
      >
        {steps.map(({ sibling, side }, level) => {
          const x = side === 'left' ? MIDDLE - ASIDE : MIDDLE + ASIDE;
          return (
            // The height in the tree, and so the place, is what tells two steps apart.
            <g key={sibling + String(level)}>
              <path className="path-own" d={`M${MIDDLE} ${yOf(level)}V${yOf(level + 1)}`} />
              <path className="path-aside" d={`M${x} ${yOf(level)}L${MIDDLE} ${yOf(level + 1)}`} />
              <Node x={x} y={yOf(level)} text={shown(sibling)} kind="sibling" />
            </g>
          );
        })}
        {steps.map(({ parent }, level) => (
          <Node
            key={parent}
            x={MIDDLE}
            y={yOf(level + 1)}
            text={level === steps.length - 1 ? 'root' : shown(parent)}
            kind={level === steps.length - 1 ? 'root' : 'own'}
            title={parent}
          />
        ))}
        <Node x={MIDDLE} y={yOf(0)} text="this record" kind={steps.length === 0 ? 'root' : 'leaf'} title={leafHash} />
      </svg>
      <figcaption className="muted">
        Each step up is the hash of two below it. Given are the record and the hashes at the sides; the rest was worked
        out here.
      </figcaption>
    </figure>
  );
}

interface NodeProps {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly kind: 'own' | 'sibling' | 'leaf' | 'root';
  readonly title?: string;
}

const Node = ({ x, y, text, kind, title }: NodeProps) => (
  <g className={`path-node path-${kind}-node`}>
    {title && <title>{title}</title>}
    <rect x={x - NODE.width / 2} y={y - NODE.height / 2} width={NODE.width} height={NODE.height} rx="6" />
    <text x={x} y={y} dy="4" textAnchor="middle">
      {text}
    </text>
  </g>
);
