// One kind of event: its line with what varies marked, how often it came, when it was seen before, and what solved it.
import { formatFromNow, formatWhole, plural } from '../../ui/figures.js';
import type { ErrorEvent } from '../knowledge.js';
import { EventTemplate, KnownSolutions, Places } from './event-parts.js';

export function EventCard({ event }: { event: ErrorEvent }) {
  const { template, lines, firstLine, seen, solutions } = event;
  return (
    <article className="card event-card">
      <EventTemplate template={template} />
      <p className="muted knowledge-facts">
        <span>{lines === 1 ? 'once' : `${lines.toLocaleString('en')} times`}</span>
        <span>{firstLine === 0 ? 'how the job ended' : `first in line ${firstLine.toLocaleString('en')}`}</span>
        {seen === null && <span className="badge badge-here">new to you</span>}
      </p>
      {seen && <SeenBefore seen={seen} />}
      {solutions.length > 0 && <KnownSolutions solutions={solutions} />}
    </article>
  );
}

const SeenBefore = ({ seen }: { seen: NonNullable<ErrorEvent['seen']> }) => (
  <p className="event-seen">
    Seen before {plural(seen.lines, 'time')} in {plural(seen.sources, 'place')}, last{' '}
    <span title={formatWhole(seen.lastAt)}>{formatFromNow(seen.lastAt, Date.now())}</span>
    {seen.firstAt !== seen.lastAt && (
      <>
        , first <span title={formatWhole(seen.firstAt)}>{formatFromNow(seen.firstAt, Date.now())}</span>
      </>
    )}
    {seen.where.length > 0 && ': '}
    <Places where={seen.where} />
  </p>
);
