// A line of steps over time, drawn by uPlot. Its words are the caller's to give: nothing here is only to be seen.
import uPlot from 'uplot';
import { axesIn, type Colours, DrawnChart } from '../../ui/drawn-chart.js';
import { drawn, microOf } from '../amount.js';
import type { Step } from './balance-steps.js';

const HEIGHT = 200;
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

type Over = (step: Step | undefined) => void;

interface StepChartProps {
  readonly steps: readonly Step[];
  readonly label: string;
  /** Which step the pointer is over; always the same function. */
  readonly onOver: Over;
}

export const StepChart = ({ steps, label, onOver }: StepChartProps) => (
  <DrawnChart
    of={steps}
    draw={(all, colours) => drawingOf(all, colours, onOver)}
    height={HEIGHT}
    label={label}
    className="step-chart"
  />
);

function drawingOf(steps: readonly Step[], colours: Colours, onOver: Over) {
  const { along, up } = axesIn(colours);
  const paths = uPlot.paths.stepped?.({ align: 1 });
  const data: uPlot.AlignedData = [
    steps.map(({ atMs }) => atMs / 1_000),
    steps.map(({ balance }) => drawn(microOf(balance))),
  ];
  const options: Omit<uPlot.Options, 'width' | 'height'> = {
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
    hooks: { setCursor: [({ cursor }) => onOver(cursor.idx == null ? undefined : steps[cursor.idx])] },
    scales: { y: { range: (_chart, least, most) => [Math.min(0, least), most > 0 ? most * 1.08 : 1] } },
    axes: [
      { ...along, values: (_chart, marks, _axis, _space, stepS) => axisTimes(marks, stepS) },
      { ...up, size: 52, values: (_chart, splits) => splits.map((split) => COMPACT.format(split)) },
    ],
    series: [
      {},
      { stroke: colours.line, fill: colours.area, width: 2, points: { show: false }, ...(paths ? { paths } : {}) },
    ],
  };
  return { data, options };
}
