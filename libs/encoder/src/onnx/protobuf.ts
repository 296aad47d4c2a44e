// Writes protobuf messages, as much of it as an ONNX model needs. Nothing is read here.
// Source: https://protobuf.dev/programming-guides/encoding.

/** Bytes of a message in pieces, so that weights are copied once, at the end. */
export class Message {
  readonly #pieces: Uint8Array[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  integer(field: number, value: number | bigint): this {
    return this.#add(varint(field << 3), varint(value));
  }

  float(field: number, value: number): this {
    const four = new Uint8Array(4);
    new DataView(four.buffer).setFloat32(0, value, true);
    return this.#add(varint((field << 3) | 5), four);
  }

  text(field: number, value: string): this {
    return this.raw(field, Buffer.from(value, 'utf8'));
  }

  raw(field: number, value: Uint8Array): this {
    return this.#add(varint((field << 3) | 2), varint(value.byteLength), value);
  }

  integers(field: number, values: readonly number[]): this {
    return this.raw(field, Buffer.concat(values.map((value) => varint(value))));
  }

  message(field: number, value: Message): this {
    return this.#add(varint((field << 3) | 2), varint(value.#bytes), ...value.#pieces);
  }

  finished(): Buffer {
    return Buffer.concat(this.#pieces, this.#bytes);
  }

  #add(...pieces: readonly Uint8Array[]): this {
    for (const piece of pieces) {
      this.#pieces.push(piece);
      this.#bytes += piece.byteLength;
    }
    return this;
  }
}

/** Seven bits a byte, the lowest first; a negative number as the 64-bit one that it is in two's complement. */
function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}
