// One line of Prometheus' text format (0.0.4) or of OpenMetrics (1.0): a sample, a word about a family, or neither. Sources:
// https://prometheus.io/docs/instrumenting/exposition_formats and https://prometheus.io/docs/specs/om/open_metrics_spec

import { z } from 'zod';
import { numberFromText, tooPrecise } from '../numbers.js';

export type MetricsFormat = 'prometheus' | 'openmetrics';

/** JSON has no other numbers: these are texts in a row. */
const SPECIAL = ['NaN', '+Inf', '-Inf'] as const;
const MetricValue = z.union([z.number(), z.enum(SPECIAL)]);
export type MetricValue = z.infer<typeof MetricValue>;
const Labels = z.record(z.string(), z.string());

/** A row: one sample with what is said of its family; without `name` and `value` it is a family that has no sample. */
export const MetricRow = z.strictObject({
  family: z.string(),
  type: z.string().optional(),
  unit: z.string().optional(),
  help: z.string().optional(),
  name: z.string().optional(),
  labels: Labels.optional(),
  value: MetricValue.optional(),
  /** Prometheus: milliseconds since 1970; OpenMetrics: seconds. */
  timestamp: z.number().optional(),
  exemplar: z.strictObject({ labels: Labels, value: MetricValue, timestamp: z.number().optional() }).optional(),
});
export type MetricRow = z.infer<typeof MetricRow>;
export type Exemplar = NonNullable<MetricRow['exemplar']>;

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: MetricValue;
  readonly timestamp: number | undefined;
  readonly exemplar: Exemplar | undefined;
}

export type Line =
  | { readonly kind: 'sample'; readonly sample: Sample }
  | { readonly kind: 'HELP' | 'TYPE' | 'UNIT'; readonly family: string; readonly text: string }
  | { readonly kind: 'EOF' | 'comment' };

/** Why a line is refused. */
export class BadLine extends Error {}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"/y;
const PROMETHEUS = {
  meta: new RegExp(`^#[ \\t]+(HELP|TYPE)[ \\t]+(${NAME})(?:[ \\t]+([^]*))?$`),
  name: new RegExp(`[ \\t]*(${NAME})[ \\t]*`, 'y'),
  tail: /^[ \t]*(\S+)(?:[ \t]+(-?\d+))?[ \t]*$/,
};
const OPEN_METRICS = {
  meta: new RegExp(`^# (HELP|TYPE|UNIT) (${NAME}) ([^]*)$`),
  name: new RegExp(`(${NAME})`, 'y'),
  tail: /^ (\S+)(?: (\S+))?(?: # (\{.*\}) (\S+)(?: (\S+))?)?$/,
};

/** @throws BadLine */
export function readLine(text: string, format: MetricsFormat): Line {
  const grammar = format === 'prometheus' ? PROMETHEUS : OPEN_METRICS;
  if (text.startsWith('#')) {
    if (format === 'openmetrics' && text === '# EOF') return { kind: 'EOF' };
    const [, kind, family = '', said = ''] = grammar.meta.exec(text) ?? [];
    if (kind === 'HELP' || kind === 'TYPE' || kind === 'UNIT')
      return { kind, family, text: kind === 'HELP' ? unescaped(said, format === 'openmetrics') : said.trimEnd() };
    if (format === 'openmetrics') throw new BadLine('a comment must be HELP, TYPE, UNIT or EOF, with single spaces');
    return { kind: 'comment' };
  }
  return { kind: 'sample', sample: readSample(text, format) };
}

function readSample(text: string, format: MetricsFormat): Sample {
  const grammar = format === 'prometheus' ? PROMETHEUS : OPEN_METRICS;
  grammar.name.lastIndex = 0;
  const name = grammar.name.exec(text)?.[1];
  if (name === undefined) throw new BadLine('it does not begin with the name of a metric');
  const { labels, end } = readLabels(text, grammar.name.lastIndex, format);
  const [, value, timestamp, ...exemplar] = grammar.tail.exec(text.slice(end)) ?? [];
  if (value === undefined) throw new BadLine('after the name and its labels there must be a value, and perhaps a time');
  return {
    name,
    labels,
    value: readValue(value, format),
    timestamp: timestamp === undefined ? undefined : readTime(timestamp, format),
    exemplar: readExemplar(exemplar),
  };
}

function readLabels(
  text: string,
  start: number,
  format: MetricsFormat,
): { labels: Record<string, string>; end: number } {
  const labels: Record<string, string> = {};
  if (text[start] !== '{') return { labels, end: start };
  const spaces = format === 'prometheus' ? /[ \t]*/y : /(?:)/y;
  const skip = (at: number): number => {
    spaces.lastIndex = at;
    return at + (spaces.exec(text)?.[0].length ?? 0);
  };
  for (let at = skip(start + 1); ; ) {
    if (text[at] === '}' && (at === start + 1 || format === 'prometheus' || text[at - 1] !== ','))
      return { labels, end: at + 1 };
    LABEL.lastIndex = at;
    const [all, name = '', value = ''] = LABEL.exec(text) ?? [];
    if (all === undefined)
      throw new BadLine('its labels are not {name="value",...} with \\, " and line breaks escaped');
    if (Object.hasOwn(labels, name)) throw new BadLine(`it has the label "${name}" twice`);
    labels[name] = unescaped(value, true);
    at = skip(at + all.length);
    if (text[at] === ',') at = skip(at + 1);
    else if (text[at] !== '}') throw new BadLine('its labels are not closed');
  }
}

function readExemplar([labels, value, timestamp]: Array<string | undefined>): Exemplar | undefined {
  if (labels === undefined || value === undefined) return undefined;
  const read = readLabels(labels, 0, 'openmetrics');
  if (read.end !== labels.length) throw new BadLine('its exemplar is not {labels} value time');
  return {
    labels: read.labels,
    value: readValue(value, 'openmetrics'),
    ...(timestamp === undefined ? {} : { timestamp: readTime(timestamp, 'openmetrics') }),
  };
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function readValue(text: string, format: MetricsFormat): MetricValue {
  if (/^nan$/i.test(text)) return 'NaN';
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return text.startsWith('-') ? '-Inf' : '+Inf';
  if (!NUMBER.test(text)) throw new BadLine(`"${text.slice(0, 40)}" is no number of ${format}`);
  return exact(text);
}

function readTime(text: string, format: MetricsFormat): number {
  if (!NUMBER.test(text) || (format === 'prometheus' && !/^-?\d+$/.test(text)))
    throw new BadLine(
      `"${text.slice(0, 40)}" is no time: ${format === 'prometheus' ? 'whole milliseconds' : 'seconds'}`,
    );
  return exact(text);
}

/** +1.5, .5, 1. and 007 are numbers here, and not in JSON. */
export function exact(text: string): number {
  const asJson = text
    .replace(/^\+/, '')
    .replace(/^(-?)0*(?=\d)/, '$1')
    .replace(/^(-?)\./, '$10.')
    .replace(/\.(?!\d)/, '');
  const number = numberFromText(asJson);
  if (number === undefined) throw new BadLine(tooPrecise(text));
  return number;
}

/** HELP of Prometheus does not escape quotes. */
const unescaped = (text: string, quotes: boolean): string =>
  text.replace(/\\([\\n"])/g, (all, letter: string) =>
    letter === 'n' ? '\n' : letter === '"' && !quotes ? all : letter,
  );
