// What changed between two versions, as the lab compares them: rows, and columns that came, went, or hold something else.
import { useAnswer } from '../../mcp/use-answer.js';
import { dataHref } from '../../route.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { plural } from '../../ui/figures.js';
import type { ColumnChange, Discarded, Version } from '../dataset.js';
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

const WORDS: Readonly<Record<ColumnChange['kind'], string>> = { added: 'new', removed: 'gone', retyped: 'other type', gaps: 'gaps', range: 'other range' };
const STYLES: Readonly<Record<ColumnChange['kind'], string>> = {
  added: 'pill pill-good',
  removed: 'pill pill-bad',
  retyped: 'badge badge-write',
  gaps: 'badge badge-write',
  range: 'badge badge-read',
};

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
      <ChangeList changes={changes} />
    </>
  );
}

const ChangeList = ({ changes }: { changes: readonly ColumnChange[] }) =>
  changes.length > 0 && (
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
  );

/** What a version was stored without, as its drift policy has it. */
export function LeftOut({ columns, rows }: Discarded) {
  if (columns.length === 0 && rows === 0) return null;
  return (
    <p className="muted" data-testid="left-out">
      Left out:{' '}
      {columns.map((column) => (
        <span key={column} className="mono">
          {column}{' '}
        </span>
      ))}
      {rows > 0 && plural(rows, 'row')}
    </p>
  );
}
