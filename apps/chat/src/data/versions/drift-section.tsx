// What changed between two versions: rows, and columns that came, went, or hold something else.
import { useAnswer } from '../../mcp/use-answer.js';
import { dataHref } from '../../route.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import type { Card, Version } from '../dataset.js';
import { columnsOf } from '../rows/columns.js';
import { TOOLS } from '../views.js';
import { columnDrift } from './column-drift.js';

interface DriftSectionProps {
  readonly datasetId: string;
  readonly versions: readonly Version[];
  readonly older: number;
  readonly newer: number;
}

export function DriftSection({ datasetId, versions, older, newer }: DriftSectionProps) {
  const before = useAnswer<Card>(TOOLS.fetch, { datasetId, version: older, as: 'rows', limit: 1 });
  const after = useAnswer<Card>(TOOLS.fetch, { datasetId, version: newer, as: 'rows', limit: 1 });
  const failure = before.failure ?? after.failure;
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
      {!failure && !(before.value && after.value) && <Waiting label="Comparing…" />}
      {before.value && after.value && <Drift before={before.value} after={after.value} />}
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

const WORDS = { added: 'new', removed: 'gone', changed: 'changed' } as const;
const STYLES = { added: 'pill pill-good', removed: 'pill pill-bad', changed: 'badge badge-write' } as const;

function Drift({ before, after }: { before: Card; after: Card }) {
  const changes = columnDrift(columnsOf(before.schema, []), columnsOf(after.schema, []));
  const rows = after.dataset.rows - before.dataset.rows;
  return (
    <>
      <p>
        {before.dataset.rows.toLocaleString('en')} rows before, {after.dataset.rows.toLocaleString('en')} after
        {rows === 0 ? '' : `: ${Math.abs(rows).toLocaleString('en')} ${rows > 0 ? 'more' : 'fewer'}`}.{' '}
        {changes.length === 0 && 'The columns hold the same.'}
      </p>
      {changes.length > 0 && (
        <ul className="drift-list">
          {changes.map(({ name, kind, before: was, after: is }) => (
            <li key={name}>
              <span className={STYLES[kind]}>{WORDS[kind]}</span> <span className="mono">{name}</span>{' '}
              <span className="muted">{kind === 'changed' ? `${was} → ${is}` : (is ?? was)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
