// A log as lines, made of its bytes as they come: stdout and stderr each keep their own unfinished line. What a carriage return
// writes over is not shown, as on a terminal. Lines keep their escape sequences: who shows them knows what these mean.
export type Stream = 'stdout' | 'stderr';

/** Lines that are kept; of a longer log the last ones. */
export const LINES_MAX = 1_000_000;
/** Dropped at once, so that dropping costs nothing to speak of. */
const DROPPED_AT_ONCE = 50_000;

export interface LogPiece {
  readonly stream: Stream;
  readonly attempt: number;
  readonly text?: string | undefined;
  readonly base64?: string | undefined;
}

export interface LogLine {
  readonly stream: Stream;
  readonly text: string;
}

interface Open {
  /** Where its line stands; undefined: it has none that is open. */
  at: number | undefined;
  readonly decoder: TextDecoder;
}

const opened = (): Open => ({ at: undefined, decoder: new TextDecoder() });

export class LogLines {
  #texts: string[] = [];
  #streams: Stream[] = [];
  #open: Record<Stream, Open> = { stdout: opened(), stderr: opened() };
  #attempt: number | undefined;
  /** Lines that were dropped from the beginning. */
  dropped = 0;

  constructor(private readonly most = LINES_MAX) {}

  get length(): number {
    return this.#texts.length;
  }

  at(index: number): LogLine {
    return { stream: this.#streams[index] ?? 'stdout', text: this.#texts[index] ?? '' };
  }

  add(pieces: readonly LogPiece[]): void {
    for (const piece of pieces) {
      if (piece.attempt !== this.#attempt) this.#begin(piece.attempt);
      const open = this.#open[piece.stream];
      const text = piece.text ?? open.decoder.decode(bytesOf(piece.base64 ?? ''), { stream: true });
      if (text !== '') this.#write(piece.stream, text);
    }
    if (this.#texts.length > this.most + DROPPED_AT_ONCE) this.#drop(this.#texts.length - this.most);
  }

  /** Another attempt has begun: what was open before stays as it is. */
  #begin(attempt: number): void {
    this.#open = { stdout: opened(), stderr: opened() };
    if (this.#attempt !== undefined || attempt > 1) this.#push('stdout', `\u001b[2m— attempt ${attempt} —\u001b[0m`);
    this.#attempt = attempt;
  }

  #write(stream: Stream, text: string): void {
    const open = this.#open[stream];
    const lines = text.split('\n');
    for (const [nth, line] of lines.entries()) {
      const isLast = nth === lines.length - 1;
      if (isLast && line === '') break;
      if (open.at === undefined) open.at = this.#push(stream, overwritten(line));
      else this.#texts[open.at] = overwritten((this.#texts[open.at] ?? '') + line);
      if (!isLast) {
        this.#texts[open.at] = (this.#texts[open.at] ?? '').replace(/\r$/, '');
        open.at = undefined;
      }
    }
  }

  #push(stream: Stream, text: string): number {
    this.#streams.push(stream);
    return this.#texts.push(text) - 1;
  }

  #drop(count: number): void {
    this.#texts = this.#texts.slice(count);
    this.#streams = this.#streams.slice(count);
    this.dropped += count;
    for (const open of Object.values(this.#open))
      open.at = open.at === undefined || open.at < count ? undefined : open.at - count;
  }
}

/** What is left on the line: a carriage return at its end only says that the next piece begins it anew. */
function overwritten(line: string): string {
  const last = line.lastIndexOf('\r', line.length - 2);
  return last === -1 ? line : line.slice(last + 1);
}

function bytesOf(base64: string): Uint8Array {
  const text = atob(base64);
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
