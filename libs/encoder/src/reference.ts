// The forward pass of a BERT encoder, written down plainly: what a graph must compute. Slow, and for checking alone.
// Source: J. Devlin et al., "BERT", NAACL 2019; A. Vaswani et al., "Attention Is All You Need", NeurIPS 2017, section 3.
import type { EncoderSpec } from './encoder-spec.js';
import type { Dense, Layer, Norm, Weights } from './weights.js';

type Rows = readonly Float64Array[];

/** The vector of a text by the ids of its tokens, of length 1. */
export function forward(spec: EncoderSpec, weights: Weights, ids: readonly number[]): Float64Array {
  let rows: Rows = ids.map((id, at) => {
    const row = new Float64Array(spec.hidden);
    for (let i = 0; i < spec.hidden; i += 1)
      row[i] =
        of(weights.words, id * spec.hidden + i) + of(weights.positions, at * spec.hidden + i) + of(weights.type, i);
    return normalized(row, weights.embeddedNorm, spec.epsilon);
  });
  for (const layer of weights.layers) rows = layered(spec, layer, rows);
  const pooled = spec.pooling === 'cls' ? (rows[0] ?? new Float64Array(spec.hidden)) : meanOf(rows, spec.hidden);
  const length = Math.max(Math.hypot(...pooled), Number.MIN_VALUE);
  return pooled.map((value) => value / length);
}

function layered(spec: EncoderSpec, layer: Layer, rows: Rows): Rows {
  const attended = attention(spec, layer, rows);
  const first = attended.map((row, at) =>
    normalized(sum(applied(layer.attended, row), rows[at]), layer.attendedNorm, spec.epsilon),
  );
  return first.map((row) => {
    const wide = applied(layer.widened, row).map((value) => activated(spec.activation, value));
    return normalized(sum(applied(layer.narrowed, wide), row), layer.narrowedNorm, spec.epsilon);
  });
}

function attention({ heads, hidden }: EncoderSpec, layer: Layer, rows: Rows): Rows {
  const [queries, keys, values] = [layer.query, layer.key, layer.value].map((dense) =>
    rows.map((row) => applied(dense, row)),
  ) as unknown as [Rows, Rows, Rows];
  const width = hidden / heads;
  return queries.map((query) => {
    const out = new Float64Array(hidden);
    for (let from = 0; from < hidden; from += width) {
      const scores = keys.map((key) => {
        let dot = 0;
        for (let i = from; i < from + width; i += 1) dot += of(query, i) * of(key, i);
        return dot / Math.sqrt(width);
      });
      const most = Math.max(...scores);
      const shares = scores.map((score) => Math.exp(score - most));
      const total = shares.reduce((a, b) => a + b, 0);
      for (const [at, value] of values.entries())
        for (let i = from; i < from + width; i += 1) out[i] = of(out, i) + (of(shares, at) / total) * of(value, i);
    }
    return out;
  });
}

function applied({ outputs, inputs, weight, bias }: Dense, row: Float64Array): Float64Array {
  return Float64Array.from({ length: outputs }, (_, output) => {
    let dot = of(bias, output);
    for (let i = 0; i < inputs; i += 1) dot += of(weight, output * inputs + i) * of(row, i);
    return dot;
  });
}

function normalized(row: Float64Array, { gain, shift }: Norm, epsilon: number): Float64Array {
  const mean = row.reduce((a, b) => a + b, 0) / row.length;
  const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / row.length;
  const scale = 1 / Math.sqrt(variance + epsilon);
  return row.map((value, i) => (value - mean) * scale * of(gain, i) + of(shift, i));
}

function meanOf(rows: Rows, hidden: number): Float64Array {
  return Float64Array.from({ length: hidden }, (_, i) => rows.reduce((a, row) => a + of(row, i), 0) / rows.length);
}

function activated(activation: EncoderSpec['activation'], x: number): number {
  if (activation === 'relu') return Math.max(0, x);
  if (activation === 'gelu-tanh') return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
  return 0.5 * x * (1 + erf(x / Math.SQRT2));
}

/** By its series near 0 and its continued fraction away from it. Source: Abramowitz and Stegun, 7.1.6 and 7.1.14. */
function erf(x: number): number {
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    let [term, total] = [a, a];
    for (let n = 1; n < 60; n += 1) {
      term *= (2 * a * a) / (2 * n + 1);
      total += term;
    }
    return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * Math.exp(-a * a) * total;
  }
  let fraction = a;
  for (let n = 60; n > 0; n -= 1) fraction = a + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * fraction));
}

const sum = (a: Float64Array, b: Float64Array | undefined): Float64Array => a.map((value, i) => value + (b?.[i] ?? 0));
const of = (list: ArrayLike<number>, at: number): number => list[at] ?? 0;
