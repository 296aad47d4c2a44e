// Conversations before: searched, opened, and a way to begin a new one.
import { type RefObject, useDeferredValue, useState } from 'react';
import { askHref } from '../../route.js';
import { formatFromNow, formatWhole } from '../../ui/figures.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { ShowMore } from '../../ui/show-more.js';
import type { Conversations } from '../conversation/conversations.js';
import { useHistory } from './use-history.js';

const PAGE = 30;
const PAGE_MAX = 100;

interface HistoryListProps {
  readonly conversations: Conversations;
  readonly current: string | undefined;
  readonly search: RefObject<HTMLInputElement | null>;
}

export function HistoryList({ conversations, current, search }: HistoryListProps) {
  const [words, setWords] = useState('');
  const [limit, setLimit] = useState(PAGE);
  const { value, failure, busy } = useHistory(conversations, useDeferredValue(words.trim().slice(0, 200)), limit);
  const listed = value?.conversations ?? [];
  return (
    <nav className="history" aria-label="Conversations">
      <div className="history-head">
        <h2>Conversations</h2>
        <a className="button button-small" href={askHref()} data-testid="conversation-new">
          New
        </a>
      </div>
      <input
        ref={search}
        className="input"
        type="search"
        data-testid="history-search"
        aria-label="Search your conversations"
        placeholder="Search"
        maxLength={200}
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Fetching your conversations…" lines={4} />}
      {value && listed.length === 0 && (
        <p className="muted">{words === '' ? 'What you ask is kept here.' : 'None has these words.'}</p>
      )}
      <ol data-testid="history" aria-busy={busy}>
        {listed.map(({ conversationId, title, updatedAt, excerpt }) => (
          <li key={conversationId}>
            <a
              className="history-link"
              href={askHref(conversationId)}
              aria-current={conversationId === current ? 'page' : undefined}
            >
              <span className="history-title">{title}</span>
              {excerpt !== null && <span className="history-excerpt muted">{excerpt}</span>}
              <time className="muted" dateTime={updatedAt} title={formatWhole(updatedAt)}>
                {formatFromNow(updatedAt, Date.now())}
              </time>
            </a>
          </li>
        ))}
      </ol>
      {value?.nextCursor !== undefined && limit < PAGE_MAX && (
        <ShowMore limit={limit} busy={busy} onLimit={(more) => setLimit(Math.min(PAGE_MAX, more))} />
      )}
    </nav>
  );
}
