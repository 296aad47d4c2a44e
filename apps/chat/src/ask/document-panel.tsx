// The whole document that a citation names, in a panel at the side, with the cited span marked and in view.
import { useEffect, useRef, useState } from 'react';
import { callFor, type Outcome } from '../mcp/connection.js';
import { useLab } from '../mcp/lab.js';
import { FailureNotice, Waiting } from '../ui/notice.js';
import { SidePanel } from '../ui/side-panel.js';
import { type LabDocument, type Place, splitDocument } from './answer.js';

const DOCUMENT_TOOL = 'librarian_get_document';

function useDocument(file: string): Outcome<LabDocument> | undefined {
  const { connection } = useLab();
  const [outcome, setOutcome] = useState<Outcome<LabDocument>>();
  useEffect(() => {
    const controller = new AbortController();
    setOutcome(undefined);
    const call = { name: DOCUMENT_TOOL, input: { file }, signal: controller.signal };
    void callFor<LabDocument>(connection, call).then((answer) => {
      if (!controller.signal.aborted) setOutcome(answer);
    });
    return () => controller.abort();
  }, [connection, file]);
  return outcome;
}

export function DocumentPanel({ citation, onClose }: { citation: Place; onClose: () => void }) {
  const outcome = useDocument(citation.file);
  return (
    <SidePanel
      title={outcome?.ok ? outcome.value.title : citation.heading || citation.file}
      subtitle={<p className="muted mono">{citation.file}</p>}
      testId="document-panel"
      closeLabel="Close the document"
      onClose={onClose}
    >
      {!outcome && <Waiting label="Fetching the document…" lines={8} />}
      {outcome && !outcome.ok && <FailureNotice failure={outcome.failure} />}
      {outcome?.ok && <DocumentText document={outcome.value} citation={citation} />}
    </SidePanel>
  );
}

function DocumentText({ document, citation }: { document: LabDocument; citation: Place }) {
  const mark = useRef<HTMLElement>(null);
  const { before, span, after } = splitDocument(document.text, citation);
  useEffect(() => {
    // Newer browsers answer with a promise, which an effect must not return.
    void mark.current?.scrollIntoView({ block: 'center' });
  }, []);
  return (
    <section className="panel-text" aria-label="Text of the document" tabIndex={-1}>
      {span === '' && <p className="problem">The document has changed: the cited passage is no longer in it.</p>}
      <pre className="document-text">
        {before}
        {span !== '' && (
          <mark ref={mark} data-testid="document-highlight">
            {span}
          </mark>
        )}
        {after}
      </pre>
    </section>
  );
}
