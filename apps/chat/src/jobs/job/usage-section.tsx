// What the newest attempt of a job uses over time, each resource against what it may have. Its words are there for everybody.
import { formatBytes } from '../../agents/manifest.js';
import { type Attempt, durationText, type Job } from '../job.js';
import { cornersOf, type UsageLine, usageLines } from './usage.js';

const WIDTH = 300;
const HEIGHT = 60;

export function UsageSection({ attempt, job }: { attempt: Attempt; job: Pick<Job, 'resources'> }) {
  const told = usageLines(attempt, job.resources);
  if (told === undefined) return null;
  return (
    <section className="section" aria-labelledby="usage-title">
      <h2 id="usage-title">{attempt.endedAt === null ? 'What it uses' : 'What it used'}</h2>
      <div className="usage-charts" data-testid="usage">
        {told.lines.map((line) => (
          <UsageChart
            key={line.name}
            line={line}
            seconds={told.seconds}
            when={attempt.endedAt === null ? 'now' : 'at its end'}
          />
        ))}
      </div>
    </section>
  );
}

interface UsageChartProps {
  readonly line: UsageLine;
  readonly seconds: number;
  /** Of the last value. */
  readonly when: string;
}

function UsageChart({ line, seconds, when }: UsageChartProps) {
  const { name, ratios, last, most, allowed } = line;
  const words = (value: number): string => (name === 'Memory' ? formatBytes(value) : value.toFixed(value < 10 ? 2 : 0));
  const corners = cornersOf(ratios, WIDTH, HEIGHT);
  const said = `${words(last)} ${when}, at most ${words(most)}, of ${words(allowed)}`;
  return (
    <figure className="card usage-chart">
      <figcaption>
        <strong>{name}</strong> <span className="muted">{said}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${name} over ${durationText(seconds * 1_000)}: ${said}`}
      >
        <line className="chart-line" x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
        <polygon className="usage-area" points={`0,${HEIGHT} ${corners} ${WIDTH},${HEIGHT}`} />
        <polyline className="usage-line" points={corners} />
      </svg>
      <div className="chart-axis muted" aria-hidden="true">
        <span>its start</span>
        <span>{durationText(seconds * 1_000)}</span>
      </div>
    </figure>
  );
}
