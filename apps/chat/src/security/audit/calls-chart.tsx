// The picture above the list: calls over time, stacked by severity. Drawn as plain SVG; its words are there for everybody.

import { plural } from '../../ui/figures.js';
import { type AuditRecord, SEVERITIES, SEVERITY_MEANING } from './record.js';
import { SeverityMark } from './severity-mark.js';
import type { Stretch } from './span.js';
import { type Bin, binWidthMs, timeBins, totals } from './time-bins.js';

const BINS_MAX = 60;
const HEIGHT = 100;
/** A part of a bin's width that is left free. */
const GAP = 0.18;

interface CallsChartProps {
  readonly records: readonly AuditRecord[];
  readonly stretch: Stretch;
  /** The log may have more of this time than is here. */
  readonly partial: boolean;
}

export function CallsChart({ records, stretch, partial }: CallsChartProps) {
  const bins = timeBins(records, { ...stretch, most: BINS_MAX });
  const sums = totals(bins);
  const most = Math.max(1, ...bins.map(({ total }) => total));
  const all = SEVERITIES.reduce((sum, severity) => sum + sums[severity], 0);
  const said = SEVERITIES.filter((severity) => sums[severity] > 0).map((severity) => `${sums[severity]} ${severity}`);
  return (
    <figure className="chart card" data-testid="audit-chart">
      <figcaption className="chart-head">
        <span>
          <strong>{plural(all, 'call')}</strong>{' '}
          <span className="muted">
            in {spanText(stretch)}
            {partial && ', of what is loaded'}, {widthText(binWidthMs(stretch.toMs - stretch.fromMs, BINS_MAX))} a bar
          </span>
        </span>
        <ul className="chart-legend">
          {SEVERITIES.map((severity) => (
            <li key={severity} title={SEVERITY_MEANING[severity]}>
              <SeverityMark severity={severity} />
              <span className="chart-sum">{sums[severity].toLocaleString('en')}</span>
            </li>
          ))}
        </ul>
      </figcaption>
      <div className="chart-area">
        <span className="chart-most muted" aria-hidden="true">
          {most}
        </span>
        <svg
          className="chart-bars"
          viewBox={`0 0 ${bins.length} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`Calls over ${spanText(stretch)}: ${said.join(', ') || 'none'}`}
        >
          <line className="chart-line" x1="0" x2={bins.length} y1={HEIGHT} y2={HEIGHT} />
          {bins.map((bin, index) => (bin.total > 0 ? <Bar key={bin.fromMs} bin={bin} x={index} most={most} /> : null))}
        </svg>
      </div>
      <div className="chart-axis muted" aria-hidden="true">
        <span>{axisTime(stretch.fromMs, stretch)}</span>
        <span>{axisTime((stretch.fromMs + stretch.toMs) / 2, stretch)}</span>
        <span>{axisTime(stretch.toMs, stretch)}</span>
      </div>
    </figure>
  );
}

function Bar({ bin, x, most }: { bin: Bin; x: number; most: number }) {
  let top = HEIGHT;
  return (
    <g>
      <title>{`${new Date(bin.fromMs).toLocaleTimeString()}: ${SEVERITIES.filter((each) => bin.counts[each] > 0)
        .map((each) => `${bin.counts[each]} ${each}`)
        .join(', ')}`}</title>
      {SEVERITIES.map((severity) => {
        const height = (bin.counts[severity] / most) * (HEIGHT - 2);
        top -= height;
        return height === 0 ? null : (
          <rect key={severity} className={`bar-${severity}`} x={x + GAP / 2} y={top} width={1 - GAP} height={height} />
        );
      })}
    </g>
  );
}

const HOUR_MS = 3_600_000;

function axisTime(ms: number, { fromMs, toMs }: Stretch): string {
  const date = new Date(ms);
  const time = date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hour12: false });
  return toMs - fromMs <= 24 * HOUR_MS + 60_000
    ? time
    : `${date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' })}, ${time}`;
}

function widthText(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 60) return plural(seconds, 'second');
  return seconds < 3_600 ? plural(seconds / 60, 'minute') : plural(seconds / 3_600, 'hour');
}

function spanText({ fromMs, toMs }: Stretch): string {
  const minutes = Math.round((toMs - fromMs) / 60_000);
  if (minutes <= 120) return plural(Math.max(1, minutes), 'minute');
  return minutes <= 72 * 60 ? plural(Math.round(minutes / 60), 'hour') : plural(Math.round(minutes / 1_440), 'day');
}
