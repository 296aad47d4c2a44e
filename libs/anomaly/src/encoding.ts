// From rows to the tensors that a model takes. The trainer does the same in apps/sentinel/training/anomalies/encoding.py:
// a difference would make figures wrong without a sound, so golden.spec.ts compares the two.
import type { ModelCard } from './card.js';

/** One row. What the model does not read is left out. */
export interface Row {
  readonly text?: string | undefined;
  /** NaN where there is none. */
  readonly numbers?: readonly number[] | undefined;
  readonly categories?: readonly string[] | undefined;
}

export interface Feed {
  readonly name: string;
  readonly type: 'int32' | 'float32';
  readonly data: Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
  readonly dims: readonly number[];
}

/** Rows as windows of their texts; `starts[i]` is row i's first window, and the entry after the last the number of windows. */
export interface Encoded {
  readonly feeds: Feed[];
  readonly starts: readonly number[];
  /** Bytes of the widest window and the 0 that ends it; 0 without text. */
  readonly width: number;
  /** The texts of the windows. */
  readonly windows: readonly Uint8Array[];
}

type Input = ModelCard['input'];

/** The parts of a text that are looked at: all of a short one, the first and the last parts of a long one. */
export function windowsOf(text: Uint8Array, input: Input): Uint8Array[] {
  const { windowBytes, overlapBytes, firstWindows, lastWindows } = input;
  if (text.length <= windowBytes) return [text];
  let starts: number[] = [];
  for (let at = 0; at < text.length - overlapBytes; at += windowBytes - overlapBytes) starts.push(at);
  if (starts.length > firstWindows + lastWindows)
    starts = [...starts.slice(0, firstWindows), ...(lastWindows === 0 ? [] : starts.slice(-lastWindows))];
  return starts.map((at) => text.subarray(at, at + windowBytes));
}

const kindsOf = (input: Input, kind: string): number => input.columns.filter((column) => column.kind === kind).length;

export class Encoder {
  readonly #input: Input;
  readonly #hasText: boolean;
  readonly #numbers: number;
  readonly #known: ReadonlyArray<ReadonlyMap<string, number>>;
  readonly #defaults: readonly string[];

  constructor(input: Input) {
    this.#input = input;
    this.#hasText = kindsOf(input, 'text') > 0;
    this.#numbers = kindsOf(input, 'number');
    this.#defaults = input.columns.filter(({ kind }) => kind === 'category').map((column) => column.default ?? '');
    this.#known = input.vocabularies.map((values) => new Map(values.map((value, at) => [value, at])));
  }

  encode(rows: readonly Row[]): Encoded {
    const windows: Uint8Array[] = [];
    const starts = [0];
    const owners: Row[] = [];
    for (const row of rows) {
      const parts = this.#hasText ? windowsOf(Buffer.from(row.text ?? '', 'utf8'), this.#input) : [new Uint8Array()];
      for (const part of parts) {
        windows.push(part);
        owners.push(row);
      }
      starts.push(windows.length);
    }
    const feeds: Feed[] = [];
    let width = 0;
    if (this.#hasText) {
      const text = textFeed(windows);
      width = text.dims[1] ?? 0;
      feeds.push(text);
    }
    if (this.#numbers > 0) feeds.push(this.#numbersFeed(owners));
    if (this.#known.length > 0) feeds.push(this.#categoriesFeed(owners));
    return { feeds, starts, width, windows };
  }

  #numbersFeed(rows: readonly Row[]): Feed {
    const data = new Float32Array(rows.length * this.#numbers).fill(Number.NaN);
    for (const [at, { numbers = [] }] of rows.entries()) data.set(numbers.slice(0, this.#numbers), at * this.#numbers);
    return { name: 'numbers', type: 'float32', data, dims: [rows.length, this.#numbers] };
  }

  #categoriesFeed(rows: readonly Row[]): Feed {
    const many = this.#known.length;
    const data = new Int32Array(rows.length * many);
    for (const [at, { categories = [] }] of rows.entries())
      for (const [place, known] of this.#known.entries())
        data[at * many + place] = known.get(categories[place] ?? this.#defaults[place] ?? '') ?? known.size;
    return { name: 'categories', type: 'int32', data, dims: [rows.length, many] };
  }
}

/** Bytes, padded with 0: at least one 0 ends each row. A byte 0 of the text itself becomes 1. */
function textFeed(windows: readonly Uint8Array[]): Feed {
  let width = 1;
  for (const { length } of windows) width = Math.max(width, length + 1);
  const data = new Int32Array(windows.length * width);
  for (const [at, bytes] of windows.entries()) {
    const start = at * width;
    for (let place = 0; place < bytes.length; place++) data[start + place] = bytes[place] || 1;
  }
  return { name: 'text', type: 'int32', data, dims: [windows.length, width] };
}
