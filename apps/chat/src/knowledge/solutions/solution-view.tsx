// One solution: what the trouble was and what helped, how it stands, what it rests on, and other ways to solve the same.
import { useState } from 'react';
import { useFollowed } from '../../mcp/use-followed.js';
import { MarkdownText } from '../../projects/markdown/markdown-text.js';
import { knowledgeHref, projectsHref } from '../../route.js';
import { BackLink } from '../../ui/back-link.js';
import { formatWhole, plural } from '../../ui/figures.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import type { LabDocument, Solution } from '../knowledge.js';
import { documentHref, pageOf } from '../quotation/document-href.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';
import { AcceptDialog } from './accept-dialog.js';
import { EvidenceList } from './evidence-list.js';
import { SolutionRow, TagChips } from './solution-row.js';
import { type SolutionText, solutionText } from './solution-text.js';
import { useStanding } from './use-standing.js';
import { VoteButton } from './vote-button.js';

const uriOf = (file: string): string => `kb://${encodeURI(file)}`;

export function SolutionView({ id }: { id: string }) {
  const file = `solutions/${id}.md`;
  const { value, failure } = useFollowed<LabDocument>(TOOLS.document, { file }, { uris: [uriOf(file)] });
  return (
    <>
      <BackLink href={knowledgeHref('solutions')}>Solutions</BackLink>
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Fetching the solution…" lines={8} />}
      {value && <SolutionShown file={file} text={solutionText(value.text)} />}
    </>
  );
}

function SolutionShown({ file, text }: { file: string; text: SolutionText }) {
  const { solution, others, refresh } = useStanding(file, uriOf(file));
  return (
    <>
      <div className="page-head">
        <div>
          <h1 data-testid="solution-title">{text.title}</h1>
          {solution && <Facts solution={solution} />}
        </div>
        {solution && <Actions solution={solution} onChanged={refresh} />}
      </div>
      <article className="card document" data-testid="solution-text" aria-label={text.title}>
        <MarkdownText text={text.body} />
      </article>
      {text.tags.length > 0 && <TagChips tags={solution?.tags ?? text.tags} />}
      {text.evidence.length > 0 && (
        <section className="section" aria-labelledby="evidence-title">
          <h2 id="evidence-title">Evidence</h2>
          <EvidenceList evidence={text.evidence} />
        </section>
      )}
      <Others first={text.variantOf} others={others} />
      <p className="muted knowledge-foot">
        <a href={documentHref({ file })}>The document itself</a>
      </p>
    </>
  );
}

const Facts = ({ solution: { acceptedAt, loggedAt, mine, projects } }: { solution: Solution }) => (
  <p className="muted knowledge-facts">
    {acceptedAt !== null && (
      <span className="pill pill-good" title={formatWhole(acceptedAt)} data-testid="solution-is-accepted">
        accepted
      </span>
    )}
    <span>
      logged {formatWhole(loggedAt)}
      {mine && ' by you'}
    </span>
    {projects.map((projectId) => (
      <a key={projectId} href={projectsHref('list', projectId)}>
        for a project of yours
      </a>
    ))}
  </p>
);

function Actions({ solution, onChanged }: { solution: Solution; onChanged: () => void }) {
  const parts = useParts();
  const [accepting, setAccepting] = useState(false);
  const mayAccept = parts.has('accept') && !solution.mine && solution.acceptedAt === null;
  return (
    <div className="page-actions">
      {mayAccept && (
        <button type="button" className="button" data-testid="solution-accept" onClick={() => setAccepting(true)}>
          Accept…
        </button>
      )}
      {parts.has('vote') && !solution.mine ? (
        <VoteButton solution={solution} onVoted={onChanged} />
      ) : (
        <span className="muted" data-testid="solution-votes">
          {plural(solution.votes, 'vote')}
        </span>
      )}
      {accepting && <AcceptDialog solution={solution} onDone={onChanged} onClose={() => setAccepting(false)} />}
    </div>
  );
}

function Others({ first, others }: { first: string | undefined; others: readonly Solution[] }) {
  const unlisted = first !== undefined && !others.some(({ file }) => file === first);
  if (others.length === 0 && !unlisted) return null;
  return (
    <section className="section" aria-labelledby="others-title" data-testid="solution-variants">
      <h2 id="others-title">Other ways to solve the same</h2>
      {unlisted && (
        <p>
          <a href={pageOf(first)}>The one that was logged first</a>
        </p>
      )}
      <ul className="solution-list">
        {others.map((other) => (
          <li key={other.file}>
            <SolutionRow solution={other} level="h3" />
          </li>
        ))}
      </ul>
    </section>
  );
}
