// Bytes as parts are made of them: unsigned numbers in groups of seven bits, lowest first, and texts in UTF-8.

const FIRST_BYTES = 1_024;
const TEXT_TO_BYTES = new TextEncoder();

/** Bytes that grow. */
export class ByteWriter {
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @param value a whole number from 0 to 2^32 - 1 */
  number(value: number): void {
    if (this.#length + 5 > this.#bytes.length) this.#grow(5);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  text(text: string): void {
    const most = 3 * text.length;
    if (this.#length + 5 + most > this.#bytes.length) this.#grow(5 + most);
    // A short text's length takes one byte, which is known before its bytes are.
    if (most < 0x80) {
      const { written } = TEXT_TO_BYTES.encodeInto(text, this.#bytes.subarray(this.#length + 1));
      this.#bytes[this.#length] = written;
      this.#length += 1 + written;
      return;
    }
    const bytes = TEXT_TO_BYTES.encode(text);
    this.number(bytes.length);
    this.bytes(bytes);
  }

  bytes(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** What was written since the last reset: a view that the next write may change. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  reset(): void {
    this.#length = 0;
  }

  #grow(by: number): void {
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + by));
    larger.set(this.written());
    this.#bytes = larger;
  }
}

/** Reads what a ByteWriter wrote. Beyond the end it reads zeros: who reads knows how much there is. */
export class ByteReader {
  #texts: Buffer | undefined;

  constructor(
    readonly bytes: Uint8Array,
    public at = 0,
  ) {}

  number(): number {
    const { bytes } = this;
    let byte = bytes[this.at++] ?? 0;
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let shift = 7; ; shift += 7) {
      byte = bytes[this.at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  text(): string {
    const length = this.number();
    this.at += length;
    this.#texts ??= Buffer.from(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);
    return this.#texts.toString('utf8', this.at - length, this.at);
  }
}
