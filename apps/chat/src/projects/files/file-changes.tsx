// Files that are to be made or changed, as a tree: each opens to its content or its difference.
import { formatBytes } from '../../agents/manifest.js';
import { plural } from '../../ui/figures.js';
import { CHANGES, type FileChange } from '../project.js';
import { differenceLines, type Row, treeRows } from './file-tree.js';

export function FileChanges({ files, label }: { files: readonly FileChange[]; label: string }) {
  const bytes = files.reduce((sum, file) => sum + (file.bytes ?? 0), 0);
  return (
    <section className="card file-tree" aria-label={label} data-testid="files">
      <p className="muted file-sum">
        {plural(files.length, 'file')}, {formatBytes(bytes)}
      </p>
      <ul>
        {treeRows(files).map((row) => (
          <li key={row.key} className={`file-depth-${Math.min(row.depth, DEPTH_MAX)}`}>
            <TreeRow row={row} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Deeper ones stand as far in as this. */
const DEPTH_MAX = 5;

function TreeRow({ row }: { row: Row }) {
  if (row.file === undefined) return <span className="file-folder">{row.name}/</span>;
  const { file } = row;
  const head = (
    <>
      <span className="mono file-name">{row.name}</span>
      {file.executable && <span className="muted file-note">may be run</span>}
      <span className="muted file-size">{file.bytes === null ? '' : formatBytes(file.bytes)}</span>
      <span className={CHANGES[file.change].look}>{CHANGES[file.change].label}</span>
    </>
  );
  if (file.difference === undefined)
    return (
      <div className="file-row">
        {head}
        {file.note && <p className="muted file-note">{file.note}</p>}
      </div>
    );
  return (
    <details className="file-details">
      <summary className="file-row">{head}</summary>
      {file.note && <p className="muted">{file.note}</p>}
      <Difference file={file} />
    </details>
  );
}

function Difference({ file }: { file: FileChange }) {
  const lines = differenceLines(file);
  return (
    <pre className="code-block difference">
      {lines.map(({ key, look, text }) => (
        <span key={key} className={`difference-${look}`}>
          {text}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
