// A series drawn by uPlot. What it says is said in words beside it: nothing here is only to be seen.
import type uPlot from 'uplot';
import { axesIn, type Colours, DrawnChart } from '../../ui/drawn-chart.js';
import { type Series, seriesText } from './series.js';

const HEIGHT = 180;
/** Told apart without colours. */
const DASHES = [[], [7, 4], [2, 3]] as const;

export const SeriesChart = ({ series }: { series: Series }) => (
  <figure className="series" data-testid="series">
    <DrawnChart of={series} draw={drawingOf} height={HEIGHT} label={seriesText(series)} className="series-chart" />
    <figcaption className="muted">{seriesText(series)}</figcaption>
  </figure>
);

function drawingOf({ x, lines, isTime }: Series, colours: Colours) {
  const { along, up } = axesIn(colours);
  return {
    data: [x, ...lines.map(({ y }) => y)] as unknown as uPlot.AlignedData,
    options: {
      cursor: { show: false },
      scales: { x: { time: isTime } },
      axes: [along, { ...up, size: 60 }],
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
    },
  };
}
