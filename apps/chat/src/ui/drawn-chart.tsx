// A place that uPlot draws into, in the theme's colours and as wide as there is room. What it shows is said in words: nothing is only to
// be seen.
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type Colours, useThemeColours } from './use-theme-colours.js';

export type { Colours } from './use-theme-colours.js';

const AXIS_FONT = '12px system-ui, sans-serif';

interface Drawing {
  readonly data: uPlot.AlignedData;
  readonly options: Omit<uPlot.Options, 'width' | 'height'>;
}

interface DrawnChartProps<T> {
  /** Drawn anew when it is another. */
  readonly of: T;
  readonly draw: (of: T, colours: Colours) => Drawing;
  readonly height: number;
  readonly label: string;
  readonly className: string;
}

export function DrawnChart<T>({ of, draw, height, label, className }: DrawnChartProps<T>) {
  const box = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const colours = useThemeColours(probe);
  const latest = useRef(draw);
  latest.current = draw;
  useEffect(() => {
    const place = box.current;
    if (!place || !colours) return;
    const { data, options } = latest.current(of, colours);
    const size = () => ({ width: place.clientWidth, height });
    const chart = new uPlot({ legend: { show: false }, ...size(), ...options }, data, place);
    const resized = new ResizeObserver(() => chart.setSize(size()));
    resized.observe(place);
    return () => {
      resized.disconnect();
      chart.destroy();
    };
  }, [of, colours, height]);
  return (
    <div className={className} role="img" aria-label={label}>
      <span ref={probe} className="chart-colours" aria-hidden="true" />
      <div ref={box} aria-hidden="true" />
    </div>
  );
}

/** Of both axes: lines of the grid on the one that goes up alone. */
export const axesIn = (colours: Colours): { readonly along: uPlot.Axis; readonly up: uPlot.Axis } => {
  const axis = { stroke: colours.text, font: AXIS_FONT, ticks: { show: false } };
  return {
    along: { ...axis, grid: { show: false }, size: 30, space: 80 },
    up: { ...axis, grid: { stroke: colours.grid, width: 1 }, space: 44 },
  };
};
