// The profile of a dataset: for each column how full it is, and the shape of its values, as a picture and in words.
import { useState } from 'react';
import { type Failure, toFailure, toolFailure } from '../../failure.js';
import { useLab } from '../../mcp/lab.js';
import { useAnswer } from '../../mcp/use-answer.js';
import { plural } from '../../ui/figures.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import type { Dataset } from '../dataset.js';
import { fileName, saveBlob } from '../dataset/save-file.js';
import { TOOLS } from '../views.js';
import { ColumnCard } from './column-card.js';
import type { Profile } from './profile.js';

/** Cards drawn at once; the rest comes on demand. */
const SHOWN = 60;

interface ProfileViewProps {
  readonly dataset: Dataset;
  readonly version: number | undefined;
}

export function ProfileView({ dataset, version }: ProfileViewProps) {
  const { datasetId } = dataset;
  const { value, failure } = useAnswer<Profile>(TOOLS.profile, { datasetId, version, picture: false });
  const [filter, setFilter] = useState('');
  const [shown, setShown] = useState(SHOWN);
  if (failure) return <FailureNotice failure={failure} />;
  if (!value) return <Waiting label="Profiling the columns…" lines={8} />;
  const columns = value.columns.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase()));
  return (
    <div className="profile" data-testid="profile">
      <div className="profile-head">
        <p>
          {plural(value.rows, 'row')}, {plural(value.columns.length, 'column')},{' '}
          {value.duplicates === 0 ? 'no row twice' : `${plural(value.duplicates, 'row')} that were there before`}
        </p>
        {value.columns.length > 8 && (
          <input
            type="search"
            className="input profile-filter"
            aria-label="Columns that hold"
            placeholder="Find a column"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
        )}
        <SavePicture dataset={dataset} version={version} />
      </div>
      <ul className="profile-columns">
        {columns.slice(0, shown).map((column) => (
          <ColumnCard key={column.name} column={column} />
        ))}
      </ul>
      {columns.length === 0 && <p className="muted">No column is called so.</p>}
      {columns.length > shown && (
        <button type="button" className="button" onClick={() => setShown(shown + SHOWN)}>
          Show more columns
        </button>
      )}
    </div>
  );
}

interface ImageBlock {
  readonly type: string;
  readonly data?: string;
}

/** The lab's own picture, as a file. */
function SavePicture({ dataset, version }: ProfileViewProps) {
  const { connection } = useLab();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const save = async () => {
    setBusy(true);
    const { datasetId } = dataset;
    const result = await connection.callTool(TOOLS.profile, { datasetId, version }).catch((thrown: unknown) => toFailure(thrown));
    setBusy(false);
    const failed = 'code' in result ? result : result.isError ? toolFailure(result) : undefined;
    setFailure(failed);
    if (failed || 'code' in result) return;
    const image = ((result.content ?? []) as readonly ImageBlock[]).find(({ type }) => type === 'image');
    if (image?.data === undefined) return;
    const svg = Uint8Array.from(atob(image.data), (char) => char.charCodeAt(0));
    saveBlob(new Blob([svg], { type: 'image/svg+xml' }), fileName(dataset, 'profile.svg'));
  };
  return (
    <>
      <button type="button" className="button button-small" disabled={busy} aria-busy={busy} onClick={() => void save()}>
        {busy ? 'Drawing…' : 'Save as a picture'}
      </button>
      {failure && <FailureNotice failure={failure} />}
    </>
  );
}
