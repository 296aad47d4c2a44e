// Vectors of length 1 as they are kept: a whole number of one byte for each dimension, and the scale of them. Nothing here is random.

const WHOLE_MAX = 127;

/** Many vectors of one length, in as few bytes as they can be compared from. */
export interface Vectors {
  readonly dimensions: number;
  readonly scales: Float32Array;
  readonly values: Int8Array;
}

/** Bytes of a vector in `packed`. */
export const vectorBytes = (dimensions: number): number => 4 + dimensions;

/** One after the other: the scale, then the numbers. */
export function packed(vectors: readonly Float32Array[]): Buffer {
  const dimensions = vectors[0]?.length ?? 0;
  const out = Buffer.alloc(vectors.length * vectorBytes(dimensions));
  for (const [at, vector] of vectors.entries()) {
    const from = at * vectorBytes(dimensions);
    const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const scale = largest === 0 ? 1 : largest / WHOLE_MAX;
    out.writeFloatLE(scale, from);
    for (const [i, value] of vector.entries()) out.writeInt8(Math.round(value / scale), from + 4 + i);
  }
  return out;
}

/** Undefined when the bytes are no whole vectors of this length. */
export function unpacked(bytes: Uint8Array, dimensions: number): Vectors | undefined {
  const width = vectorBytes(dimensions);
  if (bytes.byteLength % width !== 0) return undefined;
  const count = bytes.byteLength / width;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const scales = Float32Array.from({ length: count }, (_, at) => view.getFloat32(at * width, true));
  const values = new Int8Array(count * dimensions);
  for (let at = 0; at < count; at += 1)
    values.set(new Int8Array(bytes.buffer, bytes.byteOffset + at * width + 4, dimensions), at * dimensions);
  return { dimensions, scales, values };
}

/** Between a vector of length 1 and one that is kept. */
export function cosineOf(asked: Float32Array, { dimensions, scales, values }: Vectors, at: number): number {
  let dot = 0;
  const from = at * dimensions;
  for (let i = 0; i < dimensions; i += 1) dot += (asked[i] ?? 0) * (values[from + i] ?? 0);
  return dot * (scales[at] ?? 0);
}
