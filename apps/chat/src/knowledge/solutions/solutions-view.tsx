// What the lab's people learnt: solutions by words, tags, author and acceptance. What is looked for is part of the address.
import { useFollowed } from '../../mcp/use-followed.js';
import { knowledgeHref, replaceAddress } from '../../route.js';
import { Choice } from '../../ui/choice.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { PageButtons, usePages } from '../../ui/pages.js';
import { TypedSearch } from '../../ui/typed-search.js';
import type { SolutionPage } from '../knowledge.js';
import { ProjectChoice } from '../project-choice.js';
import { useParts } from '../use-parts.js';
import { NEW, TOOLS } from '../views.js';
import { inputOf, isNarrowed, type Narrowed, narrowedIn, solutionsHref } from './narrowed.js';
import { SolutionRow } from './solution-row.js';

const PAGE = 20;

export function SolutionsView({ asked }: { asked: URLSearchParams }) {
  const parts = useParts();
  const narrowed = narrowedIn(asked);
  const wanted = inputOf(narrowed);
  const pages = usePages(JSON.stringify(wanted));
  const input = { ...wanted, limit: PAGE, ...(pages.cursor === undefined ? {} : { cursor: pages.cursor }) };
  const { value, failure, busy } = useFollowed<SolutionPage>(TOOLS.solutions, input, { uris: [], lists: true });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Solutions</h1>
          <p className="muted">What people of the lab had trouble with, and what helped.</p>
        </div>
        {parts.has('log') && (
          <div className="page-actions">
            <a className="button button-main" href={knowledgeHref('solutions', NEW)} data-testid="solution-new">
              Log a solution
            </a>
          </div>
        )}
      </div>
      <Filters narrowed={narrowed} />
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Fetching the solutions…" lines={6} />}
      {value && value.solutions.length === 0 && <Nothing narrowed={isNarrowed(narrowed)} mayLog={parts.has('log')} />}
      {value && value.solutions.length > 0 && (
        <ol className="solution-list" aria-busy={busy} data-testid="solutions">
          {value.solutions.map((solution) => (
            <li key={solution.file}>
              <SolutionRow solution={solution} />
            </li>
          ))}
        </ol>
      )}
      {value && (
        <PageButtons
          pages={pages}
          nextCursor={value.nextCursor}
          labels={narrowed.order === 'votes' ? { back: 'More votes', on: 'Fewer votes' } : undefined}
        />
      )}
    </>
  );
}

const AUTHORS = [
  { value: 'anyone', label: 'anyone' },
  { value: 'mine', label: 'you' },
] as const;
const ACCEPTED = [
  { value: '', label: 'all' },
  { value: 'yes', label: 'accepted' },
  { value: 'no', label: 'not yet' },
] as const;
const ORDERS = [
  { value: 'newest', label: 'the newest first' },
  { value: 'votes', label: 'the most votes first' },
] as const;

function Filters({ narrowed }: { narrowed: Narrowed }) {
  const narrow = (to: Partial<Narrowed>) => replaceAddress(solutionsHref({ ...narrowed, ...to }));
  return (
    <>
      <TypedSearch
        label="Words that stand in it"
        placeholder="Words of the problem or what helped"
        testId="solution-words"
        maxLength={200}
        text={narrowed.words}
        onText={(words) => narrow({ words })}
      />
      <form className="choices-row" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
        <Choice
          label="Logged by"
          testId="solution-author"
          value={narrowed.author}
          options={AUTHORS}
          onChoose={(author) => narrow({ author: author as Narrowed['author'] })}
        />
        <Choice
          label="Accepted"
          testId="solution-accepted"
          value={narrowed.accepted}
          options={ACCEPTED}
          onChoose={(accepted) => narrow({ accepted: accepted as Narrowed['accepted'] })}
        />
        <Choice
          label="Order"
          testId="solution-order"
          value={narrowed.order}
          options={ORDERS}
          onChoose={(order) => narrow({ order: order as Narrowed['order'] })}
        />
        <ProjectChoice
          testId="solution-project"
          none="all"
          value={narrowed.project}
          onChoose={(project) => narrow({ project })}
        />
      </form>
      {narrowed.tags.length > 0 && (
        <ul className="chips" aria-label="Only with these tags" data-testid="solution-tags">
          {narrowed.tags.map((tag) => (
            <li key={tag}>
              <button
                type="button"
                className="chip"
                aria-pressed="true"
                aria-label={`Without the tag ${tag}`}
                onClick={() => narrow({ tags: narrowed.tags.filter((each) => each !== tag) })}
              >
                {tag} <span aria-hidden="true">×</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const Nothing = ({ narrowed, mayLog }: { narrowed: boolean; mayLog: boolean }) => (
  <div className="nothing" data-testid="solutions-nothing">
    <p>{narrowed ? 'No solution is so.' : 'No solution has been logged yet.'}</p>
    <p className="muted">
      {narrowed && (
        <>
          Try fewer or other words, or <a href={knowledgeHref('solutions')}>show all</a>.{' '}
        </>
      )}
      {mayLog && 'Whoever solved something can log it here, or let an assistant do it.'}
    </p>
  </div>
);
