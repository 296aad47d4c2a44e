// Shown when the lab knows a solution like the one that is to be logged: that one, and what can be done then.
import { useAnswer } from '../../mcp/use-answer.js';
import { MarkdownText } from '../../projects/markdown/markdown-text.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import type { LabDocument } from '../knowledge.js';
import { pageOf } from '../quotation/document-href.js';
import { TOOLS } from '../views.js';
import { solutionText } from './solution-text.js';

interface SimilarNoticeProps {
  readonly file: string;
  readonly busy: boolean;
  readonly onLog: (how: 'variant' | 'apart') => void;
}

export function SimilarNotice({ file, busy, onLog }: SimilarNoticeProps) {
  const { value, failure } = useAnswer<LabDocument>(TOOLS.document, { file });
  const text = value && solutionText(value.text);
  return (
    <section className="similar" aria-labelledby="similar-title" role="alert" data-testid="log-similar">
      <h2 id="similar-title">One like it was logged before</h2>
      {failure && <FailureNotice failure={failure} />}
      {!text && !failure && <Waiting label="Fetching it…" />}
      {text && (
        <article className="card document similar-text">
          <h3>{text.title}</h3>
          <MarkdownText text={text.body} />
        </article>
      )}
      <p>Does yours say something else?</p>
      <div className="knowledge-buttons">
        <a className="button button-main" href={pageOf(file)} data-testid="similar-open">
          No, open that one
        </a>
        <button
          type="button"
          className="button"
          data-testid="similar-variant"
          disabled={busy}
          onClick={() => onLog('variant')}
        >
          Log it as another way to solve the same
        </button>
        <button
          type="button"
          className="button"
          data-testid="similar-apart"
          disabled={busy}
          onClick={() => onLog('apart')}
        >
          Log it on its own
        </button>
      </div>
    </section>
  );
}
