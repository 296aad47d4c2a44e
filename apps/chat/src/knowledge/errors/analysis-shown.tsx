// What is known of an error: its kinds of events with what solved them, and the traces of the code that it came from.
import { useLab } from '../../mcp/lab.js';
import { knowledgeHref } from '../../route.js';
import { plural } from '../../ui/figures.js';
import type { Analysis } from '../knowledge.js';
import { carry } from '../solutions/log-draft.js';
import { useParts } from '../use-parts.js';
import { NEW } from '../views.js';
import { errorTextOf, titleOf } from './error-text.js';
import { EventCard } from './event-card.js';
import { TraceCard } from './trace-card.js';

interface AnalysisShownProps {
  readonly analysis: Analysis;
  /** What was pasted; empty where it is a job's. */
  readonly text: string;
  readonly jobId?: string;
}

export function AnalysisShown({ analysis, text, jobId }: AnalysisShownProps) {
  const { events, moreEvents, traces, lines } = analysis;
  const parts = useParts();
  const { connection } = useLab();
  const log = () => {
    carry(connection, {
      title: titleOf(analysis),
      errorText: errorTextOf(analysis, text),
      ...(jobId === undefined ? {} : { evidence: jobId }),
    });
    location.hash = knowledgeHref('solutions', NEW);
  };
  return (
    <div className="analysis" data-testid="analysis">
      <div className="section-line">
        <p role="status">
          {events.length === 0
            ? `Nothing in ${plural(lines, 'line')} looks like an error.`
            : `${plural(events.length, 'kind')} of events in ${plural(lines, 'line')}`}
        </p>
        {parts.has('log') && events.length > 0 && (
          <button type="button" className="button" data-testid="errors-log" onClick={log}>
            Log how it was solved
          </button>
        )}
      </div>
      {traces.length > 0 && (
        <section className="section" aria-labelledby="traces-title">
          <h2 id="traces-title">Where it came from</h2>
          {traces.map((trace, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: traces of one answer never move
            <TraceCard key={place} trace={trace} />
          ))}
        </section>
      )}
      {events.length > 0 && (
        <section className="section" aria-labelledby="events-title">
          <h2 id="events-title">What happened</h2>
          <ol className="event-list" data-testid="events">
            {events.map((event) => (
              <li key={event.fingerprint}>
                <EventCard event={event} />
              </li>
            ))}
          </ol>
          {moreEvents > 0 && (
            <p className="muted">{plural(moreEvents, 'kind')} of events that look least like errors are left out.</p>
          )}
        </section>
      )}
    </div>
  );
}
