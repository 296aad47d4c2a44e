// Audit: the log as it is written, a picture of it, and what can be proved of it.
import { useEffect, useMemo, useState } from 'react';
import { securityHref } from '../../route.js';
import { plural, shortId } from '../../ui/figures.js';
import { FailureNotice, Notice, Waiting } from '../../ui/notice.js';
import { CallsChart } from './calls-chart.js';
import { LogCheck } from './log-check.js';
import { type AuditFilter, type AuditRecord, NO_FILTER, wantedOf } from './record.js';
import { RecordFilters } from './record-filters.js';
import { RecordList } from './record-list.js';
import { RecordPanel } from './record-panel.js';
import { askedTime, stretchOf, type TimeChoice } from './span.js';
import { type Records, useRecords } from './use-records.js';

/** How often the picture moves on. */
const TICK_MS = 5_000;
/** While somebody types, the lab is not asked for each letter. */
const TYPING_MS = 400;
const ROWS = 100;

export function AuditView({ callId }: { callId: string | undefined }) {
  const [filter, setFilter] = useState<AuditFilter>({ ...NO_FILTER, callId: callId ?? '' });
  const [time, setTime] = useState<TimeChoice>({ span: 'live', from: '', to: '', chosenMs: Date.now() });
  const [opened, setOpened] = useState<AuditRecord>();
  const settled = useSettled(filter, TYPING_MS);
  const nowMs = useNow(TICK_MS);
  const question = useMemo(
    () => ({
      wanted: wantedOf(settled),
      ...askedTime(time),
      live: time.span === 'live' && settled.callId === '',
      reachMs: stretchOf(time, time.chosenMs).fromMs,
    }),
    [settled, time],
  );
  const log = useRecords(question);
  const stretch = stretchOf(time, nowMs);
  const oldest = log.records.at(-1);
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Audit</h1>
          <LogState log={log} live={question.live} />
        </div>
        <div className="page-actions">
          {question.live && (
            <button
              type="button"
              className="button"
              data-testid="audit-pause"
              aria-pressed={log.paused}
              onClick={() => log.setPaused(!log.paused)}
            >
              {log.paused ? 'Go on' : 'Pause'}
            </button>
          )}
          <LogCheck />
        </div>
      </div>
      {callId !== undefined && <OneCall callId={callId} />}
      {callId === undefined && (
        <CallsChart
          records={log.records}
          stretch={stretch}
          partial={log.more && oldest !== undefined && Date.parse(oldest.at) > stretch.fromMs}
        />
      )}
      {callId === undefined && (
        <RecordFilters filter={filter} onFilter={setFilter} time={time} onTime={setTime} seen={seenIn(log.records)} />
      )}
      {log.ended && <FailureNotice failure={log.ended} />}
      {log.failure && <FailureNotice failure={log.failure} />}
      <HeldBack log={log} />
      <Rows log={log} onOpen={setOpened} />
      {opened && <RecordPanel key={opened.cursor} record={opened} onClose={() => setOpened(undefined)} />}
    </>
  );
}

const OneCall = ({ callId }: { callId: string }) => (
  <Notice title={`One call: ${shortId(callId)}`}>
    <p>
      Agents that call on share its id. <a href={securityHref('audit')}>Show all calls</a>
    </p>
  </Notice>
);

function LogState({ log, live }: { log: Records; live: boolean }) {
  if (!live) return <p className="muted">{plural(log.records.length, 'record')}, newest first</p>;
  const text = log.paused ? 'paused' : log.live ? 'live' : 'waiting for the lab';
  return (
    <p className="muted" role="status">
      <span className={log.live && !log.paused ? 'pill pill-good' : 'pill badge-read'} data-testid="audit-live">
        {text}
      </span>
    </p>
  );
}

const HeldBack = ({ log }: { log: Records }) =>
  log.paused && log.held > 0 ? (
    <button type="button" className="held" onClick={() => log.setPaused(false)}>
      {plural(log.held, 'new record')}: show and go on
    </button>
  ) : null;

function Rows({ log, onOpen }: { log: Records; onOpen: (record: AuditRecord) => void }) {
  const [shown, setShown] = useState(ROWS);
  const { records, loading, more } = log;
  if (records.length === 0) {
    if (loading) return <Waiting label="Reading the audit log…" lines={8} />;
    return log.failure ? null : (
      <div className="nothing" data-testid="audit-nothing">
        <p>No record fits.</p>
        <p className="muted">Loosen a filter or choose a longer time; what comes will show up here.</p>
      </div>
    );
  }
  return (
    <>
      <RecordList records={records.slice(0, shown)} onOpen={onOpen} />
      {(records.length > shown || more) && (
        <button
          type="button"
          className="button"
          disabled={loading}
          onClick={() => {
            if (records.length <= shown + ROWS && more) log.older();
            setShown(shown + ROWS);
          }}
        >
          Show older records
        </button>
      )}
    </>
  );
}

function seenIn(records: readonly AuditRecord[]) {
  const values = (of: (record: AuditRecord) => string) => [...new Set(records.map(of))].sort();
  return {
    agents: values(({ agent }) => agent),
    tools: values(({ tool }) => tool),
    outcomes: values(({ outcome }) => outcome),
  };
}

/** A value once it has not changed for a while. */
function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
