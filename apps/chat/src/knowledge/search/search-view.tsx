// A question to the knowledge base: its answer with what it is quoted from, or that there is none. What is asked is the address.
import { useState } from 'react';
import { useAnswer } from '../../mcp/use-answer.js';
import { askHref } from '../../route.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import type { Found } from '../knowledge.js';
import type { Place } from '../quotation/answer.js';
import { AnswerBody } from '../quotation/answer-body.js';
import { DocumentPanel } from '../quotation/document-panel.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';
import { type AskedSearch, inputOf, searchHref, searchIn } from './asked-search.js';
import { ClaimList } from './claim-list.js';
import { SearchFilters } from './search-filters.js';
import { SearchForm } from './search-form.js';

export function SearchView({ asked }: { asked: URLSearchParams }) {
  const search = searchIn(asked);
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Search</h1>
          <p className="muted">
            Answers are quoted from what you may read, each sentence with its place. For a conversation,{' '}
            <a href={askHref()}>ask</a>.
          </p>
        </div>
      </div>
      <SearchForm
        key={search.question}
        question={search.question}
        onAsk={(question) => {
          location.hash = searchHref({ ...search, question });
        }}
      />
      <SearchFilters
        search={search}
        onNarrow={(to) => {
          location.hash = searchHref({ ...search, ...to });
        }}
      />
      {search.question.trim() === '' ? <Beginning /> : <Answered search={search} />}
    </>
  );
}

const Beginning = () => (
  <div className="nothing" data-testid="search-beginning">
    <p>Ask in your own words, such as “how do I align the mirror?”</p>
    <p className="muted">Documents, templates, solutions that people logged, datasets and code are looked through.</p>
  </div>
);

function Answered({ search }: { search: AskedSearch }) {
  const { value, failure, busy, refresh } = useAnswer<Found>(TOOLS.ask, inputOf(search));
  const parts = useParts();
  const [shown, setShown] = useState<Place>();
  return (
    <section className="search-answer" aria-label="Answer" aria-busy={busy} data-testid="search-answer">
      <p className="sr-only" role="status">
        {busy ? 'Looking it up…' : value && (value.answered ? 'The answer is here.' : 'There is no answer.')}
      </p>
      {failure && <FailureNotice failure={failure} />}
      {busy && <Waiting label="Looking it up…" lines={5} />}
      {!busy && value && !failure && (
        <>
          <AnswerBody text={value.answer} sources={value} onOpen={parts.has('document') ? setShown : () => {}} />
          {value.claims.length > 0 && <ClaimList claims={value.claims} />}
          {value.unread !== undefined && value.unread.length > 0 && (
            <p className="muted" data-testid="search-unread">
              Not looked through yet: {value.unread.join(', ')}.{' '}
              <button type="button" className="link-button" onClick={refresh}>
                Ask again
              </button>
            </p>
          )}
        </>
      )}
      {shown && <DocumentPanel citation={shown} onClose={() => setShown(undefined)} />}
    </section>
  );
}
