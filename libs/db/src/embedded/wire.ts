// The little of PostgreSQL's wire protocol that sharing one connection takes: where a message ends, and what it is.
// Source: PostgreSQL documentation, chapter "Frontend/Backend Protocol", section "Message Formats".
// It must never interpret more than that; `pg` and PGlite speak the rest to each other.

/** A message: one byte of type, four of length (which counts itself), then the body. */
export interface Frame {
  readonly type: string;
  /** The whole message, header included. */
  readonly bytes: Buffer;
}

const HEADER = 5;

/** Cuts the complete messages off the front; `rest` is the beginning of the next one. */
export function cutFrames(bytes: Buffer): { frames: Frame[]; rest: Buffer } {
  const frames: Frame[] = [];
  let start = 0;
  while (bytes.length - start >= HEADER) {
    const end = start + 1 + bytes.readInt32BE(start + 1);
    if (end > bytes.length) break;
    frames.push({ type: String.fromCharCode(bytes[start] ?? 0), bytes: bytes.subarray(start, end) });
    start = end;
  }
  return { frames, rest: bytes.subarray(start) };
}

/** Joins messages in a buffer of their own, which may be moved to another thread. */
export function joinFrames(frames: readonly Frame[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(frames.reduce((sum, frame) => sum + frame.bytes.length, 0));
  let offset = 0;
  for (const { bytes } of frames) {
    joined.set(bytes, offset);
    offset += bytes.length;
  }
  return joined;
}

const message = (type: string, body: Buffer): Buffer => {
  const header = Buffer.alloc(HEADER);
  header.write(type, 0, 'latin1');
  header.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
};

const text = (value: string): Buffer => Buffer.from(`${value}\0`);

/** What a server says to a startup message when it asks for no password. */
export const WELCOME = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]);

export const simpleQuery = (sql: string): Frame => ({ type: 'Q', bytes: message('Q', text(sql)) });

/** A command's end without the command: `transaction` is the status to repeat. */
export const doneWithout = (tag: string, transaction: string): Buffer =>
  Buffer.concat([message('C', text(tag)), message('Z', Buffer.from(transaction))]);

/** ParseComplete. */
export const PARSED = message('1', Buffer.alloc(0));

/** `I` outside a transaction, `T` inside one, `E` inside a failed one. */
export const transactionStatus = (ready: Frame): string => String.fromCharCode(ready.bytes[HEADER] ?? 0);

/** SQL of a Query or Parse message, the channel of a NotificationResponse: the first text after `skip` bytes of body. */
export function textAt(frame: Frame, skip = 0): string {
  const start = HEADER + skip;
  const end = frame.bytes.indexOf(0, start);
  return frame.bytes.toString('utf8', start, end < 0 ? undefined : end);
}
