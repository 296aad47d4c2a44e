// A graph in the form of ONNX: nodes by name, constants, one input and one output. It knows no model.
// Source: onnx.proto3 of ONNX 1.16, whose field numbers these are.
import { Message } from './protobuf.js';

const TYPES = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7 } as const;
export type ElementType = keyof typeof TYPES;
const ATTRIBUTE = { float: 1, integer: 2, text: 3, integers: 7 } as const;
/** ONNX 1.16: the first whose operators have GELU. */
const IR_VERSION = 9;
const OPSET = 20;

export interface Constant {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array;
}

export interface Real {
  readonly real: number;
}
/** A whole number, a list of them, a text; `{ real }` for what is a float by the operator's definition. */
export type Attribute = number | readonly number[] | string | Real;
export interface Port {
  readonly name: string;
  readonly type: ElementType;
  /** A name stands for a length that is known only at the run. */
  readonly dims: readonly (number | string)[];
}

/** Value by value in the order of computation: each call answers the name of what it computes. */
export class Graph {
  readonly #nodes: Message[] = [];
  readonly #constants = new Map<string, Message>();
  #made = 0;

  /** The same name twice is the same constant. */
  constant(name: string, { type, dims, data }: Constant): string {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#constants.set(name, new Message().integers(1, dims).integer(2, TYPES[type]).text(8, name).raw(9, bytes));
    return name;
  }

  floats(name: string, values: readonly number[], dims: readonly number[] = []): string {
    return this.constant(name, { type: 'float', dims, data: Float32Array.from(values) });
  }

  wholes(name: string, values: readonly number[], dims: readonly number[] = [values.length]): string {
    return this.constant(name, { type: 'int64', dims, data: BigInt64Array.from(values, BigInt) });
  }

  /** One output. */
  op(type: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const [output = ''] = this.ops(type, inputs, { ...attributes, outputs: 1 });
    return output;
  }

  ops(
    type: string,
    inputs: readonly string[],
    { outputs: count, ...attributes }: Readonly<Record<string, Attribute>> & { readonly outputs: number },
  ): string[] {
    const outputs = Array.from({ length: count }, () => `v${++this.#made}`);
    this.#node(type, { inputs, outputs }, attributes);
    return outputs;
  }

  /** The model, whose output is this value under this name. */
  model(input: Port, from: string, output: Port): Buffer {
    this.#node('Identity', { inputs: [from], outputs: [output.name] }, {});
    const graph = new Message();
    for (const node of this.#nodes) graph.message(1, node);
    graph.text(2, 'encoder');
    for (const constant of this.#constants.values()) graph.message(5, constant);
    graph.message(11, portOf(input)).message(12, portOf(output));
    return new Message()
      .integer(1, IR_VERSION)
      .text(2, 'labmesh')
      .message(7, graph)
      .message(8, new Message().text(1, '').integer(2, OPSET))
      .finished();
  }

  #node(
    type: string,
    { inputs, outputs }: { readonly inputs: readonly string[]; readonly outputs: readonly string[] },
    attributes: Readonly<Record<string, Attribute>>,
  ): void {
    const node = new Message();
    for (const input of inputs) node.text(1, input);
    for (const output of outputs) node.text(2, output);
    node.text(3, `${type}_${this.#nodes.length}`).text(4, type);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attributeOf(name, value));
    this.#nodes.push(node);
  }
}

function attributeOf(name: string, value: Attribute): Message {
  const attribute = new Message().text(1, name);
  if (typeof value === 'number') return attribute.integer(3, value).integer(20, ATTRIBUTE.integer);
  if (typeof value === 'string') return attribute.text(4, value).integer(20, ATTRIBUTE.text);
  if ('real' in value) return attribute.float(2, value.real).integer(20, ATTRIBUTE.float);
  return attribute.integers(8, value).integer(20, ATTRIBUTE.integers);
}

function portOf({ name, type, dims }: Port): Message {
  const shape = new Message();
  for (const dim of dims)
    shape.message(1, typeof dim === 'number' ? new Message().integer(1, dim) : new Message().text(2, dim));
  const tensor = new Message().integer(1, TYPES[type]).message(2, shape);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}
