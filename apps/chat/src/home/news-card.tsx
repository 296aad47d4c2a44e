// News: what waits for the person, which proposals are open to vote, which datasets landed. What could not be fetched is said, and the
// rest is shown.
import { useId } from 'react';
import type { Answer } from '../mcp/use-answer.js';
import { formatFromNow, formatWhole } from '../ui/figures.js';
import { Waiting } from '../ui/notice.js';
import { Nothing } from './home-card.js';
import type { NewsLine } from './news.js';

const KINDS: Readonly<Record<NewsLine['kind'], { readonly label: string; readonly look: string }>> = {
  waits: { label: 'for you', look: 'badge badge-write' },
  vote: { label: 'vote', look: 'badge badge-here' },
  data: { label: 'new data', look: 'badge badge-read' },
};

interface NewsCardProps {
  readonly lines: readonly NewsLine[];
  /** By what they are, of all that the lines are made of. */
  readonly sources: ReadonlyArray<readonly [name: string, answer: Answer<unknown>]>;
}

export function NewsCard({ lines, sources }: NewsCardProps) {
  const id = useId();
  const fetching = sources.some(([, { value, failure }]) => value === undefined && failure === undefined);
  const failed = sources.filter(([, { failure }]) => failure !== undefined);
  return (
    <section className="card home-card home-news" data-testid="home-news" aria-labelledby={id} aria-busy={fetching}>
      <header className="home-card-head">
        <h2 id={id}>News</h2>
      </header>
      {lines.length > 0 && (
        <ul className="home-lines">
          {lines.map((line) => (
            <li key={line.key}>
              <Line line={line} />
            </li>
          ))}
        </ul>
      )}
      {lines.length === 0 && fetching && <Waiting label="Fetching: News…" lines={4} />}
      {lines.length === 0 && !fetching && failed.length === 0 && (
        <Nothing>Nothing new, and nothing waits for you.</Nothing>
      )}
      {failed.map(([name, { failure, refresh }]) => (
        <p key={name} className="problem home-part-failed" role="alert">
          Not here: {name}. {failure?.message}{' '}
          <button type="button" className="button button-small" onClick={refresh}>
            Try again
          </button>
        </p>
      ))}
    </section>
  );
}

const Line = ({ line: { kind, text, href, at, until } }: { line: NewsLine }) => (
  <a className="home-line home-news-line" href={href}>
    <span className={KINDS[kind].look}>{KINDS[kind].label}</span>
    <span className="home-line-name">{text}</span>
    <time className="muted home-line-end" dateTime={at} title={formatWhole(at)}>
      {until ? `ends ${formatFromNow(at, Date.now())}` : formatFromNow(at, Date.now())}
    </time>
  </a>
);
