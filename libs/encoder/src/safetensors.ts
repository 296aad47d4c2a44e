// Reads tensors out of a safetensors file that a stranger made: every length, offset and type is checked before anything is taken.
// Format: https://github.com/huggingface/safetensors, "Format".
import { AppError } from '@labmesh/contracts';
import { z } from 'zod';

/** The header of a model with a thousand tensors takes a hundredth of it. */
const HEADER_BYTES_MAX = 4 * 1024 * 1024;
const LENGTH_BYTES = 8;
const TENSORS_MAX = 10_000;
const DIMENSIONS_MAX = 8;

const WIDTHS = { F32: 4, F16: 2, BF16: 2 } as const;
type Readable = keyof typeof WIDTHS;
/** What else a file may hold beside what is asked for, such as position ids. */
const OTHER_WIDTHS: Readonly<Record<string, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  I16: 2,
  U16: 2,
  I32: 4,
  U32: 4,
  I64: 8,
  U64: 8,
  F64: 8,
};

const Header = z.record(
  z.string().max(500),
  z.strictObject({
    dtype: z.string().max(16),
    shape: z.array(z.int().nonnegative()).max(DIMENSIONS_MAX),
    data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
  }),
);

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

const METADATA = '__metadata__';

export class Safetensors {
  readonly #entries = new Map<string, Entry>();
  readonly #data: Uint8Array;

  /** @throws AppError invalid_input for what is no whole safetensors file */
  constructor(file: Uint8Array) {
    const { header, data } = partsOf(file);
    this.#data = data;
    const { [METADATA]: _, ...tensors } = header;
    if (Object.keys(tensors).length > TENSORS_MAX) throw refusal(`it has more than ${TENSORS_MAX} tensors`);
    const parsed = Header.safeParse(tensors);
    if (!parsed.success) throw refusal(`its header is wrong: ${z.prettifyError(parsed.error).slice(0, 500)}`);
    for (const [name, { dtype, shape, data_offsets }] of Object.entries(parsed.data))
      this.#entries.set(name, { dtype, shape, from: data_offsets[0], to: data_offsets[1] });
    this.#assertOffsets();
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  names(): string[] {
    return [...this.#entries.keys()];
  }

  /**
   * As 32-bit numbers, of exactly this shape.
   * @throws AppError invalid_input when it is not there, has another shape or type, or holds what is no number
   */
  take(name: string, shape: readonly number[]): Tensor {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw refusal(`it has no tensor ${name}`);
    if (entry.shape.length !== shape.length || entry.shape.some((length, at) => length !== shape[at]))
      throw refusal(`${name} is [${entry.shape}] and must be [${shape}] by config.json`);
    const bytes = this.#data.subarray(entry.from, entry.to);
    const values = numbersOf(name, entry.dtype, bytes);
    if (!values.every(Number.isFinite)) throw refusal(`${name} holds values that are no numbers`);
    return { shape, values };
  }

  /** As the format wants it: one tensor after the other, none over another, nothing between and nothing behind. */
  #assertOffsets(): void {
    let at = 0;
    const inOrder = [...this.#entries].sort(([, a], [, b]) => a.from - b.from || a.to - b.to);
    for (const [name, { dtype, shape, from, to }] of inOrder) {
      const width = WIDTHS[dtype as Readable] ?? OTHER_WIDTHS[dtype];
      if (width === undefined) throw refusal(`the tensor ${name.slice(0, 100)} has the unknown type ${dtype}`);
      const bytes = shape.reduce((product, length) => product * length, width);
      if (from !== at || to - from !== bytes)
        throw refusal(
          `the tensor ${name.slice(0, 100)} lies at ${from} to ${to}, and should at ${at} to ${at + bytes}`,
        );
      at = to;
    }
    if (at !== this.#data.byteLength) throw refusal(`it has ${this.#data.byteLength} bytes of data, and names ${at}`);
  }
}

function partsOf(file: Uint8Array): { header: Readonly<Record<string, unknown>>; data: Uint8Array } {
  if (file.byteLength < LENGTH_BYTES) throw refusal('it is too short');
  const length = new DataView(file.buffer, file.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > BigInt(HEADER_BYTES_MAX) || Number(length) + LENGTH_BYTES > file.byteLength)
    throw refusal(`its header would have ${length} bytes`);
  const end = LENGTH_BYTES + Number(length);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(LENGTH_BYTES, end));
    const header = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
    return { header, data: file.subarray(end) };
  } catch {
    throw refusal('its header is no JSON object');
  }
}

function numbersOf(name: string, dtype: string, bytes: Uint8Array): Float32Array {
  if (dtype === 'F32') return new Float32Array(new Uint8Array(bytes).buffer);
  if (dtype !== 'F16' && dtype !== 'BF16')
    throw refusal(`${name} is of type ${dtype}: weights must be F32, F16 or BF16`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bits = Uint16Array.from({ length: bytes.byteLength / 2 }, (_, at) => view.getUint16(at * 2, true));
  if (dtype === 'F16') return Float32Array.from(bits, halfOf);
  // The upper half of a 32-bit number.
  return new Float32Array(Uint32Array.from(bits, (each) => each * 65_536).buffer);
}

/** Of IEEE 754 binary16. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const refusal = (why: string): AppError =>
  new AppError('invalid_input', `Cannot take model.safetensors: ${why}. Is the file whole, and of a BERT encoder?`);
