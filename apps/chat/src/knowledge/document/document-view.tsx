// One document of the knowledge base at its own address, whole; with the passage marked that the address names.
import { useState } from 'react';
import { useFollowed } from '../../mcp/use-followed.js';
import { MarkdownText } from '../../projects/markdown/markdown-text.js';
import { askAboutHref, knowledgeHref } from '../../route.js';
import { BackLink } from '../../ui/back-link.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { OneOf } from '../../ui/one-of.js';
import type { LabDocument } from '../knowledge.js';
import { nameOf } from '../quotation/answer.js';
import { askedSpan, pageOf, solutionIdOf } from '../quotation/document-href.js';
import { DocumentText } from '../quotation/document-text.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';

export function DocumentView({ file, asked }: { file: string; asked: URLSearchParams }) {
  const { value, failure } = useFollowed<LabDocument>(TOOLS.document, { file }, { uris: [`kb://${encodeURI(file)}`] });
  return (
    <>
      <BackLink href={knowledgeHref('search')}>Search</BackLink>
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Fetching the document…" lines={10} />}
      {value && <DocumentShown document={value} asked={asked} />}
    </>
  );
}

const READINGS = [
  { name: 'read', label: 'Formatted' },
  { name: 'text', label: 'As it is written' },
] as const;

function DocumentShown({ document, asked }: { document: LabDocument; asked: URLSearchParams }) {
  const span = askedSpan(asked, document);
  const isMarkdown = /\.(?:md|markdown)$/i.test(document.file);
  const [reading, setReading] = useState(isMarkdown && span === undefined ? 'read' : 'text');
  return (
    <>
      <DocumentHead document={document} />
      {isMarkdown && (
        <OneOf legend="How it is shown" group="reading" choices={READINGS} chosen={reading} onChosen={setReading} />
      )}
      <article className="card document" data-testid="document" aria-label={document.title}>
        {reading === 'read' && <MarkdownText text={document.text} />}
        {reading === 'text' && span && <DocumentText text={document.text} citation={span} />}
        {reading === 'text' && !span && <pre className="document-text">{document.text}</pre>}
      </article>
    </>
  );
}

function DocumentHead({ document }: { document: LabDocument }) {
  const { title, file, collection, collectionName, version } = document;
  const parts = useParts();
  return (
    <div className="page-head">
      <div>
        <h1 data-testid="document-title">{title}</h1>
        <p className="muted knowledge-facts">
          <span className="mono">{nameOf(document)}</span>
          <span>in {collectionName}</span>
          <span>
            version <span className="mono">{version}</span>
          </span>
        </p>
      </div>
      <div className="page-actions">
        {solutionIdOf(file) !== undefined && parts.has('solutions') && (
          <a className="button" href={pageOf(file)}>
            Votes and variants
          </a>
        )}
        {parts.has('ask') && (
          <>
            <a className="button" href={knowledgeHref('search', undefined, { in: collection })}>
              Search here
            </a>
            <a className="button" href={askAboutHref(title)} data-testid="document-ask">
              Ask about this
            </a>
          </>
        )}
      </div>
    </div>
  );
}
