// A line of steps over time, drawn by uPlot. Its words are the caller's to give: nothing here is only to be seen.
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { drawn, microOf } from '../amount.js';
import type { Step } from './balance-steps.js';
import { type Colours, useThemeColours } from './use-theme-colours.js';

const HEIGHT = 200;
const AXIS_FONT = '12px system-ui, sans-serif';
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 2 });

const DAY_S = 86_400;
const AXIS_TIMES = [
  { fromS: 28 * DAY_S, format: new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric' }) },
  { fromS: DAY_S, format: new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' }) },
  { fromS: 60, format: new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hour12: false }) },
  { fromS: 1, format: new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hour12: false }) },
  { fromS: 0, format: new Intl.DateTimeFormat(undefined, { second: 'numeric', fractionalSecondDigits: 3 }) },
] as const;

/** @param stepS seconds from one mark of the axis to the next */
function axisTimes(marks: readonly number[], stepS: number): string[] {
  const { format } = AXIS_TIMES.find(({ fromS }) => stepS >= fromS) ?? AXIS_TIMES[4];
  return marks.map((seconds) => format.format(seconds * 1_000));
}

interface StepChartProps {
  readonly steps: readonly Step[];
  readonly label: string;
  /** Which step the pointer is over. */
  readonly onOver: (step: Step | undefined) => void;
}

export function StepChart({ steps, label, onOver }: StepChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const colours = useThemeColours(probe);
  const over = useRef(onOver);
  over.current = onOver;
  useEffect(() => {
    const place = box.current;
    if (!place || !colours) return;
    const hover = (chart: uPlot) => over.current(chart.cursor.idx == null ? undefined : steps[chart.cursor.idx]);
    const data: uPlot.AlignedData = [
      steps.map(({ atMs }) => atMs / 1_000),
      steps.map(({ balance }) => drawn(microOf(balance))),
    ];
    const chart = new uPlot(optionsFor(colours, place.clientWidth, hover), data, place);
    const resized = new ResizeObserver(() => chart.setSize({ width: place.clientWidth, height: HEIGHT }));
    resized.observe(place);
    return () => {
      resized.disconnect();
      chart.destroy();
    };
  }, [steps, colours]);
  return (
    <div className="step-chart" role="img" aria-label={label}>
      <span ref={probe} className="step-chart-colours" aria-hidden="true" />
      <div ref={box} className="step-chart-box" aria-hidden="true" />
    </div>
  );
}

function optionsFor(colours: Colours, width: number, hover: (chart: uPlot) => void): uPlot.Options {
  const axis = {
    stroke: colours.text,
    font: AXIS_FONT,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
  };
  const paths = uPlot.paths.stepped?.({ align: 1 });
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
    hooks: { setCursor: [hover] },
    scales: { y: { range: (_chart, least, most) => [Math.min(0, least), most > 0 ? most * 1.08 : 1] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 30,
        space: 80,
        values: (_chart, marks, _axis, _space, stepS) => axisTimes(marks, stepS),
      },
      { ...axis, size: 52, space: 44, values: (_chart, splits) => splits.map((split) => COMPACT.format(split)) },
    ],
    series: [
      {},
      { stroke: colours.line, fill: colours.area, width: 2, points: { show: false }, ...(paths ? { paths } : {}) },
    ],
  };
}
