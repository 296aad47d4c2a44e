// Where a file is dropped or pasted, or chosen by a button that everybody can reach.
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { formatBytes } from '../../agents/manifest.js';
import { Icon } from '../../ui/icon.js';
import type { FormatInfo } from './file-format.js';

interface DropZoneProps {
  readonly file: File | undefined;
  readonly formats: readonly FormatInfo[];
  readonly disabled: boolean;
  readonly onFile: (file: File) => void;
}

export function DropZone({ file, formats, disabled, onFile }: DropZoneProps) {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  usePasted(disabled ? undefined : onFile);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const dropped = event.dataTransfer.files[0];
    if (dropped && !disabled) onFile(dropped);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button inside is the first
    <div
      className={over ? 'drop drop-over' : 'drop'}
      data-testid="drop-zone"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Icon name="document" />
      {file ? (
        <p className="drop-file">
          <strong>{file.name}</strong> <span className="muted">{formatBytes(file.size)}</span>
        </p>
      ) : (
        <p>Drop a file here, or paste rows that you have copied</p>
      )}
      <button type="button" className="button" disabled={disabled} onClick={() => input.current?.click()}>
        {file ? 'Choose another file' : 'Choose a file'}
      </button>
      <input
        ref={input}
        type="file"
        className="sr-only"
        tabIndex={-1}
        aria-label="File"
        data-testid="submit-file"
        accept={formats.flatMap(({ endings }) => endings.map((ending) => `.${ending}`)).join(',')}
        onChange={(event) => {
          const chosen = event.target.files?.[0];
          if (chosen) onFile(chosen);
          event.target.value = '';
        }}
      />
      <p className="muted">{formats.map(({ label }) => label).join(', ')}</p>
    </div>
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
