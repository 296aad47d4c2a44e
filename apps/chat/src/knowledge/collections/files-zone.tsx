// Where files are dropped, or chosen by a button that everybody can reach; several at once.
import { useId } from 'react';
import { formatBytes } from '../../agents/manifest.js';
import { DropArea } from '../../ui/drop-area.js';
import { plural } from '../../ui/figures.js';
import { Icon } from '../../ui/icon.js';

interface FilesZoneProps {
  readonly files: readonly File[];
  readonly problem: string | undefined;
  readonly disabled: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

export function FilesZone({ files, problem, disabled, onFiles }: FilesZoneProps) {
  const about = useId();
  const take = (more: readonly File[]) => {
    // The same name again is the newer file.
    const names = new Set(more.map(({ name }) => name));
    onFiles([...files.filter(({ name }) => !names.has(name)), ...more]);
  };
  return (
    <DropArea
      testId="add-zone"
      input={{ testId: 'add-files', label: 'Files', multiple: true }}
      button={files.length === 0 ? 'Choose files' : 'Choose more'}
      about={about}
      disabled={disabled}
      onFiles={take}
      shown={<p>{files.length === 0 ? 'Drop files here' : plural(files.length, 'file')}</p>}
    >
      <p id={about} className={problem === undefined ? 'muted' : 'problem'}>
        {problem ?? 'At most 16 MiB each'}
      </p>
      {files.length > 0 && <ChosenFiles files={files} disabled={disabled} onFiles={onFiles} />}
    </DropArea>
  );
}

const ChosenFiles = ({ files, disabled, onFiles }: Omit<FilesZoneProps, 'problem'>) => (
  <ul className="chosen-files" aria-label="Chosen files">
    {files.map((file) => (
      <li key={file.name}>
        <span className="chosen-name">{file.name}</span> <span className="muted">{formatBytes(file.size)}</span>
        <button
          type="button"
          className="button button-icon"
          aria-label={`Leave ${file.name} out`}
          disabled={disabled}
          onClick={() => onFiles(files.filter((each) => each !== file))}
        >
          <Icon name="close" />
        </button>
      </li>
    ))}
  </ul>
);
