// The whole document that a citation names, in a panel at the side, with the cited span marked and in view.
import { useAnswer } from '../../mcp/use-answer.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { SidePanel } from '../../ui/side-panel.js';
import { type LabDocument, nameOf, type Place } from './answer.js';
import { documentHref } from './document-href.js';
import { DocumentText } from './document-text.js';

const DOCUMENT_TOOL = 'librarian_get_document';

export function DocumentPanel({ citation, onClose }: { citation: Place; onClose: () => void }) {
  const { value, failure } = useAnswer<LabDocument>(DOCUMENT_TOOL, { file: citation.file });
  return (
    <SidePanel
      title={value?.title ?? (citation.heading || nameOf(citation))}
      subtitle={
        <p className="muted panel-source">
          <span className="mono">{nameOf(citation)}</span>{' '}
          <a href={documentHref(citation)} data-testid="document-open">
            Open as a page
          </a>
        </p>
      }
      testId="document-panel"
      closeLabel="Close the document"
      onClose={onClose}
    >
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Fetching the document…" lines={8} />}
      {value && (
        <section className="panel-text" aria-label="Text of the document" tabIndex={-1}>
          <DocumentText text={value.text} citation={citation} />
        </section>
      )}
    </SidePanel>
  );
}
