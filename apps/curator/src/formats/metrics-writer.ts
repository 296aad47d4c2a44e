// Rows of metrics as Prometheus' text format or OpenMetrics: rows that have the columns which reading them gives (metrics-lines.ts).
import { AppError } from '@labmesh/contracts';
import type { Row } from '../rows.js';
import { type Exemplar, MetricRow, type MetricsFormat } from './metrics-lines.js';
import { readMetrics } from './metrics-reader.js';
import { encodeUtf8 } from './text.js';

/** @throws AppError unsupported_format for rows that are no metrics, or break the rules of the format. */
export function writeMetrics(rows: readonly Row[], format: MetricsFormat): Buffer {
  const lines: string[] = [];
  let family: string | undefined;
  rows.forEach((row, index) => {
    const metric = MetricRow.safeParse(row);
    if (!metric.success)
      throw noMetric(
        format,
        `row ${index} is none (${metric.error.issues[0]?.path.join('/')}: ${metric.error.issues[0]?.message})`,
      );
    if (metric.data.family !== family) lines.push(...aboutLines(metric.data, format));
    family = metric.data.family;
    if (metric.data.name !== undefined) lines.push(sampleLine(metric.data, format));
  });
  if (format === 'openmetrics') lines.push('# EOF');
  const bytes = encodeUtf8(lines.map((line) => `${line}\n`).join(''));
  try {
    readMetrics(bytes, format);
  } catch (cause) {
    if (cause instanceof AppError) throw noMetric(format, cause.message);
    throw cause;
  }
  return bytes;
}

const noMetric = (format: MetricsFormat, why: string): AppError =>
  new AppError(
    'unsupported_format',
    `Cannot write the rows as ${format}, which holds metrics alone (family, type, unit, help, name, labels, value, timestamp, exemplar): ${why}`,
  );

function aboutLines({ family, type, unit, help }: MetricRow, format: MetricsFormat): string[] {
  return [
    ...(type === undefined ? [] : [`# TYPE ${family} ${type}`]),
    ...(unit === undefined || format === 'prometheus' ? [] : [`# UNIT ${family} ${unit}`]),
    ...(help === undefined ? [] : [`# HELP ${family} ${escaped(help, format === 'openmetrics')}`]),
  ];
}

function sampleLine({ name = '', labels = {}, value, timestamp, exemplar }: MetricRow, format: MetricsFormat): string {
  const time = timestamp === undefined ? '' : ` ${timestamp}`;
  const beside = exemplar === undefined || format === 'prometheus' ? '' : ` # ${exemplarText(exemplar)}`;
  return `${name}${Object.keys(labels).length === 0 ? '' : labelsText(labels)} ${value}${time}${beside}`;
}

const exemplarText = ({ labels, value, timestamp }: Exemplar): string =>
  `${labelsText(labels)} ${value}${timestamp === undefined ? '' : ` ${timestamp}`}`;

const labelsText = (labels: Readonly<Record<string, string>>): string =>
  `{${Object.entries(labels)
    .map(([label, value]) => `${label}="${escaped(value, true)}"`)
    .join(',')}}`;

const escaped = (text: string, quotes: boolean): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll(quotes ? '"' : '\n', quotes ? '\\"' : '\\n');
