// Each sentence of an answer with the exact place that it is quoted from, as a link to that place in its document.
import type { Claim } from '../knowledge.js';
import { documentHref } from '../quotation/document-href.js';
import { InlineText } from '../quotation/inline-text.js';

export const ClaimList = ({ claims }: { claims: readonly Claim[] }) => (
  <details className="claims" data-testid="claims">
    <summary>Each sentence and where it stands</summary>
    <ol className="claim-list">
      {claims.map((claim) => (
        <li key={`${claim.file} ${claim.start}`} className="claim">
          <blockquote>
            <InlineText text={claim.text} />
          </blockquote>
          <p className="muted">
            <a href={documentHref(claim)}>{claim.title || claim.file}</a>, line {claim.line.toLocaleString('en')}
          </p>
        </li>
      ))}
    </ol>
  </details>
);
