// What changed between two versions, as the lab compares them: rows, and columns that came, went, or hold something else.
import { useAnswer } from '../../mcp/use-answer.js';
import { dataHref } from '../../route.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { plural } from '../../ui/figures.js';
import type { Version } from '../dataset.js';
import { TOOLS } from '../views.js';

interface DriftSectionProps {
  readonly datasetId: string;
  readonly versions: readonly Version[];
  readonly older: number;
  readonly newer: number;
}

export function DriftSection({ datasetId, versions, older, newer }: DriftSectionProps) {
  const input = { before: datasetId, beforeVersion: older, after: datasetId, afterVersion: newer };
  const { value, failure, busy } = useAnswer<Drift>(TOOLS.compare, input);
  return (
    <section className="card drift" aria-label="What changed" data-testid="drift">
      <div className="drift-head">
        <h2>
          From version {older} to {newer}
        </h2>
        <Chooser label="from" chosen={older} versions={versions} hrefOf={(at) => hrefFor(datasetId, newer, at)} />
        <Chooser label="to" chosen={newer} versions={versions} hrefOf={(at) => hrefFor(datasetId, at, older)} />
      </div>
      {failure && <FailureNotice failure={failure} />}
      {!failure && (busy || !value) && <Waiting label="Comparing…" />}
      {value && !failure && !busy && <Changes drift={value} />}
    </section>
  );
}

const hrefFor = (datasetId: string, version: number, against: number): string =>
  dataHref(datasetId, 'versions', { version, against });

interface ChooserProps {
  readonly label: string;
  readonly chosen: number;
  readonly versions: readonly Version[];
  readonly hrefOf: (version: number) => string;
}

const Chooser = ({ label, chosen, versions, hrefOf }: ChooserProps) => (
  <label className="drift-choice">
    <span className="muted">{label}</span>
    <select
      className="input"
      value={chosen}
      onChange={(event) => {
        location.hash = hrefOf(Number(event.target.value));
      }}
    >
      {versions.map(({ version }) => (
        <option key={version} value={version}>
          version {version}
        </option>
      ))}
    </select>
  </label>
);

const WORDS = { added: 'new', removed: 'gone', retyped: 'other type', gaps: 'gaps', range: 'other range' } as const;
const STYLES = {
  added: 'pill pill-good',
  removed: 'pill pill-bad',
  retyped: 'badge badge-write',
  gaps: 'badge badge-write',
  range: 'badge badge-read',
} as const;

interface ColumnChange {
  readonly column: string;
  readonly kind: keyof typeof WORDS;
  readonly before: string | null;
  readonly after: string | null;
  /** Rows as before still fit. */
  readonly widens: boolean;
}

interface Drift {
  readonly same: boolean;
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  readonly changes: readonly ColumnChange[];
}

function Changes({ drift: { same, rowsBefore, rowsAfter, changes } }: { drift: Drift }) {
  const rows = rowsAfter - rowsBefore;
  return (
    <>
      <p>
        {plural(rowsBefore, 'row')} before, {rowsAfter.toLocaleString('en')} after
        {rows === 0 ? '' : `: ${Math.abs(rows).toLocaleString('en')} ${rows > 0 ? 'more' : 'fewer'}`}.{' '}
        {changes.length === 0 && (same ? 'The bytes are the very same.' : 'The columns hold the same.')}
      </p>
      {changes.length > 0 && (
        <ul className="drift-list">
          {changes.map(({ column, kind, before, after, widens }) => (
            <li key={`${column} ${kind}`}>
              <span className={STYLES[kind] ?? 'badge badge-read'}>{WORDS[kind] ?? kind}</span>{' '}
              <span className="mono">{column}</span>{' '}
              <span className="muted">
                {before !== null && after !== null ? `${before} → ${after}` : (after ?? before)}
                {!widens && ' · rows as before do not fit any more'}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
