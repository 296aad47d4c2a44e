// A tool that an answer asks for: what it would do with which arguments, the person's word on it, and what it said.
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import type { ToolInfo } from '../../mcp/connection.js';
import { EffectBadge } from '../../tools/effect-badge.js';
import { Readable } from '../../tools/readable.js';
import { effectOf, titleOf } from '../../tools/tool-groups.js';
import type { CallPart, ResultPart } from '../conversation/message.js';
import type { RunState } from '../conversation/tool-runs.js';
import { seriesIn } from './series.js';

const SeriesChart = lazy(async () => ({ default: (await import('./series-chart.js')).SeriesChart }));

export interface ToolCallCardProps {
  readonly call: CallPart;
  readonly tool: ToolInfo | undefined;
  /** As the conversation has it. */
  readonly result: ResultPart | undefined;
  /** Of this page, until the conversation has it. */
  readonly run: RunState | undefined;
  readonly onRun: (input: Readonly<Record<string, unknown>>) => void;
  readonly onDecline: () => void;
}

const STATES = {
  asked: { label: 'waits for your word', look: 'badge badge-write' },
  running: { label: 'running', look: 'badge badge-here' },
  ok: { label: 'done', look: 'pill pill-good' },
  failed: { label: 'failed', look: 'pill pill-bad' },
  declined: { label: 'refused by you', look: 'badge badge-read' },
} as const;

export function ToolCallCard(props: ToolCallCardProps) {
  const { call, tool, result, run } = props;
  const outcome = result ?? (run?.status === 'done' ? run : undefined);
  const state = outcome?.outcome ?? run?.status ?? 'asked';
  const { label, look } = STATES[state === 'done' ? 'ok' : state];
  return (
    <section className="tool-call" data-testid={`call-${call.tool}`} aria-label={`Tool: ${call.tool}`}>
      <div className="tool-call-head">
        <span className="tool-call-name">{tool ? titleOf(tool) : call.tool}</span>
        {tool && <EffectBadge tool={tool} quiet />}
        <span className={look} data-testid="call-state">
          {label}
        </span>
      </div>
      {state === 'asked' ? (
        <Decision {...props} />
      ) : (
        <details className="tool-call-part">
          <summary>What it was given</summary>
          <pre className="code-block">{JSON.stringify(call.arguments, null, 2)}</pre>
        </details>
      )}
      {outcome && outcome.outcome !== 'declined' && <Said text={outcome.text} failed={outcome.outcome === 'failed'} />}
    </section>
  );
}

/** The arguments as JSON, to be changed before it runs. */
function Decision({ call, tool, onRun, onDecline }: ToolCallCardProps) {
  const [text, setText] = useState(() => JSON.stringify(call.arguments, null, 2));
  const [changing, setChanging] = useState(false);
  const input = objectIn(text);
  const destroys = tool !== undefined && effectOf(tool) === 'destroy';
  return (
    <div className="tool-call-decision">
      {tool?.description && <p className="muted tool-call-about">{tool.description}</p>}
      {changing ? (
        <textarea
          className="input mono tool-call-arguments"
          data-testid="call-arguments"
          aria-label="Arguments, as JSON"
          aria-invalid={input === undefined}
          spellCheck={false}
          rows={Math.min(12, text.split('\n').length + 1)}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      ) : (
        <pre className="code-block">{text}</pre>
      )}
      {input === undefined && <p className="problem">This is no JSON object.</p>}
      <div className="tool-call-buttons">
        <button
          type="button"
          className={destroys ? 'button button-bad button-small' : 'button button-main button-small'}
          data-testid="call-run"
          disabled={input === undefined || tool === undefined}
          onClick={() => input && onRun(input)}
        >
          {destroys ? 'Run it: this cannot be undone' : 'Run it'}
        </button>
        {!changing && (
          <button
            type="button"
            className="button button-small"
            data-testid="call-change"
            onClick={() => setChanging(true)}
          >
            Change the arguments
          </button>
        )}
        <button type="button" className="button button-small" data-testid="call-decline" onClick={onDecline}>
          Refuse
        </button>
      </div>
    </div>
  );
}

function Said({ text, failed }: { text: string; failed: boolean }): ReactNode {
  const value = useMemo(() => valueIn(text), [text]);
  const series = useMemo(() => seriesIn(value), [value]);
  if (failed) return <p className="problem tool-call-failed">{text}</p>;
  return (
    <>
      {series && (
        <Suspense fallback={null}>
          <SeriesChart series={series} />
        </Suspense>
      )}
      <details className="tool-call-part" data-testid="call-result">
        <summary>What it said</summary>
        <div className="tool-call-said">
          <Readable value={value} name="Result" />
        </div>
      </details>
    </>
  );
}

function valueIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = valueIn(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
