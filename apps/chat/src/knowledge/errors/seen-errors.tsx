// Kinds of errors that were seen, the last first: one's own, and the whole lab's for its operator. What is looked for is part of the
// address.
import { useAnswer } from '../../mcp/use-answer.js';
import { knowledgeHref, replaceAddress } from '../../route.js';
import { formatFromNow, formatWhole, plural } from '../../ui/figures.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { PageButtons, usePages } from '../../ui/pages.js';
import { TypedSearch } from '../../ui/typed-search.js';
import type { ErrorPage, SeenError } from '../knowledge.js';
import { TOOLS } from '../views.js';
import { EventTemplate, KnownSolutions, Places } from './event-parts.js';

const PAGE = 20;
const WORDS_MAX = 200;

export function SeenErrors({ asked }: { asked: URLSearchParams }) {
  const typed = (asked.get('words') ?? '').slice(0, WORDS_MAX);
  const words = typed.trim();
  const pages = usePages(words);
  const { value, failure, busy } = useAnswer<ErrorPage>(TOOLS.errors, {
    limit: PAGE,
    ...(words === '' ? {} : { words }),
    ...(pages.cursor === undefined ? {} : { cursor: pages.cursor }),
  });
  return (
    <section className="section" aria-labelledby="seen-title">
      <h2 id="seen-title">Seen lately</h2>
      <TypedSearch
        label="Search the errors that were seen"
        placeholder="Words of an error"
        testId="errors-search"
        maxLength={WORDS_MAX}
        text={typed}
        onText={(text) => replaceAddress(knowledgeHref('errors', undefined, { words: text }))}
      />
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Fetching the errors…" lines={4} />}
      {value && value.errors.length === 0 && (
        <p className="muted" data-testid="errors-none">
          {words === '' ? 'No error was seen yet.' : 'No error that was seen has these words.'}
        </p>
      )}
      {value && value.errors.length > 0 && (
        <ol className="event-list" aria-busy={busy} data-testid="errors-seen">
          {value.errors.map((error) => (
            <li key={error.fingerprint}>
              <SeenCard error={error} />
            </li>
          ))}
        </ol>
      )}
      {value && <PageButtons pages={pages} nextCursor={value.nextCursor} />}
    </section>
  );
}

const SeenCard = ({ error: { template, lines, sources, firstAt, lastAt, where, solutions } }: { error: SeenError }) => (
  <article className="card event-card">
    <EventTemplate template={template} />
    <p className="muted knowledge-facts">
      <span>
        {plural(lines, 'time')} in {plural(sources, 'place')}
      </span>
      <span title={formatWhole(lastAt)}>last {formatFromNow(lastAt, Date.now())}</span>
      {firstAt !== lastAt && <span title={formatWhole(firstAt)}>first {formatFromNow(firstAt, Date.now())}</span>}
      {where.length > 0 && (
        <span>
          <Places where={where} />
        </span>
      )}
    </p>
    {solutions.length > 0 && <KnownSolutions solutions={solutions} />}
  </article>
);
