// What a run shows: progress while it lasts, then the result or the error, brought into view and announced.
import { useEffect, useRef, useState } from 'react';
import { formatMs } from '../agents/manifest.js';
import type { Failure } from '../failure.js';
import type { ProgressUpdate, ToolResult } from '../mcp/connection.js';
import type { CallState } from '../mcp/use-call.js';
import { CopyButton } from '../ui/copy-button.js';
import { FailureNotice, Notice } from '../ui/notice.js';
import { Readable } from './readable.js';
import { joinChunks, parseRow, readableResult } from './result-shape.js';

const ANNOUNCED = { idle: '', running: 'The tool is running.', done: 'The result is here.', failed: '' } as const;

export function ToolOutcome({ state }: { state: CallState }) {
  const here = useRef<HTMLDivElement>(null);
  const { status } = state;
  useEffect(() => {
    if (status !== 'idle') void here.current?.scrollIntoView({ block: 'nearest' });
  }, [status]);
  return (
    <div ref={here} className="tool-outcome" aria-busy={status === 'running'}>
      {/* Short, because a whole table read aloud helps nobody; errors are alerts of their own. */}
      <p className="sr-only" role="status">
        {ANNOUNCED[status]}
      </p>
      {state.status === 'running' && <Running updates={state.updates} startedAt={state.startedAt} />}
      {state.status === 'failed' && <Failed failure={state.failure} updates={state.updates} />}
      {state.status === 'done' && <Done result={state.result} tookMs={state.tookMs} />}
    </div>
  );
}

function Running({ updates, startedAt }: { updates: readonly ProgressUpdate[]; startedAt: number }) {
  const [now, setNow] = useState(startedAt);
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const last = updates.at(-1);
  const seconds = Math.max(0, Math.floor((now - startedAt) / 1_000));
  return (
    <section className="card running" aria-label="Progress">
      <progress
        className="progress"
        aria-label="Progress"
        {...(last?.total ? { value: last.progress, max: last.total } : {})}
      />
      <p className="muted">
        {last?.total ? `${last.progress} of ${last.total}` : last ? `Step ${last.progress}` : 'Running'}
        <span aria-hidden="true"> · {seconds} s</span>
      </p>
      <SoFar updates={updates} />
    </section>
  );
}

/** Plain messages that stay in view. */
const MESSAGES_SHOWN = 8;

/** What progress has brought: sentences as lines, chunks of data joined and shown as data. */
function SoFar({ updates }: { updates: readonly ProgressUpdate[] }) {
  const messages = updates.map((update) => update.message ?? '').filter((message) => message !== '');
  const data = joinChunks(messages);
  const lines = messages.filter((message) => !parseRow(message)).slice(-MESSAGES_SHOWN);
  return (
    <>
      {lines.length > 0 && <pre className="progress-messages">{lines.join('\n')}</pre>}
      {data && <Readable value={data} name="So far" />}
    </>
  );
}

const Failed = ({ failure, updates }: { failure: Failure; updates: readonly ProgressUpdate[] }) => (
  <section className="failed" data-testid="tool-result" aria-label="Error">
    {failure.code === 'cancelled' ? (
      <Notice title={failure.message}>
        <p>{failure.hint}</p>
      </Notice>
    ) : (
      <FailureNotice failure={failure} />
    )}
    {updates.length > 0 && (
      <div className="card running">
        <h2>What had arrived</h2>
        <SoFar updates={updates} />
      </div>
    )}
  </section>
);

/** Raw JSON beyond this is cut on screen, never in a copy: millions of characters would freeze the page. */
const RAW_MAX = 200_000;

function Done({ result, tookMs }: { result: ToolResult; tookMs: number }) {
  const [raw, setRaw] = useState(false);
  const value = readableResult(result);
  const json = () => JSON.stringify(value, null, 2) ?? '';
  return (
    <section className="card result" data-testid="tool-result" aria-label="Result">
      <div className="result-head">
        <h2>Result</h2>
        <span className="muted">{formatMs(tookMs)}</span>
        <CopyButton text={json} label="Copy JSON" />
      </div>
      <Readable value={value} name="Result" />
      <details className="raw" onToggle={(event) => setRaw(event.currentTarget.open)}>
        <summary>Raw JSON</summary>
        {raw && <RawJson text={json()} />}
      </details>
    </section>
  );
}

const RawJson = ({ text }: { text: string }) => (
  <>
    <pre className="code-block">{text.slice(0, RAW_MAX)}</pre>
    {text.length > RAW_MAX && (
      <p className="muted">
        The first {RAW_MAX.toLocaleString()} of {text.length.toLocaleString()} characters. Copy gives all of them.
      </p>
    )}
  </>
);
