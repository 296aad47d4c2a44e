// Which samples a family of a type may have, and what its values and labels must be: strict as OpenMetrics 1.0 says.
import { BadLine, exact, type MetricsFormat, type MetricValue, type Sample } from './metrics-lines.js';

/** Endings of the names of samples, by the type of the family. */
const OPEN_METRICS: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total', '_created'],
  gauge: [''],
  gaugehistogram: ['_bucket', '_gcount', '_gsum'],
  histogram: ['_bucket', '_count', '_sum', '_created'],
  info: ['_info'],
  stateset: [''],
  summary: ['', '_count', '_sum', '_created'],
  unknown: [''],
};
const PROMETHEUS: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_count', '_sum'],
  summary: ['', '_count', '_sum'],
  untyped: [''],
};

export const endingsOf = (type: string | undefined, format: MetricsFormat): readonly string[] | undefined =>
  format === 'prometheus' ? PROMETHEUS[type ?? 'untyped'] : OPEN_METRICS[type ?? 'unknown'];

const amount = (value: MetricValue): number =>
  value === '+Inf' ? Number.POSITIVE_INFINITY : value === '-Inf' ? Number.NEGATIVE_INFINITY : Number(value);

/** @throws BadLine where a sample of OpenMetrics has a value, a label or an exemplar that its family's type does not allow. */
export function checkSample(sample: Sample, family: { name: string; type: string }): void {
  const ending = sample.name.slice(family.name.length);
  const value = amount(sample.value);
  checkExemplar(sample, family.type, ending);
  if (['_total', '_count', '_bucket', '_gcount'].includes(ending) && !(value >= 0))
    throw new BadLine(`${sample.name} counts, and must not be negative or NaN`);
  if (['_count', '_bucket', '_gcount'].includes(ending) && !Number.isInteger(value))
    throw new BadLine(`${sample.name} must be a whole number`);
  switch (family.type) {
    case 'histogram':
    case 'gaugehistogram':
      if ((ending === '_bucket') !== Object.hasOwn(sample.labels, 'le'))
        throw new BadLine('buckets, and nothing else of a histogram, have the label "le"');
      if (ending === '_bucket') boundOf(sample.labels.le ?? '');
      break;
    case 'summary':
      checkQuantile(sample, ending);
      break;
    case 'info':
      if (value !== 1) throw new BadLine('an info has the value 1');
      break;
    case 'stateset':
      if (value !== 0 && value !== 1) throw new BadLine('a state is 0 or 1');
      if (!Object.hasOwn(sample.labels, family.name)) throw new BadLine(`a state has the label "${family.name}"`);
      break;
    default:
  }
}

function checkQuantile({ labels }: Sample, ending: string): void {
  if ((ending === '') !== Object.hasOwn(labels, 'quantile'))
    throw new BadLine('quantiles, and nothing else of a summary, have the label "quantile"');
  if (ending !== '') return;
  const quantile = boundOf(labels.quantile ?? '');
  if (!(quantile >= 0 && quantile <= 1)) throw new BadLine('a quantile is from 0 to 1');
}

const EXEMPLAR_LETTERS_MAX = 128;

function checkExemplar({ exemplar }: Sample, type: string, ending: string): void {
  if (exemplar === undefined) return;
  const allowed = (type === 'counter' && ending === '_total') || (/histogram$/.test(type) && ending === '_bucket');
  if (!allowed) throw new BadLine('an exemplar stands at a _total of a counter, or a _bucket of a histogram');
  const letters = Object.entries(exemplar.labels).reduce((sum, [name, value]) => sum + [...name, ...value].length, 0);
  if (letters > EXEMPLAR_LETTERS_MAX)
    throw new BadLine(`the labels of an exemplar have at most ${EXEMPLAR_LETTERS_MAX} letters`);
}

/** The upper bound of a bucket, or a quantile. */
export function boundOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (!/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text))
    throw new BadLine(`"${text.slice(0, 40)}" is no bound: a number or +Inf`);
  return exact(text);
}

/**
 * The buckets of one histogram, in their order.
 * @throws BadLine when they do not rise, or do not end with +Inf.
 */
export function checkBuckets(buckets: readonly Sample[]): void {
  let bound = Number.NEGATIVE_INFINITY;
  let count = 0;
  for (const bucket of buckets) {
    const next = boundOf(bucket.labels.le ?? '');
    if (next <= bound) throw new BadLine('the buckets of a histogram must come in the order of "le", each once');
    if (amount(bucket.value) < count)
      throw new BadLine('the buckets of a histogram count all that is below: they must not fall');
    [bound, count] = [next, amount(bucket.value)];
  }
  if (buckets.length > 0 && bound !== Number.POSITIVE_INFINITY)
    throw new BadLine('a histogram ends with the bucket le="+Inf"');
}
