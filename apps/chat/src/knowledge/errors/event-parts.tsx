// What is said of a kind of event wherever it is shown: its line with what varies marked, where it was, and what solved it.
import { jobsHref } from '../../route.js';
import { plural, shortId } from '../../ui/figures.js';
import type { ErrorEvent } from '../knowledge.js';
import { pageOf } from '../quotation/document-href.js';
import { templateParts } from './error-text.js';

export const EventTemplate = ({ template }: { template: string }) => (
  <p className="mono event-template">
    {templateParts(template).map((part, place) =>
      'text' in part ? (
        part.text
      ) : (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never move
        <span key={place} className="event-varies" title="This differs each time">
          <span aria-hidden="true">…</span>
          <span className="sr-only">something that differs each time</span>
        </span>
      ),
    )}
  </p>
);

const WHERE_SHOWN = 5;

export const Places = ({ where }: { where: readonly string[] }) => (
  <>
    {where.slice(0, WHERE_SHOWN).map((one, place) => (
      <span key={one}>
        {place > 0 && ', '}
        <Where where={one} />
      </span>
    ))}
    {where.length > WHERE_SHOWN && ` and ${where.length - WHERE_SHOWN} more`}
  </>
);

const AGENT = 'agent://';

function Where({ where }: { where: string }) {
  if (/^job_[0-9a-f-]{36}$/.test(where)) return <a href={jobsHref('list', where)}>{shortId(where)}</a>;
  if (where.startsWith('solutions/')) return <a href={pageOf(where)}>a solution</a>;
  if (where.startsWith(AGENT)) return <a href="#/agents">the {where.slice(AGENT.length)}</a>;
  return <span className="mono">{where}</span>;
}

export const KnownSolutions = ({ solutions }: { solutions: ErrorEvent['solutions'] }) => (
  <div className="event-known">
    <h3>Known solutions</h3>
    <ul>
      {solutions.map(({ file, title, by, accepted, votes }) => (
        <li key={file} className="knowledge-facts">
          <a href={pageOf(file)}>{title}</a>
          {accepted && <span className="pill pill-good">accepted</span>}
          <span className="muted">{plural(votes, 'vote')}</span>
          <span className="muted">{by === 'fingerprint' ? 'for this very error' : 'found by its words'}</span>
        </li>
      ))}
    </ul>
  </div>
);
