// Prometheus' text format and OpenMetrics: what is read, what strictly is not, and the way back.
import { runs } from '@labmesh/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from '../rows.js';
import { readMetrics } from './metrics-reader.js';
import { writeMetrics } from './metrics-writer.js';

const read = (text: string, format: 'prometheus' | 'openmetrics') => readMetrics(Buffer.from(text), format);
const om = (lines: string[]) => read(`${lines.join('\n')}\n# EOF\n`, 'openmetrics');

/** The example of Prometheus' documentation. */
const PROMETHEUS = `# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9

# Minimalistic line:
metric_without_timestamp_and_labels 12.47

# A weird metric from before the epoch:
something_weird{problem="division by zero"} +Inf -3982045

# A histogram, which has a pretty complex representation in the text format:
# HELP http_request_duration_seconds A histogram of the request duration.
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.05"} 24054
http_request_duration_seconds_bucket{le="+Inf"} 144320
http_request_duration_seconds_sum 53423
http_request_duration_seconds_count 144320

# Finally a summary, which has a complex representation, too:
# TYPE rpc_duration_seconds summary
rpc_duration_seconds{quantile="0.01",} 3102
rpc_duration_seconds_sum 1.7560473e+07
rpc_duration_seconds_count 2693
`;

describe('Prometheus’ text format', () => {
  it('is read, one row a sample', () => {
    const rows = read(PROMETHEUS, 'prometheus');
    expect(rows).toHaveLength(12);
    expect(rows[0]).toEqual({
      family: 'http_requests_total',
      type: 'counter',
      help: 'The total number of HTTP requests.',
      name: 'http_requests_total',
      labels: { method: 'post', code: '200' },
      value: 1_027,
      timestamp: 1_395_066_363_000,
    });
    expect(rows[2]).toMatchObject({ labels: { path: 'C:\\DIR\\FILE.TXT', error: 'Cannot find file:\n"FILE.TXT"' } });
    expect(rows[4]).toMatchObject({ value: '+Inf', timestamp: -3_982_045 });
    expect(rows[5]).toMatchObject({ family: 'http_request_duration_seconds', type: 'histogram' });
    expect(read(writeMetrics(rows, 'prometheus').toString(), 'prometheus')).toStrictEqual(rows);
  });

  it.each([
    ['a 1', 'line feed'],
    ['a one\n', 'line 1'],
    ['a 1\na 2\n', 'twice'],
    ['a{x="1",x="2"} 1\n', 'the label "x" twice'],
    ['a{x="1} 1\n', 'labels'],
    ['# TYPE a counter\n# TYPE a counter\na 1\n', 'twice'],
    ['a 1\n# TYPE a counter\n', 'before its samples'],
    ['a 1\nb 1\na{x="1"} 1\n', 'stand together'],
    ['# TYPE a thing\na 1\n', 'no type'],
    ['a 9007199254740993\n', 'would be rounded'],
    ['a 1 1.5\n', 'line 1'],
    ['a 0x10\n', 'no number'],
  ])('refuses %j', (text, message) => {
    expect(() => read(text, 'prometheus')).toThrow(message);
  });
});

describe('OpenMetrics', () => {
  it('is read, with units, exemplars and every type', () => {
    const rows = om([
      '# TYPE foo_seconds counter',
      '# UNIT foo_seconds seconds',
      '# HELP foo_seconds Some "text" and \\n escaped',
      'foo_seconds_total{a="b"} 17.0 1520879607.789 # {trace_id="x"} 0.5 1520879607.1',
      'foo_seconds_created{a="b"} 1520430000.123',
      '# TYPE h histogram',
      'h_bucket{le="0.1"} 8 # {} 0.054',
      'h_bucket{le="+Inf"} 17',
      'h_count 17',
      'h_sum 324789.3',
      '# TYPE s summary',
      's{quantile="0.95"} NaN',
      's_count 0',
      '# TYPE i info',
      'i_info{version="1"} 1',
      '# TYPE state stateset',
      'state{state="a"} 1',
      'state{state="b"} 0',
      '# TYPE g gaugehistogram',
      'g_bucket{le="+Inf"} 2',
      'g_gcount 2',
      'g_gsum -3',
      'plain 1 1',
      'plain 2 2',
      '# TYPE empty gauge',
    ]);
    expect(rows[0]).toEqual({
      family: 'foo_seconds',
      type: 'counter',
      unit: 'seconds',
      help: 'Some "text" and \n escaped',
      name: 'foo_seconds_total',
      labels: { a: 'b' },
      value: 17,
      timestamp: 1_520_879_607.789,
      exemplar: { labels: { trace_id: 'x' }, value: 0.5, timestamp: 1_520_879_607.1 },
    });
    expect(rows[6]).toMatchObject({ name: 's', value: 'NaN' });
    expect(rows.at(-1)).toEqual({ family: 'empty', type: 'gauge' });
    expect(read(writeMetrics(rows, 'openmetrics').toString(), 'openmetrics')).toStrictEqual(rows);
  });

  it.each<[string[], string]>([
    [['a 1', ''], 'line 2'],
    [['# a comment', 'a 1'], 'line 1'],
    [['a  1'], 'line 1'],
    [['a{x="1",} 1'], 'labels'],
    [['# TYPE c counter', 'c 1'], 'no sample of a counter'],
    [['# TYPE c counter', 'c_total -1'], 'negative'],
    [['# TYPE c counter', 'c_total NaN'], 'negative or NaN'],
    [['# UNIT c seconds', 'c 1'], 'must end with its unit'],
    [['# TYPE x_s info', '# UNIT x_s s', 'x_s_info 1'], 'no unit'],
    [['# TYPE i info', 'i_info 2'], 'the value 1'],
    [['# TYPE s stateset', 's{s="a"} 2'], '0 or 1'],
    [['# TYPE s stateset', 's{x="a"} 1'], 'the label "s"'],
    [['# TYPE h histogram', 'h_bucket{le="1"} 1', 'h_count 1'], 'le="+Inf"'],
    [['# TYPE h histogram', 'h_bucket{le="2"} 1', 'h_bucket{le="1"} 1', 'h_bucket{le="+Inf"} 1'], 'order of "le"'],
    [['# TYPE h histogram', 'h_bucket{le="1"} 2', 'h_bucket{le="+Inf"} 1'], 'must not fall'],
    [['# TYPE h histogram', 'h_bucket{le="x"} 2'], 'no bound'],
    [['# TYPE h histogram', 'h_bucket{le="+Inf"} 1.5'], 'whole number'],
    [['# TYPE s summary', 's{quantile="2"} 1'], 'from 0 to 1'],
    [['# TYPE g gauge', 'g 1 # {a="b"} 1'], 'exemplar'],
    [['# TYPE c counter', `c_total 1 # {a="${'x'.repeat(128)}"} 1`], '128 letters'],
    [['p 2 2', 'p 1 1'], 'order of time'],
    [['p 1', 'q 1', 'p{a="b"} 1'], 'stand together'],
    [['# TYPE a untyped', 'a 1'], 'no type'],
  ])('refuses %j', (lines, message) => {
    expect(() => om(lines)).toThrow(message);
  });

  it.each([
    ['a 1\n', '# EOF'],
    ['a 1\n# EOF\nb 1\n', 'after "# EOF"'],
    ['# EOF\n\n', 'after "# EOF"'],
  ])('ends with EOF: %j', (text, message) => {
    expect(() => read(text, 'openmetrics')).toThrow(message);
  });

  it('may be empty, and may end without a line feed', () => {
    expect(read('# EOF', 'openmetrics')).toEqual([]);
    expect(writeMetrics([], 'openmetrics').toString()).toBe('# EOF\n');
  });
});

describe.each(['prometheus', 'openmetrics'] as const)('the way through %s and back', (format) => {
  const label = fc.stringMatching(/^[a-z_][a-z0-9_]{0,5}$/).filter((name) => !['le', 'quantile'].includes(name));
  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
    fc.constantFrom('NaN' as const, '+Inf' as const, '-Inf' as const),
  );
  const sample = fc.record({
    labels: fc.dictionary(label, fc.string({ unit: 'binary' }), { maxKeys: 3, noNullPrototype: true }),
    value,
  });
  const families = fc.uniqueArray(
    fc.record({
      family: fc.stringMatching(/^[a-z][a-z0-9_:]{0,8}$/),
      // Blanks in front are not kept by Prometheus.
      help: fc.option(
        fc.string({ unit: 'binary' }).map((text) => text.trimStart()),
        { nil: undefined },
      ),
      samples: fc.uniqueArray(sample, {
        selector: ({ labels }) => JSON.stringify(Object.entries(labels).sort()),
        minLength: 1,
        maxLength: 3,
      }),
    }),
    { selector: ({ family }) => family, maxLength: 4 },
  );

  it('keeps gauges of any labels and values', () => {
    fc.assert(
      fc.property(families, (all) => {
        const rows = all.flatMap(({ family, help, samples }) =>
          samples.map(({ labels, value: held }) => ({
            family,
            type: 'gauge',
            ...(help === undefined ? {} : { help }),
            name: family,
            labels,
            value: held,
          })),
        ) as Row[];
        expect(readMetrics(writeMetrics(rows, format), format)).toStrictEqual(rows);
      }),
      { numRuns: runs(300) },
    );
  });
});
