// The versions of a dataset, newest first, and what changed between two of them.
import { formatBytes } from '../../agents/manifest.js';
import { useAnswer } from '../../mcp/use-answer.js';
import { dataHref } from '../../route.js';
import { formatFromNow, formatWhole, plural } from '../../ui/figures.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import type { Card, Version } from '../dataset.js';
import { formatLabel } from '../submit/file-format.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';
import { DriftSection, LeftOut } from './drift-section.js';

interface VersionsViewProps {
  readonly card: Card;
  /** The two that are compared, where the address names them. */
  readonly version: number | undefined;
  readonly against: number | undefined;
}

export function VersionsView({ card, version, against }: VersionsViewProps) {
  const { datasetId } = card.dataset;
  const parts = useParts();
  const { value, failure } = useAnswer<Card>(TOOLS.get, { datasetId });
  if (failure) return <FailureNotice failure={failure} />;
  if (!value) return <Waiting label="Fetching the versions…" lines={4} />;
  const versions = value.versions ?? [];
  const last = versions[0]?.version ?? 1;
  const newer = version ?? last;
  const older = against ?? newer - 1;
  const comparable = parts.has('compare') && versions.length > 1 && older >= 1 && older !== newer;
  return (
    <div className="versions">
      <ol className="version-list" data-testid="versions">
        {versions.map((each, at) => (
          <VersionItem
            key={each.version}
            datasetId={datasetId}
            version={each}
            before={versions[at + 1]}
            last={each.version === last}
          />
        ))}
      </ol>
      {versions.length === 1 && <p className="muted">This is the first version; a change shows up here.</p>}
      {comparable && <DriftSection datasetId={datasetId} versions={versions} older={older} newer={newer} />}
    </div>
  );
}

interface VersionItemProps {
  readonly datasetId: string;
  readonly version: Version;
  readonly before: Version | undefined;
  readonly last: boolean;
}

function VersionItem({ datasetId, version, before, last }: VersionItemProps) {
  const { version: number, rows, bytes, format, createdAt, sha256, note, source, drift } = version;
  return (
    <li className="card version-item" data-testid={`version-${number}`}>
      <div className="version-head">
        <strong>
          <a href={dataHref(datasetId, undefined, { version: last ? undefined : number })}>Version {number}</a>
        </strong>
        {last && <span className="badge badge-here">last</span>}
        <span className="muted" title={formatWhole(createdAt)}>
          {formatFromNow(createdAt, Date.now())}
        </span>
        {before && (
          <a
            className="version-compare"
            href={dataHref(datasetId, 'versions', { version: number, against: before.version })}
          >
            What changed since version {before.version}
          </a>
        )}
      </div>
      {note !== null && <p className="version-note">{note}</p>}
      {drift && <LeftOut {...drift.discarded} />}
      <ul className="dataset-facts">
        <li>
          {plural(rows, 'row')}
          {before && <Change by={rows - before.rows} />}
        </li>
        <li>{formatBytes(bytes)}</li>
        <li>{formatLabel(format)}</li>
        <li className="version-source">{source}</li>
      </ul>
      <p className="mono muted hash version-hash">{sha256}</p>
    </li>
  );
}

const Change = ({ by }: { by: number }) =>
  by === 0 ? null : (
    <span className="muted">
      {' '}
      ({by > 0 ? '+' : '−'}
      {Math.abs(by).toLocaleString('en')})
    </span>
  );
