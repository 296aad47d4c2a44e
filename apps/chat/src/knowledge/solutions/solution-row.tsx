// A solution in a list: its votes, whether it is accepted, its title and tags.
import { knowledgeHref } from '../../route.js';
import { formatFromNow, formatWhole, plural } from '../../ui/figures.js';
import type { Solution } from '../knowledge.js';
import { pageOf } from '../quotation/document-href.js';

interface SolutionRowProps {
  readonly solution: Solution;
  /** Of its title among the headings of the page. */
  readonly level?: 'h2' | 'h3';
}

export function SolutionRow({ solution, level: Title = 'h2' }: SolutionRowProps) {
  const { file, title, votes, voted, acceptedAt, tags, loggedAt, mine, variantOf, evidence } = solution;
  return (
    <article className="card solution-row">
      <p className={acceptedAt === null ? 'solution-votes' : 'solution-votes solution-votes-accepted'}>
        <strong>{votes.toLocaleString('en')}</strong> <span>{votes === 1 ? 'vote' : 'votes'}</span>
      </p>
      <div className="solution-main">
        <Title>
          <a href={pageOf(file)}>{title}</a>
        </Title>
        <p className="muted knowledge-facts">
          {acceptedAt !== null && <span className="pill pill-good">accepted</span>}
          <span title={formatWhole(loggedAt)}>{formatFromNow(loggedAt, Date.now())}</span>
          {mine && <span>by you</span>}
          {voted && <span>you voted for it</span>}
          {variantOf !== null && <span>another way to solve the same</span>}
          {evidence.length > 0 && <span>{plural(evidence.length, 'piece')} of evidence</span>}
        </p>
        {tags.length > 0 && <TagChips tags={tags} />}
      </div>
    </article>
  );
}

/** Each leads to all with that tag. */
export const TagChips = ({ tags }: { tags: readonly string[] }) => (
  <ul className="chips" aria-label="Tags">
    {tags.map((tag) => (
      <li key={tag}>
        <a className="chip" href={knowledgeHref('solutions', undefined, { tags: tag })}>
          {tag}
        </a>
      </li>
    ))}
  </ul>
);
