// How the numbers of a column are spread, as bars; its words are there for everybody.
import { figure, type Histogram, histogramText } from './profile.js';

const HEIGHT = 60;
/** A part of a bar's width that is left free. */
const GAP = 0.12;

export function HistogramChart({ name, histogram }: { name: string; histogram: Histogram }) {
  const { from, width, counts } = histogram;
  const most = Math.max(1, ...counts);
  return (
    <figure className="histogram">
      <svg
        className="histogram-bars"
        viewBox={`0 0 ${counts.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Spread of ${name}: ${histogramText(histogram)}`}
      >
        <line className="chart-base" x1="0" x2={counts.length} y1={HEIGHT} y2={HEIGHT} />
        {counts.map((count, at) => {
          // What is there at all can be seen.
          const height = count === 0 ? 0 : Math.max(1.5, (count / most) * (HEIGHT - 1));
          const start = from + at * width;
          return (
            <g key={start}>
              <title>{`${figure(start)} to ${figure(start + width)}: ${count.toLocaleString('en')}`}</title>
              <rect className="histogram-hover" x={at} y="0" width="1" height={HEIGHT} />
              <rect className="histogram-bar" x={at + GAP / 2} y={HEIGHT - height} width={1 - GAP} height={height} />
            </g>
          );
        })}
      </svg>
      <figcaption className="histogram-axis">
        <span>{figure(from)}</span>
        <span>{figure(from + counts.length * width)}</span>
      </figcaption>
    </figure>
  );
}
