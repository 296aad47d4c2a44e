// The first rows of a chosen file, before it is sent.
import { useEffect, useState } from 'react';
import { DataTable } from '../rows/data-table.js';
import { columnsOf } from '../rows/columns.js';
import { type ChosenFile, previewFor } from './chosen-file.js';
import type { Preview } from './preview.js';

interface FilePreviewProps {
  readonly picked: ChosenFile;
  readonly format: string;
  readonly bytesMax: number;
}

export function FilePreview({ picked, format, bytesMax }: FilePreviewProps) {
  const [preview, setPreview] = useState<Preview>();
  useEffect(() => {
    let over = false;
    void previewFor(picked, format, bytesMax).then((next) => over || setPreview(next));
    return () => {
      over = true;
    };
  }, [picked, format, bytesMax]);
  if (!preview) return null;
  if ('rows' in preview) {
    return (
      <section className="preview" aria-label="First rows" data-testid="submit-preview">
        <h2>First rows</h2>
        <DataTable name="First rows" columns={columnsOf(null, preview.rows)} rows={preview.rows} from={0} onOpen={nothing} />
      </section>
    );
  }
  if (preview.text === '') return <p className="muted">The rows of this kind of file are shown once the lab has read it.</p>;
  return (
    <section className="preview" aria-label="How it begins" data-testid="submit-preview">
      <h2>How it begins</h2>
      <pre className="code-block preview-text">{preview.text}</pre>
    </section>
  );
}

const nothing = () => undefined;
