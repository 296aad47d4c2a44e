// One column: how full it is, its figures, and the shape of its values.
import { plural } from '../../ui/figures.js';
import { HistogramChart } from './histogram-chart.js';
import { type ColumnProfile, figure, percent, timeText, typeText, valueText } from './profile.js';

export function ColumnCard({ column }: { column: ColumnProfile }) {
  const { name, type, rows, nulls, missing, distinct, numbers, lengths, times } = column;
  return (
    <li className="card column-card" data-testid={`profile-${name}`}>
      <div className="column-head">
        <h2 className="mono">{name}</h2>
        <span className="muted column-type">{typeText(type)}</span>
      </div>
      <Fullness column={column} />
      <dl className="column-figures">
        <Figure name="different" value={figure(distinct)} />
        {nulls > 0 && <Figure name="null" value={`${figure(nulls)} (${percent(nulls, rows)})`} />}
        {missing > 0 && <Figure name="missing" value={`${figure(missing)} (${percent(missing, rows)})`} />}
        {numbers && <Figure name="mean" value={figure(numbers.mean)} />}
        {numbers && numbers.standardDeviation !== null && (
          <Figure name="deviation" value={figure(numbers.standardDeviation)} />
        )}
        {numbers?.quantiles.map(({ share, value }) => (
          <Figure key={share} name={share === 0.5 ? 'median' : `${share * 100} %`} value={figure(value)} />
        ))}
        {times && <Figure wide name="first" value={timeText(times.first)} />}
        {times && <Figure wide name="last" value={timeText(times.last)} />}
        {lengths && !times && <Figure name="characters" value={`${figure(lengths.least)} to ${figure(lengths.most)}`} />}
      </dl>
      {numbers ? <HistogramChart name={name} histogram={numbers.histogram} /> : <TopValues column={column} />}
    </li>
  );
}

const Figure = ({ name, value, wide }: { name: string; value: string; wide?: boolean }) => (
  <div className={wide ? 'column-figure column-figure-wide' : 'column-figure'}>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

function Fullness({ column: { rows, nulls, missing } }: { column: ColumnProfile }) {
  const full = rows === 0 ? 0 : ((rows - nulls - missing) / rows) * 100;
  const gaps = rows === 0 ? 0 : (nulls / rows) * 100;
  const words = [
    `${percent(rows - nulls - missing, rows)} filled`,
    ...(nulls > 0 ? [`${percent(nulls, rows)} null`] : []),
    ...(missing > 0 ? [`${percent(missing, rows)} missing`] : []),
  ].join(', ');
  return (
    <div className="fullness">
      <svg className="fullness-bar" role="img" aria-label={words} width="100%" height="6">
        <rect className="fullness-missing" width="100%" height="6" rx="3" />
        <rect className="fullness-null" width={`${full + gaps}%`} height="6" rx="3" />
        <rect className="fullness-full" width={`${full}%`} height="6" rx="3" />
      </svg>
      <span className="muted fullness-text" aria-hidden="true">
        {words}
      </span>
    </div>
  );
}

const TOP = 6;

function TopValues({ column: { top, rows, distinct } }: { column: ColumnProfile }) {
  if (top.length === 0) return null;
  const most = Math.max(...top.map(({ count }) => count));
  // Where every value is another one, the most frequent say nothing.
  if (most === 1 && distinct > top.length) return <p className="muted column-none">No value is there twice.</p>;
  return (
    <ol className="top-values" aria-label="Most frequent values">
      {top.slice(0, TOP).map(({ value, count }) => {
        const text = valueText(value);
        return (
          <li key={text} className="top-value">
            <span className="top-text">{text}</span>
            <span className="top-count">
              {figure(count)} <span className="sr-only">of {plural(rows, 'row')}</span>
            </span>
            <svg className="top-bar" aria-hidden="true" width="100%" height="4">
              <rect width={`${(count / most) * 100}%`} height="4" rx="2" />
            </svg>
          </li>
        );
      })}
    </ol>
  );
}
