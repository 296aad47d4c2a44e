// Prometheus' text format and OpenMetrics as rows, one a sample (see metrics-lines.ts). OpenMetrics is read strictly: what the
// specification says MUST is refused otherwise, with its line.

import { AppError } from '@labmesh/contracts';
import { ROWS_MAX, type Row } from '../rows.js';
import { BadLine, type MetricRow, type MetricsFormat, readLine, type Sample } from './metrics-lines.js';
import { checkBuckets, checkSample, endingsOf } from './metrics-rules.js';
import { decodeUtf8, unreadable } from './text.js';

/** @throws AppError invalid_input with the line that is wrong. */
export function readMetrics(bytes: Uint8Array, format: MetricsFormat): Row[] {
  const text = decodeUtf8(bytes, format);
  const reader = new Reader(format);
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  if (format === 'prometheus' && last !== '') throw unreadable(format, 'the last line must end with a line feed');
  if (format === 'openmetrics' && last !== '') lines.push(last);
  let at = 0;
  try {
    for (const line of lines) {
      at += 1;
      reader.line(line);
    }
    reader.end();
  } catch (cause) {
    if (cause instanceof BadLine) throw unreadable(format, `line ${at}: ${cause.message}`, cause);
    throw cause;
  }
  return reader.rows as Row[];
}

interface Family {
  readonly name: string;
  type?: string;
  unit?: string;
  help?: string;
  readonly samples: Sample[];
}

class Reader {
  readonly rows: MetricRow[] = [];
  private readonly done = new Set<string>();
  private family: Family | undefined;
  private ended = false;

  constructor(private readonly format: MetricsFormat) {}

  line(text: string): void {
    if (this.ended) throw new BadLine('nothing may come after "# EOF"');
    if (text.trim() === '' && this.format === 'prometheus') return;
    const line = readLine(text, this.format);
    switch (line.kind) {
      case 'EOF':
        this.ended = true;
        break;
      case 'comment':
        break;
      case 'sample':
        this.sample(line.sample);
        break;
      default:
        this.about(line.kind, line.family, line.text);
    }
  }

  end(): void {
    if (this.format === 'openmetrics' && !this.ended) throw new BadLine('it must end with "# EOF"');
    this.close();
  }

  private about(kind: 'HELP' | 'TYPE' | 'UNIT', name: string, text: string): void {
    const family = this.family?.name === name ? this.family : this.open(name);
    if (family.samples.length > 0) throw new BadLine(`${kind} of ${name} must come before its samples`);
    const key = kind === 'HELP' ? 'help' : kind === 'TYPE' ? 'type' : 'unit';
    if (family[key] !== undefined) throw new BadLine(`${kind} of ${name} is there twice`);
    if (kind === 'TYPE' && endingsOf(text, this.format) === undefined)
      throw new BadLine(`"${text.slice(0, 40)}" is no type of ${this.format}`);
    if (kind === 'UNIT' && text !== '' && !name.endsWith(`_${text}`))
      throw new BadLine(`the name ${name} must end with its unit, _${text}`);
    family[key] = text;
  }

  private sample(sample: Sample): void {
    const belongs = this.family !== undefined && this.isOf(sample.name, this.family);
    if (!belongs && this.family?.name === sample.name)
      throw new BadLine(`${sample.name} is no sample of a ${this.family.type}`);
    const family = this.family !== undefined && belongs ? this.family : this.open(sample.name);
    if (this.format === 'openmetrics') checkSample(sample, { name: family.name, type: family.type ?? 'unknown' });
    family.samples.push(sample);
    if (this.rows.length + family.samples.length > ROWS_MAX)
      throw new AppError('too_large', `Cannot take more than ${ROWS_MAX} samples. Split them.`);
  }

  private isOf(name: string, { name: family, type }: Family): boolean {
    return (endingsOf(type, this.format) ?? []).some((ending) => name === `${family}${ending}`);
  }

  private open(name: string): Family {
    this.close();
    if (this.done.has(name)) throw new BadLine(`all lines of ${name} must stand together`);
    this.done.add(name);
    this.family = { name, samples: [] };
    return this.family;
  }

  private close(): void {
    const { family } = this;
    this.family = undefined;
    if (family === undefined) return;
    if (
      this.format === 'openmetrics' &&
      family.unit !== undefined &&
      family.unit !== '' &&
      /^(info|stateset)$/.test(family.type ?? '')
    )
      throw new BadLine(`${family.name} is an ${family.type}, which has no unit`);
    checkTogether(family, this.format);
    const { name, type, unit, help, samples } = family;
    const face = {
      family: name,
      ...(type === undefined ? {} : { type }),
      ...(unit === undefined ? {} : { unit }),
      ...(help === undefined ? {} : { help }),
    };
    if (samples.length === 0) this.rows.push(face);
    for (const sample of samples) this.rows.push({ ...face, ...rowOf(sample) });
  }
}

const rowOf = ({ name, labels, value, timestamp, exemplar }: Sample) => ({
  name,
  labels: { ...labels },
  value,
  ...(timestamp === undefined ? {} : { timestamp }),
  ...(exemplar === undefined ? {} : { exemplar }),
});

/** Samples of a family by what they measure: their labels but those that tell parts of one measurement apart. */
function checkTogether({ samples, type, name: family }: Family, format: MetricsFormat): void {
  const parts = new Set(type === 'stateset' ? [family] : ['le', 'quantile']);
  const seen = new Map<string, number | undefined>();
  const buckets = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
    const before = seen.get(key);
    const later = format === 'openmetrics' && before !== undefined && (sample.timestamp ?? Number.NaN) > before;
    if (seen.has(key) && !later)
      throw new BadLine(`${sample.name} is there twice with the same labels, and not in the order of time`);
    seen.set(key, sample.timestamp);
    if (!sample.name.endsWith('_bucket') || !/histogram$/.test(type ?? '')) continue;
    const measured = JSON.stringify([
      sample.timestamp,
      Object.entries(sample.labels)
        .filter(([label]) => !parts.has(label))
        .sort(),
    ]);
    const together = buckets.get(measured);
    if (together === undefined) buckets.set(measured, [sample]);
    else together.push(sample);
  }
  if (format === 'openmetrics') for (const all of buckets.values()) checkBuckets(all);
}
