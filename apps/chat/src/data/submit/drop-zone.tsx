// Where a file is dropped or pasted, or chosen by a button that everybody can reach.
import { useEffect } from 'react';
import { formatBytes } from '../../agents/manifest.js';
import { DropArea } from '../../ui/drop-area.js';
import type { FormatInfo } from './file-format.js';

interface DropZoneProps {
  readonly file: File | undefined;
  readonly formats: readonly FormatInfo[];
  readonly disabled: boolean;
  readonly onFile: (file: File) => void;
}

export function DropZone({ file, formats, disabled, onFile }: DropZoneProps) {
  usePasted(disabled ? undefined : onFile);
  return (
    <DropArea
      testId="drop-zone"
      input={{
        testId: 'submit-file',
        label: 'File',
        accept: formats.flatMap(({ endings }) => endings.map((ending) => `.${ending}`)).join(','),
      }}
      button={file ? 'Choose another file' : 'Choose a file'}
      disabled={disabled}
      onFiles={([first]) => first && onFile(first)}
      shown={
        file ? (
          <p className="drop-file">
            <strong>{file.name}</strong> <span className="muted">{formatBytes(file.size)}</span>
          </p>
        ) : (
          <p>Drop a file here, or paste rows that you have copied</p>
        )
      }
    >
      <p className="muted">{formats.map(({ label }) => label).join(', ')}</p>
    </DropArea>
  );
}

/** What is pasted beside a field: a file, or a text as one. */
function usePasted(onFile: ((file: File) => void) | undefined): void {
  useEffect(() => {
    if (!onFile) return;
    const paste = (event: ClipboardEvent) => {
      const at = event.target;
      if (at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement || at instanceof HTMLSelectElement) return;
      const text = event.clipboardData?.getData('text/plain') ?? '';
      const file = event.clipboardData?.files[0] ?? (text.trim() === '' ? undefined : new File([text], 'pasted rows'));
      if (!file) return;
      event.preventDefault();
      onFile(file);
    };
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, [onFile]);
}
