// A BERT encoder as one graph: ids of one text's tokens in, one vector of length 1 out. Texts come one at a time: padding would change
// what its neighbours get, since int8 scales are taken over all of a run.
import type { EncoderSpec } from '../encoder-spec.js';
import type { Dense, Norm, Weights } from '../weights.js';
import { Graph } from './graph.js';
import { quantizedColumns, quantizedRows } from './quantized.js';

export const INPUT = 'ids';
export const OUTPUT = 'vector';
/** Nothing is divided by less. */
const LEAST = 1e-12;

export type Precision = 'float32' | 'int8';

export function bertGraph(spec: EncoderSpec, weights: Weights, precision: Precision): Buffer {
  const drawing = new Drawing(spec, precision);
  let rows = drawing.embedded(weights);
  for (const [at, layer] of weights.layers.entries()) {
    const name = `layer${at}`;
    const attended = drawing.attention(name, layer, rows);
    const first = drawing.norm(
      `${name}.attended.norm`,
      layer.attendedNorm,
      drawing.graph.op('Add', [drawing.dense(`${name}.attended`, layer.attended, attended), rows]),
    );
    const wide = drawing.activated(drawing.dense(`${name}.widened`, layer.widened, first));
    rows = drawing.norm(
      `${name}.narrowed.norm`,
      layer.narrowedNorm,
      drawing.graph.op('Add', [drawing.dense(`${name}.narrowed`, layer.narrowed, wide), first]),
    );
  }
  return drawing.graph.model({ name: INPUT, type: 'int64', dims: [1, 'tokens'] }, drawing.pooled(rows), {
    name: OUTPUT,
    type: 'float',
    dims: [1, spec.hidden],
  });
}

/** Draws the parts of the encoder; `[1, tokens, hidden]` is the shape of what goes from one to the next. */
class Drawing {
  readonly graph = new Graph();

  constructor(
    private readonly spec: EncoderSpec,
    private readonly precision: Precision,
  ) {}

  embedded({ words, positions, type, embeddedNorm }: Weights): string {
    const { graph, spec } = this;
    const { hidden } = spec;
    // A text alone is of one type: its part is the same at each place.
    const places = positions.map((value, at) => value + (type[at % hidden] ?? 0));
    const table = graph.constant('positions', { type: 'float', dims: [spec.positions, hidden], data: places });
    const count = graph.op('Shape', [INPUT], { start: 1, end: 2 });
    const here = graph.op('Slice', [table, graph.wholes('first', [0]), count, graph.wholes('rows', [0])]);
    return this.norm('embedded.norm', embeddedNorm, graph.op('Add', [this.#words(words), here]));
  }

  attention(name: string, { query, key, value }: { query: Dense; key: Dense; value: Dense }, rows: string): string {
    const { graph } = this;
    const { heads, hidden } = this.spec;
    const width = hidden / heads;
    // Scores are divided once, here; and one product of all three reads, and quantizes, the rows once.
    const all = joined([scaled(query, 1 / Math.sqrt(width)), key, value]);
    const parts = graph.ops('Split', [this.dense(`${name}.asked`, all, rows)], { axis: 2, num_outputs: 3, outputs: 3 });
    const shape = graph.wholes('heads', [0, 0, heads, width]);
    const [asked, known, said] = parts.map((part, at) =>
      graph.op('Transpose', [graph.op('Reshape', [part, shape])], { perm: at === 1 ? [0, 2, 3, 1] : [0, 2, 1, 3] }),
    );
    const shares = graph.op('Softmax', [graph.op('MatMul', [asked ?? '', known ?? ''])], { axis: -1 });
    const mixed = graph.op('Transpose', [graph.op('MatMul', [shares, said ?? ''])], { perm: [0, 2, 1, 3] });
    return graph.op('Reshape', [mixed, graph.wholes('whole', [0, 0, hidden])]);
  }

  dense(name: string, { outputs, inputs, weight, bias }: Dense, rows: string): string {
    const { graph } = this;
    const shift = graph.constant(`${name}.bias`, { type: 'float', dims: [outputs], data: bias });
    if (this.precision === 'float32') {
      const turned = graph.constant(`${name}.weight`, {
        type: 'float',
        dims: [inputs, outputs],
        data: transposed(weight, outputs, inputs),
      });
      return graph.op('Add', [graph.op('MatMul', [rows, turned]), shift]);
    }
    const { values, scales } = quantizedColumns(weight, outputs, inputs);
    const turned = graph.constant(`${name}.weight`, { type: 'int8', dims: [inputs, outputs], data: values });
    const perColumn = graph.constant(`${name}.scale`, { type: 'float', dims: [outputs], data: scales });
    // Each token by its own largest number: the few tokens with very large ones would else take the places of all others.
    const largest = graph.op('ReduceMax', [graph.op('Abs', [rows]), graph.wholes('across', [2])], { keepdims: 1 });
    const even = graph.op('Div', [rows, graph.op('Max', [largest, graph.floats('least', [LEAST])])]);
    const [whole = '', scale = '', zero = ''] = graph.ops('DynamicQuantizeLinear', [even], { outputs: 3 });
    const product = graph.op('Cast', [graph.op('MatMulInteger', [whole, turned, zero])], { to: 1 });
    const perToken = graph.op('Mul', [graph.op('Mul', [product, graph.op('Mul', [scale, perColumn])]), largest]);
    return graph.op('Add', [perToken, shift]);
  }

  norm(name: string, { gain, shift }: Norm, rows: string): string {
    const dims = [this.spec.hidden];
    return this.graph.op(
      'LayerNormalization',
      [
        rows,
        this.graph.constant(`${name}.gain`, { type: 'float', dims, data: gain }),
        this.graph.constant(`${name}.shift`, { type: 'float', dims, data: shift }),
      ],
      { axis: -1, epsilon: { real: this.spec.epsilon } },
    );
  }

  activated(rows: string): string {
    const { activation } = this.spec;
    if (activation === 'relu') return this.graph.op('Relu', [rows]);
    return this.graph.op('Gelu', [rows], { approximate: activation === 'gelu' ? 'none' : 'tanh' });
  }

  pooled(rows: string): string {
    const { graph } = this;
    const one = graph.wholes('second', [1]);
    const pooled =
      this.spec.pooling === 'cls'
        ? graph.op('Gather', [rows, graph.wholes('begin', [0], [])], { axis: 1 })
        : graph.op('ReduceMean', [rows, one], { keepdims: 0 });
    const length = graph.op('ReduceL2', [pooled, one], { keepdims: 1 });
    return graph.op('Div', [pooled, graph.op('Max', [length, graph.floats('least', [LEAST])])]);
  }

  #words(words: Float32Array): string {
    const { graph } = this;
    const { vocabulary, hidden } = this.spec;
    if (this.precision === 'float32')
      return graph.op('Gather', [
        graph.constant('words', { type: 'float', dims: [vocabulary, hidden], data: words }),
        INPUT,
      ]);
    const { values, scales } = quantizedRows(words, vocabulary, hidden);
    const table = graph.constant('words', { type: 'int8', dims: [vocabulary, hidden], data: values });
    const scale = graph.constant('words.scale', { type: 'float', dims: [vocabulary, 1], data: scales });
    const whole = graph.op('Cast', [graph.op('Gather', [table, INPUT])], { to: 1 });
    return graph.op('Mul', [whole, graph.op('Gather', [scale, INPUT])]);
  }
}

const scaled = (dense: Dense, by: number): Dense => ({
  ...dense,
  weight: dense.weight.map((value) => value * by),
  bias: dense.bias.map((value) => value * by),
});

function joined(parts: readonly Dense[]): Dense {
  const weight = new Float32Array(parts.reduce((sum, part) => sum + part.weight.length, 0));
  const bias = new Float32Array(parts.reduce((sum, part) => sum + part.bias.length, 0));
  let [atWeight, atBias] = [0, 0];
  for (const part of parts) {
    weight.set(part.weight, atWeight);
    bias.set(part.bias, atBias);
    atWeight += part.weight.length;
    atBias += part.bias.length;
  }
  return { outputs: bias.length, inputs: parts[0]?.inputs ?? 0, weight, bias };
}

function transposed(weight: Float32Array, outputs: number, inputs: number): Float32Array {
  const turned = new Float32Array(weight.length);
  for (let output = 0; output < outputs; output += 1)
    for (let input = 0; input < inputs; input += 1)
      turned[input * outputs + output] = weight[output * inputs + input] ?? 0;
  return turned;
}
