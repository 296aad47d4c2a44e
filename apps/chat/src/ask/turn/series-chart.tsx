// A series drawn by uPlot. What it says is said in words beside it: nothing here is only to be seen.
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type Colours, useThemeColours } from '../../money/wallet/use-theme-colours.js';
import { type Series, seriesText } from './series.js';

const HEIGHT = 180;
const AXIS_FONT = '12px system-ui, sans-serif';
/** Told apart without colours. */
const DASHES = [[], [7, 4], [2, 3]] as const;

export function SeriesChart({ series }: { series: Series }) {
  const box = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const colours = useThemeColours(probe);
  useEffect(() => {
    const place = box.current;
    if (!place || !colours) return;
    const data = [series.x, ...series.lines.map(({ y }) => y)] as unknown as uPlot.AlignedData;
    const chart = new uPlot(optionsFor(series, colours, place.clientWidth), data, place);
    const resized = new ResizeObserver(() => chart.setSize({ width: place.clientWidth, height: HEIGHT }));
    resized.observe(place);
    return () => {
      resized.disconnect();
      chart.destroy();
    };
  }, [series, colours]);
  return (
    <figure className="series" data-testid="series">
      <div className="series-chart" role="img" aria-label={seriesText(series)}>
        <span ref={probe} className="step-chart-colours" aria-hidden="true" />
        <div ref={box} aria-hidden="true" />
      </div>
      <figcaption className="muted">{seriesText(series)}</figcaption>
    </figure>
  );
}

function optionsFor({ lines, isTime }: Series, colours: Colours, width: number): uPlot.Options {
  const axis = {
    stroke: colours.text,
    font: AXIS_FONT,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: isTime } },
    axes: [
      { ...axis, grid: { show: false }, size: 30, space: 80 },
      { ...axis, size: 60, space: 44 },
    ],
    series: [
      {},
      ...lines.map(({ name }, place) => ({
        label: name,
        stroke: colours.line,
        width: 2,
        dash: [...(DASHES[place] ?? [])],
        points: { show: false },
      })),
    ],
  };
}
